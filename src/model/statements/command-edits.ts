import type { ts as TS } from 'ts-morph';
import type { TextEdit } from '../../findings/finding.js';
import { isWrapped, memberAccess, staticName, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { type ClientCall, statementKind } from './client-calls.js';

/** Options that `query`, `exec` and `command` have in common. */
const commonOptions: ReadonlySet<string> = new Set([
  'query',
  'query_params',
  'query_id',
  'clickhouse_settings',
  'abort_signal',
  'session_id',
  'http_headers',
  'auth',
  'role',
]);

/**
 * Returns the edits that send the statement of a call with `command`. Undefined if the statement may have rows, if code looks at the
 * result, or if `command` does not take the same options.
 */
export function commandEdits({ node, sql }: ClientCall): readonly TextEdit[] | undefined {
  const callee = unwrap(node.expression);
  const [options, ...others] = node.arguments;
  if (!ts.isPropertyAccessExpression(callee) || node.typeArguments || !options || others.length > 0) return undefined;
  if (!hasNoRows(sql) || !isDropped(node)) return undefined;
  const formats = ts.isObjectLiteralExpression(options) ? editsOfOptions(options) : undefined;
  return formats && [{ start: callee.name.getStart(), end: callee.name.end, text: 'command' }, ...formats];
}

function hasNoRows(sql: string | undefined): boolean {
  const kind = statementKind(sql);
  return kind === 'command' || (kind === 'insert' && /\bselect\b/i.test(sql ?? '') && !/\bvalues\b/i.test(sql ?? ''));
}

/** Whether no code can see the value of the call, so that it may have another type. */
function isDropped(node: TS.Expression): boolean {
  const { parent } = node;
  if (isWrapped(parent) && !ts.isAsExpression(parent)) return isDropped(parent);
  if (ts.isExpressionStatement(parent) || ts.isVoidExpression(parent)) return true;
  if (ts.isArrayLiteralExpression(parent)) return isAll(parent.parent) && isDropped(parent.parent);
  const call = parent.parent;
  const member = memberAccess(parent);
  if (member?.object !== node || !ts.isCallExpression(call) || call.expression !== parent) return false;
  if (member.name === 'catch' || member.name === 'finally') return isDropped(call);
  const [handler] = call.arguments;
  const takesNothing = handler && (ts.isArrowFunction(handler) || ts.isFunctionExpression(handler)) && handler.parameters.length === 0;
  return member.name === 'then' && takesNothing === true;
}

function isAll(node: TS.Node): node is TS.CallExpression {
  return ts.isCallExpression(node) && /^Promise\.all(?:Settled)?$/.test(node.expression.getText());
}

/** The edits that remove `format`; undefined if the options have a property that `command` may not have. */
function editsOfOptions({ properties }: TS.ObjectLiteralExpression): readonly TextEdit[] | undefined {
  const edits: TextEdit[] = [];
  for (const [index, property] of properties.entries()) {
    const name = ts.isSpreadAssignment(property) ? undefined : staticName(property.name);
    if (name !== 'format') {
      if (name === undefined || !commonOptions.has(name)) return undefined;
      continue;
    }
    const next = properties[index + 1];
    const before = properties[index - 1];
    const edit = next
      ? { start: property.getStart(), end: next.getStart(), text: '' }
      : { start: before?.end ?? property.getStart(), end: property.end, text: '' };
    if (/\/[/*]/.test(property.getSourceFile().text.slice(edit.start, edit.end))) return undefined;
    edits.push(edit);
  }
  return edits;
}
