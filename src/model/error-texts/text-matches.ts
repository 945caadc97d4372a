import type { ts as TS } from 'ts-morph';
import { memberAccess, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Code that compares a value with texts. */
export interface TextMatch {
  /** The expression that is the answer: a condition, a match, or the value that a table holds for the text. */
  readonly node: TS.Expression;
  /** The value that is compared. */
  readonly subject: TS.Expression;
  /** The texts: patterns, lists of them, `case` labels, keys of a table. */
  readonly patterns: readonly TS.Expression[];
  /** Whether the value counts only if it surely is a text: it is compared as a whole. */
  readonly needsText: boolean;
  /** Whether the code chooses by itself: `switch`, and the look-up in a table. */
  readonly isChoice: boolean;
}

const searches = /^(?:includes|startsWith|endsWith|indexOf|lastIndexOf|search|match|matchAll|localeCompare)$/;
const lookups = /^(?:includes|has|get|indexOf)$/;

/** Names under which a text, or an error, is usually kept. Comparisons of other names are not looked at. */
const textName = /m(?:e?s)s?a?ge?|msg|text|err|reason|str|lower|desc|detail|cause|fail|exc|^e$|^m$|^s$/i;

/** Yields the places of a node, without its children, that compare a value with texts. */
export function matchesAt(node: TS.Node): TextMatch[] {
  if (ts.isCallExpression(node)) return matchesOfCall(node);
  if (ts.isBinaryExpression(node)) return matchesOfComparison(node);
  if (ts.isSwitchStatement(node) && mayBeText(node.expression)) {
    const patterns = node.caseBlock.clauses.flatMap((clause) => (ts.isCaseClause(clause) ? [clause.expression] : []));
    return [{ node: node.expression, subject: node.expression, patterns, needsText: true, isChoice: true }];
  }
  if (ts.isElementAccessExpression(node) && mayBeText(node.argumentExpression))
    return [{ node, subject: node.argumentExpression, patterns: [node.expression], needsText: true, isChoice: true }];
  return [];
}

function matchesOfCall(call: TS.CallExpression): TextMatch[] {
  const member = memberAccess(unwrap(call.expression));
  const [first] = call.arguments;
  if (!member || !first) return [];
  const { object, name = '' } = member;
  const found: TextMatch[] = [];
  if (name === 'test' || name === 'exec') found.push({ node: call, subject: first, patterns: [object], needsText: false, isChoice: false });
  if (searches.test(name)) found.push({ node: call, subject: object, patterns: [first], needsText: false, isChoice: false });
  if (lookups.test(name) && mayBeText(first))
    found.push({ node: call, subject: first, patterns: [object], needsText: true, isChoice: name === 'get' });
  return found;
}

function matchesOfComparison({ left, right, operatorToken }: TS.BinaryExpression): TextMatch[] {
  const node = left.parent as TS.BinaryExpression;
  switch (operatorToken.kind) {
    case ts.SyntaxKind.EqualsEqualsToken:
    case ts.SyntaxKind.EqualsEqualsEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsEqualsToken:
      return [
        ...(mayBeText(left) && isText(right) ? [{ node, subject: left, patterns: [right], needsText: true, isChoice: false }] : []),
        ...(mayBeText(right) && isText(left) ? [{ node, subject: right, patterns: [left], needsText: true, isChoice: false }] : []),
      ];
    case ts.SyntaxKind.InKeyword:
      return mayBeText(left) ? [{ node, subject: left, patterns: [right], needsText: true, isChoice: false }] : [];
    default:
      return [];
  }
}

function mayBeText(node: TS.Expression): boolean {
  const value = unwrap(node);
  if (ts.isIdentifier(value)) return textName.test(value.text);
  const member = memberAccess(value);
  // `message.split(' ')[0]`
  if (member) return textName.test(member.name ?? '') || (/^\d+$/.test(member.name ?? '') && mayBeText(member.object));
  if (ts.isTemplateExpression(value)) return true;
  if (!ts.isCallExpression(value)) return false;
  const called = memberAccess(value.expression);
  return called ? mayBeText(called.object) || textName.test(called.name ?? '') : /string|message|text/i.test(value.expression.getText());
}

/** Whether a value may be a text to compare with: it is not `undefined`, `null`, empty, or a number. */
function isText(node: TS.Expression): boolean {
  const value = unwrap(node);
  if (ts.isStringLiteralLike(value)) return value.text !== '';
  if (ts.isIdentifier(value)) return value.text !== 'undefined';
  return ts.isTemplateExpression(value) || memberAccess(value) !== undefined;
}
