import type { ts } from 'ts-morph';
import type { ClientConstructor } from '../clients/client-packages.js';
import type { ParameterPart } from './parameter-parts.js';

/** The key under which a function stored or found a value. */
export interface KeyTag {
  /** The parameter that holds the key, in the function that stores or finds the value; undefined if the key is a constant. */
  readonly part: ParameterPart | undefined;
  /** Undefined for a collection of which there is one under each key. */
  readonly key: string | undefined;
}

interface Keyed {
  /** Undefined if the value does not depend on a key. */
  readonly under?: KeyTag;
}

/** A value that `ValueFlow` follows: a callable, or an object that may contain callables. */
export type AbstractObject =
  | {
      readonly kind: 'constructor';
      readonly constructor: ClientConstructor;
      /** The argument by which the constructor was passed to external code; undefined for one that was not. */
      readonly escapedAt?: ts.Node;
    }
  | { readonly kind: 'module'; readonly node: ts.SourceFile }
  | KeyedObject;

/** A value that can depend on a key. */
export type KeyedObject = Keyed &
  (
    | { readonly kind: 'function'; readonly node: ts.FunctionLikeDeclaration }
    | { readonly kind: 'class'; readonly node: ts.ClassLikeDeclaration }
    | { readonly kind: 'instance'; readonly node: ts.ClassLikeDeclaration }
    | { readonly kind: 'object'; readonly node: ts.ObjectLiteralExpression }
    | { readonly kind: 'collection'; readonly node: ts.Node }
  );
