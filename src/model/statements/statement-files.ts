import type { ts as TS } from 'ts-morph';
import type { Project } from '../../project/project.js';
import { patternText, type TextQuestion } from '../../project/text-questions.js';
import { runtimePackage } from '../clients/client-packages.js';
import { type ImportedName, ModuleNames } from '../factories/module-names.js';
import type { SliceLimit } from '../slice/slice-limits.js';
import { ts } from '../typescript/load-ts-morph.js';
import { callsByName, passingFunctions, readMethods } from './passed-results.js';

/** Number of modules that may lie between the import of a client package and a use, without those that only pass names on. */
const maxDepth = 4;

/** Maximum number of files outside the slice that are read. */
const maxFiles = 300;

/** The inputs of the search. */
export interface FileSearch {
  readonly project: Project;
  /** The seed files of the slice. */
  readonly seeds: ReadonlySet<string>;
  readonly slice: ReadonlySet<string>;
  readonly isTest: (file: string) => boolean;
  /** Returns the syntax tree of a file. */
  readonly parse: (file: string) => TS.SourceFile;
  /** Whether a specifier means a client package in a file. */
  readonly isClientPackage: (file: string, specifier: string) => boolean;
  /** Whether files that only pass a client on matter as well. Default: false. */
  readonly withPassing?: boolean;
}

/** The files whose code may run statements, or handle the failures of statements. */
export interface StatementFiles {
  /** Absolute paths, without tests outside the slice. */
  readonly files: ReadonlySet<string>;
  /** The limit that ended the search, if one did. */
  readonly limits: readonly SliceLimit[];
}

/** Levels of functions that return a result of the level before. */
const maxLevels = 4;

/** A text that runs a statement, or handles an error. Others matter as a way to one of these, and if they call a function that returns a result. */
const matters: TextQuestion = {
  kind: 'matches',
  patterns: [
    patternText(
      /\.\s*(?:query|exec|insert|command|ping|querying)\b|\bcatch\b|\ballSettled\b|\.message\b|\b(?:query|exec)\s*[,}]|'error'|"error"/,
    ),
  ],
};

