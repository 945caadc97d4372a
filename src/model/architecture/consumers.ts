import type { Project } from '../../project/project.js';
import type { TextQuestion } from '../../project/text-questions.js';
import { runtimePackage } from '../clients/client-packages.js';
import type { SliceProgram } from '../slice/slice-program.js';
import { ts } from '../typescript/load-ts-morph.js';
import { moduleSymbol } from '../typescript/syntax.js';
import type { Consumer } from './connection-map.js';

/** The inputs of the search. */
export interface ConsumerInput {
  readonly project: Project;
  /** The modules with connection code. */
  readonly modules: ReadonlySet<string>;
  /** Returns the names of the values that a module exports. */
  readonly exportsOf: (file: string) => ReadonlySet<string>;
  /** Whether the file is a test. Tests are no consumers. */
  readonly isTest: (file: string) => boolean;
}

/**
 * Returns the files that use the exports of modules with connection code, sorted. It asks only questions about texts: most of these files are
 * outside the slice, and an edit of one that leaves its imports alone changes nothing. A module that only passes the exports on is no
 * consumer; the files that import them from it are.
 */
export function findConsumers(input: ConsumerInput): Consumer[] {
  const found = [...input.modules].flatMap((module) => consumersOf(module, input));
  return [...found, ...consumersOfRuntime(input)].sort((one, other) => (one.file < other.file ? -1 : one.file > other.file ? 1 : 0));
}

/** Returns the names of the values that a module of the slice exports. */
export function valueExports(program: SliceProgram, file: string): ReadonlySet<string> {
  const { checker } = program;
  const source = program.sourceFile(file);
  const module = source && moduleSymbol(source, checker);
  const exported = module ? checker.getExportsOfModule(module) : [];
  const isValue = (symbol: (typeof exported)[number]): boolean => {
    const own = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    return (own.flags & ts.SymbolFlags.Value) !== 0;
  };
  return new Set(exported.filter(isValue).map(({ name }) => (name === 'export=' ? 'default' : name)));
}

function consumersOf(module: string, { project, modules, exportsOf, isTest }: ConsumerInput): Consumer[] {
  const names = [...exportsOf(module)].sort();
  if (names.length === 0) return [];
  const found = new Map<string, Consumer>();
  const passing = new Set([module]);
  // A set may grow while it is read: this is a breadth-first search.
  for (const passed of passing)
    for (const importer of project.importersOf(passed)) {
      if (found.has(importer) || isTest(importer)) continue;
      const text = project.importText(importer, passed);
      // The lists of names of an import. Any other text is that of the whole file: names can be anywhere in it.
      const isList = text.startsWith('{');
      const mentions = names.filter((name) => (name === 'default' && !isList) || mentionOf(name).test(text));
      if (project.ask(importer, passesOn(mentions)) !== '') passing.add(importer);
      if (mentions.length === 0 || modules.has(importer)) continue;
      if (isList && project.ask(importer, importsValue(mentions)) === '') continue;
      found.set(importer, { file: importer, module, names: mentions });
    }
  return [...found.values()];
}

function consumersOfRuntime({ project, modules, isTest }: ConsumerInput): Consumer[] {
  if (!project.dependsOn(runtimePackage)) return [];
  return [...project.sources]
    .filter((file) => !modules.has(file) && !isTest(file) && project.ask(file, importsRuntime) !== '')
    .map((file) => ({ file, module: runtimePackage, names: [] }));
}

const importsRuntime: TextQuestion = {
  kind: 'matches',
  parts: [runtimePackage],
  patterns: [[`(?:from|require\\(|import\\()\\s*['"]${runtimePackage}['"]`, '']],
};

function mentionOf(name: string): RegExp {
  return new RegExp(wordOf([name]));
}

/** Whether a list of an import has one of the names, and not as a type alone. */
function importsValue(names: readonly string[]): TextQuestion {
  return { kind: 'matches', patterns: [[`\\bimport\\s+(?!type\\b)[^;'"]*?(?<!\\btype\\s)${wordOf(names)}[^;'"]*?\\bfrom\\b`, '']] };
}

/** Whether a text may pass one of the names on. */
function passesOn(names: readonly string[]): TextQuestion {
  const named = names.length === 0 ? '' : `|\\bexport\\s*\\{[^}]*${wordOf(names)}`;
  return { kind: 'matches', patterns: [[`\\bexport\\s*\\*${named}`, '']] };
}

/** A pattern for one of the names as a word. */
function wordOf(names: readonly string[]): string {
  return `(?<![\\w$])(?:${names.map((name) => name.replace(/\$/g, '\\$')).join('|')})(?![\\w$])`;
}
