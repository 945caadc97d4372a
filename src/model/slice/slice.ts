import type { Project } from '../../project/project.js';
import { runtimePackage } from '../clients/client-packages.js';
import { componentsOf } from '../graph/strongly-connected.js';
import { exportedProviders } from '../clients/providers.js';
import type { SliceProgram } from './slice-program.js';

/** Knows which files mention ClickHouse by name: where the slice starts. "Mentions nothing" is remembered, until the file changes. */
export class SeedFiles {
  readonly #seedPattern: RegExp;
  readonly #leasing = /\.session\s*\(/;
  readonly #answers = new Map<string, boolean>();

  /** What `isNamed` by the settings belongs to the slice whatever it says. */
  constructor(
    packages: readonly string[],
    private readonly isDeclared: (file: string) => boolean,
  ) {
    const names = packages.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    this.#seedPattern = new RegExp(`['"\`](?:${names.join('|')})(?:/[^'"\`\\n]*)?['"\`]`);
  }

  find(project: Project): Set<string> {
    return new Set([...project.sources].filter((file) => this.isIn(project, file)));
  }

  isIn(project: Project, file: string): boolean {
    const known = this.#answers.get(file);
    if (known !== undefined) return known;
    const answer = project.sources.has(file) && (this.isDeclared(file) || this.#isMarked(project.text(file) ?? ''));
    this.#answers.set(file, answer);
    return answer;
  }

  #isMarked(text: string): boolean {
    return this.#seedPattern.test(text) || (text.includes(runtimePackage) && this.#leasing.test(text));
  }

  forget(file: string): void {
    this.#answers.delete(file);
  }
}

/** Grows the slice from its seeds by the importers of names that make a client, until nobody new imports one. */
export function expandSlice(
  project: Project,
  program: SliceProgram,
  seeds: ReadonlySet<string>,
  excluded: ReadonlySet<string>,
): ReadonlySet<string> {
  const slice = new Set(seeds);
  for (let fresh: ReadonlySet<string> = seeds; fresh.size > 0;) {
    load(project, program, slice);
    // What a file exports can only mean more than before if something that it imports came in.
    const affected = closure(fresh, (file) => [...project.importersOf(file)].filter((importer) => slice.has(importer)));
    fresh = new Set(
      [...affected].flatMap((file) => importersOfProviders(file, project, program, slice)).filter((file) => !excluded.has(file)),
    );
    for (const file of fresh) slice.add(file);
  }
  return slice;
}

function importersOfProviders(file: string, project: Project, program: SliceProgram, slice: ReadonlySet<string>): string[] {
  const source = program.sourceFile(file);
  const importers = [...project.importersOf(file)].filter((importer) => !slice.has(importer));
  const names = source && importers.length > 0 ? exportedProviders(source, program.checker) : [];
  return names.length > 0 ? importers.filter((importer) => mayImport(project.text(importer) ?? '', names)) : [];
}

/** How far beyond a circle the code that it passes callbacks through is looked for. */
const callbackDepth = 2;

/** A larger circle of imports is how a code base has grown, and says nothing of who calls whom. */
const maxCycleSize = 12;

/**
 * The files on an import circle through one of the accessors' modules, and what these import: a call path may leave the circle, through
 * a pool that takes a callback, say, but it comes back. Of the modules that merely give clients a small circle itself is enough.
 * `reach` is everything that all of them import, however far.
 */
export function cycleNeighborhood(
  project: Project,
  accessorFiles: ReadonlySet<string>,
  providerFiles: ReadonlySet<string>,
): { readonly cycle: ReadonlySet<string>; readonly reach: ReadonlySet<string> } {
  const reach = closure(accessorFiles, (file) => project.importsOf(file));
  const cycle = closure(accessorFiles, (file) => [...project.importersOf(file)].filter((importer) => reach.has(importer)));
  for (let depth = 0; depth < callbackDepth; depth++)
    for (const file of [...cycle]) for (const target of project.importsOf(file)) cycle.add(target);
  const components = componentsOf(providerFiles, (file) => {
    reach.add(file);
    return project.importsOf(file);
  });
  const small = components.filter(
    (component) => component.length > 1 && component.length <= maxCycleSize && component.some((file) => providerFiles.has(file)),
  );
  for (const file of small.flat()) cycle.add(file);
  return { cycle, reach };
}

export function load(project: Project, program: SliceProgram, slice: Iterable<string>): void {
  program.load(new Map([...slice].map((file) => [file, project.text(file) ?? ''])));
}

function closure(starts: Iterable<string>, next: (file: string) => Iterable<string>): Set<string> {
  const found = new Set(starts);
  for (const file of found) for (const target of next(file)) found.add(target);
  return found;
}

/** By the text alone: the name is there, or something that passes every name on. */
function mayImport(text: string, names: readonly string[]): boolean {
  return names.some((name) => name === 'default' || name === 'export=' || text.includes(name)) || /\bexport\s*\*/.test(text);
}
