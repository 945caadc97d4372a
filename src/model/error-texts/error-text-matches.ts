import type { ts as TS } from 'ts-morph';
import type { Span } from '../../findings/finding.js';
import type { StatementCode } from '../statements/statement-code.js';
import { declarationOf } from '../typescript/lexical-scope.js';
import { isFunction, memberAccess, spanOf, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { Branches } from './branches.js';
import { type ClientOrigin, ClientOrigins } from './client-origins.js';
import { type CentralHelper, type FoundMatch, centralHelpers } from './central-helper.js';
import { ErrorOrigins } from './error-origins.js';
import { type FailureKind, type KnownText, knownTexts } from './known-texts.js';
import { Names } from './names.js';
import { isOfOtherClass } from './other-classes.js';
import { textsOf } from './pattern-texts.js';
import { onlyCompletes } from './reshaped-texts.js';
import { type TextMatch, matchesAt } from './text-matches.js';
import type { UnreadCode } from './unread-code.js';

/** A branch that depends on the text of an error of ClickHouse. */
export interface ErrorTextMatch {
  readonly span: Span;
  /** The callee of a call whose error it is: `clickhouse.query`; undefined if only the type of the error tells that it is one of ClickHouse. */
  readonly call: string | undefined;
  /** The texts that are looked for, as far as the code shows them. */
  readonly texts: readonly string[];
  /** The failures that they mean; empty if no text is known. */
  readonly failures: readonly FailureKind[];
  /** The function, and the module, where the project tells errors of ClickHouse apart; undefined if there is none. */
  readonly helper: { readonly name: string; readonly file: string } | undefined;
  /** Returns the constructions of the clients of the statements; empty if the code shows none. */
  readonly origins: () => readonly ClientOrigin[];
}

/** The code in which the branches are looked for. */
export interface ErrorTextInput extends StatementCode, UnreadCode {
  /** Returns the folder of the program that a file belongs to. */
  readonly deployableOf: (file: string) => string;
}

/** Returns the branches that depend on the text of an error of ClickHouse, by position. Tests are not judged. The model's `errorTextMatches` calls it. */
export function findErrorTextMatches(input: ErrorTextInput): ErrorTextMatch[] {
  const { errorSources, checker, calls, isTest } = input;
  const sources = errorSources.filter(({ fileName }) => !isTest(fileName));
  const names = new Names(sources, checker);
  const origins = new ErrorOrigins(names, calls, input);
  const branches = new Branches(names);
  const found = new Map<TS.Node, FoundMatch>();
  const judge = (match: TextMatch): void => {
    const texts = match.patterns.flatMap((pattern) => textsOf(pattern, names));
    // Without a text, messages are compared with each other or counted, or searched for what a user or the statement says.
    if (texts.length === 0 && (match.needsText || match.patterns.every(isOfParameter))) return;
    if (onlyCompletes(match.node)) return;
    if (match.isChoice ? isLookupOfNothing(match) : !branches.isDecided(match.node, isExtract(match))) return;
    const value = origins.of(match.subject);
    if (value.calls.length === 0 || (match.needsText && !value.isText)) return;
    const known = texts.flatMap(knownTexts);
    const isMixed = value.isMixed || isOfOtherClass(match.subject);
    if (isMixed && !known.some(({ isShared }) => !isShared)) return;
    // Several matches of one condition are one finding, at the first of them.
    const condition = conditionOf(match.node);
    const before = found.get(condition);
    found.set(condition, {
      node: before?.node ?? match.node,
      calls: before?.calls ?? value.calls,
      parameters: [...(before?.parameters ?? []), ...value.parameters],
      texts: [...new Set([...(before?.texts ?? []), ...texts])],
      known: [...(before?.known ?? []), ...known],
    });
  };
  for (const source of sources) {
    const visit = (node: TS.Node): void => {
      for (const match of matchesAt(node)) judge(match);
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  const matches = [...found.values()];
  const clients = new ClientOrigins(names, calls);
  const helpers = centralHelpers(matches, names, input.deployableOf);
  return matches
    .filter((match) => !helpers.some((helper) => helper.matches.has(match)))
    .map((match) => ({ ...describe(match, helpers, input.deployableOf), origins: () => clients.of(match.calls) }))
    .sort((a, b) => (a.span.file < b.span.file ? -1 : a.span.file > b.span.file ? 1 : a.span.start - b.span.start));
}

function describe(
  match: FoundMatch,
  helpers: readonly CentralHelper[],
  deployableOf: (file: string) => string,
): Omit<ErrorTextMatch, 'origins'> {
  const { node, calls, texts, known } = match;
  const span = spanOf(node);
  const helper = helpers.find(({ deployables }) => deployables.has(deployableOf(span.file)));
  const first = calls.find((call) => ts.isCallExpression(call));
  return {
    span,
    call: first && nameOf(first),
    texts,
    failures: failuresIn(known),
    helper: helper && { name: helper.nameFor(known), file: helper.file },
  };
}

function failuresIn(known: readonly KnownText[]): FailureKind[] {
  const byText = new Map(known.map(({ failure }) => [JSON.stringify(failure), failure]));
  return [...byText.values()];
}

/** Returns the condition that a match is a part of. */
function conditionOf(node: TS.Node): TS.Node {
  const { parent } = node;
  const isPart =
    ts.isParenthesizedExpression(parent) ||
    (ts.isBinaryExpression(parent) &&
      (parent.operatorToken.kind === ts.SyntaxKind.BarBarToken || parent.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken));
  return isPart ? conditionOf(parent) : node;
}

/** Whether a pattern comes from the caller: `message.includes(search.toLowerCase())`. */
function isOfParameter(pattern: TS.Expression): boolean {
  let root = unwrap(pattern);
  for (;;) {
    const inner = memberAccess(ts.isCallExpression(root) ? unwrap(root.expression) : root)?.object;
    if (!inner) break;
    root = unwrap(inner);
  }
  const declared = ts.isIdentifier(root) ? declarationOf(root.text, root) : undefined;
  return declared !== undefined && ts.isParameter(declared);
}

/** Whether parts of the text are cut out: then their presence alone decides nothing. */
function isExtract({ node, patterns }: TextMatch): boolean {
  const call = unwrap(node);
  const name = ts.isCallExpression(call) ? memberAccess(call.expression)?.name : undefined;
  if (name === 'match' || name === 'exec') {
    const [pattern] = patterns;
    return pattern !== undefined && /\((?!\?[:=!])/.test(pattern.getText()) && readsParts(node);
  }
  if (name !== undefined && /^(?:indexOf|lastIndexOf|search)$/.test(name)) return cutsAt(node);
  return name === 'matchAll';
}

/** Whether the code reads a group of a match: `match[1]`, `match.groups`, or by destructuring. */
function readsParts(node: TS.Expression): boolean {
  const around = ts.findAncestor(node, (parent) => isFunction(parent) || ts.isSourceFile(parent));
  let outer: TS.Node = node;
  while (ts.isParenthesizedExpression(outer.parent) || ts.isNonNullExpression(outer.parent) || isNullish(outer.parent))
    outer = outer.parent;
  if (ts.isElementAccessExpression(outer.parent) || ts.isPropertyAccessExpression(outer.parent)) return true;
  if (!ts.isVariableDeclaration(outer.parent)) return false;
  const { name } = outer.parent;
  if (!ts.isIdentifier(name)) return true;
  return new RegExp(`\\b${name.text}!?\\??\\.?(?:\\[|groups)`).test(around?.getText() ?? '');
}

/** Whether the index of a match is where the text is cut. */
function cutsAt(node: TS.Expression): boolean {
  const { parent } = node;
  if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name)) return false;
  const around = ts.findAncestor(node, (outer) => isFunction(outer) || ts.isSourceFile(outer));
  return new RegExp(`\\b(?:slice|substring|substr)\\([^;]*\\b${parent.name.text}\\b`).test(around?.getText() ?? '');
}

function isNullish(node: TS.Node): boolean {
  return ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken;
}

/** An element that is written, or a list that the text is no key of. */
function isLookupOfNothing({ node }: TextMatch): boolean {
  const { parent } = node;
  return ts.isBinaryExpression(parent) && parent.left === node && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
}

const maxName = 40;

function nameOf({ expression }: TS.CallExpression): string {
  const text = expression.getText().replace(/\s+/g, '');
  return text.length <= maxName ? text : (memberAccess(expression)?.name ?? text.slice(0, maxName));
}
