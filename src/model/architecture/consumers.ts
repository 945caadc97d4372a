import type { Project } from '../../project/project.js';
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
 * Returns the files that use the exports of modules with connection code. It reads only texts: most of these files are outside the slice. A
 * module that only passes the exports on is no consumer; the files that import them from it are.
 */
export function findConsumers(input: ConsumerInput): Consumer[] {
  const found = [...input.modules].flatMap((module) => consumersOf(module, input));
  return [...found, ...consumersOfRuntime(input)].sort((one, other) =>
    one.span.file === other.span.file ? one.span.start - other.span.start : one.span.file < other.span.file ? -1 : 1,
  );
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
      const text = project.text(importer) ?? '';
      const mentions = names.filter((name) => mentionOf(name).test(text) && !isImportedAsType(name, text));
      const passesAll = /\bexport\s*\*/.test(text);
      if (passesAll || (mentions.length > 0 && isReexport(text, mentions))) passing.add(importer);
      if (mentions.length === 0 || modules.has(importer) || isOnlyReexport(text)) continue;
      const start = Math.min(...mentions.map((name) => text.search(mentionOf(name))));
      found.set(importer, { module, names: mentions, span: { file: importer, start, end: start } });
    }
  return [...found.values()];
}

function consumersOfRuntime({ project, modules, isTest }: ConsumerInput): Consumer[] {
  if (!project.dependsOn(runtimePackage)) return [];
  const importing = new RegExp(`(?:from|require\\(|import\\()\\s*['"]${runtimePackage}['"]`);
  return [...project.sources].flatMap((file) => {
    if (modules.has(file) || isTest(file)) return [];
    const start = (project.text(file) ?? '').search(importing);
    return start < 0 ? [] : [{ module: runtimePackage, names: [], span: { file, start, end: start } }];
  });
}

/** Matches a name as a word. A default export has another name in each importer, so that any import of it counts. */
function mentionOf(name: string): RegExp {
  if (name === 'default') return /\bimport\s+[\w$]+\s*(?:,|from\b)|\brequire\(/;
  return new RegExp(`(?<![\\w$])${name.replace(/\$/g, '\\$')}(?![\\w$])`);
}

/** Whether the file imports the name only as a type. */
function isImportedAsType(name: string, text: string): boolean {
  const clauses = [...text.matchAll(/\bimport\s+(type\s+)?(?:[\w$]+\s*,\s*)?\{([^}]*)\}/g)].filter(([, , clause = '']) =>
    mentionOf(name).test(clause),
  );
  const asType = new RegExp(`\\btype\\s+${name.replace(/\$/g, '\\$')}(?![\\w$])`);
  return clauses.length > 0 && clauses.every(([, isType, clause = '']) => isType !== undefined || asType.test(clause));
}

const exportClause = /\bexport\s*\{([^}]*)\}/g;

function isReexport(text: string, names: readonly string[]): boolean {
  return [...text.matchAll(exportClause)].some(([, clause = '']) => names.some((name) => mentionOf(name).test(clause)));
}

/** Whether a module consists of exports of others, as a barrel does. */
function isOnlyReexport(text: string): boolean {
  const rest = text
    .replace(/\/\*[^]*?\*\/|\/\/[^\n]*/g, '')
    .replace(/\b(?:export|import)\s*(?:type\s*)?(?:\*(?:\s*as\s+[\w$]+)?|\{[^}]*\}|[\w$]+)\s*(?:from\s*['"][^'"]*['"])?\s*;?/g, '');
  return rest.trim() === '';
}
