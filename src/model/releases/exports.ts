import type { ts as TS } from 'ts-morph';
import { memberAccess } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Whether the module exports the declaration: by `export`, in a list of exports, or by `module.exports`. */
export function isExported(node: TS.Node): boolean {
  if (ts.isVariableDeclaration(node)) {
    const statement = node.parent.parent;
    return (ts.isVariableStatement(statement) && hasExport(statement)) || (ts.isIdentifier(node.name) && isListed(node.name));
  }
  if (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node))
    return hasExport(node) || (node.name !== undefined && ts.isSourceFile(node.parent) && isListed(node.name));
  const { parent } = node;
  if (ts.isExportAssignment(parent)) return true;
  if (ts.isVariableDeclaration(parent) && parent.initializer === node) return isExported(parent);
  if (ts.isBinaryExpression(parent) && parent.right === node) return isExportsMember(parent.left);
  return false;
}

function hasExport(node: TS.Node): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
}

/** `exports.x` and `module.exports`. */
function isExportsMember(node: TS.Node): boolean {
  return /^(?:module\.)?exports\b/.test(memberAccess(node) ? node.getText() : '');
}

/** Whether a list of exports names it: `export { x }`, `export default x`, `module.exports = { x }`. */
function isListed(name: TS.Identifier): boolean {
  return name.getSourceFile().statements.some((statement) => {
    if (ts.isExportAssignment(statement)) return names(statement.expression, name.text);
    if (
      ts.isExportDeclaration(statement) &&
      !statement.moduleSpecifier &&
      statement.exportClause &&
      ts.isNamedExports(statement.exportClause)
    )
      return statement.exportClause.elements.some((element) => (element.propertyName ?? element.name).text === name.text);
    const assigned = ts.isExpressionStatement(statement) && ts.isBinaryExpression(statement.expression) ? statement.expression : undefined;
    return assigned !== undefined && isExportsMember(assigned.left) && names(assigned.right, name.text);
  });
}

function names(value: TS.Expression, name: string): boolean {
  if (ts.isIdentifier(value)) return value.text === name;
  if (!ts.isObjectLiteralExpression(value)) return false;
  return value.properties.some((property) =>
    ts.isShorthandPropertyAssignment(property)
      ? property.name.text === name
      : ts.isPropertyAssignment(property) && ts.isIdentifier(property.initializer) && property.initializer.text === name,
  );
}
