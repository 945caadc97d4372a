import { createRequire } from 'node:module';
import type * as PluginKit from '@eslint/plugin-kit';
import type { Comment } from './comments.js';

/**
 * The effect of a comment on a linter. `disable-line` and `disable-next-line` concern one line, `disable` and `enable` all that follows, and
 * `off` the whole file.
 */
export type DirectiveKind = 'disable' | 'enable' | 'disable-line' | 'disable-next-line' | 'off';

/** A comment that turns rules off or on. */
export interface Directive {
  /** The linter that the comment names. Each reads its own comments in its own way. */
  readonly linter: 'eslint' | 'oxlint';
  readonly kind: DirectiveKind;
  /** The names as written, with the plugin's prefix. Empty: all rules. */
  readonly rules: readonly string[];
  /** The text behind `--`. Empty if there is none. */
  readonly reason: string;
  readonly comment: Comment;
}

/** Whether a text can contain a directive. Most files do not, and need not be parsed for comments. */
export function mayHaveDirectives(text: string): boolean {
  return /\b(?:eslint|oxlint)\b/.test(text);
}

/** Returns the directive that a comment is; undefined for other comments. */
export function directiveOf(comment: Comment): Directive | undefined {
  return eslintDirective(comment) ?? oxlintDirective(comment);
}

const eslintKinds: Readonly<Record<string, DirectiveKind>> = {
  'eslint-disable': 'disable',
  'eslint-enable': 'enable',
  'eslint-disable-line': 'disable-line',
  'eslint-disable-next-line': 'disable-next-line',
};

/** Reads a comment by ESLint's own parser. ESLint takes blocks from block comments alone, and a line from a comment of one line. */
function eslintDirective(comment: Comment): Directive | undefined {
  if (!/^\s*eslint\b/.test(comment.value)) return undefined;
  const parser = eslintParser();
  const parsed = parser.parseDirective(comment.value);
  if (!parsed) return undefined;
  const { label, value, justification: reason } = parsed;
  const base = { linter: 'eslint', reason, comment } as const;
  if (label === 'eslint' && comment.kind === 'block') {
    const rules = rulesTurnedOff(parser.parseJSONLikeConfig(value));
    return rules.length === 0 ? undefined : { ...base, kind: 'off', rules };
  }
  const kind = eslintKinds[label];
  const isOfOneLine = kind === 'disable-line' || kind === 'disable-next-line';
  if (kind === undefined || (comment.kind === 'line' && !isOfOneLine)) return undefined;
  if (kind === 'disable-line' && /[\n\r\u2028\u2029]/.test(comment.value)) return undefined;
  return { ...base, kind, rules: Object.keys(parser.parseListConfig(value)) };
}

function rulesTurnedOff(result: ReturnType<PluginKit.ConfigCommentParser['parseJSONLikeConfig']>): string[] {
  if (!result.ok) return [];
  return Object.entries(result.config).flatMap(([rule, setting]: [string, unknown]) => {
    const severity: unknown = Array.isArray(setting) ? setting[0] : setting;
    return severity === 'off' || severity === 0 ? [rule] : [];
  });
}

/** Reads a comment as oxlint does: names may be separated by spaces, and one dash between spaces begins the reason too. */
function oxlintDirective(comment: Comment): Directive | undefined {
  const [, label = '', rest = ''] = /^\s*oxlint-(disable-next-line|disable-line|disable|enable)(?=\s|$)(.*)$/s.exec(comment.value) ?? [];
  if (!isOxlintKind(label)) return undefined;
  const [, list = rest, reason = ''] = /^(.*?)(?:-{2,}|(?<=\s)-(?=\s))(.*)$/s.exec(rest) ?? [];
  const rules = list.split(/[,\s]+/).filter((name) => name !== '');
  return { linter: 'oxlint', kind: label, rules, reason: reason.trim(), comment };
}

function isOxlintKind(label: string): label is Exclude<DirectiveKind, 'off'> {
  return label !== '';
}

let parser: PluginKit.ConfigCommentParser | undefined;

/** Loaded at the first comment that names ESLint. Synchronous, because rules are synchronous. */
function eslintParser(): PluginKit.ConfigCommentParser {
  const load: (id: '@eslint/plugin-kit') => typeof PluginKit = createRequire(import.meta.url);
  parser ??= new (load('@eslint/plugin-kit').ConfigCommentParser)();
  return parser;
}
