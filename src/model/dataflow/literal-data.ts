import type { ts as TS } from 'ts-morph';
import { unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Whether the value may be or contain a callable. Literals, and structures of literals only, are data and are not followed. */
export function mayContainCallable(node: TS.Expression): boolean {
  const inner = unwrap(node);
  if (ts.isObjectLiteralExpression(inner))
    return inner.properties.some((property) => !ts.isPropertyAssignment(property) || mayContainCallable(property.initializer));
  if (ts.isArrayLiteralExpression(inner))
    return inner.elements.some((element) => ts.isSpreadElement(element) || mayContainCallable(element));
  const isData =
    ts.isLiteralExpression(inner) ||
    ts.isTemplateExpression(inner) ||
    ts.isPrefixUnaryExpression(inner) ||
    inner.kind === ts.SyntaxKind.TrueKeyword ||
    inner.kind === ts.SyntaxKind.FalseKeyword ||
    inner.kind === ts.SyntaxKind.NullKeyword;
  return !isData;
}
