import type { ts as TS } from 'ts-morph';
import { parseFile } from '../model/typescript/parse-file.js';
import { commentsIn } from './comments.js';
import { type Directive, directiveOf, mayHaveDirectives } from './disable-directives.js';

/** The prefix of this plugin's rules in comments. A configuration may choose another one, which no other program can know. */
export const rulePrefix = 'clickhouse-ssot/';

/** A range of a file, as offsets. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/** The disable comments of one file. */
export interface Disables {
  readonly directives: readonly Directive[];
  /** Returns the directives that disable a rule, named without prefix, at a range. Empty: a linter reports the finding. */
  readonly at: (rule: string, range: Range) => readonly Directive[];
  /** Returns the 1-based line of an offset. */
  readonly lineOf: (offset: number) => number;
}

const noDisables: Disables = { directives: [], at: () => [], lineOf: () => 1 };

/** Reads the disable comments of a file: `eslint-…` by the semantics of ESLint, `oxlint-…` by those of oxlint. */
export function readDisables(file: string, text: string): Disables {
  if (!mayHaveDirectives(text)) return noDisables;
  const source = parseFile(file, text);
  if (!source) return noDisables;
  const directives = commentsIn(source).flatMap((comment) => directiveOf(comment) ?? []);
  const ofEslint = directives.filter(({ linter }) => linter === 'eslint');
  const ofOxlint = directives.filter(({ linter }) => linter === 'oxlint');
  return {
    directives,
    at: (rule, range) => [
      ...byEslint(ofEslint, `${rulePrefix}${rule}`, range, source),
      ...byOxlint(ofOxlint, `${rulePrefix}${rule}`, range, source.text),
    ],
    lineOf: (offset) => source.getLineAndCharacterOfPosition(offset).line + 1,
  };
}

function concerns({ rules }: Directive, rule: string): boolean {
  return rules.length === 0 || rules.includes(rule);
}

/** An enable comment ends each block before it. A line comment and a block work apart. */
function byEslint(directives: readonly Directive[], rule: string, { start }: Range, source: TS.SourceFile): Directive[] {
  const line = (offset: number): number => source.getLineAndCharacterOfPosition(offset).line;
  const matching: Directive[] = [];
  let blocks: Directive[] = [];
  for (const directive of directives.filter((candidate) => concerns(candidate, rule))) {
    const { kind, comment } = directive;
    if (kind === 'off') matching.push(directive);
    if (kind === 'disable-line' && line(comment.start) === line(start)) matching.push(directive);
    if (kind === 'disable-next-line' && line(comment.end) + 1 === line(start)) matching.push(directive);
    if (kind === 'disable' && comment.start <= start) blocks.push(directive);
    if (kind === 'enable' && comment.start <= start) blocks = [];
  }
  return [...matching, ...blocks];
}

/**
 * A list of names and no list are apart: an enable comment without names does not end a block with names, and the other way round. A block
 * also covers a finding that begins before it and overlaps it.
 */
function byOxlint(directives: readonly Directive[], rule: string, range: Range, text: string): Directive[] {
  const matching: Directive[] = [];
  const open = new Map<'all' | 'named', Directive>();
  const close = (key: 'all' | 'named', end: number): void => {
    const directive = open.get(key);
    open.delete(key);
    if (directive && range.start < end && range.end > contentEnd(directive)) matching.push(directive);
  };
  for (const directive of directives.filter((candidate) => concerns(candidate, rule))) {
    const { kind, comment, rules } = directive;
    const key = rules.length === 0 ? 'all' : 'named';
    if (kind === 'disable' && !open.has(key)) open.set(key, directive);
    if (kind === 'enable') close(key, comment.start + 2);
    if (kind === 'disable-line' && lineStart(text, comment.start) <= range.start && range.start < comment.start) matching.push(directive);
    if (kind === 'disable-next-line' && comment.end <= range.start && range.start < endOfNextLine(text, comment.end))
      matching.push(directive);
  }
  close('all', Infinity);
  close('named', Infinity);
  return matching;
}

function contentEnd({ comment: { kind, end } }: Directive): number {
  return kind === 'block' ? end - 2 : end;
}

/** For oxlint, only a line feed ends a line. */
function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

function endOfNextLine(text: string, offset: number): number {
  const endOfLine = text.indexOf('\n', offset);
  const end = endOfLine === -1 ? -1 : text.indexOf('\n', endOfLine + 1);
  return end === -1 ? text.length : end;
}
