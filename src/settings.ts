import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { closest } from 'fastest-levenshtein';
import jsonc, { type ParseError } from 'jsonc-parser';
import * as v from 'valibot';
import { positionAt } from './project/lines.js';
import { withoutBom } from './project/texts.js';
import { type Settings, settingsSchema } from './settings-schema.js';

export type { Settings } from './settings-schema.js';

export const settingsFileName = 'clickhouse-ssot.config.json';

/** What a linter's configuration calls its part of the settings. */
const overrideName = "settings['clickhouse-ssot']";

/** One mistake in the settings. */
export interface SettingsProblem {
  /** The settings file, or `settings['clickhouse-ssot']` of a linter. */
  readonly source: string;
  /** As in `sanctioned[0].reason`; empty where the whole is wrong. */
  readonly key: string;
  readonly found: string;
  readonly expected: string;
  /** The key that was probably meant. */
  readonly nearest?: string;
  /** All of it in one sentence, with what to do. */
  readonly message: string;
}

export type SettingsResult = { readonly ok: true; readonly settings: Settings } | { readonly ok: false; readonly problems: readonly SettingsProblem[] };

/** Reads the settings of a root; keys of the linter's own configuration go before the file's. Never throws. */
export function readSettings(root: string, override?: unknown, readText: (path: string) => string | undefined = readFile): SettingsResult {
  const text = readText(join(root, settingsFileName));
  const file = text === undefined ? { value: {}, problems: [] } : parse(text);
  const problems = [...file.problems, ...(file.problems.length > 0 ? [] : validate(file.value, settingsFileName)), ...(override === undefined ? [] : validate(override, overrideName))];
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, settings: v.parse(settingsSchema, { ...asObject(file.value), ...asObject(override) }) };
}

function parse(text: string): { readonly value: unknown; readonly problems: readonly SettingsProblem[] } {
  const errors: ParseError[] = [];
  const value: unknown = jsonc.parse(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (!first) return { value, problems: [] };
  const { line, column } = positionAt(text, first.offset);
  const expected = jsonc.printParseErrorCode(first.error).replace(/([A-Z])/g, ' $1').trim().toLowerCase();
  return { value, problems: [problem(settingsFileName, '', `${expected} at line ${line}, column ${column}`, 'JSON, with or without comments')] };
}

function validate(value: unknown, source: string): SettingsProblem[] {
  if (Array.isArray(value)) return [problem(source, '', 'an array', 'an object of settings')];
  const result = v.safeParse(settingsSchema, value);
  return result.success ? [] : result.issues.map((issue) => problemOf(deepest(issue), source));
}

type Issue = v.BaseIssue<unknown>;

/** Of the alternatives of a union the one that fits best is the one whose mistake lies deepest. */
function deepest(issue: Issue): Issue {
  const inner = (issue.issues ?? []).map(deepest);
  return inner.reduce((best, next) => ((next.path?.length ?? 0) > (best.path?.length ?? 0) ? next : best), issue);
}

function problemOf(issue: Issue, source: string): SettingsProblem {
  const key = keyOf(issue);
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    const last = issue.path?.at(-1);
    const known = knownKeys(issue);
    const nearest = typeof last?.key === 'string' && known.length > 0 ? closest(last.key, known) : undefined;
    return problem(source, key, 'a key that does not exist', known.length > 0 ? `one of ${known.join(', ')}` : 'no such key', nearest);
  }
  const expected = issue.type === 'check' || issue.type === 'non_empty' || issue.type === 'picklist' || issue.type === 'union' ? issue.message : (issue.expected ?? issue.message);
  return problem(source, key, show(issue.input), expected.replace(/^Array$/, 'an array').replace(/^Object$/, 'an object'));
}

/** The keys that the object around an unknown key may have. */
function knownKeys(issue: Issue): string[] {
  const parents = (issue.path ?? []).slice(0, -1).map(({ key }) => key);
  let schema: unknown = settingsSchema;
  for (const key of parents) schema = childOf(schema, key);
  const entries = unwrapped(schema)['entries'];
  return typeof entries === 'object' && entries !== null ? Object.keys(entries) : [];
}

function childOf(schema: unknown, key: unknown): unknown {
  const { entries, item, options } = unwrapped(schema);
  if (typeof key === 'number') return item;
  if (Array.isArray(options)) return options.find((option) => unwrapped(option)['entries'] !== undefined);
  return typeof entries === 'object' && entries !== null && typeof key === 'string' ? (entries as Record<string, unknown>)[key] : undefined;
}

/** Through `optional` and `pipe` to the schema that has entries, an item or options. */
function unwrapped(schema: unknown): Record<string, unknown> {
  if (typeof schema !== 'object' || schema === null) return {};
  const record = schema as Record<string, unknown>;
  if (Array.isArray(record['options']) && !('entries' in record)) {
    const shape = record['options'].map(unwrapped).find((option) => option['entries'] !== undefined);
    return shape ?? record;
  }
  return 'wrapped' in record ? unwrapped(record['wrapped']) : record;
}

function problem(source: string, key: string, found: string, expected: string, nearest?: string): SettingsProblem {
  const where = key === '' ? source : `${source}: "${key}"`;
  const advice = nearest === undefined ? 'Change it' : `Did you mean "${nearest}"? Change it`;
  const message = `${where}: found ${found}, expected ${expected}. ${advice}; until then no rule of clickhouse-ssot judges anything.`;
  return { source, key, found, expected, message, ...(nearest === undefined ? {} : { nearest }) };
}

function keyOf(issue: Issue): string {
  return (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('').replace(/^\./, '');
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const shown = JSON.stringify(value);
  return shown.length > 80 ? `${shown.slice(0, 77)}…` : shown;
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

function readFile(path: string): string | undefined {
  try {
    return withoutBom(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
