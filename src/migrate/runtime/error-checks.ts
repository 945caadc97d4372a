import type { ts as TS } from 'ts-morph';
import type { ErrorTextMatch } from '../../model/error-texts/error-text-matches.js';
import { localImports } from '../../model/typescript/local-imports.js';
import { ts } from '../../model/typescript/load-ts-morph.js';
import { isComparison, memberAccess, unwrap } from '../../model/typescript/syntax.js';
import type { Project } from '../../project/project.js';
import { errorRemedies } from '../../rule/error-remedy.js';
import type { LeftCode } from '../rewrite/place.js';
import type { TextEdit } from '../rewrite/text-edits.js';

/** The checks of errors in a file: those that are rewritten, and those that are left. */
export interface ErrorChecks {
  readonly edits: readonly TextEdit[];
  /** Whether the edits call `isTimeout`. */
  readonly needsIsTimeout: boolean;
  readonly left: readonly LeftCode[];
}

/** Failures whose texts or codes are others in the runtime. Errors of the server keep theirs. */
const changed: ReadonlySet<string> = new Set(['socket', 'timeout', 'abort']);

/** The text of the official client for its request timeout. */
const timeoutText = 'Timeout error.';

/**
 * Rewrites `error.message === 'Timeout error.'` to `isTimeout(error)`, and `error.code === 'ECONNRESET'` so that it also asks `systemCode`.
 * `matches` are the comparisons of the file that the rule `no-error-text-matching` finds: it proves that the error is one of ClickHouse.
 */
export function rewriteErrorChecks(
  source: TS.SourceFile,
  matches: readonly ErrorTextMatch[],
  isMoved: (file: string) => boolean,
  project: Project,
): ErrorChecks {
  const edits: TextEdit[] = [];
  const left: LeftCode[] = [];
  let needsIsTimeout = false;
  for (const { span, failures } of matches) {
    if (!failures.some(({ kind }) => changed.has(kind))) continue;
    const edit = timeoutEdit(source, span.start, span.end);
    if (edit) {
      edits.push(edit);
      needsIsTimeout = true;
      continue;
    }
    const text = source.text.slice(span.start, span.end);
    left.push({
      file: source.fileName,
      start: span.start,
      subject: `the text of an error in \`${shortened(text)}\``,
      reason: `The runtime has its own errors for this. Ask ${errorRemedies(failures, true)}.`,
    });
  }
  for (const check of codeChecks(source, clientNames(source, isMoved, project)))
    if ('edit' in check) edits.push(check.edit);
    else left.push(check.left);
  return { edits, needsIsTimeout, left };
}

function timeoutEdit(source: TS.SourceFile, start: number, end: number): TextEdit | undefined {
  const node = nodeAt(source, start, end);
  if (!node || !ts.isBinaryExpression(node) || !isComparison(node)) return undefined;
  const [text, message] = [node.left, node.right]
    .map(unwrap)
    .sort((a, b) => Number(ts.isStringLiteralLike(b)) - Number(ts.isStringLiteralLike(a)));
  const member = message && memberAccess(message);
  if (!text || !ts.isStringLiteralLike(text) || text.text !== timeoutText || member?.name !== 'message') return undefined;
  const isNegated = node.operatorToken.getText(source).startsWith('!');
  return { start, end, text: `${isNegated ? '!' : ''}isTimeout(${unwrap(member.object).getText(source)})` };
}

function nodeAt(source: TS.SourceFile, start: number, end: number): TS.Node | undefined {
  const visit = (node: TS.Node): TS.Node | undefined => {
    if (node.end < end || node.pos > start) return undefined;
    return node.end === end && node.getStart(source) === start ? node : ts.forEachChild(node, visit);
  };
  return visit(source);
}

/** The names in a file that give a client of a moved construction: imports of its module, and all names if the file itself has one. */
function clientNames(source: TS.SourceFile, isMoved: (file: string) => boolean, project: Project): (name: string) => boolean {
  if (isMoved(source.fileName)) return () => true;
  const names = new Set(
    [...localImports(source)].flatMap(([local, { specifier }]) => {
      const module = project.resolve(source.fileName, specifier);
      return module !== undefined && isMoved(module) ? [local] : [];
    }),
  );
  return (name) => names.has(name);
}

const systemCode = /^(?:E[A-Z]{3,}|HPE_[A-Z_]+)$/;
const statementMethods = /^(?:query|insert|command|exec)$/;

/** The comparisons of `code` with a code of Node.js, in the `catch` of a `try` that runs a statement of a client. */
function codeChecks(
  source: TS.SourceFile,
  isClient: (name: string) => boolean,
): ({ readonly edit: TextEdit } | { readonly left: LeftCode })[] {
  const found: ({ readonly edit: TextEdit } | { readonly left: LeftCode })[] = [];
  if (!/['"](?:E[A-Z]{3,}|HPE_)/.test(source.text)) return [];
  const visit = (node: TS.Node): void => {
    if (ts.isTryStatement(node) && node.catchClause && runsStatement(node.tryBlock, isClient))
      found.push(...checksIn(node.catchClause, source));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function runsStatement(node: TS.Node, isClient: (name: string) => boolean): boolean {
  const callee = ts.isCallExpression(node) ? memberAccess(unwrap(node.expression)) : undefined;
  if (callee && statementMethods.test(callee.name ?? '') && isClient(rootName(callee.object))) return true;
  return ts.forEachChild(node, (child) => runsStatement(child, isClient) || undefined) ?? false;
}

function rootName(expression: TS.Expression): string {
  const value = unwrap(expression);
  if (ts.isIdentifier(value)) return value.text;
  if (ts.isCallExpression(value) || ts.isAwaitExpression(value)) return rootName(value.expression);
  const member = memberAccess(value);
  return member ? rootName(member.object) : '';
}

function* checksIn(clause: TS.CatchClause, source: TS.SourceFile): Generator<{ readonly edit: TextEdit } | { readonly left: LeftCode }> {
  const variable = clause.variableDeclaration;
  if (!variable || !ts.isIdentifier(variable.name)) return;
  const name = variable.name.text;
  // The property exists on `any` alone.
  const isAny = variable.type?.kind === ts.SyntaxKind.AnyKeyword || /\.[cm]?jsx?$/.test(source.fileName);
  const comparisons: TS.BinaryExpression[] = [];
  const visit = (node: TS.Node): void => {
    if (ts.isBinaryExpression(node) && isComparison(node)) comparisons.push(node);
    ts.forEachChild(node, visit);
  };
  visit(clause.block);
  for (const { left, right } of comparisons) {
    const [access, code] = ts.isStringLiteralLike(unwrap(left)) ? [right, left] : [left, right];
    const member = memberAccess(unwrap(access));
    const text = unwrap(code);
    if (member?.name !== 'code' || !ts.isStringLiteralLike(text) || !systemCode.test(text.text)) continue;
    const owner = unwrap(member.object);
    if (!ts.isIdentifier(owner) || owner.text !== name) continue;
    const [start, end] = [access.getStart(source), access.end];
    const dot = source.text.slice(start, end).includes('?.') ? '?.' : '.';
    if (isAny) yield { edit: { start, end, text: `(${name}${dot}systemCode ?? ${name}${dot}code)` } };
    else
      yield {
        left: {
          file: source.fileName,
          start,
          subject: `\`${access.parent.getText(source)}\``,
          reason: `The runtime has this code in \`systemCode\`. Ask ${errorRemedies([{ kind: 'socket', code: text.text }], true)}.`,
        },
      };
  }
}

function shortened(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}
