import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { type ImportGraph, readImportGraph } from './import-graph.js';
import { repository } from './rule-files.js';

/** The entry for run times without Node.js. What it imports, at any depth, must run there. */
const portableEntry = 'runtime/src/web.ts';

/** Packages that are bundled, or that the build replaces by `@clickhouse/client-web`. */
const portablePackages: ReadonlySet<string> = new Set(['@clickhouse/client', '@clickhouse/client-web', 'valibot']);

const nodeGlobals: ReadonlySet<string> = new Set([
  'Buffer',
  'process',
  'setImmediate',
  'clearImmediate',
  'global',
  'require',
  '__dirname',
  '__filename',
]);

/**
 * Returns a message for each module of Node.js, each other package and each unguarded global of Node.js that the entry reaches. Imports of
 * types do not count, since the build removes them.
 * @param read returns the text of a file of the graph
 */
export function checkPortable(
  graph: ImportGraph = readImportGraph(),
  entry = portableEntry,
  read: (file: string) => string = (file) => readFileSync(join(repository, file), 'utf8'),
): string[] {
  return [...pathsFrom(entry, graph)].flatMap(([file, path]) => {
    const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.ESNext, true);
    return [...faultsIn(source)].map(
      ({ node, fault }) =>
        `Not portable: ${file}:${source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1} ${fault}\n` +
        `  ${path.join(' imports ')}\n` +
        '  Expected no module and no global of Node.js there. Move the code to a file that the entry does not import, or pass it as an argument.',
    );
  });
}

/** Returns the shortest path of imports to each file that the entry reaches. */
function pathsFrom(entry: string, { imports }: ImportGraph): ReadonlyMap<string, readonly string[]> {
  const paths = new Map<string, readonly string[]>([[entry, [entry]]]);
  for (const [file, path] of paths)
    for (const { from, to, kind } of imports) if (from === file && kind !== 'type' && !paths.has(to)) paths.set(to, [...path, to]);
  return paths;
}

interface Fault {
  readonly node: ts.Node;
  readonly fault: string;
}

function* faultsIn(node: ts.Node): Iterable<Fault> {
  const specifier = valueImportOf(node);
  if (specifier !== undefined && !specifier.startsWith('.') && !portablePackages.has(specifier))
    yield { node, fault: `imports ${specifier}` };
  if (ts.isIdentifier(node) && nodeGlobals.has(node.text) && isReference(node) && !isGuarded(node))
    yield { node, fault: `uses ${node.text} without "typeof ${node.text}"` };
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  for (const child of children) yield* faultsIn(child);
}

/** Returns the name in an import or export that exists at run time. */
function valueImportOf(node: ts.Node): string | undefined {
  const isImport = ts.isImportDeclaration(node) && node.importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword;
  const isExport = ts.isExportDeclaration(node) && !node.isTypeOnly;
  const specifier =
    isImport || isExport
      ? node.moduleSpecifier
      : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
        ? node.arguments[0]
        : undefined;
  return specifier && ts.isStringLiteralLike(specifier) ? specifier.text : undefined;
}

/** Whether the name stands for a value of the global scope, and not for a property or a type. */
function isReference(name: ts.Identifier): boolean {
  const { parent } = name;
  return !(
    (ts.isPropertyAccessExpression(parent) && parent.name === name) ||
    ts.isPropertyAssignment(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isTypeReferenceNode(parent) ||
    ts.isQualifiedName(parent) ||
    ts.isTypeOfExpression(parent) ||
    ts.isTypeQueryNode(parent)
  );
}

/** Whether a condition around the name asks for its type first. */
function isGuarded(name: ts.Identifier): boolean {
  for (let node: ts.Node = name; !ts.isSourceFile(node); node = node.parent) {
    const condition = ts.isConditionalExpression(node) ? node.condition : ts.isIfStatement(node) ? node.expression : undefined;
    if (condition?.getText().includes(`typeof ${name.text}`)) return true;
  }
  return false;
}
