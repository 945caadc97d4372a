import { inspect } from 'node:util';
import type { BaseIssue } from 'valibot';
import { closestMatch } from './suggest-similar.js';

/** A mistake in the settings. */
export interface SettingsProblem {
  /** Name of the settings file, or `settings['clickhouse-ssot']` for a linter's configuration. */
  readonly source: string;
  /** Path of the key, as in `sanctioned[0].reason`; empty if the mistake is not at a key. */
  readonly key: string;
  /** The value found, shortened for display. */
  readonly found: string;
  /** Description of the valid values. */
  readonly expected: string;
  /** The most similar valid key or name. Unset if none is similar. */
  readonly nearest?: string;
  /** The whole problem as text: found, expected, what to do. */
  readonly message: string;
}

/** The properties that schemas of all kinds share, as far as messages need them. */
export interface Shape {
  readonly kind: string;
  readonly entries?: Readonly<Record<string, Shape>>;
  readonly item?: Shape;
  readonly wrapped?: Shape;
  readonly options?: readonly (Shape | string)[];
  readonly pipe?: readonly { readonly kind: string; readonly description?: string }[];
}

type Issue = BaseIssue<unknown>;
type Key = string | number;

interface Mistake {
  readonly issue: Issue;
  /** Keys from the root of the settings. */
  readonly path: readonly Key[];
}

/** Returns the problems that the validator's issues describe. `shape` is the schema of the whole value. */
export function problemsOf(issues: readonly Issue[], shape: Shape, source: string): SettingsProblem[] {
  return issues
    .flatMap((issue) => mistakesIn(issue, []))
    .flatMap((mistake) => (isUnknownKey(mistake.issue) ? unknownKeys(mistake, shape, source) : [wrongValue(mistake, shape, source)]));
}

/** Flattens an issue. An issue inside one alternative of a union replaces the issue that no alternative fits. */
function mistakesIn(issue: Issue, outer: readonly Key[]): Mistake[] {
  const path = [...outer, ...(issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)))];
  const inside = (issue.issues ?? []).flatMap((inner) => mistakesIn(inner, path)).filter((mistake) => mistake.path.length > path.length);
  return inside.length > 0 ? inside : [{ issue, path }];
}

function isUnknownKey({ type, expected }: Issue): boolean {
  return type === 'strict_object' && expected === 'never';
}

/** Returns all unknown keys of an object: the validator stops at the first. */
function unknownKeys({ issue, path }: Mistake, shape: Shape, source: string): SettingsProblem[] {
  const parent = path.slice(0, -1);
  const validKeys = Object.keys(shapeWithKeys(parent.reduce(childOf, shape)).entries ?? {});
  const parentValue: unknown = issue.path?.at(-1)?.input;
  const unknownNames = Object.keys(typeof parentValue === 'object' && parentValue !== null ? parentValue : {}).filter(
    (name) => !validKeys.includes(name),
  );
  const parts = { source, found: 'an unknown key', expected: `one of ${validKeys.join(', ')}`, advice: 'Remove it' };
  return unknownNames.map((name) => settingsProblem({ ...parts, key: nameOf([...parent, name]), nearest: closestMatch(name, validKeys) }));
}

function wrongValue({ issue, path }: Mistake, shape: Shape, source: string): SettingsProblem {
  const { pipe, options } = path.reduce(childOf, shape);
  const key = nameOf(path);
  if (issue.path?.at(-1)?.origin === 'key')
    return settingsProblem({ source, key, found: 'nothing', expected: descriptionIn(pipe) ?? 'a value', advice: 'Add it' });
  const names = options?.filter((option) => typeof option === 'string') ?? [];
  const suggestion = typeof issue.input === 'string' ? closestMatch(issue.input, names) : undefined;
  return settingsProblem({
    source,
    key,
    found: show(issue.input),
    expected: expectationOf(issue),
    nearest: suggestion,
    advice: 'Change it',
  });
}

const kinds: Readonly<Record<string, string>> = { Array: 'an array', Object: 'an object', string: 'a string' };

function expectationOf({ expected, message }: Issue): string {
  return kinds[expected ?? ''] ?? message;
}

function nameOf(path: readonly Key[]): string {
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`))
    .join('')
    .replace(/^\./, '');
}

function childOf(shape: Shape, key: Key): Shape {
  const { item, entries } = shapeWithKeys(shape);
  return (typeof key === 'number' ? item : entries?.[key]) ?? { kind: 'unknown' };
}

/** Unwraps `optional`; of a union it takes the alternative that has keys. */
function shapeWithKeys(shape: Shape): Shape {
  if (shape.wrapped) return shapeWithKeys(shape.wrapped);
  return (
    shape.options?.flatMap((option) => (typeof option === 'string' ? [] : [option])).find(({ entries }) => entries !== undefined) ?? shape
  );
}

function descriptionIn(pipe: Shape['pipe']): string | undefined {
  const description = pipe?.map((action) => action.description).find((text) => text !== undefined);
  return description?.replace(/^./, (letter) => letter.toLowerCase()).replace(/\.$/, '');
}

interface ProblemParts {
  readonly source: string;
  readonly key: string;
  readonly found: string;
  readonly expected: string;
  readonly nearest?: string | undefined;
  readonly advice: string;
}

/** Returns a problem with its message. `advice` is a sentence without its period; `nearest` replaces it by a suggestion. */
export function settingsProblem({ source, key, found, expected, nearest: suggestion, advice }: ProblemParts): SettingsProblem {
  const where = key === '' ? source : `${source}: "${key}"`;
  const hint = suggestion === undefined ? '' : `Did you mean "${suggestion}"? `;
  const message = `${where}: found ${found}, expected ${expected}. ${hint}${suggestion === undefined ? advice : 'Change it'}. Until then, no clickhouse-ssot rule runs.`;
  return { source, key, found, expected, message, ...(suggestion === undefined ? {} : { nearest: suggestion }) };
}

/** Returns a value as text: a linter's configuration is code and may contain values that JSON cannot express. */
function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const shown = typeof value === 'string' ? JSON.stringify(value) : inspect(value, { depth: 1, breakLength: Infinity, compact: true });
  return shown.length > 80 ? `${shown.slice(0, 77)}…` : shown;
}
