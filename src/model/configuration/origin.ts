import type { ts as TS } from 'ts-morph';
import type { EnvironmentRead } from '../environment/environment-reads.js';
import type { SourceModules } from '../environment/source-modules.js';

/** The members that are taken of a value, outermost last. */
export type Path = readonly string[];

/** Where a value comes from. */
export type Origin =
  | { readonly kind: 'read'; readonly read: EnvironmentRead }
  /** The environment as a whole, which some code takes variables from. */
  | { readonly kind: 'environment'; readonly node: TS.Expression }
  /** `key` is the option whose whole value it is. */
  | { readonly kind: 'literal'; readonly node: TS.StringLiteralLike; readonly key: string | undefined }
  | { readonly kind: 'number'; readonly node: TS.NumericLiteral }
  /** A text that is put together. Its parts are origins of their own. */
  | { readonly kind: 'composed'; readonly node: TS.TemplateExpression | TS.BinaryExpression }
  /**
   * A value that the code does not show: a parameter without a known call, a name of another package, or the result of its function. `path`
   * are the members that are taken of it, or the name by which its function finds it.
   */
  | { readonly kind: 'unknown'; readonly node: TS.Node; readonly path: Path };

/** The inputs of the search. */
export interface OriginSearch {
  readonly modules: SourceModules;
  /** Returns the reads of a node that is one. */
  readonly readsAt: (node: TS.Node) => readonly EnvironmentRead[];
  /** Returns the arguments of each known call of a callable. */
  readonly argumentsOf: (callable: TS.Node) => readonly (readonly TS.Expression[])[];
  /** Options of a client that say nothing about where it connects. */
  readonly isIgnored: (key: string) => boolean;
}
