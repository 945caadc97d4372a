import type { ts as TS } from 'ts-morph';
import type { Span } from '../../findings/finding.js';
import type { ClientCalls } from '../statements/client-calls.js';
import type { ErrorOrigins } from './error-origins.js';
import type { Names } from './names.js';

/** How code handles the failure of a statement. */
export type HandlingKind =
  /** It asks for a code of Node.js: `error.code === 'ECONNRESET'`. */
  | {
      readonly kind: 'system-code';
      /** `error.code`. */
      readonly access: Span;
      readonly codes: readonly string[];
      /** Whether the error has the type `any`, so that other members of it can be read. */
      readonly isUntyped: boolean;
    }
  /** It expects an error of the server from a result. `codes` are the numbers that it asks for, as texts. */
  | { readonly kind: 'broken-result'; readonly codes: readonly string[] }
  /** It runs the statement again. `by` is the loop, the function of a library, or the handler. */
  | { readonly kind: 'retry'; readonly by: string };

/** A place, and the statements or results whose failure it handles. */
export interface FoundHandling {
  readonly node: TS.Node;
  readonly handling: HandlingKind;
  readonly failing: readonly TS.Node[];
}

/** The names, statements and errors of the code that is searched. */
export interface HandlingSearch {
  readonly names: Names;
  readonly calls: ClientCalls;
  readonly errors: ErrorOrigins;
}
