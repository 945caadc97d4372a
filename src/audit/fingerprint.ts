import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { Finding, Span } from '../findings/finding.js';
import { enclosingName } from '../model/typescript/enclosing-name.js';
import { loadTsMorph } from '../model/typescript/load-ts-morph.js';

/** The identity of a finding. It has no line numbers, so it stays the same when lines move. */
export interface FindingIdentity {
  /** Names of the declarations around the finding, as in `Reports.run`. Empty directly in a module. */
  readonly within: string;
  /** Hash of the rule, `within`, the code of the line, the declarations that the path leads through, and the cause. */
  readonly fingerprint: string;
}

/**
 * Returns a function that identifies findings; it parses each file once. The file itself is not part of the identity, so that a moved
 * file keeps its fingerprints. Message texts are none either: a new version of a rule may word them differently.
 */
export function createIdentifier(textOf: (file: string) => string): (rule: string, finding: Finding) => FindingIdentity {
  const { ts } = loadTsMorph();
  const sources = new Map<string, ReturnType<typeof parse>>();
  const parse = (file: string) => ts.createSourceFile(file, textOf(file), ts.ScriptTarget.Latest, false);
  const nameAt = ({ file, start }: Span): string => {
    const source = sources.get(file) ?? parse(file);
    sources.set(file, source);
    return enclosingName(source, start);
  };
  return (rule, { span, path = [], cause }) => {
    const within = nameAt(span);
    // A path is a set: the same cycle may start elsewhere. A base name survives a moved folder.
    const steps = new Set(path.map((step) => `${posix.basename(step.span.file)} ${nameAt(step.span)}`));
    return {
      within,
      fingerprint: hash([
        rule,
        within,
        lineCode(textOf(span.file), span.start),
        ...[...steps].sort(),
        ...(cause === undefined ? [] : [cause]),
      ]),
    };
  };
}

/** Returns the line that contains the offset, without white space: indentation and line endings may change. */
function lineCode(text: string, offset: number): string {
  const isLineBreak = (index: number): boolean => /[\n\r\u2028\u2029]/.test(text.charAt(index));
  let start = offset;
  while (start > 0 && !isLineBreak(start - 1)) start--;
  let end = offset;
  while (end < text.length && !isLineBreak(end)) end++;
  return text.slice(start, end).replace(/\s+/g, '');
}

/** 64 bits are enough: only findings of one rule in one file are compared. */
function hash(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}
