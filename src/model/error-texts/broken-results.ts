import type { ts as TS } from 'ts-morph';
import { ts } from '../typescript/load-ts-morph.js';
import { isComparison, isFunction, memberAccess, unwrap } from '../typescript/syntax.js';
import type { FoundHandling, HandlingSearch } from './handling-search.js';

/**
 * Codes of the server for failures after the first rows: timeouts, limits of memory and of rows, a killed query, `throwIf`. Others, such as
 * that of a missing table, come before the result.
 */
const lateCodes: ReadonlySet<string> = new Set(['158', '159', '160', '241', '307', '394', '395', '396']);

/** Returns the test `error instanceof ClickHouseError` that a node is, if a result that breaks off can be its reason. */
export function brokenResultsAt(node: TS.Node, search: HandlingSearch): FoundHandling[] {
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.InstanceOfKeyword) return [];
  const name = memberAccess(node.right)?.name ?? node.right.getText();
  if (name !== 'ClickHouseError') return [];
  const { calls } = search.errors.of(node.left);
  const reads = calls.filter((call) => isRead(call, search));
  if (reads.length === 0) return [];
  const codes = codesOf(node.left);
  // Beside the statement itself, the error is one of the statement, unless its code tells otherwise.
  const isOfStatement = reads.length < calls.length && !codes.some((code) => lateCodes.has(code));
  const isEarly = codes.length > 0 && !codes.some((code) => lateCodes.has(code));
  return isOfStatement || isEarly ? [] : [{ node, handling: { kind: 'broken-result', codes }, failing: reads }];
}

/** Whether a call reads a result, or a loop or a name is one. */
function isRead(call: TS.Node, { calls }: HandlingSearch): boolean {
  if (calls.of(call) || !ts.isExpression(call)) return false;
  const member = ts.isCallExpression(call) ? memberAccess(unwrap(call.expression)) : undefined;
  return calls.kindOf(member ? member.object : call) !== undefined;
}

/** The codes that the handler compares `code` of the same error with. */
function codesOf(error: TS.Expression): readonly string[] {
  const value = unwrap(error);
  const handler = ts.findAncestor(value, (node) => ts.isCatchClause(node) || isFunction(node)) ?? value.getSourceFile();
  const codes = new Set<string>();
  const visit = (node: TS.Node): void => {
    if (ts.isBinaryExpression(node) && isComparison(node))
      for (const [access, code] of [
        [node.left, node.right],
        [node.right, node.left],
      ] as const) {
        const member = memberAccess(unwrap(access));
        const isOwn = member?.name === 'code' && unwrap(member.object).getText() === value.getText();
        const text = unwrap(code);
        if (isOwn && ts.isStringLiteralLike(text)) codes.add(text.text);
      }
    ts.forEachChild(node, visit);
  };
  visit(handler);
  return [...codes];
}
