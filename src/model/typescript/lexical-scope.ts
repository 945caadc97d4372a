import type { ts as TS } from 'ts-morph';
import { ts } from './load-ts-morph.js';
import { isFunction } from './syntax.js';

/** A declaration of a name that has a value. */
export type Declaration =
  | TS.VariableDeclaration
  | TS.BindingElement
  | TS.ParameterDeclaration
  | TS.FunctionDeclaration
  | TS.FunctionExpression
  | TS.ClassDeclaration
  | TS.EnumDeclaration
  | TS.ImportSpecifier
  | TS.ImportClause
  | TS.NamespaceImport
  | TS.ImportEqualsDeclaration;

/** Returns the declaration that a name means at a node, by the scopes around it. It needs no types, so it works for any parsed file. */
export function declarationOf(name: string, from: TS.Node): Declaration | undefined {
  for (let node = from; !ts.isSourceFile(node);) {
    node = node.parent;
    const found = ts.isSourceFile(node) ? declaredInModule(node, name) : declaredIn(node, name);
    if (found) return found;
  }
  return undefined;
}

/** The declarations of modules that were looked for: most lookups end there. A syntax tree does not change. */
const known = new WeakMap<TS.SourceFile, Map<string, Declaration | undefined>>();

function declaredInModule(module: TS.SourceFile, name: string): Declaration | undefined {
  const declarations = known.get(module) ?? new Map<string, Declaration | undefined>();
  known.set(module, declarations);
  if (!declarations.has(name)) declarations.set(name, declaredIn(module, name));
  return declarations.get(name);
}

/** Returns the variables, functions, classes and enums that statements declare, and the bindings of their imports. */
function declaredIn(scope: TS.Node, name: string): Declaration | undefined {
  if (ts.isSourceFile(scope) || ts.isBlock(scope) || ts.isModuleBlock(scope) || ts.isCaseOrDefaultClause(scope))
    return firstOf(scope.statements, (statement) => declaredBy(statement, name));
  if (isFunction(scope)) {
    if (ts.isFunctionExpression(scope) && scope.name?.text === name) return scope;
    return firstOf(scope.parameters, (parameter) => boundTo(parameter, name));
  }
  if (ts.isForStatement(scope) || ts.isForOfStatement(scope) || ts.isForInStatement(scope)) return listed(scope.initializer, name);
  return ts.isCatchClause(scope) && scope.variableDeclaration ? boundTo(scope.variableDeclaration, name) : undefined;
}

/** Returns what a statement declares under a name. */
export function declaredBy(statement: TS.Statement, name: string): Declaration | undefined {
  if (ts.isVariableStatement(statement)) return listed(statement.declarationList, name);
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement))
    return statement.name?.text === name ? statement : undefined;
  if (ts.isImportEqualsDeclaration(statement)) return statement.name.text === name ? statement : undefined;
  if (!ts.isImportDeclaration(statement) || !statement.importClause) return undefined;
  const { importClause } = statement;
  if (importClause.name?.text === name) return importClause;
  const { namedBindings } = importClause;
  if (namedBindings && ts.isNamespaceImport(namedBindings)) return namedBindings.name.text === name ? namedBindings : undefined;
  return namedBindings?.elements.find((element) => element.name.text === name);
}

function listed(list: TS.ForInitializer | undefined, name: string): Declaration | undefined {
  return list && ts.isVariableDeclarationList(list) ? firstOf(list.declarations, (declaration) => boundTo(declaration, name)) : undefined;
}

function boundTo<Bound extends TS.VariableDeclaration | TS.ParameterDeclaration | TS.BindingElement>(
  declaration: Bound,
  name: string,
): Bound | TS.BindingElement | undefined {
  if (ts.isIdentifier(declaration.name)) return declaration.name.text === name ? declaration : undefined;
  return firstOf(declaration.name.elements, (element) => (ts.isBindingElement(element) ? boundTo(element, name) : undefined));
}

function firstOf<Item, Found>(items: readonly Item[], find: (item: Item) => Found | undefined): Found | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
