import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { closestName, readEnclosingNames } from '../exceptions/enclosing-names.js';
import type { Model } from '../model/model.js';
import { relativeTo } from '../project/paths.js';
import type { Project } from '../project/project.js';
import type { Rule } from '../rule/rule.js';
import { matcherOf } from '../settings/globs.js';
import { overrideName, type Settings, settingsFileName } from '../settings/load-settings.js';
import { defaultSettings } from '../settings/schema.js';
import { closestPath } from '../settings/suggest-path.js';
import { closestMatch } from '../settings/suggest-similar.js';
import type { RuleResult } from './run-rule.js';
import { findStaleSanctions } from './stale-sanctions.js';

/** An entry of the settings that has no effect, or that takes a rule its effect on the whole project. */
export interface StaleSetting {
  /** Name of the settings file, or `settings['clickhouse-ssot']` for a linter's configuration. */
  readonly source: string;
  /** Path of the key, as in `factories[0]` or `sanctioned[1].in`. */
  readonly key: string;
  /** The value that matches nothing, as text. */
  readonly value: string;
  /** The value that was probably meant. Unset if none is similar. */
  readonly nearest?: string;
  /** The whole problem as text: where, what was found, what to do. */
  readonly message: string;
}

/** A stale setting before its source is known. `text` is what was found, and `advice` replaces the usual repair. */
export interface StaleEntry {
  readonly key: string;
  readonly value: string;
  readonly text: string;
  readonly nearest?: string | undefined;
  readonly advice?: string;
}

/** What the search for stale settings reads: the settings and what they select. `ProjectAnalysis` is one. */
export interface JudgedSettings {
  readonly settings: Settings;
  /** Keys of the settings that a linter's configuration replaced. */
  readonly overridden: readonly string[];
  readonly project: Project;
  readonly model: Model;
  readonly unusedVendored: ReadonlySet<string>;
  readonly check: (rule: Rule) => RuleResult;
}

/** The source files of the project, and those that its settings judge: a folder with settings of its own is another project. */
export interface JudgedFiles {
  /** Paths from the root. */
  readonly all: readonly string[];
  /** Those of `all` that no nested project judges. */
  readonly own: readonly string[];
}

type Check = (code: JudgedSettings, files: JudgedFiles, rules: readonly Rule[]) => StaleEntry[];

/** One check for each key of the settings. A new key does not compile without one. */
const checks: { readonly [Key in keyof Settings]-?: Check } = {
  $schema: () => [],
  factories: ({ settings, project }, { all, own }) => [
    ...matchingNothing('factories', settings.factories, own, project, all),
    ...matchingAll('factories', settings.factories, own, 'so no-direct-client reports nothing. Name the modules that construct clients.'),
  ],
  accessors: (code, { all }) => staleAccessors(code, all),
  managers: ({ settings, project }, { all }) => [
    ...matchingNothing('managers', settings.managers, all, project),
    ...matchingAll(
      'managers',
      settings.managers,
      all,
      'so each module counts as a manager. Name the modules that own, pool or cache clients.',
    ),
  ],
  config: ({ settings, project }, { all }) => [
    ...matchingNothing('config', settings.config, all, project),
    ...matchingAll(
      'config',
      settings.config,
      all,
      'so each module counts as configuration. Name the modules that read ClickHouse settings.',
    ),
  ],
  service: ({ settings, project }, { all }) => [
    ...matchingNothing('service', settings.service, all, project),
    ...matchingAll('service', settings.service, all, 'so each module counts as service interface. Name the modules that contain it.'),
  ],
  clients: (code) => staleClients(code),
  sanctioned: (code, files, rules) => [
    ...code.settings.sanctioned.flatMap(({ path }, index) =>
      matchingNothing('sanctioned', [path], files.own, code.project, files.all).map((entry) => ({
        ...entry,
        key: `sanctioned[${index}].path`,
      })),
    ),
    ...findStaleSanctions(code, files, rules),
  ],
  tests: ({ settings, project }, { all }) => [
    ...matchingNothing('tests', settings.tests, all, project).filter(({ value }) => !defaultSettings.tests.includes(value)),
    ...matchingAll('tests', settings.tests, all, 'so each of them counts as a test. Name the test files.'),
  ],
  vendored: ({ settings, project, unusedVendored }, { all }) => [
    ...settings.vendored.flatMap((glob, index) => (unusedVendored.has(glob) ? [nothing(`vendored[${index}]`, glob, all, project)] : [])),
    ...(all.length > 0 ? [] : settings.vendored).map((glob, index) => ({
      key: `vendored[${index}]`,
      value: glob,
      text: `"${glob}" excludes all source files, so no rule reports anything.`,
      advice: 'Name the folders of third-party source.',
    })),
  ],
};

/** Returns the entries of the settings that match nothing, or everything where that is a mistake. `rules` are those that sanctions may name. */
export function findStaleSettings(code: JudgedSettings, rules: readonly Rule[]): readonly StaleSetting[] {
  const all = [...code.project.sources].map((file) => relativeTo(code.project.root, file));
  const nested = nestedRoots(code.project);
  const own = all.filter((file) => !nested.some((folder) => file.startsWith(`${folder}/`)));
  const entries = Object.values(checks).flatMap((check) => check(code, { all, own }, rules));
  return entries.map((entry) => describe(entry, code.overridden));
}

