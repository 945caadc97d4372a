import type { ts as TS } from 'ts-morph';
import { type Declaration, declarationOf, declaredBy } from '../typescript/lexical-scope.js';
import { ts } from '../typescript/load-ts-morph.js';
import { memberAccess, staticName, unwrap } from '../typescript/syntax.js';
import type { SourceModules } from './source-modules.js';

/** The meaning of a name: a declaration, an expression that is its value, or a module of the project as a whole. */
export type Meaning = Declaration | TS.FunctionLikeDeclaration | TS.Expression | TS.SourceFile;

/** Re-exports of re-exports are followed this far. */
const maxReexports = 6;

/** The exports that were searched, by file and name. A barrel of a large package takes long. */
const searched = new WeakMap<SourceModules, Map<string, Meaning | undefined>>();

/** Returns what a module exports under a name; `*` is the module itself. Re-exports are followed. */
export function exportOf(file: string, name: string, modules: SourceModules, depth = 0): Meaning | undefined {
  const known = searched.get(modules) ?? new Map<string, Meaning | undefined>();
  searched.set(modules, known);
  const key = `${depth} ${name} ${file}`;
  if (!known.has(key)) known.set(key, searchExport(file, name, modules, depth));
  return known.get(key);
}

function searchExport(file: string, name: string, modules: SourceModules, depth: number): Meaning | undefined {
  const source = modules.parse(file);
  if (name === '*') return source;
  for (const statement of source.statements) {
    const found = exportedBy(statement, name, modules, depth);
    if (found) return found;
  }
  return undefined;
}

/** Returns what an import binds; undefined if it is of a package. */
export function importedMeaning(
  declaration: TS.ImportSpecifier | TS.ImportClause | TS.NamespaceImport | TS.ImportEqualsDeclaration,
  modules: SourceModules,
): Meaning | undefined {
  const { specifier, name } = importOf(declaration);
  const file = specifier === undefined ? undefined : modules.resolve(declaration.getSourceFile().fileName, specifier);
  return file === undefined ? undefined : exportOf(file, name, modules);
}

/** Returns the specifier and the exported name of an import; `*` for a namespace. */
export function importOf(declaration: TS.ImportSpecifier | TS.ImportClause | TS.NamespaceImport | TS.ImportEqualsDeclaration): {
  readonly specifier: string | undefined;
  readonly name: string;
} {
  if (ts.isImportEqualsDeclaration(declaration)) {
    const { moduleReference } = declaration;
    const specifier = ts.isExternalModuleReference(moduleReference) ? moduleReference.expression : undefined;
    return { specifier: specifier && ts.isStringLiteralLike(specifier) ? specifier.text : undefined, name: '*' };
  }
  const statement = ts.findAncestor(declaration, ts.isImportDeclaration);
  const specifier = statement && ts.isStringLiteralLike(statement.moduleSpecifier) ? statement.moduleSpecifier.text : undefined;
  if (ts.isNamespaceImport(declaration)) return { specifier, name: '*' };
  return { specifier, name: ts.isImportClause(declaration) ? 'default' : (declaration.propertyName ?? declaration.name).text };
}

/** Whether the declaration is an import. */
export function isImport(node: TS.Node): node is TS.ImportSpecifier | TS.ImportClause | TS.NamespaceImport | TS.ImportEqualsDeclaration {
  return ts.isImportSpecifier(node) || ts.isImportClause(node) || ts.isNamespaceImport(node) || ts.isImportEqualsDeclaration(node);
}

/** Returns the specifier of `require('…')` and of `await import('…')`. */
export function requiredSpecifier(node: TS.Expression): string | undefined {
  const call = unwrap(node);
  if (!ts.isCallExpression(call)) return undefined;
  const isRequire = ts.isIdentifier(call.expression) && call.expression.text === 'require';
  const [argument] = call.arguments;
  const isModule = isRequire || call.expression.kind === ts.SyntaxKind.ImportKeyword;
  return isModule && argument && ts.isStringLiteralLike(argument) ? argument.text : undefined;
}

