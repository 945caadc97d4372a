import type { ts as TS } from 'ts-morph';
import { staticName, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Words that say that all is well. */
const goodWords = /^(?:|ok|okay|up|healthy|ready|alive|success|succeeded|done|passed|connected|available|operational)$/i;

/** Properties that tell success by `true` and failure by `false`. */
const successNames = /ok|success|healthy|alive|\bup\b|valid|connected|available|ready|stored|saved|found|exists/i;

/** Whether a value says nothing of a failure: no rows, nothing, zero, or that all is well. */
export function isEmptyValue(node: TS.Expression | undefined): boolean {
  if (!node) return true;
  const value = unwrap(node);
  switch (value.kind) {
    case ts.SyntaxKind.NullKeyword:
    case ts.SyntaxKind.TrueKeyword:
      return true;
    default:
      break;
  }
  if (ts.isIdentifier(value)) return value.text === 'undefined';
  if (ts.isStringLiteralLike(value)) return goodWords.test(value.text);
  if (ts.isNumericLiteral(value)) return Number(value.text) === 0 || value.text === '200';
  if (ts.isVoidExpression(value)) return true;
  if (ts.isArrayLiteralExpression(value)) return value.elements.every(isEmptyValue);
  if (ts.isObjectLiteralExpression(value)) return value.properties.every(isEmptyProperty);
  if (ts.isNewExpression(value)) return /^(?:Map|Set)$/.test(value.expression.getText()) && (value.arguments ?? []).every(isEmptyValue);
  if (ts.isCallExpression(value)) return value.expression.getText() === 'Promise.resolve' && value.arguments.every(isEmptyValue);
  return false;
}

function isEmptyProperty(property: TS.ObjectLiteralElementLike): boolean {
  if (!ts.isPropertyAssignment(property)) return false;
  const isFalse = property.initializer.kind === ts.SyntaxKind.FalseKeyword;
  return isFalse ? !successNames.test(staticName(property.name) ?? 'ok') : isEmptyValue(property.initializer);
}
