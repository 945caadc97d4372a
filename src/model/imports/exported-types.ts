import type { ts as TS } from 'ts-morph';
import { ts } from '../typescript/load-ts-morph.js';

/** Whether the file declares the exported name as a type only: an interface or a type alias, and no value of the same name. */
export function isTypeExport({ statements }: TS.SourceFile, exported: string): boolean {
  return declares(statements, exported, (node) => ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node));
}

/** Whether the file declares the exported name as a `const enum`. */
export function isConstEnumExport({ statements }: TS.SourceFile, exported: string): boolean {
  return declares(
    statements,
    exported,
    (node) => ts.isEnumDeclaration(node) && node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ConstKeyword) === true,
  );
}

/** Whether all declarations of an exported name are of one form. */
function declares(statements: readonly TS.Statement[], exported: string, isOfForm: (node: TS.Statement) => boolean): boolean {
  const name = localNameOf(statements, exported);
  const declarations = statements.filter((statement) => declaredNames(statement).includes(name));
  return declarations.length > 0 && declarations.every(isOfForm);
}

function localNameOf(statements: readonly TS.Statement[], exported: string): string {
  for (const statement of statements) {
    if (
      ts.isExportDeclaration(statement) &&
      !statement.moduleSpecifier &&
      statement.exportClause &&
      ts.isNamedExports(statement.exportClause)
    )
      for (const { name, propertyName } of statement.exportClause.elements) if (name.text === exported) return (propertyName ?? name).text;
    if (exported !== 'default') continue;
    if (ts.isExportAssignment(statement) && ts.isIdentifier(statement.expression)) return statement.expression.text;
    if (ts.isInterfaceDeclaration(statement) && statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword))
      return statement.name.text;
  }
  return exported;
}

function declaredNames(statement: TS.Statement): string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) => (ts.isIdentifier(name) ? [name.text] : []));
  const isNamed =
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isFunctionDeclaration(statement) ||
    ts.isEnumDeclaration(statement) ||
    ts.isModuleDeclaration(statement) ||
    ts.isImportEqualsDeclaration(statement);
  return isNamed && statement.name ? [statement.name.text] : [];
}
