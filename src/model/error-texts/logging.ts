import type { ts as TS } from 'ts-morph';
import { ts } from '../typescript/load-ts-morph.js';

const logger =
  /(?:^|\.)(?:console|log|logger|logging|\w*Log|\w*Logger|\w*logger|span|telemetry|metrics?|sentry|Sentry)(?:\.\w+|\(\)|\[[^\]]*\])*$/;

/** Whether an expression only writes to a log or a tracer. */
export function isLog(node: TS.Node): boolean {
  if (ts.isAwaitExpression(node) || ts.isVoidExpression(node)) return isLog(node.expression);
  if (!ts.isCallExpression(node)) return false;
  return logger.test(node.expression.getText().replace(/\?\./g, '.').replace(/\s+/g, ''));
}

/** Whether a condition chooses only among log lines. */
export function onlyLogs({ thenStatement, elseStatement }: TS.IfStatement): boolean {
  return logs(thenStatement) && (elseStatement === undefined || logs(elseStatement));
}

function logs(node: TS.Statement): boolean {
  if (ts.isBlock(node)) return node.statements.every(logs);
  if (ts.isIfStatement(node)) return onlyLogs(node);
  return ts.isExpressionStatement(node) && isLog(node.expression);
}