/** Returns what a variable gets by `require('…')`: the module as a whole, or the export that it names. Undefined for any other variable. */
export function requiredMeaning(declaration: TS.Node, modules: SourceModules): Meaning | undefined {
  const element = ts.isBindingElement(declaration) ? declaration : undefined;
  const holder = element ? element.parent.parent : declaration;
  if (!ts.isVariableDeclaration(holder) || !holder.initializer) return undefined;
  const value = unwrap(holder.initializer);
  const member = memberAccess(value);
  const specifier = requiredSpecifier(member ? member.object : value);
  const file = specifier === undefined ? undefined : modules.resolve(declaration.getSourceFile().fileName, specifier);
  if (file === undefined) return undefined;
  const name = element ? staticName(element.propertyName ?? element.name) : member?.name;
  if (name === undefined) return modules.parse(file);
  return memberOfModule(file, name, modules);
}

/** Returns an export of a module, or a member of the object that it exports as a whole. */
export function memberOfModule(file: string, name: string, modules: SourceModules): Meaning | undefined {
  const exported = exportOf(file, name, modules);
  if (exported) return exported;
  const whole = exportOf(file, 'default', modules);
  if (!whole || !ts.isIdentifier(whole)) return undefined;
  const declared = declarationOf(whole.text, whole);
  const value = declared && ts.isVariableDeclaration(declared) && declared.initializer ? unwrap(declared.initializer) : undefined;
  return value && ts.isObjectLiteralExpression(value) ? propertyOf(value, name) : undefined;
}

function exportedBy(statement: TS.Statement, name: string, modules: SourceModules, depth: number): Meaning | undefined {
  if (ts.isExportAssignment(statement)) return name === 'default' ? statement.expression : undefined;
  if (ts.isExportDeclaration(statement)) return reexportedBy(statement, name, modules, depth);
  if (ts.isExpressionStatement(statement)) return commonJsExport(statement.expression, name);
  if (!hasModifier(statement, ts.SyntaxKind.ExportKeyword)) return undefined;
  if (ts.isVariableStatement(statement)) return declaredBy(statement, name);
  const isDeclared = ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement);
  if (!isDeclared) return undefined;
  const exported = hasModifier(statement, ts.SyntaxKind.DefaultKeyword) ? 'default' : statement.name?.text;
  return exported === name ? statement : undefined;
}

function reexportedBy(
  { exportClause, moduleSpecifier, parent }: TS.ExportDeclaration,
  name: string,
  modules: SourceModules,
  depth: number,
): Meaning | undefined {
  const element =
    exportClause && ts.isNamedExports(exportClause) ? exportClause.elements.find((item) => item.name.text === name) : undefined;
  if (exportClause && !element) return undefined;
  const source = element ? (element.propertyName ?? element.name).text : name;
  if (!moduleSpecifier) {
    const [first] = ts.isSourceFile(parent) ? parent.statements : [];
    const declaration = element && first ? declarationOf(source, first) : undefined;
    return declaration && isImport(declaration) ? importedMeaning(declaration, modules) : declaration;
  }
  if (depth > maxReexports || !ts.isStringLiteralLike(moduleSpecifier) || (!element && name === 'default')) return undefined;
  const target = modules.resolve(parent.getSourceFile().fileName, moduleSpecifier.text);
  return target === undefined ? undefined : exportOf(target, source, modules, depth + 1);
}

/** `module.exports = …`, `module.exports = { name: … }`, `exports.name = …`. */
function commonJsExport(expression: TS.Expression, name: string): Meaning | undefined {
  if (!ts.isBinaryExpression(expression) || expression.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return undefined;
  const { left, right } = expression;
  // Compilers write `exports.name = void 0` before the value.
  if (ts.isVoidExpression(right)) return undefined;
  const isWhole = left.getText() === 'module.exports';
  if (isWhole && name === 'default') return right;
  if (isWhole && ts.isObjectLiteralExpression(right)) return propertyOf(right, name);
  const target = memberAccess(left);
  return target?.name === name && /^(?:module\.)?exports$/.test(target.object.getText()) ? right : undefined;
}

/** Returns the value of a property of an object literal, a method included. */
export function propertyOf(object: TS.ObjectLiteralExpression, name: string): Meaning | undefined {
  const property = object.properties.find((item) => item.name && staticName(item.name) === name);
  if (!property) return undefined;
  if (ts.isPropertyAssignment(property)) return property.initializer;
  if (ts.isShorthandPropertyAssignment(property)) return property.name;
  return ts.isSpreadAssignment(property) ? undefined : property;
}

function hasModifier(node: TS.Node, kind: TS.SyntaxKind): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node)?.some((modifier) => modifier.kind === kind) ?? false);
}
