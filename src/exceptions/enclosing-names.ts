import type { ts as TS } from 'ts-morph';
import { ts } from '../model/typescript/load-ts-morph.js';
import { parseFile } from '../model/typescript/parse-file.js';
import { closestMatch } from '../settings/suggest-similar.js';
import { memberAccess, staticName } from '../model/typescript/syntax.js';

/** The named functions, methods, classes, namespaces, properties and variables of one file. */
export interface EnclosingNames {
  /** Returns the names around an offset, outermost first: `['Reports', 'run']`. */
  readonly at: (offset: number) => readonly string[];
  /** Returns the names of each declaration, outermost first: `['Reports']`, `['Reports', 'run']`. */
  readonly all: () => readonly (readonly string[])[];
}

/** Reads the named declarations of a file. A name survives moved lines, which a line number does not. */
export function readEnclosingNames(file: string, text: string): EnclosingNames {
  const source = parseFile(file, text);
  if (!source) return { at: () => [], all: () => [] };
  return {
    at: (offset) => {
      let names: readonly string[] = [];
      for (let node: TS.Node | undefined = source; node; node = childAt(node, offset, source)) names = [...names, ...nameOf(node)];
      return names;
    },
    all: () => namesBelow(source),
  };
}

/** Whether the names around a place include those of `in`, one directly inside the other: `Reports.run`, or `run` of any class. */
export function isInside(names: readonly string[], name: string): boolean {
  return `.${names.join('.')}.`.includes(`.${name}.`);
}

/** Returns the most similar name of a declaration, with or without that of its class; undefined if none is similar. */
export function closestName(name: string, declared: EnclosingNames['all']): string | undefined {
  const names = declared().flatMap((chain) => [chain.slice(-1).join('.'), chain.slice(-2).join('.')]);
  return closestMatch(
    name,
    [...new Set(names)].filter((other) => other !== name),
  );
}

function childAt(node: TS.Node, offset: number, source: TS.SourceFile): TS.Node | undefined {
  return ts.forEachChild(node, (child) => (child.getStart(source) <= offset && offset < child.end ? child : undefined));
}

function namesBelow(root: TS.Node): (readonly string[])[] {
  const declared: (readonly string[])[] = [];
  const pending: { node: TS.Node; outer: readonly string[] }[] = [{ node: root, outer: [] }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const own = nameOf(next.node);
    const names = own.length === 0 ? next.outer : [...next.outer, ...own];
    if (own.length > 0) declared.push(names);
    ts.forEachChild(next.node, (node) => void pending.push({ node, outer: names }));
  }
  return declared;
}

/** Returns no name or one. */
function nameOf(node: TS.Node): string[] {
  const name = declaredName(node);
  return name === undefined ? [] : [name];
}

function declaredName(node: TS.Node): string | undefined {
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  if (ts.isExportAssignment(node)) return 'default';
  if (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) return node.name?.text ?? 'default';
  if (ts.isFunctionExpression(node) || ts.isClassExpression(node)) return isNamedByParent(node) ? undefined : node.name?.text;
  if (ts.isVariableDeclaration(node)) return ts.isIdentifier(node.name) ? node.name.text : undefined;
  if (ts.isMethodDeclaration(node) || ts.isAccessor(node) || ts.isPropertyDeclaration(node) || ts.isPropertyAssignment(node))
    return staticName(node.name);
  if (ts.isModuleDeclaration(node)) return node.name.text;
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken)
    return memberAccess(node.left)?.name ?? (ts.isIdentifier(node.left) ? node.left.text : undefined);
  return undefined;
}

/** Whether `const run = function run() {}` would otherwise count its name twice. */
function isNamedByParent({ name, parent }: TS.FunctionExpression | TS.ClassExpression): boolean {
  return name !== undefined && declaredName(parent) === name.text;
}
