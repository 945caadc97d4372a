import type { ts as TS } from 'ts-morph';
import { exportEqualsType, moduleSymbol } from '../typescript/syntax.js';
import type { ClientConstructor } from './client-packages.js';
import type { Stubs } from './stubs.js';

/** Returns the constructors of client modules that the module does not export. The model's `missingConstructors` calls it. */
export function findMissingConstructors(
  stubs: Stubs,
  sourceFile: (file: string) => TS.SourceFile | undefined,
  checker: TS.TypeChecker,
): ClientConstructor[] {
  return [...stubs.moduleConstructors].flatMap(([file, constructors]) => {
    const source = sourceFile(file);
    if (!source) return [];
    const exported = exportedNames(source, checker);
    return constructors.filter(({ name }) => !exported.has(name.split('.')[0] ?? name));
  });
}

function exportedNames(source: TS.SourceFile, checker: TS.TypeChecker): ReadonlySet<string> {
  const module = moduleSymbol(source, checker);
  const value = exportEqualsType(source, checker);
  return new Set([
    ...(module ? checker.getExportsOfModule(module) : []).map(({ name }) => name),
    ...(value ? ['default', ...value.getProperties().map(({ name }) => name)] : []),
  ]);
}
