import type { ts as TS } from 'ts-morph';
import { isFunction, memberAccess, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Classes that an error of ClickHouse may have. */
const ownClass =
  /^(?:globalThis\.)?Error$|click_?house|ssot|^(?:Server|Statement|Stream|Connect|ConnectionLost|Timeout|Gateway|Aborted)Error$/i;

/** Whether the code around has tested that an error is of another class: `error instanceof SyntaxError && …`. */
export function isOfOtherClass(subject: TS.Expression): boolean {
  const name = rootOf(subject);
  if (name === undefined) return false;
  for (let node: TS.Node = subject; !isFunction(node) && !ts.isSourceFile(node); node = node.parent) {
    const condition = conditionFor(node);
    if (condition && testsOther(condition, name)) return true;
  }
  return false;
}

/** The condition that holds where a node is evaluated. */
function conditionFor(node: TS.Node): TS.Expression | undefined {
  const { parent } = node;
  if (ts.isIfStatement(parent)) return parent.thenStatement === node ? parent.expression : undefined;
  if (ts.isConditionalExpression(parent)) return parent.whenTrue === node ? parent.condition : undefined;
  const isAnd = ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken;
  return isAnd && parent.right === node ? parent.left : undefined;
}

function testsOther(condition: TS.Expression, name: string): boolean {
  const value = unwrap(condition);
  if (!ts.isBinaryExpression(value)) return false;
  const { left, operatorToken, right } = value;
  if (operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken) return testsOther(left, name) || testsOther(right, name);
  if (rootOf(left) !== name) return false;
  if (operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword) return ts.isIdentifier(unwrap(left)) && !ownClass.test(right.getText());
  const isEqual = operatorToken.kind === ts.SyntaxKind.EqualsEqualsEqualsToken || operatorToken.kind === ts.SyntaxKind.EqualsEqualsToken;
  return isEqual && memberAccess(unwrap(left))?.name === 'name' && ts.isStringLiteralLike(right) && !ownClass.test(right.text);
}

/** The name at the start of `error.cause.message`, and of `String(error)`. */
function rootOf(node: TS.Expression): string | undefined {
  const value = unwrap(node);
  if (ts.isIdentifier(value)) return value.text;
  const member = memberAccess(value);
  if (member) return rootOf(member.object);
  if (!ts.isCallExpression(value)) return undefined;
  const called = memberAccess(value.expression);
  const [first] = value.arguments;
  return called ? rootOf(called.object) : first && rootOf(first);
}
