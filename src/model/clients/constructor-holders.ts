import type { ts as TS } from 'ts-morph';
import { importedSpecifier } from '../typescript/import-calls.js';
import { ts } from '../typescript/load-ts-morph.js';
import { isCallee, isValueName, rootName } from '../typescript/value-positions.js';

/** Names of a module that may hold a constructor of clients by their values. */
export interface ConstructorHolders {
  /** Names of declarations at the top level; `default` for the default export, `exports` for what CommonJS exports. */
  readonly names: ReadonlySet<string>;
  /** Whether a constructor is cast to a type of the code itself: then no type tells which exports give it. */
  readonly isCast: boolean;
}

/** Whether an expression is a constructor of clients, or a module or value that gives one. */
export type IsSource = (node: TS.Expression) => boolean;

const none: ConstructorHolders = { names: new Set(), isCast: false };

/**
 * Returns the names that a constructor may reach inside a module, whatever their types say: each declaration that mentions it as a value and
 * not as the callee of a call, each variable that it is assigned to, and each object that it is passed to. It follows names to a fixpoint.
 */
export function constructorHolders(file: TS.SourceFile, isSource: IsSource): ConstructorHolders {
  const sources: TS.Expression[] = [];
  const mentions: Mention[] = [];
  for (const statement of file.statements) collect(statement, ownersOf(statement), mentions, sources, isSource);
  if (sources.length === 0) return none;
  const names = new Set<string>();
  const add = (owners: readonly string[], node: TS.Node): void => {
    for (const name of [...owners, ...receiversOf(node)]) names.add(name);
  };
  for (const { owners, node } of mentions) if (sources.includes(node)) add(owners, node);
  for (let size = -1; size !== names.size;) {
    size = names.size;
    for (const { owners, node } of mentions) {
      if (ts.isIdentifier(node) && names.has(node.text)) add(owners, node);
      // A function that gets a constructor may store it: `register('a', createClient)`.
      else if (isWritten(node) && owners.some((owner) => names.has(owner))) names.add(rootName(node) ?? '');
    }
  }
  return { names, isCast: sources.some(isCastAway) };
}

/** A use of a name as a value inside the declarations of a statement, or a call that imports a module. */
interface Mention {
  readonly owners: readonly string[];
  readonly node: TS.Expression;
}

function collect(root: TS.Node, owners: readonly string[], mentions: Mention[], sources: TS.Expression[], isSource: IsSource): void {
  const visit = (node: TS.Node, scope: readonly string[]): void => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node)) return;
    const inner = ts.isVariableDeclaration(node) ? [...scope, ...namesIn(node.name)] : scope;
    const isCall = ts.isCallExpression(node) && importedSpecifier(node) !== undefined;
    if (isCall || (ts.isIdentifier(node) && isValueName(node))) {
      mentions.push({ owners: inner, node });
      if ((isCall || !isCallee(node)) && isSource(node)) sources.push(node);
    }
    ts.forEachChild(node, (child) => visit(child, inner));
  };
  visit(root, owners);
}

/** The names that a top-level statement declares or exports. */
function ownersOf(statement: TS.Statement): string[] {
  if (ts.isVariableStatement(statement)) return [];
  if (ts.isExportAssignment(statement)) return ['default', 'exports'];
  const isDefault = ts.canHaveModifiers(statement) && ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword);
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isModuleDeclaration(statement) ||
    ts.isImportEqualsDeclaration(statement);
  return [...(isNamed && statement.name ? [statement.name.text] : []), ...(isDefault === true ? ['default'] : [])];
}

function namesIn(name: TS.BindingName): string[] {
  return ts.isIdentifier(name)
    ? [name.text]
    : name.elements.flatMap((element) => (ts.isBindingElement(element) ? namesIn(element.name) : []));
}

/** The roots of what a value is assigned to, and of the callees and other arguments of the calls that it is passed to. */
function receiversOf(node: TS.Node): string[] {
  const found: string[] = [];
  for (let child = node, parent = node.parent; !ts.isStatement(child) && !ts.isSourceFile(child); child = parent, parent = parent.parent) {
    if (ts.isFunctionLike(child) && !ts.isArrowFunction(child)) break;
    if (ts.isBinaryExpression(parent) && isAssignment(parent.operatorToken.kind) && child === parent.right)
      found.push(rootName(parent.left) ?? thisOf(parent));
    if (!ts.isCallExpression(parent) || child === parent.expression) continue;
    for (const part of [parent.expression, ...parent.arguments]) found.push(rootName(part) ?? '');
  }
  // Compilers export by functions: `_export(exports, { a: function () { return a; } })`.
  if (passesExports(node)) found.push('exports');
  return found
    .map((name) => (name === 'module' ? 'exports' : name))
    .filter((name) => name !== '' && name !== 'Object' && name !== 'require');
}

/** Whether the node is part of a call, at any distance, that gets the exports of a CommonJS module. */
function passesExports(node: TS.Node): boolean {
  const isExports = (argument: TS.Node) => ['exports', 'module'].includes(rootName(argument) ?? '');
  return ts.findAncestor(node, (ancestor) => ts.isCallExpression(ancestor) && ancestor.arguments.some(isExports)) !== undefined;
}

/** `this` is the exports of a CommonJS module, outside of any function. */
function thisOf({ left, parent }: TS.BinaryExpression): string {
  const isThis = ts.isPropertyAccessExpression(left) && left.expression.kind === ts.SyntaxKind.ThisKeyword;
  return isThis && ts.isExpressionStatement(parent) && ts.isSourceFile(parent.parent) ? 'exports' : '';
}

/** Whether the name is the root of an assignment's target, or of an object whose method is called. */
function isWritten(node: TS.Node): boolean {
  let root = node;
  while ((ts.isPropertyAccessExpression(root.parent) || ts.isElementAccessExpression(root.parent)) && root.parent.expression === root)
    root = root.parent;
  const { parent } = root;
  if (ts.isBinaryExpression(parent)) return isAssignment(parent.operatorToken.kind) && parent.left === root;
  return root !== node && ts.isCallExpression(parent) && parent.expression === root;
}

function isCastAway(node: TS.Node): boolean {
  let child = node;
  while (ts.isParenthesizedExpression(child.parent) || ts.isAwaitExpression(child.parent)) child = child.parent;
  const { parent } = child;
  return (ts.isAsExpression(parent) || ts.isTypeAssertionExpression(parent)) && !ts.isConstTypeReference(parent.type);
}

function isAssignment(kind: TS.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}
