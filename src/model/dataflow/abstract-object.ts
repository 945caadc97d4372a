import type { ts } from 'ts-morph';
import type { ClientConstructor } from '../clients/client-packages.js';

/** What can be followed through a program: things that are called, and the things they are kept in. */
export type Value =
  | {
      readonly kind: 'constructor';
      readonly constructor: ClientConstructor;
      /** Where it was handed to code that we cannot see. */ readonly escapedAt?: ts.Node;
    }
  | { readonly kind: 'function'; readonly node: ts.FunctionLikeDeclaration }
  | { readonly kind: 'class'; readonly node: ts.ClassLikeDeclaration }
  | { readonly kind: 'instance'; readonly node: ts.ClassLikeDeclaration }
  | { readonly kind: 'object'; readonly node: ts.ObjectLiteralExpression }
  | { readonly kind: 'collection'; readonly node: ts.Node }
  | { readonly kind: 'module'; readonly node: ts.SourceFile };
