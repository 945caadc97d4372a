import { relativeTo } from '../../project/paths.js';
import type { Project } from '../../project/project.js';
import { exportedProviders, exportsProvider, hiddenProviders } from '../clients/exported-providers.js';
import { ts } from '../typescript/load-ts-morph.js';
import type { ts as TS } from 'ts-morph';
import type { SliceLimit } from './slice-limits.js';
import type { SliceProgram } from './slice-program.js';

/** Receives why a file is analysed. The clause begins with a verb and is computed when it is read. */
export type NoteReason = (file: string, reason: () => string) => void;

/** Which files `expandSlice` adds. */
export interface ExpansionLimits {
  /** Files that are left out. */
  readonly excluded: ReadonlySet<string>;
  /** A test joins only if it imports a constructor: what it calls otherwise constructs in the code under test. */
  readonly isTest: (file: string) => boolean;
  /** Receives why a file joins, as a clause that begins with a verb. */
  readonly noteReason: NoteReason;
  /** Receives each limit that ends a search. */
  readonly noteLimit: (limit: SliceLimit) => void;
}

/** Adds importers of providers to the seed files until no further file imports one. Called by `buildModel`. */
export function expandSlice(
  project: Project,
  program: SliceProgram,
  seeds: ReadonlySet<string>,
  { excluded, isTest, noteLimit, noteReason }: ExpansionLimits,
): ReadonlySet<string> {
  const slice = new Set(seeds);
  const cuts = new Map<string, SliceLimit>();
  const noteCut = (file: string, name: string): void => void cuts.set(keyOf(file, name), { kind: 'export-type', file, name });
  const hidden = new Set<string>();
  const mentions = new NameMentions(project);
  for (let added: ReadonlySet<string> = seeds; added.size > 0;) {
    loadSlice(project, program, slice);
    // The providers of a file can only change if one of the added files is among its imports.
    const affected = closure(added, (file) => [...project.importersOf(file)].filter((importer) => slice.has(importer)));
    const isHolder = holderModules(program, hidden);
    const imports = [...affected]
      .flatMap((file) => importsOfProviders(file, project, program, { slice, hidden, mentions, isHolder, isTest, noteCut }))
      .filter(({ importer }) => !excluded.has(importer));
    for (const { importer, name, from } of imports)
      noteReason(importer, () => `imports \`${name}\` from ${relativeTo(project.root, from)}`);
    added = new Set(imports.map(({ importer }) => importer));
    for (const file of added) slice.add(file);
  }
  for (const limit of cuts.values()) noteLimit(limit);
  return slice;
}

/** An exported function that runs statements: `export async function query(`. */
const statementFunction = /\bexport\s+(?:async\s+function|function|const)\s+(?:query|insert|command|exec|execute|select|ping)\b/;

/** Returns the files of the slice, without tests, that export a provider or a function that runs statements. */
export function filesWithProviders(
  program: SliceProgram,
  slice: ReadonlySet<string>,
  isTest: (file: string) => boolean,
): ReadonlySet<string> {
  const sources = program.sourceFiles(slice).filter(({ fileName }) => !isTest(fileName));
  const gives = (source: TS.SourceFile) => statementFunction.test(source.text) || exportsProvider(source, program.checker);
  return new Set(sources.filter(gives).map(({ fileName }) => fileName));
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

/** The state of the search for providers, which all rounds share. */
interface Search {
  readonly slice: ReadonlySet<string>;
  /** The names whose values give a client, although their types do not tell it. */
  readonly hidden: Set<string>;
  readonly mentions: NameMentions;
  /** Whether a module gives a client in some way. */
  readonly isHolder: (module: TS.SourceFile) => boolean;
  readonly isTest: (file: string) => boolean;
  /** Receives the export of a file for which a limit ended the search. */
  readonly noteCut: (file: string, name: string) => void;
}

function holderModules(program: SliceProgram, hidden: ReadonlySet<string>): (module: TS.SourceFile) => boolean {
  const providing = new Map<TS.SourceFile, boolean>();
  return (module) => {
    if ([...hidden].some((key) => key.startsWith(keyOf(module.fileName, '')))) return true;
    const known = providing.get(module) ?? exportsProvider(module, program.checker);
    providing.set(module, known);
    return known;
  };
}

function importsOfProviders(from: string, project: Project, program: SliceProgram, search: Search): ProviderImport[] {
  const { slice, hidden, mentions, isHolder, isTest } = search;
  const source = program.sourceFile(from);
  const importers = [...project.importersOf(from)]
    .filter((importer) => !slice.has(importer))
    .map((file) => ({ file, text: mentions.importText(file, from) }));
  if (!source || importers.length === 0) return [];
  const known = exportedProviders(
    source,
    program.checker,
    (name) => mentions.isImported(from, name, importers),
    (name) => search.noteCut(from, name),
  );
  const further = hiddenProviders(source, program.checker, {
    isHolder: (symbol) => keysOf(symbol, program.checker).some((key) => hidden.has(key)),
    isHolderImport: (call) => program.modules.importedBy(call).some(isHolder),
  });
  for (const name of further) hidden.add(keyOf(from, name));
  const names = [...known.map(({ name }) => name), ...further];
  if (names.length === 0) return [];
  const constructors = [...known.filter(({ givesConstructor }) => givesConstructor).map(({ name }) => name), ...further];
  return importers.flatMap(({ file, text }) => {
    const wanted = isTest(file) ? constructors : names;
    const isWhole = () => wanted.length > 0 && (reexportsAll(text) || mentions.isPassedOn(from, file));
    const name = wanted.find((candidate) => mentionsName(text, candidate)) ?? (isWhole() ? '*' : undefined);
    return name === undefined ? [] : [{ importer: file, name, from }];
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

interface Importer {
  readonly file: string;
  /** The part of its text that can name what it imports. */
  readonly text: string;
}

/** Which names the importers of a module may import, as far as their texts tell. The importers of a module only become fewer. */
class NameMentions {
  readonly #texts = new Map<string, string>();
  readonly #unmentioned = new Set<string>();
  readonly #passedOn = new Map<string, boolean>();

  constructor(private readonly project: Project) {}

  /** Returns the part of the text of a file that can name what it imports from a module. */
  importText(file: string, module: string): string {
    const key = keyOf(file, module);
    const text = this.#texts.get(key) ?? this.project.importText(file, module);
    this.#texts.set(key, text);
    return text;
  }

  /** Whether one of the importers may import the name from the module. */
  isImported(module: string, name: string, importers: readonly Importer[]): boolean {
    const key = keyOf(module, name);
    if (this.#unmentioned.has(key)) return false;
    const isMentioned = importers.some(({ file, text }) => mentionsName(text, name) || reexportsAll(text) || this.isPassedOn(module, file));
    if (!isMentioned) this.#unmentioned.add(key);
    return isMentioned;
  }

  /** Whether the importer may pass the module on as a whole. */
  isPassedOn(module: string, importer: string): boolean {
    const key = keyOf(importer, module);
    const isPassedOn = this.#passedOn.get(key) ?? this.project.passesOn(importer, module);
    this.#passedOn.set(key, isPassedOn);
    return isPassedOn;
  }
}

function mentionsName(text: string, name: string): boolean {
  return name === 'default' || name === 'export=' || text.includes(name);
}

function reexportsAll(text: string): boolean {
  return text.includes('*') && /\bexport\s*\*/.test(text);
}
