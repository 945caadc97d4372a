import { inspect } from 'node:util';
import type { BaseIssue } from 'valibot';
import { closestMatch } from './suggest-similar.js';

/** One mistake in the settings. */
export interface SettingsProblem {
  /** The settings file, or `settings['clickhouse-ssot']` of a linter. */
  readonly source: string;
  /** As in `sanctioned[0].reason`; empty where the whole is wrong. */
  readonly key: string;
  readonly found: string;
  readonly expected: string;
  /** The key or name that was probably meant. */
  readonly nearest?: string;
  /** All of it in one sentence, with what to do. */
  readonly message: string;
}

/** As much of a schema as can be said of every kind of it. */
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
  readonly path: readonly Key[];
}

/** The problems behind what the validator says of a value of this shape. */
export function problemsOf(issues: readonly Issue[], shape: Shape, source: string): SettingsProblem[] {
  return issues
    .flatMap((issue) => mistakesIn(issue, []))
    .flatMap((mistake) => (isUnknownKey(mistake.issue) ? unknownKeys(mistake, shape, source) : [wrongValue(mistake, shape, source)]));
}

/** A mistake inside one alternative of a union says more than that none of them fits. */
function mistakesIn(issue: Issue, outer: readonly Key[]): Mistake[] {
  const path = [...outer, ...(issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)))];
  const inside = (issue.issues ?? []).flatMap((inner) => mistakesIn(inner, path)).filter((mistake) => mistake.path.length > path.length);
  return inside.length > 0 ? inside : [{ issue, path }];
}

function isUnknownKey({ type, expected }: Issue): boolean {
  return type === 'strict_object' && expected === 'never';
}

/** The validator stops at the first unknown key of an object; whoever mistyped two wants to hear of both. */
function unknownKeys({ issue, path }: Mistake, shape: Shape, source: string): SettingsProblem[] {
  const parent = path.slice(0, -1);
  const known = Object.keys(ofKeys(parent.reduce(childOf, shape)).entries ?? {});
  const holder: unknown = issue.path?.at(-1)?.input;
  const unknown = Object.keys(typeof holder === 'object' && holder !== null ? holder : {}).filter((name) => !known.includes(name));
  const facts = { source, found: 'a key that does not exist', expected: `one of ${known.join(', ')}`, advice: 'Remove it' };
  return unknown.map((name) => settingsProblem({ ...facts, key: nameOf([...parent, name]), nearest: closestMatch(name, known) }));
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
  const { item, entries } = ofKeys(shape);
  return (typeof key === 'number' ? item : entries?.[key]) ?? { kind: 'unknown' };
}

/** Through `optional`, and of alternatives to the one that has keys. */
function ofKeys(shape: Shape): Shape {
  if (shape.wrapped) return ofKeys(shape.wrapped);
  return (
    shape.options?.flatMap((option) => (typeof option === 'string' ? [] : [option])).find(({ entries }) => entries !== undefined) ?? shape
  );
}

function descriptionIn(pipe: Shape['pipe']): string | undefined {
  const description = pipe?.map((action) => action.description).find((text) => text !== undefined);
  return description?.replace(/^./, (letter) => letter.toLowerCase()).replace(/\.$/, '');
}

interface Facts {
  readonly source: string;
  readonly key: string;
  readonly found: string;
  readonly expected: string;
  readonly nearest?: string | undefined;
  readonly advice: string;
}

export function settingsProblem({ source, key, found, expected, nearest: suggestion, advice }: Facts): SettingsProblem {
  const where = key === '' ? source : `${source}: "${key}"`;
  const hint = suggestion === undefined ? '' : `Did you mean "${suggestion}"? `;
  const message = `${where}: found ${found}, expected ${expected}. ${hint}${suggestion === undefined ? advice : 'Change it'}; until then no rule of clickhouse-ssot judges anything.`;
  return { source, key, found, expected, message, ...(suggestion === undefined ? {} : { nearest: suggestion }) };
}

/** A linter's configuration is a program: it may hold what JSON cannot. */
function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const shown = typeof value === 'string' ? JSON.stringify(value) : inspect(value, { depth: 1, breakLength: Infinity, compact: true });
  return shown.length > 80 ? `${shown.slice(0, 77)}…` : shown;
}
