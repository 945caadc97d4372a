import { localImports } from '../../model/typescript/local-imports.js';
import { ts } from '../../model/typescript/load-ts-morph.js';
import type { Project } from '../../project/project.js';
import type { Parse } from './parse.js';
import type { IsPassedOn } from './reference.js';

/** Returns a test whether a module of the project exports `createClient` of a package as it is: by `export … from`, or by an import and an export. */
export function passedOnTest(project: Project, parse: Parse): IsPassedOn {
  const leads = (file: string, specifier: string, name: string, clientPackage: string, seen: ReadonlySet<string>): boolean => {
    if (specifier === clientPackage) return name === 'createClient';
    const module = project.resolve(file, specifier);
    const source = module === undefined || seen.has(module) ? undefined : parse(module);
    if (module === undefined || !source) return false;
    const path = new Set([...seen, module]);
    return source.statements.filter(ts.isExportDeclaration).some(({ exportClause, moduleSpecifier }) => {
      const from = moduleSpecifier && ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : undefined;
      if (!exportClause) return from !== undefined && leads(module, from, name, clientPackage, path);
      if (!ts.isNamedExports(exportClause)) return false;
      const element = exportClause.elements.find((candidate) => candidate.name.text === name);
      if (!element) return false;
      const local = (element.propertyName ?? element.name).text;
      if (from !== undefined) return leads(module, from, local, clientPackage, path);
      const imported = localImports(source).get(local);
      return imported !== undefined && leads(module, imported.specifier, imported.name, clientPackage, path);
    });
  };
  return (file, specifier, name, clientPackage) => leads(file, specifier, name, clientPackage, new Set());
}
