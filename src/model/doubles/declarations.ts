import type { ts as TS } from 'ts-morph';
import { ts } from '../typescript/load-ts-morph.js';

/** The declaration of a local name. */
export type LocalDeclaration =
  | TS.VariableDeclaration
  | TS.FunctionDeclaration
  | TS.ClassDeclaration
  | TS.ParameterDeclaration
  | TS.TypeAliasDeclaration
  | TS.ImportDeclaration
  | TS.ImportEqualsDeclaration;

/** Returns the declaration of a name in the scopes around a node, nearest first, without types. */
export function declarationOf(name: string, from: TS.Node): LocalDeclaration | undefined {
  for (let scope = from.parent; ; scope = scope.parent) {
    const found = declaredIn(scope, name);
    if (found || ts.isSourceFile(scope)) return found;
  }
}

function declaredIn(scope: TS.Node, name: string): LocalDeclaration | undefined {
  if (ts.isFunctionLike(scope)) return scope.parameters.find((parameter) => ts.isParameter(parameter) && binds(parameter.name, name));
  if (ts.isSourceFile(scope) || ts.isBlock(scope) || ts.isModuleBlock(scope) || ts.isCaseOrDefaultClause(scope))
    for (const statement of scope.statements) {
      const found = declares(statement, name);
      if (found) return found;
    }
  return undefined;
}

function declares(statement: TS.Statement, name: string): LocalDeclaration | undefined {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.find((variable) => binds(variable.name, name));
  if (ts.isImportDeclaration(statement)) return importsName(statement.importClause, name) ? statement : undefined;
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isImportEqualsDeclaration(statement);
  return isNamed && statement.name?.text === name ? statement : undefined;
}

function importsName(clause: TS.ImportClause | undefined, name: string): boolean {
  if (!clause) return false;
  const { namedBindings } = clause;
  const names = namedBindings && ts.isNamedImports(namedBindings) ? namedBindings.elements.map((element) => element.name) : [];
  const namespace = namedBindings && ts.isNamespaceImport(namedBindings) ? [namedBindings.name] : [];
  return [...names, ...namespace, ...(clause.name ? [clause.name] : [])].some(({ text }) => text === name);
}

function binds(binding: TS.BindingName, name: string): boolean {
  if (ts.isIdentifier(binding)) return binding.text === name;
  return binding.elements.some((element) => ts.isBindingElement(element) && binds(element.name, name));
}

/** Returns the expressions that a file assigns to a variable of this name, `=` only. */
export function assignmentsTo(name: string, file: TS.SourceFile): TS.Expression[] {
  const found: TS.Expression[] = [];
  const visit = (node: TS.Node): void => {
    if (
      ts.isBinaryExpression(node) &&
      node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
      ts.isIdentifier(node.left) &&
      node.left.text === name
    )
      found.push(node.right);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** Returns the expressions that a function returns. */
export function returnsOf({ body }: TS.FunctionLikeDeclaration): TS.Expression[] {
  if (!body) return [];
  if (!ts.isBlock(body)) return [body];
  const found: TS.Expression[] = [];
  const visit = (node: TS.Node): void => {
    if (ts.isReturnStatement(node)) {
      if (node.expression) found.push(node.expression);
    } else if (!ts.isFunctionLike(node) && !ts.isClassLike(node)) ts.forEachChild(node, visit);
  };
  visit(body);
  return found;
}
