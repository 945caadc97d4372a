import type { ts as TS } from 'ts-morph';
import { exportEqualsType, moduleSymbol } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import type { ClientConstructor } from './client-packages.js';
import type { Stubs } from './stubs.js';

/** Returns the constructors of client modules that the module surely does not export. The model's `missingConstructors` calls it. */
export function findMissingConstructors(
  stubs: Stubs,
  sourceFile: (file: string) => TS.SourceFile | undefined,
  checker: TS.TypeChecker,
): ClientConstructor[] {
  return [...stubs.moduleConstructors].flatMap(([file, constructors]) => {
    const source = sourceFile(file);
    if (!source || reexportsUnknown(source, checker)) return [];
    const exported = exportedNames(source, checker);
    return constructors.filter(({ name }) => !exported.has(name.split('.')[0] ?? name));
  });
}

/** Whether the module exports all names of a module outside the slice, which are not known. */
function reexportsUnknown(source: TS.SourceFile, checker: TS.TypeChecker): boolean {
  return source.statements.some(
    (statement) =>
      ts.isExportDeclaration(statement) &&
      statement.exportClause === undefined &&
      statement.moduleSpecifier !== undefined &&
      checker.getSymbolAtLocation(statement.moduleSpecifier) === undefined,
  );
}

function exportedNames(source: TS.SourceFile, checker: TS.TypeChecker): ReadonlySet<string> {
  const module = moduleSymbol(source, checker);
  const value = exportEqualsType(source, checker);
  return new Set([
    ...(module ? checker.getExportsOfModule(module) : []).map(({ name }) => name),
    ...(value ? ['default', ...value.getProperties().map(({ name }) => name)] : []),
  ]);
}
