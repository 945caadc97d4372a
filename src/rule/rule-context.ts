import type { Span } from '../findings/finding.js';
import type { Model } from '../model/model.js';
import type { Position } from '../findings/position.js';

/** All that a rule may look at: what the code means and what the user decided. */
export interface RuleContext {
  readonly model: Model;
  /** Is this module declared as one that may construct clients? */
  readonly isFactory: (file: string) => boolean;
  /** The globs by which the user declared factories. */
  readonly factories: readonly string[];
  /** Does the project use `@clickhouse-ssot/runtime`? Where no factory is declared, that is the factory. */
  readonly usesRuntime: boolean;
  readonly isTest: (file: string) => boolean;
  /** How many files import this one. */
  readonly importersOf: (file: string) => number;
  /** Path from the root and 1-based position, for a message. */
  readonly locate: (span: Span) => Position & { readonly file: string };
  /** The text of a span, for an edit. */
  readonly textOf: (span: Span) => string;
}
