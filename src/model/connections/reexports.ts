import type { ts as TS } from 'ts-morph';
import { importedSpecifier } from '../typescript/import-calls.js';
import { localImports } from '../typescript/local-imports.js';
import { ts } from '../typescript/load-ts-morph.js';
import { unwrap } from '../typescript/syntax.js';

/** A name that a module exports from another one. Both names are `*` if it exports all of them. */
export interface Reexport {
  readonly specifier: string;
  /** Name in the other module. */
  readonly name: string;
  /** Name for importers of this module. */
  readonly exported: string;
}

/** Returns the names of values and types that a module exports from others, without a look at types. */
export function reexportsIn(file: TS.SourceFile): Reexport[] {
  return file.statements.flatMap((statement) => {
    if (ts.isExportDeclaration(statement)) return exportsOf(statement, file);
    if (ts.isExportAssignment(statement)) return imported(statement.expression, 'default', file);
    return ts.isExpressionStatement(statement) ? assignedExport(statement.expression) : [];
  });
}

function exportsOf({ exportClause, moduleSpecifier }: TS.ExportDeclaration, file: TS.SourceFile): Reexport[] {
  const specifier = moduleSpecifier && ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : undefined;
  if (!exportClause) return specifier === undefined ? [] : [{ specifier, name: '*', exported: '*' }];
  if (ts.isNamespaceExport(exportClause)) return [];
  return exportClause.elements.flatMap(({ name, propertyName }) => {
    const source = propertyName ?? name;
    if (specifier !== undefined) return [{ specifier, name: source.text, exported: name.text }];
    return ts.isIdentifier(source) ? imported(source, name.text, file) : [];
  });
}

function imported(node: TS.Expression, exported: string, file: TS.SourceFile): Reexport[] {
  const found = ts.isIdentifier(node) ? localImports(file).get(node.text) : undefined;
  return found && found.name !== '*' ? [{ ...found, exported }] : [];
}

/** `module.exports = require('x')`. */
function assignedExport(node: TS.Expression): Reexport[] {
  if (!ts.isBinaryExpression(node) || node.left.getText() !== 'module.exports') return [];
  const argument = importedSpecifier(unwrap(node.right));
  return argument && ts.isStringLiteralLike(argument) ? [{ specifier: argument.text, name: '*', exported: '*' }] : [];
}
