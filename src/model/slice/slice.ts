import type { Project } from '../../project/project.js';
import { runtimePackage } from '../clients/client-packages.js';
import { componentsOf } from '../graph/strongly-connected.js';
import { makersExportedBy } from '../clients/providers.js';
import type { SliceProgram } from './slice-program.js';

/** Knows which files mention ClickHouse by name: where the slice starts. "Mentions nothing" is remembered, until the file changes. */
export class Markers {
  readonly #marker: RegExp;
  readonly #leasing = /\.session\s*\(/;
  readonly #answers = new Map<string, boolean>();

  /** What `isNamed` by the settings belongs to the slice whatever it says. */
  constructor(
    packages: readonly string[],
    private readonly isNamed: (file: string) => boolean,
  ) {
    const names = packages.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    this.#marker = new RegExp(`['"\`](?:${names.join('|')})(?:/[^'"\`\\n]*)?['"\`]`);
  }

  find(project: Project): Set<string> {
    return new Set([...project.sources].filter((file) => this.isIn(project, file)));
  }

  isIn(project: Project, file: string): boolean {
    const known = this.#answers.get(file);
    if (known !== undefined) return known;
    const answer = project.sources.has(file) && (this.isNamed(file) || this.#isMarked(project.text(file) ?? ''));
    this.#answers.set(file, answer);
    return answer;
  }

  #isMarked(text: string): boolean {
    return this.#marker.test(text) || (text.includes(runtimePackage) && this.#leasing.test(text));
  }

  forget(file: string): void {
    this.#answers.delete(file);
  }
}

/** Grows the slice from its seeds by the importers of names that make a client, until nobody new imports one. */
export function closeSlice(
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
      [...affected].flatMap((file) => importersOfMakers(file, project, program, slice)).filter((file) => !excluded.has(file)),
    );
    for (const file of fresh) slice.add(file);
  }
  return slice;
}

function importersOfMakers(file: string, project: Project, program: SliceProgram, slice: ReadonlySet<string>): string[] {
  const source = program.sourceFile(file);
  const importers = [...project.importersOf(file)].filter((importer) => !slice.has(importer));
  const names = source && importers.length > 0 ? makersExportedBy(source, program.checker) : [];
  return names.length > 0 ? importers.filter((importer) => mayImport(project.text(importer) ?? '', names)) : [];
}

/** How far beyond a circle the code that it passes callbacks through is looked for. */
const passingDepth = 2;

/** A larger circle of imports is how a code base has grown, and says nothing of who calls whom. */
const mostSuspects = 12;

/**
 * The files on an import circle through one of the accessors' modules, and what these import: a call path may leave the circle, through
 * a pool that takes a callback, say, but it comes back. Of the modules that merely give clients a small circle itself is enough.
 * `reach` is everything that all of them import, however far.
 */
export function importCircle(
  project: Project,
  accessing: ReadonlySet<string>,
  giving: ReadonlySet<string>,
): { readonly circle: ReadonlySet<string>; readonly reach: ReadonlySet<string> } {
  const reach = closure(accessing, (file) => project.importsOf(file));
  const circle = closure(accessing, (file) => [...project.importersOf(file)].filter((importer) => reach.has(importer)));
  for (let depth = 0; depth < passingDepth; depth++)
    for (const file of [...circle]) for (const target of project.importsOf(file)) circle.add(target);
  const components = componentsOf(giving, (file) => {
    reach.add(file);
    return project.importsOf(file);
  });
  const small = components.filter(
    (component) => component.length > 1 && component.length <= mostSuspects && component.some((file) => giving.has(file)),
  );
  for (const file of small.flat()) circle.add(file);
  return { circle, reach };
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
