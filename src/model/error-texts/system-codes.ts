import type { ts as TS } from 'ts-morph';
import { ts } from '../typescript/load-ts-morph.js';
import { isComparison, memberAccess, spanOf, unwrap } from '../typescript/syntax.js';
import type { FoundHandling, HandlingSearch } from './handling-search.js';
import { textsOf } from './pattern-texts.js';
import type { Names } from './names.js';

/** A code of Node.js or of its HTTP parser. */
const systemCode = /^(?:E[A-Z_]{3,}|HPE_[A-Z_]+|UND_ERR_[A-Z_]+)$/;

/** Returns the check for a code of Node.js that a node is, if the error is one of a statement: a comparison, a `switch`, a lookup in a list. */
export function systemCodesAt(node: TS.Node, { names, errors }: HandlingSearch): FoundHandling[] {
  if (!ts.isPropertyAccessExpression(node) && !ts.isElementAccessExpression(node)) return [];
  const member = memberAccess(node);
  if (member?.name !== 'code') return [];
  const asked = askedAt(node);
  const codes = asked ? asked.patterns.flatMap((pattern) => textsOf(pattern, names)).filter((text) => systemCode.test(text)) : [];
  if (!asked || codes.length === 0) return [];
  const { calls } = errors.of(member.object);
  if (calls.length === 0) return [];
  const handling = {
    kind: 'system-code',
    access: spanOf(node),
    codes: [...new Set(codes)],
    isUntyped: ts.isBinaryExpression(asked.node) && isUntyped(member.object, names),
  } as const;
  return [{ node: asked.node, handling, failing: calls }];
}

/** The expression that asks for a value, and what it is compared with. */
function askedAt(access: TS.Expression): { readonly node: TS.Node; readonly patterns: readonly TS.Expression[] } | undefined {
  let value: TS.Node = access;
  while (ts.isParenthesizedExpression(value.parent) || ts.isNonNullExpression(value.parent) || ts.isAsExpression(value.parent))
    value = value.parent;
  const { parent } = value;
  if (ts.isBinaryExpression(parent) && isComparison(parent))
    return { node: parent, patterns: [parent.left === value ? parent.right : parent.left] };
  if (ts.isSwitchStatement(parent) && parent.expression === value)
    return { node: access, patterns: parent.caseBlock.clauses.flatMap((clause) => (ts.isCaseClause(clause) ? [clause.expression] : [])) };
  const list = ts.isCallExpression(parent) ? memberAccess(unwrap(parent.expression)) : undefined;
  return list && /^(?:includes|has|indexOf)$/.test(list.name ?? '') ? { node: parent, patterns: [list.object] } : undefined;
}

/** Whether a name is a caught error or a parameter of the type `any`, also in JavaScript. */
function isUntyped(expression: TS.Expression, names: Names): boolean {
  if (!ts.isIdentifier(expression)) return false;
  const declaration = names.declarationOf(expression);
  if (!declaration || !(ts.isVariableDeclaration(declaration) || ts.isParameter(declaration))) return false;
  if (/\.[cm]?jsx?$/.test(expression.getSourceFile().fileName)) return true;
  return declaration.type?.kind === ts.SyntaxKind.AnyKeyword;
}
