import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as Jsonc from 'jsonc-parser';
import type * as Valibot from 'valibot';
import { positionAt } from '../findings/position.js';
import { withoutBom } from '../project/document-store.js';
import { problemsOf, type SettingsProblem, settingsProblem } from './problems.js';
import { defaultSettings, type Settings, settingsSchema } from './schema.js';

export type { SettingsProblem } from './problems.js';
export type { Settings } from './schema.js';

export const settingsFileName = 'clickhouse-ssot.config.json';

/** What a linter's configuration calls its part of the settings. */
const overrideName = "settings['clickhouse-ssot']";

export type SettingsResult =
  { readonly ok: true; readonly settings: Settings } | { readonly ok: false; readonly problems: readonly SettingsProblem[] };

/**
 * Reads the settings of a root; keys of the linter's own configuration go before the file's. Never throws.
 *
 * @param readText the text of a file, undefined if there is none; an error it throws is a problem like any other
 */
export function readSettings(root: string, override?: unknown, readText: (path: string) => string | undefined = readFile): SettingsResult {
  const parts = [
    ...readPart(join(root, settingsFileName), readText),
    ...(override === undefined ? [] : [{ source: overrideName, value: override, problems: [] }]),
  ];
  if (parts.length === 0) return { ok: true, settings: defaultSettings };
  const { v, schema } = validator();
  const problems = parts.flatMap(({ source, value, problems: known }) => (known.length > 0 ? known : validate(value, source)));
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, settings: v.parse(schema, Object.assign({}, ...parts.map(({ value }) => definedKeys(value)))) };
}

interface Part {
  readonly source: string;
  readonly value: unknown;
  readonly problems: readonly SettingsProblem[];
}

function readPart(path: string, readText: (path: string) => string | undefined): Part[] {
  const source = settingsFileName;
  try {
    const text = readText(path);
    return text === undefined ? [] : [{ source, ...parse(text) }];
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    return [
      {
        source,
        value: undefined,
        problems: [settingsProblem({ source, key: '', found, expected: 'a file that can be read', advice: 'Change that or remove it' })],
      },
    ];
  }
}

function parse(text: string): Omit<Part, 'source'> {
  const jsonc = load('jsonc-parser');
  const errors: Jsonc.ParseError[] = [];
  const value: unknown = jsonc.parse(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (!first) return { value, problems: [] };
  const { line, column } = positionAt(text, first.offset);
  const mistake = jsonc
    .printParseErrorCode(first.error)
    .replace(/([A-Z])/g, ' $1')
    .trim()
    .toLowerCase();
  const facts = {
    source: settingsFileName,
    key: '',
    found: `${mistake} at line ${line}, column ${column}`,
    expected: 'JSON, with or without comments',
    advice: 'Change it',
  };
  return { value: undefined, problems: [settingsProblem(facts)] };
}

function validate(value: unknown, source: string): readonly SettingsProblem[] {
  // To the validator an array is an object, too.
  if (Array.isArray(value))
    return [settingsProblem({ source, key: '', found: 'an array', expected: 'an object of settings', advice: 'Change it' })];
  const { v, schema } = validator();
  return problemsOf(v.safeParse(schema, value).issues ?? [], schema, source);
}

/** What a program left undefined it did not set. */
function definedKeys(value: unknown): object {
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined))
    : {};
}

interface Validator {
  readonly v: typeof Valibot;
  readonly schema: ReturnType<typeof settingsSchema>;
}

let loaded: Validator | undefined;

/** Loaded at the first setting: who set nothing has nothing to validate. */
function validator(): Validator {
  if (!loaded) {
    const v = load('valibot');
    loaded = { v, schema: settingsSchema(v) };
  }
  return loaded;
}

/** Synchronous, because rules are. */
const load: { (id: 'jsonc-parser'): typeof Jsonc; (id: 'valibot'): typeof Valibot } = createRequire(import.meta.url);

function readFile(path: string): string | undefined {
  try {
    return withoutBom(readFileSync(path, 'utf8'));
  } catch (error) {
    if (isNotFoundError(error)) return undefined;
    throw error;
  }
}

function isNotFoundError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
