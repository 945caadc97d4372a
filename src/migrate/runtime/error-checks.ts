import type { ts as TS } from 'ts-morph';
import type { ClientOrigin } from '../../model/error-texts/client-origins.js';
import type { ErrorTextMatch } from '../../model/error-texts/error-text-matches.js';
import type { FailureHandling } from '../../model/error-texts/failure-handling.js';
import { ts } from '../../model/typescript/load-ts-morph.js';
import { isComparison, memberAccess, unwrap } from '../../model/typescript/syntax.js';
import { errorRemedies } from '../../rule/error-remedy.js';
import type { LeftCode } from '../rewrite/place.js';
import type { TextEdit } from '../rewrite/text-edits.js';
import type { StatementOwner } from './statement-owners.js';

/** The handling of failures in a file: what is rewritten, and what is left. */
export interface ErrorChecks {
  readonly edits: readonly TextEdit[];
  /** Whether the edits call `isTimeout`. */
  readonly needsIsTimeout: boolean;
  readonly left: readonly LeftCode[];
}

/** The places of one file that handle failures of statements. */
export interface FailurePlaces {
  /** The comparisons that the rule `no-error-text-matching` finds: it proves that the error is one of ClickHouse. */
  readonly texts: readonly ErrorTextMatch[];
  readonly handling: readonly FailureHandling[];
  /** Returns which package makes the clients of the statements. */
  readonly ownerOf: (origins: readonly ClientOrigin[]) => StatementOwner;
}

/** Failures whose texts or codes are others in the runtime. Errors of the server keep theirs. */
const changed: ReadonlySet<string> = new Set(['socket', 'timeout', 'abort']);

/** The text of the official client for its request timeout. */
const timeoutText = 'Timeout error.';

/**
 * Rewrites `error.message === 'Timeout error.'` to `isTimeout(error)`, and `error.code === 'ECONNRESET'` so that it also asks `systemCode`.
 * Lists all other places whose statements the runtime sends. Places that only other clients reach are left out.
 */
export function rewriteErrorChecks(source: TS.SourceFile, { texts, handling, ownerOf }: FailurePlaces): ErrorChecks {
  const edits: TextEdit[] = [];
  const left: LeftCode[] = [];
  let needsIsTimeout = false;
  for (const { span, failures, origins } of texts) {
    if (!failures.some(({ kind }) => changed.has(kind))) continue;
    const owner = ownerOf(origins());
    if (owner === 'other' || owner === 'unknown') continue;
    const edit = owner === 'runtime' ? timeoutEdit(source, span.start, span.end) : undefined;
    if (edit) {
      edits.push(edit);
      needsIsTimeout = true;
    } else
      left.push({
        file: source.fileName,
        start: span.start,
        subject: `the text of an error in \`${shortened(source.text.slice(span.start, span.end))}\``,
        reason: `The runtime has its own errors for this. Ask ${errorRemedies(failures, true)}.`,
      });
  }
  for (const place of handling) {
    const owner = ownerOf(place.origins);
    if (owner === 'other' || owner === 'unknown') continue;
    const edit = owner === 'runtime' ? systemCodeEdit(source, place) : undefined;
    if (edit) edits.push(edit);
    else if (!asksSystemCode(source, place)) left.push(leftHandling(source, place));
  }
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

/** The property exists on `any` alone. */
function systemCodeEdit(source: TS.SourceFile, { handling }: FailureHandling): TextEdit | undefined {
  if (handling.kind !== 'system-code' || !handling.isUntyped) return undefined;
  const { start, end } = handling.access;
  const access = nodeAt(source, start, end);
  const member = access && memberAccess(access);
  if (!member || isAlternative(access)) return undefined;
  const name = member.object.getText(source);
  const dot = source.text.slice(start, end).includes('?.') ? '?.' : '.';
  return { start, end, text: `(${name}${dot}systemCode ?? ${name}${dot}code)` };
}

/** Whether the code asks for `systemCode` already: `error.systemCode ?? error.code`. */
function asksSystemCode(source: TS.SourceFile, { span, handling }: FailureHandling): boolean {
  if (handling.kind !== 'system-code') return false;
  const access = nodeAt(source, handling.access.start, handling.access.end);
  return (access !== undefined && isAlternative(access)) || source.text.slice(span.start, span.end).includes('systemCode');
}

function isAlternative({ parent }: TS.Node): boolean {
  return ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken;
}

function leftHandling(source: TS.SourceFile, { span, handling }: FailureHandling): LeftCode {
  const place = { file: source.fileName, start: span.start };
  const text = shortened(source.text.slice(span.start, span.end));
  switch (handling.kind) {
    case 'system-code': {
      const failures = handling.codes.map((code) => ({ kind: 'socket', code }) as const);
      return {
        ...place,
        subject: `\`${text}\``,
        reason: `The runtime has this code in \`systemCode\`. Ask ${errorRemedies(failures, true)}.`,
      };
    }
    case 'broken-result': {
      const asked = handling.codes.map((code) => `\`isServerError(error, ${code})\``);
      const remedy = asked.length > 0 ? asked.join(' or ') : '`isServerError(error)`';
      return {
        ...place,
        subject: `\`${text}\` of a result`,
        reason: `In the runtime, a result that breaks off fails with a \`StreamError\`, whose \`cause\` is the error of the server. Ask ${remedy}.`,
      };
    }
    case 'retry':
      return {
        ...place,
        subject: `a retry by ${handling.by}`,
        reason:
          'The runtime also repeats what is safe to repeat, so that a failure is repeated by both. Remove this retry, or pass `retry: false` to `clickHouse()`.',
      };
  }
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length <= 60 ? line : `${line.slice(0, 59)}…`;
}
