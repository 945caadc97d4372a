import type { ts } from 'ts-morph';
import type { ClientConstructor } from '../clients/client-packages.js';

/** A value that `ValueFlow` follows: a callable, or an object that may contain callables. */
export type AbstractObject =
  | {
      readonly kind: 'constructor';
      readonly constructor: ClientConstructor;
      /** The argument by which the constructor was passed to external code; undefined for one that was not. */
      readonly escapedAt?: ts.Node;
    }
  | { readonly kind: 'function'; readonly node: ts.FunctionLikeDeclaration }
  | { readonly kind: 'class'; readonly node: ts.ClassLikeDeclaration }
  | { readonly kind: 'instance'; readonly node: ts.ClassLikeDeclaration }
  | { readonly kind: 'object'; readonly node: ts.ObjectLiteralExpression }
  | { readonly kind: 'collection'; readonly node: ts.Node }
  | { readonly kind: 'module'; readonly node: ts.SourceFile };
