import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';
import { componentsOf, shortestPath } from '../src/model/graph/strongly-connected.js';
import { repository } from './rule-files.js';

/** An import, a re-export, an `import()` or an import type that names a file of this repository. Paths start at the root. */
export interface FileImport {
  readonly from: string;
  readonly to: string;
  /** Line of the import in `from`, counted from 1. */
  readonly line: number;
  readonly kind: 'value' | 'type' | 'dynamic';
}

export interface ImportGraph {
  /** Paths from the root, sorted. */
  readonly files: readonly string[];
  readonly imports: readonly FileImport[];
}

/** A directed graph: the successors of each node. */
export type Successors = ReadonlyMap<string, ReadonlySet<string>>;

const sourceFolders = ['src', 'rules', 'runtime/src'];

/** Reads the import graph of the plugin, its rules and the runtime from the disk. */
export function readImportGraph(): ImportGraph {
  const files = sourceFolders.flatMap((folder) =>
    readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => posix.join(folder, file.replaceAll('\\', '/'))),
  );
  return buildImportGraph(new Map(files.map((file) => [file, readFileSync(join(repository, file), 'utf8')])));
}

/** Builds the import graph of these texts, by path. */
export function buildImportGraph(texts: ReadonlyMap<string, string>): ImportGraph {
  return { files: [...texts.keys()].sort(), imports: [...texts].flatMap(([file, text]) => importsOf(file, text)) };
}

function importsOf(file: string, text: string): FileImport[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext);
  const imports: FileImport[] = [];
  const add = (node: ts.Node, specifier: ts.Node | undefined, kind: FileImport['kind']): void => {
    if (!specifier || !ts.isStringLiteralLike(specifier) || !specifier.text.startsWith('.')) return;
    const to = posix.join(posix.dirname(file), specifier.text).replace(/\.js$/, '.ts');
    imports.push({ from: file, to, line: source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1, kind });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node, node.moduleSpecifier, isTypeImport(node.importClause) ? 'type' : 'value');
    else if (ts.isExportDeclaration(node)) add(node, node.moduleSpecifier, isTypeExport(node) ? 'type' : 'value');
    else if (ts.isImportTypeNode(node)) add(node, ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, 'type');
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node, node.arguments[0], 'dynamic');
    ts.forEachChild(node, visit);
  };
  visit(source);
  return imports;
}

function isTypeImport(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const { name, namedBindings } = clause;
  return !name && namedBindings !== undefined && ts.isNamedImports(namedBindings) && areTypes(namedBindings.elements);
}

function isTypeExport({ isTypeOnly, exportClause }: ts.ExportDeclaration): boolean {
  return isTypeOnly || (exportClause !== undefined && ts.isNamedExports(exportClause) && areTypes(exportClause.elements));
}

function areTypes(elements: readonly (ts.ImportSpecifier | ts.ExportSpecifier)[]): boolean {
  return elements.length > 0 && elements.every(({ isTypeOnly }) => isTypeOnly);
}

export function folderOf(file: string): string {
  return posix.dirname(file);
}

/** Groups the imports by a name for each file, for example its folder. Imports inside one group are left out. */
export function groupImports({ files, imports }: ImportGraph, groupOf: (file: string) => string): Successors {
  const groups = new Map(files.map((file) => [groupOf(file), new Set<string>()]));
  for (const { from, to } of imports) if (groupOf(from) !== groupOf(to)) groups.get(groupOf(from))?.add(groupOf(to));
  return groups;
}

/** Returns the shortest cycle of each strongly connected component, as its nodes in order. An import of the file itself is a cycle of one. */
export function findCycles(graph: Successors): string[][] {
  const successors = (node: string): string[] => [...(graph.get(node) ?? [])].sort();
  return componentsOf([...graph.keys()].sort(), successors).flatMap((component) => {
    const members = new Set(component);
    const edges = (node: string) => successors(node).flatMap((to) => (members.has(to) ? [{ edge: to, to }] : []));
    const cycles = [...component].sort().flatMap((node) => {
      // The path starts behind the node, so that it has to come back to it.
      const path = edges(node).map(({ to }) => [to, ...(shortestPath([to], edges, (goal) => goal === node) ?? [])]);
      return path.map((nodes) => [node, ...nodes.slice(0, -1)]);
    });
    const [shortest] = cycles.sort((a, b) => a.length - b.length);
    return shortest ? [shortest] : [];
  });
}

/** Removes each arrow that a longer path of the same graph implies. The graph must have no cycle. */
export function reduceTransitively(graph: Successors): Successors {
  const reachable = new Map<string, ReadonlySet<string>>();
  const reach = (node: string): ReadonlySet<string> => {
    const cached = reachable.get(node);
    if (cached) return cached;
    const result = new Set<string>();
    for (const next of graph.get(node) ?? []) for (const each of [next, ...reach(next)]) result.add(each);
    reachable.set(node, result);
    return result;
  };
  return new Map(
    [...graph].map(([node, nexts]) => [node, new Set([...nexts].filter((to) => ![...nexts].some((next) => reach(next).has(to))))]),
  );
}

/** Draws a graph as a Mermaid flowchart. An arrow points from the importing node to the imported one. */
export function drawMermaid(graph: Successors): string {
  const nodes = [...graph.keys()].sort();
  const idOf = (node: string): string => node.replace(/\W+/g, '_');
  return [
    '```mermaid',
    'flowchart TD',
    ...nodes.map((node) => `  ${idOf(node)}["${node}"]`),
    ...nodes.flatMap((node) => [...(graph.get(node) ?? [])].sort().map((to) => `  ${idOf(node)} --> ${idOf(to)}`)),
    '```',
  ].join('\n');
}

/** The drawings of docs/architecture.md, by the name of their section. */
export function importDrawings(graph: ImportGraph = readImportGraph()): ReadonlyMap<string, string> {
  const draw = (isDrawn: (file: string) => boolean, groupOf: (file: string) => string): string => {
    const files = graph.files.filter(isDrawn);
    const imports = graph.imports.filter(({ from, to }) => isDrawn(from) && isDrawn(to));
    return drawMermaid(reduceTransitively(groupImports({ files, imports }, groupOf)));
  };
  return new Map([
    [
      'graph-plugin',
      draw(
        (file) => !file.startsWith('runtime/'),
        (file) => entryOrFolder(file).replace(/^(src\/model)\/.*/, '$1'),
      ),
    ],
    ['graph-model', draw((file) => file.startsWith('src/model/'), folderOf)],
    [
      'graph-runtime',
      draw(
        (file) => file.startsWith('runtime/'),
        (file) => entryOrFolder(file).replace(/^runtime\/src\/[^/]+\.ts$/, 'runtime/src/*.ts'),
      ),
    ],
  ]);
}

/** Files directly in `src` or `runtime/src` are entry points. */
function entryOrFolder(file: string): string {
  return /^(?:runtime\/)?src\/[^/]+$/.test(file) ? file : folderOf(file);
}
