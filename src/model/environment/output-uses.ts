import type { ts as TS } from 'ts-morph';
import { ts } from '../typescript/load-ts-morph.js';
import { isWrapped } from '../typescript/syntax.js';

/** A call that prints or logs. The name of the method alone is not enough: `client.info()` prints nothing. */
const outputCall = /^(?:console|(?:\w+\.)*(?:log|logger|spinner|ora|consola|chalk|signale))\.\w+$|^(?:log|print|debug|warn)$/i;

/** Whether the value of a node is only part of a text that the code prints or logs, or of the text of an error. */
export function isOnlyPrinted(node: TS.Node): boolean {
  const { parent } = node;
  if (ts.isCallExpression(parent) && parent.expression !== node) return isOutputCall(parent) || isOnlyPrinted(parent);
  if (ts.isNewExpression(parent)) return parent.expression.getText().endsWith('Error');
  if (ts.isBinaryExpression(parent)) return isOfText(parent.operatorToken.kind) && isOnlyPrinted(parent);
  if (isWrapped(parent) || ts.isTemplateSpan(parent) || ts.isTemplateExpression(parent) || ts.isConditionalExpression(parent))
    return isOnlyPrinted(parent);
  return false;
}

/** Whether the code of a call says that it prints or logs. */
export function isOutputCall({ expression }: TS.CallExpression): boolean {
  return outputCall.test(expression.getText().replace(/^this\./, ''));
}

function isOfText(operator: TS.SyntaxKind): boolean {
  return operator === ts.SyntaxKind.PlusToken || operator === ts.SyntaxKind.BarBarToken || operator === ts.SyntaxKind.QuestionQuestionToken;
}
