import { relativeTo } from '../../project/paths.js';
import type { Project } from '../../project/project.js';
import type { Trace } from '../../trace/trace.js';
import { runtimePackage } from '../clients/client-packages.js';
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

  /** Returns the seed files of the project, without the `excluded` ones. */
  find(project: Project, excluded: ReadonlySet<string>, trace: Trace): Set<string> {
    const seeds = [...project.sources].filter((file) => this.isIn(project, file) && !excluded.has(file));
    for (const file of seeds) trace.fact(() => `${relativeTo(project.root, file)} is a seed file: ${this.#reasonFor(project, file)}`);
    return new Set(seeds);
  }

  #reasonFor(project: Project, file: string): string {
    if (this.isDeclared(file)) return 'the settings name it';
    const [name] = this.#seedPattern.exec(project.text(file) ?? '') ?? [];
    return name === undefined ? `it opens a session of ${runtimePackage}` : `it names "${name.slice(1, -1)}"`;
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
  trace: Trace,
): ReadonlySet<string> {
  const slice = new Set(seeds);
  for (let fresh: ReadonlySet<string> = seeds; fresh.size > 0;) {
    load(project, program, slice);
    // What a file exports can only mean more than before if something that it imports came in.
    const affected = closure(fresh, (file) => [...project.importersOf(file)].filter((importer) => slice.has(importer)));
    const imports = [...affected]
      .flatMap((file) => importsOfProviders(file, project, program, slice))
      .filter(({ importer }) => !excluded.has(importer));
    for (const { importer, name, from } of imports)
      trace.fact(() => `${relativeTo(project.root, importer)} imports \`${name}\` from ${relativeTo(project.root, from)}`);
    fresh = new Set(imports.map(({ importer }) => importer));
    for (const file of fresh) slice.add(file);
  }
  return slice;
}

/** A file outside the slice that imports a provider, and the file of the slice that exports it. */
interface ProviderImport {
  readonly importer: string;
  readonly name: string;
  readonly from: string;
}

function importsOfProviders(from: string, project: Project, program: SliceProgram, slice: ReadonlySet<string>): ProviderImport[] {
  const source = program.sourceFile(from);
  const importers = [...project.importersOf(from)].filter((importer) => !slice.has(importer));
  const names = source && importers.length > 0 ? exportedProviders(source, program.checker) : [];
  if (names.length === 0) return [];
  return importers.flatMap((importer) => {
    const name = importedName(project.text(importer) ?? '', names);
    return name === undefined ? [] : [{ importer, name, from }];
  });
}

/** Returns the files of the slice, without tests, that export a provider. */
export function filesWithProviders(
  program: SliceProgram,
  slice: ReadonlySet<string>,
  isTest: (file: string) => boolean,
): ReadonlySet<string> {
  const sources = program.sourceFiles(slice).filter(({ fileName }) => !isTest(fileName));
  return new Set(sources.filter((source) => exportedProviders(source, program.checker).length > 0).map(({ fileName }) => fileName));
}

export function load(project: Project, program: SliceProgram, slice: Iterable<string>): void {
  program.load(new Map([...slice].map((file) => [file, project.text(file) ?? ''])));
}

function closure(starts: Iterable<string>, next: (file: string) => Iterable<string>): Set<string> {
  const found = new Set(starts);
  for (const file of found) for (const target of next(file)) found.add(target);
  return found;
}

/** The first of the names that the text contains, or `*` if the text re-exports all names. It decides by the text alone. */
function importedName(text: string, names: readonly string[]): string | undefined {
  const name = names.find((candidate) => candidate === 'default' || candidate === 'export=' || text.includes(candidate));
  return name ?? (/\bexport\s*\*/.test(text) ? '*' : undefined);
}
