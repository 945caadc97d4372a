import { relativeTo } from '../../project/paths.js';
import type { Project } from '../../project/project.js';
import type { Trace } from '../../trace/trace.js';
import { exportedProviders } from '../clients/providers.js';
import type { SliceProgram } from './slice-program.js';

/** Adds importers of providers to the seed files until no further file imports one. Called by `buildModel`. */
export function expandSlice(
  project: Project,
  program: SliceProgram,
  seeds: ReadonlySet<string>,
  excluded: ReadonlySet<string>,
  trace: Trace,
): ReadonlySet<string> {
  const slice = new Set(seeds);
  for (let added: ReadonlySet<string> = seeds; added.size > 0;) {
    loadSlice(project, program, slice);
    // The providers of a file can only change if one of the added files is among its imports.
    const affected = closure(added, (file) => [...project.importersOf(file)].filter((importer) => slice.has(importer)));
    const imports = [...affected]
      .flatMap((file) => importsOfProviders(file, project, program, slice))
      .filter(({ importer }) => !excluded.has(importer));
    for (const { importer, name, from } of imports)
      trace.fact(() => `${relativeTo(project.root, importer)} imports \`${name}\` from ${relativeTo(project.root, from)}`);
    added = new Set(imports.map(({ importer }) => importer));
    for (const file of added) slice.add(file);
  }
  return slice;
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

/** Loads the texts of the slice into the program. */
export function loadSlice(project: Project, program: SliceProgram, slice: Iterable<string>): void {
  program.load(new Map([...slice].map((file) => [file, project.text(file) ?? ''])), (file) => project.scriptLanguage(file));
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

/** Returns the starts and everything reachable from them. */
function closure(starts: Iterable<string>, next: (file: string) => Iterable<string>): Set<string> {
  const found = new Set(starts);
  for (const file of found) for (const target of next(file)) found.add(target);
  return found;
}

/** Returns the first of the names that the text contains, or `*` if the text re-exports all names. It examines only the text. */
function importedName(text: string, names: readonly string[]): string | undefined {
  const name = names.find((candidate) => candidate === 'default' || candidate === 'export=' || text.includes(candidate));
  return name ?? (/\bexport\s*\*/.test(text) ? '*' : undefined);
}