/** Returns the folders below the root that have a settings file of their own, relative to it. Those inside another one are left out. */
export function nestedRoots(project: Project): string[] {
  const folders = project.filesNamed(settingsFileName).map((file) => posix.dirname(file));
  const nested = folders.filter((folder) => folder !== '.');
  return nested.filter((folder) => !nested.some((other) => folder.startsWith(`${other}/`)));
}

function describe(
  { key, value, text, nearest, advice = 'Correct or remove it.' }: StaleEntry,
  overridden: readonly string[],
): StaleSetting {
  const source = overridden.includes(/^\w+/.exec(key)?.[0] ?? '') ? overrideName : settingsFileName;
  const repair = nearest === undefined ? advice : `Did you mean "${nearest}"?`;
  return { source, key, value, message: `${source}: "${key}": ${text} ${repair}`, ...(nearest === undefined ? {} : { nearest }) };
}

/** `elsewhere` are files that exist, but that these settings do not judge. */
function matchingNothing(
  key: string,
  globs: readonly string[],
  files: readonly string[],
  project: Project,
  elsewhere = files,
): StaleEntry[] {
  return globs.flatMap((glob, index): StaleEntry[] => {
    const matches = matcherOf([glob]);
    if (files.some(matches)) return [];
    const entryKey = `${key}[${index}]`;
    if (!elsewhere.some(matches)) return [nothing(entryKey, glob, files, project)];
    const text = `"${glob}" matches only files of a folder that has a ${settingsFileName} of its own.`;
    return [{ key: entryKey, value: glob, text, advice: 'Move the entry there.' }];
  });
}

function nothing(key: string, glob: string, files: readonly string[], project: Project): StaleEntry {
  const nearest = closestPath(glob, files);
  const exists = nearest === undefined && existsSync(posix.join(project.root, glob));
  const text = exists
    ? `"${glob}" exists, but contains no source file that is analysed. Git ignores it, "vendored" covers it, or it is no TypeScript or JavaScript.`
    : `"${glob}" matches no source file.`;
  return { key, value: glob, text, nearest };
}

function matchingAll(key: string, globs: readonly string[], files: readonly string[], consequence: string): StaleEntry[] {
  return globs.flatMap((glob, index) => {
    if (files.length < 2 || !files.every(matcherOf([glob]))) return [];
    const [text = '', advice = ''] = consequence.split(/(?<=\.) /);
    return [{ key: `${key}[${index}]`, value: glob, text: `"${glob}" matches every source file, ${text}`, advice }];
  });
}

function staleClients({ project, settings }: JudgedSettings): StaleEntry[] {
  const texts = [...project.sources].map((file) => project.text(file) ?? '');
  return settings.clients.flatMap(({ package: name, constructors }, index): StaleEntry[] => {
    const importing = texts.filter((text) => text.includes(name));
    if (importing.length === 0) {
      const nearest = closestMatch(name, [...project.packageNames]);
      return [{ key: `clients[${index}]`, value: name, text: `no source file imports "${name}".`, nearest }];
    }
    return constructors.flatMap((constructor, position): StaleEntry[] => {
      if (constructor === 'default' || importing.some((text) => text.includes(constructor))) return [];
      const text = `no file that imports "${name}" mentions "${constructor}".`;
      const nearest = closestMatch(
        constructor,
        importing.flatMap((source) => importedNames(source, name)),
      );
      return [{ key: `clients[${index}].constructors[${position}]`, value: constructor, text, nearest }];
    });
  });
}

/** The names that import declarations of a package list. For a suggestion only, so a text search is enough. */
function importedNames(text: string, packageName: string): string[] {
  return [...text.matchAll(/import[^;'"]*?\{([^}]*)\}\s*from\s*['"]([^'"]+)['"]/g)].flatMap(([, names = '', specifier]) =>
    specifier === packageName ? names.split(',').map((name) => name.replace(/^\s*type\s|\sas\s.*$/gs, '').trim()) : [],
  );
}

function staleAccessors({ model, project, settings }: JudgedSettings, files: readonly string[]): StaleEntry[] {
  return settings.accessors.flatMap(({ module, name, bypass }, index): StaleEntry[] => {
    const key = `accessors[${index}]`;
    if (!files.includes(posix.normalize(module))) return [nothing(`${key}.module`, module, files, project)];
    const accessor = model.accessors.find(
      (candidate) =>
        relativeTo(project.root, candidate.callable.getSourceFile().fileName) === posix.normalize(module) &&
        (candidate.name === name || candidate.name.endsWith(`.${name}`)),
    );
    if (!accessor) {
      const file = posix.join(project.root, module);
      const nearest = closestName(name, readEnclosingNames(file, project.text(file) ?? '').all);
      const advice = 'Use the declared name of the function; for a method, Class.method or method.';
      return [{ key, value: name, text: `found no function "${name}" in ${module}.`, nearest, advice }];
    }
    const flag = typeof bypass === 'string' ? bypass : bypass?.parameter;
    if (flag === undefined || accessor.bypass) return [];
    const advice = `Name an existing one. Until then, no call of ${name} counts as a bypass of the manager.`;
    return [{ key, value: flag, text: `${name} has no parameter or option "${flag}".`, advice }];
  });
}
