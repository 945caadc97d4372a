import type { ts as TS } from 'ts-morph';
import { unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/**
 * Returns the result of a condition such as `lease`, `!lease` and `lease !== undefined` if the value is there. Undefined for conditions on
 * anything else. `isPresent` decides which expressions have the value.
 */
export function resultIfPresent(condition: TS.Expression, isPresent: (expression: TS.Expression) => boolean): boolean | undefined {
  const node = unwrap(condition);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
    const inner = resultIfPresent(node.operand, isPresent);
    return inner === undefined ? undefined : !inner;
  }
  if (ts.isBinaryExpression(node)) {
    const isNothing = node.right.kind === ts.SyntaxKind.NullKeyword || node.right.getText() === 'undefined';
    if (!isNothing || !isPresent(node.left)) return undefined;
    const { kind } = node.operatorToken;
    if (kind === ts.SyntaxKind.EqualsEqualsToken || kind === ts.SyntaxKind.EqualsEqualsEqualsToken) return false;
    return kind === ts.SyntaxKind.ExclamationEqualsToken || kind === ts.SyntaxKind.ExclamationEqualsEqualsToken ? true : undefined;
  }
  return isPresent(node) ? true : undefined;
}
