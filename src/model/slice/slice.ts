import { relativeTo } from '../../project/paths.js';
import type { Project } from '../../project/project.js';
import type { Trace } from '../../trace/trace.js';
import { exportedProviders, exportsProvider, hiddenProviders } from '../clients/providers.js';
import { ts } from '../typescript/load-ts-morph.js';
import type { ts as TS } from 'ts-morph';
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
  const hidden = new Set<string>();
  for (let added: ReadonlySet<string> = seeds; added.size > 0;) {
    loadSlice(project, program, slice);
    // The providers of a file can only change if one of the added files is among its imports.
    const affected = closure(added, (file) => [...project.importersOf(file)].filter((importer) => slice.has(importer)));
    const imports = [...affected]
      .flatMap((file) => importsOfProviders(file, project, program, slice, hidden))
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
  return new Set(sources.filter((source) => exportsProvider(source, program.checker)).map(({ fileName }) => fileName));
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

/** `hidden` collects the names whose values give a client, although their types do not tell it. */
function importsOfProviders(
  from: string,
  project: Project,
  program: SliceProgram,
  slice: ReadonlySet<string>,
  hidden: Set<string>,
): ProviderImport[] {
  const source = program.sourceFile(from);
  const importers = [...project.importersOf(from)].filter((importer) => !slice.has(importer));
  if (!source || importers.length === 0) return [];
  const texts = importers.map((importer) => project.text(importer) ?? '');
  const known = exportedProviders(source, program.checker, (name) => texts.some((text) => importedName(text, [name]) !== undefined));
  const further = hiddenProviders(source, program.checker, (symbol) => keysOf(symbol, program.checker).some((key) => hidden.has(key)));
  for (const name of further) hidden.add(keyOf(from, name));
  const names = [...known, ...further];
  if (names.length === 0) return [];
  return importers.flatMap((importer, index) => {
    const name = importedName(texts[index] ?? '', names);
    return name === undefined ? [] : [{ importer, name, from }];
  });
}

function keyOf(file: string, name: string): string {
  return `${file}\0${name}`;
}

/** The keys of what an import means: of the name, and of the whole module if it is a namespace. */
function keysOf(symbol: TS.Symbol, checker: TS.TypeChecker): string[] {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const files = (target.declarations ?? []).map((declaration) => declaration.getSourceFile());
  const isModule = (target.flags & ts.SymbolFlags.ValueModule) !== 0;
  const names = isModule ? checker.getExportsOfModule(target).map(({ name }) => name) : [target.name, 'export='];
  return files.flatMap(({ fileName }) => names.map((name) => keyOf(fileName, name)));
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
