import type { ts as TS } from 'ts-morph';
import { memberAccess, staticName, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Words that say that all is well. */
const goodWords = /^(?:|ok|okay|up|healthy|ready|alive|success|succeeded|done|passed|connected|available|operational)$/i;

/** Properties that tell success by `true` and failure by `false`. */
const successNames = /ok|success|healthy|alive|\bup\b|valid|connected|available|ready|stored|saved|found|exists/i;

/** Properties and variables that tell a failure by `true`. */
const failureNames =
  /stale|partial|incomplete|error|fail|time_?d?_?out|degraded|unavailable|missing|broken|offline|\bdown\b|unhealthy|truncated|fall_?back|lost|dropped|pending|dirty/i;

/** Whether a name with the value `true` tells a failure: `stale: true`, `state.broken = true`. */
export function tellsFailure(name: string, value: TS.Expression): boolean {
  return unwrap(value).kind === ts.SyntaxKind.TrueKeyword && failureNames.test(name);
}

/** Whether a name says that something failed: `failures`, `lastErrorAt`. */
export function namesFailure(name: string): boolean {
  return failureNames.test(name);
}

/** Calls that say that all is well, with a value: of result types, and of promises. */
const wrapsSuccess = /^(?:Promise\.resolve|Object\.freeze|ok|Ok|okAsync|Result\.ok|E(?:ither)?\.right|right|Effect\.succeed)$/;

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
  return ts.isCallExpression(value) && isEmptyCall(value);
}

function isEmptyCall({ expression, arguments: passed }: TS.CallExpression): boolean {
  if (wrapsSuccess.test(expression.getText())) return passed.every(isEmptyValue);
  // `ids.map(() => 0)`
  const [each] = passed;
  const isEach = each && ts.isArrowFunction(each) && !ts.isBlock(each.body) && memberAccess(expression)?.name === 'map';
  return isEach === true && isEmptyValue(each.body);
}

function isEmptyProperty(property: TS.ObjectLiteralElementLike): boolean {
  if (!ts.isPropertyAssignment(property)) return false;
  if (tellsFailure(staticName(property.name) ?? '', property.initializer)) return false;
  const isFalse = property.initializer.kind === ts.SyntaxKind.FalseKeyword;
  return isFalse ? !successNames.test(staticName(property.name) ?? 'ok') : isEmptyValue(property.initializer);
}
