import type { ts as TS } from 'ts-morph';
import { officialClients } from '../model/clients/client-packages.js';
import { ts } from '../model/typescript/load-ts-morph.js';
import type { Project } from '../project/project.js';
import type { Parse } from './rewrite/parse.js';

/**
 * Whether a file may import a module without a change of behaviour: loading the module runs nothing, or the file loads it already; the module
 * does not lead back to the file; no test replaces it by a mock.
 */
export function canImport(file: string, module: string, project: Project, parse: Parse): boolean {
  if (file === module) return true;
  if (reaches(module, file, project)) return false;
  return importsAtLoad(file, project, parse).has(module) || runsNothing(module, project, parse, new Set());
}

/** Whether a file imports another one, directly or through others. */
function reaches(from: string, to: string, project: Project): boolean {
  const seen = new Set([from]);
  // A set may grow while it is read: this is a breadth-first search.
  for (const file of seen) {
    if (file === to) return true;
    for (const next of project.importsOf(file)) seen.add(next);
  }
  return false;
}

/** Whether some test mocks the module: code that gets a function from it would get the mock's. */
export function isMocked(module: string, project: Project): boolean {
  return [...project.sources].some((file) =>
    project.mockedModulesOf(file).some((specifier) => project.resolve(file, specifier) === module),
  );
}

/** The modules that a file loads before its own first statement. */
function importsAtLoad(file: string, project: Project, parse: Parse): ReadonlySet<string> {
  const loaded = new Set<string>();
  for (const specifier of staticSpecifiers(parse(file))) {
    const target = project.resolve(file, specifier);
    if (target !== undefined) loaded.add(target);
  }
  return loaded;
}

function runsNothing(file: string, project: Project, parse: Parse, seen: Set<string>): boolean {
  if (seen.has(file)) return true;
  seen.add(file);
  const source = parse(file);
  if (!source?.statements.every(isDeclaration)) return false;
  return staticSpecifiers(source).every((specifier) => {
    const target = project.importTarget(file, specifier);
    if (target?.kind === 'file') return runsNothing(target.file, project, parse, seen);
    return officialClients.has(specifier) || specifier.startsWith('node:');
  });
}

/** The specifiers of imports and re-exports that load a module. */
function staticSpecifiers(source: TS.SourceFile | undefined): string[] {
  return (source?.statements ?? []).flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const { moduleSpecifier } = statement;
    if (!moduleSpecifier || !ts.isStringLiteral(moduleSpecifier)) return [];
    return isTypeOnly(statement) ? [] : [moduleSpecifier.text];
  });
}

function isTypeOnly(statement: TS.ImportDeclaration | TS.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(statement)) return statement.isTypeOnly;
  return statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
}

/** Whether a statement of a module only declares: no call runs, and nothing outside is read. */
function isDeclaration(statement: TS.Statement): boolean {
  if (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) return true;
  if (ts.isFunctionDeclaration(statement) || ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) return true;
  if (ts.isClassDeclaration(statement)) return isPlainClass(statement);
  if (ts.isExpressionStatement(statement)) return ts.isStringLiteral(statement.expression);
  if (ts.isExportAssignment(statement)) return isPlainValue(statement.expression);
  if (!ts.isVariableStatement(statement)) return false;
  return statement.declarationList.declarations.every(
    ({ name, initializer }) => ts.isIdentifier(name) && (initializer === undefined || isPlainValue(initializer)),
  );
}

/** A class that runs nothing when it is declared: no decorator, no static field with a call, no base class but a name. */
function isPlainClass(node: TS.ClassDeclaration): boolean {
  if (ts.getDecorators(node)?.length) return false;
  const bases =
    node.heritageClauses?.filter(({ token }) => token === ts.SyntaxKind.ExtendsKeyword).flatMap(({ types }) => [...types]) ?? [];
  if (!bases.every(({ expression }) => ts.isIdentifier(expression))) return false;
  return node.members.every((member) => {
    if (ts.isClassStaticBlockDeclaration(member)) return false;
    if (ts.canHaveDecorators(member) && ts.getDecorators(member)?.length) return false;
    if (!ts.isPropertyDeclaration(member) || !member.initializer) return true;
    const isStaticField = member.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ?? false;
    return !isStaticField || isPlainValue(member.initializer);
  });
}

function isPlainValue(node: TS.Expression): boolean {
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) return isPlainValue(node.expression);
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node) || ts.isIdentifier(node)) return true;
  if (ts.isArrayLiteralExpression(node)) return node.elements.every(isPlainValue);
  if (ts.isObjectLiteralExpression(node))
    return node.properties.every((property) =>
      ts.isPropertyAssignment(property)
        ? !ts.isComputedPropertyName(property.name) && isPlainValue(property.initializer)
        : ts.isMethodDeclaration(property) || ts.isShorthandPropertyAssignment(property),
    );
  if (ts.isPrefixUnaryExpression(node)) return isPlainValue(node.operand);
  if (ts.isBinaryExpression(node)) return isArithmetic(node.operatorToken.kind) && isPlainValue(node.left) && isPlainValue(node.right);
  if (ts.isNewExpression(node))
    return ts.isIdentifier(node.expression) && /^(?:Map|Set|WeakMap|WeakSet)$/.test(node.expression.text) && !node.arguments?.length;
  return (
    ts.isStringLiteralLike(node) ||
    ts.isNumericLiteral(node) ||
    ts.isRegularExpressionLiteral(node) ||
    node.kind === ts.SyntaxKind.TrueKeyword ||
    node.kind === ts.SyntaxKind.FalseKeyword ||
    node.kind === ts.SyntaxKind.NullKeyword
  );
}

function isArithmetic(kind: TS.SyntaxKind): boolean {
  return [ts.SyntaxKind.PlusToken, ts.SyntaxKind.MinusToken, ts.SyntaxKind.AsteriskToken, ts.SyntaxKind.SlashToken].includes(kind);
}
