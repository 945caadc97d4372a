import type { Project } from '../../project/project.js';
import type { ModuleNames } from './module-names.js';

/** The inputs of the search. */
export interface NameSearch {
  readonly project: Project;
  /** Returns the part of the text of a file that can name what it imports from a module. */
  readonly importText: (file: string, module: string) => string;
  /** The names of a module. */
  readonly namesOf: (file: string) => ModuleNames;
  /** Whether the file is production code. Other importers are ignored. */
  readonly isProduction: (file: string) => boolean;
}

/** The production modules that depend on some exports of a module. */
export interface NameUsers {
  /** Modules that use one of the exports, directly or through modules that only pass it on. */
  readonly users: ReadonlySet<string>;
  /** Dependent modules on which no production module depends: the entries of programs. The module itself, if it has no user. */
  readonly entries: ReadonlySet<string>;
}

interface Step {
  readonly file: string;
  readonly names: Set<string>;
  /** Whether only modules that pass the names on lie between. */
  readonly isDirect: boolean;
}

/**
 * Follows exports of a module upward by name: an importer of other names of a barrel does not depend on them. A module that uses a name
 * passes the dependence on by those of its exports that need it. `inferFactories` calls it for each candidate.
 */
export function findUsers(file: string, exports: readonly string[], search: NameSearch): NameUsers {
  const users = new Set<string>();
  const reached = new Set([file]);
  const inner = new Set<string>();
  const steps = new StepQueue();
  steps.add(file, exports, true);
  for (let step = steps.take(); step; step = steps.take()) {
    for (const importer of search.project.importersOf(step.file)) {
      if (importer === step.file || !search.isProduction(importer) || !mayImport(search.importText(importer, step.file), step.names))
        continue;
      const link = linkOf(importer, step, search);
      if (!link) continue;
      inner.add(step.file);
      reached.add(importer);
      if (link.uses && step.isDirect) users.add(importer);
      steps.add(importer, link.exports, step.isDirect && !link.uses);
    }
  }
  users.delete(file);
  const entries = [...reached].filter((candidate) => !inner.has(candidate));
  // Modules on an import cycle all have importers.
  return { users, entries: new Set(entries.length > 0 ? entries : reached) };
}

/** The names that are still to be followed, by file, each once. */
class StepQueue {
  readonly #seen = new Set<string>();
  readonly #pending = new Map<string, Step>();

  add(file: string, names: readonly string[], isDirect: boolean): void {
    for (const name of names) {
      const key = `${file}\0${name}\0${isDirect}`;
      if (this.#seen.has(key)) continue;
      this.#seen.add(key);
      const pendingKey = `${file}\0${isDirect}`;
      const step = this.#pending.get(pendingKey) ?? { file, names: new Set(), isDirect };
      step.names.add(name);
      this.#pending.set(pendingKey, step);
    }
  }

  take(): Step | undefined {
    for (const [key, step] of this.#pending) {
      this.#pending.delete(key);
      return step;
    }
    return undefined;
  }
}

/** A cheap test before a parse: `false` means that the text imports none of the names. */
function mayImport(text: string, names: ReadonlySet<string>): boolean {
  if (names.has('default') || /\*|\brequire\b|\bimport\s*\(/.test(text)) return true;
  for (const name of names) if (text.includes(name)) return true;
  return false;
}

/** How an importer depends on the names: whether its code uses one, and which of its exports need one. Undefined if it does not. */
function linkOf(
  importer: string,
  { file, names: wanted }: Step,
  { project, namesOf }: NameSearch,
): { readonly uses: boolean; readonly exports: readonly string[] } | undefined {
  const names = namesOf(importer);
  const isImported = (imported: { readonly specifier: string; readonly name: string }): boolean =>
    (imported.name === '*' || wanted.has(imported.name)) && project.resolve(importer, imported.specifier) === file;
  const locals = new Set([...names.imports].filter(([, imported]) => isImported(imported)).map(([local]) => local));
  const passedOn = names.reexports
    .filter(isImported)
    .flatMap(({ exported }) => (exported === '*' ? [...wanted].filter((name) => name !== 'default') : [exported]));
  if (locals.size === 0 && passedOn.length === 0) return undefined;
  const uses = names.uses(locals);
  const exports = [...passedOn, ...names.exportsUsing(locals)];
  return uses || exports.length > 0 ? { uses, exports } : undefined;
}
