import type { Span, TextEdit } from '../../findings/finding.js';
import type { ServiceInterface } from './service-interface.js';

/** A declared type that is the concrete client or manager, in code that needs only the service interface. */
export interface ConcreteType {
  /** The type. */
  readonly span: Span;
  readonly kind: 'client' | 'manager';
  /** As the code writes it. */
  readonly text: string;
  /** The package of the type. */
  readonly package: string;
  readonly service: ServiceInterface;
  /** Members that the code uses and the interface lacks. */
  readonly missing: readonly string[];
  /** Edits that declare the interface instead; undefined if it is not certain that the code still compiles. */
  readonly fix: readonly TextEdit[] | undefined;
}