/** A text that may answer nothing after a failure, and one that may ask for that. */
const answersNothing: TextQuestion = {
  kind: 'matches',
  parts: ['catch'],
  patterns: [patternText(/\bcatch\b[^]{0,300}?\b(?:null|undefined)\b/)],
};
const asksForNothing: TextQuestion = { kind: 'matches', patterns: [patternText(/\?\?|\bnull\b|\bundefined\b|\bif\s*\(\s*!/)] };

const importsRuntime: TextQuestion = { kind: 'matches', parts: [runtimePackage], patterns: [patternText(/./)] };

/**
 * Returns the files that use a client, directly or by means of others: it follows the names that depend on an import of a client package
 * from module to module. The slice has only those of them that can construct.
 */
export function findStatementFiles(search: FileSearch): StatementFiles {
  const { project, slice, isTest } = search;
  const via = new Map<string, string | undefined>();
  const modules = new Map<string, ParsedModule>();
  const moduleOf = (file: string): ParsedModule => {
    const known = modules.get(file) ?? parsedModule(search.parse(file));
    modules.set(file, known);
    return known;
  };
  const seen = new Set<string>();
  const importText = memoized(project);
  let level: Steps = new Map();
  for (const file of startsOf(search)) {
    via.set(file, undefined);
    addStep(level, file, ownExports(file, moduleOf(file), search));
  }
  for (let depth = 0; depth < maxDepth && level.size > 0; depth++) {
    const next: Steps = new Map();
    // A file that only passes names on belongs to the same level: the loop also visits the steps that are added to it. A barrel then comes
    // once for the names of all modules before it.
    for (const [file, names] of level) {
      level.delete(file);
      const wanted = [...names].filter((name) => !seen.has(`${file}\0${name}`));
      for (const name of wanted) seen.add(`${file}\0${name}`);
      if (wanted.length === 0) continue;
      for (const importer of project.importersOf(file)) {
        if (importer === file || (isTest(importer) && !slice.has(importer))) continue;
        if (!mayImport(importText(importer, file), wanted)) continue;
        const link = linkOf(importer, file, wanted, moduleOf(importer), project);
        if (!link) continue;
        if (!via.has(importer)) via.set(importer, file);
        addStep(link.uses ? next : level, importer, link.exports);
      }
    }
    level = next;
  }
  return selected(via, search);
}

/** Files with the names whose importers are looked for. */
type Steps = Map<string, Set<string>>;

function addStep(steps: Steps, file: string, names: readonly string[]): void {
  steps.set(file, new Set([...(steps.get(file) ?? []), ...names]));
}

/** A barrel is asked for once for each group of names that it passes on. */
function memoized(project: Project): (importer: string, file: string) => string {
  const texts = new Map<string, string>();
  return (importer, file) => {
    const key = `${importer}\0${file}`;
    const text = texts.get(key) ?? project.importText(importer, file);
    texts.set(key, text);
    return text;
  };
}

/** Keeps the files that matter and those on the way to them, the nearest first. */
function selected(via: ReadonlyMap<string, string | undefined>, search: FileSearch): StatementFiles {
  const { project, slice } = search;
  const files = new Set<string>();
  let outside = 0;
  let isCut = false;
  const mattering = [...via.keys()].filter(
    (file) => search.withPassing === true || project.ask(file, matters) !== '' || readsAnswer(file, project),
  );
  for (const file of [...mattering, ...callersOfPassing(mattering, [...via.keys()], search)]) {
    if (outside >= maxFiles && !slice.has(file)) {
      isCut = true;
      continue;
    }
    for (let path: string | undefined = file; path !== undefined && !files.has(path); path = via.get(path)) {
      files.add(path);
      if (!slice.has(path)) outside++;
    }
  }
  return { files, limits: isCut ? [{ kind: 'users-of-clients', max: maxFiles }] : [] };
}

/** The files that call a function which returns a result, level by level. */
function callersOfPassing(mattering: readonly string[], all: readonly string[], { parse }: FileSearch): ReadonlySet<string> {
  const judged = new Set(mattering);
  const callers = new Set<string>();
  let names: ReadonlySet<string> = readMethods;
  for (let depth = 0; depth < maxLevels; depth++) {
    const wanted = names;
    names = new Set([...mattering, ...callers].flatMap((file) => [...passingFunctions(parse(file), wanted)]));
    if (names.size === 0) break;
    for (const file of all) if (!judged.has(file) && callsByName(parse(file), names)) callers.add(file);
  }
  return callers;
}

/** Whether a file may ask whether it got nothing from a function that answers nothing after a failure. */
function readsAnswer(file: string, project: Project): boolean {
  if (project.ask(file, asksForNothing) === '') return false;
  return [...project.importsOf(file)].some((imported) => project.ask(imported, answersNothing) !== '');
}

/** A file that only uses a service of the runtime is no seed file of the slice. */
function startsOf({ project, seeds, isTest }: FileSearch): Set<string> {
  return new Set([...seeds, ...[...project.sources].filter((file) => !isTest(file) && project.ask(file, importsRuntime) !== '')]);
}

/** The names of a module, and its imports with those of types: a class that gets a client as a parameter may import only its type. */
interface ParsedModule {
  readonly names: ModuleNames;
  readonly imports: ReadonlyMap<string, ImportedName>;
}

function parsedModule({ statements }: TS.SourceFile): ParsedModule {
  const names = new ModuleNames(statements);
  const imports = new Map(names.imports);
  for (const statement of statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const { text: specifier } = statement.moduleSpecifier;
    const bindings = statement.importClause?.namedBindings;
    if (statement.importClause?.name) imports.set(statement.importClause.name.text, { specifier, name: 'default' });
    if (bindings && ts.isNamedImports(bindings))
      for (const { name, propertyName } of bindings.elements) imports.set(name.text, { specifier, name: (propertyName ?? name).text });
  }
  return { names, imports };
}

/** The exports that depend on an import of a client package. */
function ownExports(file: string, { names, imports }: ParsedModule, { isClientPackage }: FileSearch): string[] {
  const isClient = ({ specifier }: ImportedName): boolean => isClientPackage(file, specifier);
  const locals = new Set([...imports].filter(([, imported]) => isClient(imported)).map(([local]) => local));
  const passedOn = names.reexports.filter(isClient).map(({ exported }) => exported);
  return [...names.exportsUsing(locals), ...passedOn.filter((name) => name !== '*')];
}

function linkOf(
  importer: string,
  file: string,
  wanted: readonly string[],
  { names, imports }: ParsedModule,
  project: Project,
): { readonly uses: boolean; readonly exports: readonly string[] } | undefined {
  const isImported = ({ specifier, name }: ImportedName): boolean =>
    (name === '*' || wanted.includes(name)) && project.resolve(importer, specifier) === file;
  const locals = new Set([...imports].filter(([, imported]) => isImported(imported)).map(([local]) => local));
  const passedOn = names.reexports
    .filter(isImported)
    .flatMap(({ exported }) => (exported === '*' ? wanted.filter((name) => name !== 'default') : [exported]));
  if (locals.size === 0 && passedOn.length === 0) return undefined;
  return { uses: names.uses(locals), exports: [...passedOn, ...names.exportsUsing(locals)] };
}

/** A cheap test before a parse: `false` means that the text imports none of the names. */
function mayImport(text: string, names: readonly string[]): boolean {
  return names.includes('default') || /\*|\brequire\b|\bimport\s*\(/.test(text) || names.some((name) => text.includes(name));
}
