import { readdirSync, readFileSync } from 'node:fs';
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

/** Name of the settings file, in the root of a project. */
export const settingsFileName = 'clickhouse-ssot.config.json';

/** Source of the settings in a linter's configuration, as messages name it. */
export const overrideName = "settings['clickhouse-ssot']";

/** The complete settings, or all mistakes in them. */
export type SettingsResult =
  | {
      readonly ok: true;
      readonly settings: Settings;
      /** Keys that a linter's configuration replaced. */
      readonly overridden: readonly string[];
    }
  | { readonly ok: false; readonly problems: readonly SettingsProblem[] };

/**
 * Reads and validates the settings of a root. Keys of `override`, from a linter's configuration, replace those of the file. Never throws.
 *
 * @param readText Returns the text of a file, or undefined if the file does not exist. An error that it throws becomes a problem.
 */
export function readSettings(root: string, override?: unknown, readText: (path: string) => string | undefined = readFile): SettingsResult {
  const settingsFile = readPart(join(root, settingsFileName), settingsFileName, readText);
  const fileParts = settingsFile.length > 0 ? settingsFile : refuseOtherFormats(root);
  const parts = [...fileParts, ...(override === undefined ? [] : [{ source: overrideName, value: override, problems: [] }])];
  return combine(parts, Object.keys(definedKeys(override)));
}

/** Reads and validates the settings in a file of any name. A file that does not exist is a problem. Never throws. */
export function readSettingsFile(path: string): SettingsResult {
  const parts = readPart(path, path, readFile);
  if (parts.length > 0) return combine(parts, []);
  return {
    ok: false,
    problems: [settingsProblem({ source: path, key: '', found: 'no file', expected: 'a settings file', advice: 'Name an existing file' })],
  };
}

/**
 * Returns everything that `readSettings` and `readSettingsFile` read, as text: equal texts have equal results. Undefined if a file cannot be
 * read.
 */
export function settingsText(root: string, override?: unknown, settingsFile?: string): string | undefined {
  try {
    const named = settingsFile ?? join(root, settingsFileName);
    const text = readFile(named);
    const others = text === undefined && settingsFile === undefined ? listFolder(root).filter(isOtherFormat) : [];
    return JSON.stringify([settingsFile ?? null, text ?? null, others, override ?? null]);
  } catch {
    return undefined;
  }
}

function combine(parts: readonly Part[], overridden: readonly string[]): SettingsResult {
  if (parts.length === 0) return { ok: true, settings: defaultSettings, overridden: [] };
  const { v, schema } = validator();
  const problems = parts.flatMap(({ source, value, problems: readProblems }) =>
    readProblems.length > 0 ? readProblems : validate(value, source),
  );
  if (problems.length > 0) return { ok: false, problems };
  const settings = v.parse(schema, Object.assign({}, ...parts.map(({ value }) => definedKeys(value))));
  return { ok: true, settings, overridden };
}

/** The settings of one source, before validation. */
interface Part {
  readonly source: string;
  readonly value: unknown;
  readonly problems: readonly SettingsProblem[];
}

/** Returns a problem for each settings file of another format. Without a message such a file would silently have no effect. */
function refuseOtherFormats(root: string): Part[] {
  return listFolder(root)
    .filter(isOtherFormat)
    .map((source) => {
      const expected = `${settingsFileName}, in which comments are allowed`;
      const problem = settingsProblem({ source, key: '', found: 'a settings file of this name', expected, advice: 'Rename it' });
      return { source, value: undefined, problems: [problem] };
    });
}

function isOtherFormat(name: string): boolean {
  return /^clickhouse-ssot\.config\.\w+$/.test(name) && name !== settingsFileName;
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readPart(path: string, source: string, readText: (path: string) => string | undefined): Part[] {
  try {
    const text = readText(path);
    return text === undefined ? [] : [{ source, ...parse(text, source) }];
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    return [
      {
        source,
        value: undefined,
        problems: [settingsProblem({ source, key: '', found, expected: 'a readable file', advice: 'Make it readable or remove it' })],
      },
    ];
  }
}

function parse(text: string, source: string): Omit<Part, 'source'> {
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
  const problem = settingsProblem({
    source,
    key: '',
    found: `${mistake} at line ${line}, column ${column}`,
    expected: 'JSON, with or without comments',
    advice: 'Change it',
  });
  return { value: undefined, problems: [problem] };
}

function validate(value: unknown, source: string): readonly SettingsProblem[] {
  // The validator accepts an array as an object.
  if (Array.isArray(value))
    return [settingsProblem({ source, key: '', found: 'an array', expected: 'an object of settings', advice: 'Change it' })];
  const { v, schema } = validator();
  return problemsOf(v.safeParse(schema, value).issues ?? [], schema, source);
}

/** The entries of a configuration object in code whose value is not undefined. */
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

/** Loads the validator at the first setting: without settings nothing is validated. */
function validator(): Validator {
  if (!loaded) {
    const v = load('valibot');
    loaded = { v, schema: settingsSchema(v) };
  }
  return loaded;
}

/** Synchronous, because rules are synchronous. */
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
