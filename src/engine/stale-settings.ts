import { posix } from 'node:path';
import { closestName, readEnclosingNames } from '../exceptions/enclosing-names.js';
import { relativeTo } from '../project/paths.js';
import type { Project } from '../project/project.js';
import type { Rule } from '../rule/rule.js';
import { matcherOf } from '../settings/globs.js';
import { overrideName, type Settings, settingsFileName } from '../settings/load-settings.js';
import { defaultSettings } from '../settings/schema.js';
import { closestPath } from '../settings/suggest-path.js';
import { withoutConfigurations, type JudgedFiles, type JudgedSettings, type StaleEntry } from './judged-settings.js';
import { findStaleClients } from './stale-clients.js';
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

type Check = (code: JudgedSettings, files: JudgedFiles, rules: readonly Rule[]) => StaleEntry[];

/** One check for each key of the settings. A new key does not compile without one. */
const checks: { readonly [Key in keyof Settings]-?: Check } = {
  $schema: () => [],
  cache: () => [],
  factories: globCheck('factories', 'no-direct-client reports nothing', 'Name the modules that construct clients.'),
  accessors: (code, { all }) => staleAccessors(code, all),
  managers: globCheck('managers', 'each module counts as a manager', 'Name the modules that own, pool or cache clients.'),
  config: globCheck('config', 'each module counts as configuration', 'Name the modules that read ClickHouse settings.'),
  service: globCheck('service', 'each module counts as service interface', 'Name the modules that contain it.'),
  clients: (code, { all }) => findStaleClients(code, all),
  sanctioned: (code, files, rules) => [
    ...code.settings.sanctioned.flatMap(({ path }, index) =>
      matchingNothing(`sanctioned[${index}].path`, path, files.own, files.all, code.project),
    ),
    ...findStaleSanctions(code, files, rules),
  ],
  tests: globCheck('tests', 'each of them counts as a test', 'Name the test files.'),
  vendored: ({ settings, project, unusedVendored }, { all }) =>
    settings.vendored.flatMap((glob, index): StaleEntry[] => {
      const key = `vendored[${index}]`;
      if (unusedVendored.has(glob)) return [nothing(key, glob, all, project)];
      const text = `"${glob}" excludes all source files, so no rule reports anything.`;
      return all.length > 0 ? [] : [{ key, value: glob, text, advice: 'Name the folders of third-party source.' }];
    }),
};

/** The settings that are lists of globs of source files. */
type GlobKey = 'factories' | 'managers' | 'config' | 'service' | 'tests';

/** Returns the check of a list of globs: none may match nothing, or all source files. The defaults of `tests` may. */
function globCheck(key: GlobKey, consequence: string, advice: string): Check {
  return ({ settings, project }, { all, own }) => {
    // The other settings say what the code of nested projects means, which the outer program contains.
    const judged = key === 'factories' ? own : all;
    return settings[key].flatMap((glob, index) => {
      if (key === 'tests' && defaultSettings.tests.includes(glob)) return [];
      const text = `"${glob}" matches every source file, so ${consequence}.`;
      const isUnlimited = judged.length > 1 && withoutConfigurations(judged).every(matcherOf([glob]));
      const entryKey = `${key}[${index}]`;
      return isUnlimited ? [{ key: entryKey, value: glob, text, advice }] : matchingNothing(entryKey, glob, judged, all, project);
    });
  };
}

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

/** `judged` are the files among `all` that the entry can concern. */
function matchingNothing(key: string, glob: string, judged: readonly string[], all: readonly string[], project: Project): StaleEntry[] {
  const matches = matcherOf([glob]);
  if (judged.some(matches)) return [];
  if (!all.some(matches)) return [nothing(key, glob, judged, project)];
  const text = `"${glob}" matches only files of a folder that has a ${settingsFileName} of its own.`;
  return [{ key, value: glob, text, advice: 'Move the entry there.' }];
}

function nothing(key: string, glob: string, files: readonly string[], project: Project): StaleEntry {
  const nearest = closestPath(glob, files);
  const exists = nearest === undefined && project.exists(glob);
  const text = exists
    ? `"${glob}" exists, but contains no source file that is analysed. Git ignores it, "vendored" covers it, or it is no TypeScript or JavaScript.`
    : `"${glob}" matches no source file.`;
  return { key, value: glob, text, nearest };
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
      if (model.skippedFiles.has(file) || project.text(file) === undefined) return [];
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
