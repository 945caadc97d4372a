import type { ts as TS } from 'ts-morph';
import { memberAccess, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** An export of a package: `{ module: 'p-limit', name: 'default' }`. */
export interface ImportedName {
  readonly module: string;
  /** The name of the export; `default` for the default export; `*` for the module itself. */
  readonly name: string;
}

/** Returns the import or `require` that an expression names: `pLimit`, `genericPool.createPool`. Undefined for other expressions. */
export function importedName(
  expression: TS.Expression,
  names: { readonly importOf: (name: TS.Identifier) => TS.Node | undefined },
): ImportedName | undefined {
  const node = unwrap(expression);
  const access = memberAccess(node);
  if (access) {
    const owner = importedName(access.object, names);
    // The default export and the module object have the named exports as members.
    return owner && access.name !== undefined && (owner.name === 'default' || owner.name === '*')
      ? { ...owner, name: access.name }
      : undefined;
  }
  if (!ts.isIdentifier(node)) return undefined;
  const declaration = names.importOf(node);
  if (!declaration) return undefined;
  if (ts.isImportSpecifier(declaration))
    return named(declaration.parent.parent.parent, (declaration.propertyName ?? declaration.name).text);
  if (ts.isImportClause(declaration)) return named(declaration.parent, 'default');
  if (ts.isNamespaceImport(declaration)) return named(declaration.parent.parent, '*');
  if (ts.isVariableDeclaration(declaration)) return requiredModule(declaration.initializer, '*');
  if (ts.isBindingElement(declaration) && ts.isVariableDeclaration(declaration.parent.parent)) {
    const key = declaration.propertyName ?? declaration.name;
    return ts.isIdentifier(key) ? requiredModule(declaration.parent.parent.initializer, key.text) : undefined;
  }
  return undefined;
}

function named(declaration: TS.Node, name: string): ImportedName | undefined {
  const isImport = ts.isImportDeclaration(declaration) && ts.isStringLiteral(declaration.moduleSpecifier);
  return isImport ? { module: declaration.moduleSpecifier.text.replace(/^node:/, ''), name } : undefined;
}

function requiredModule(initializer: TS.Expression | undefined, name: string): ImportedName | undefined {
  const call = initializer && unwrap(initializer);
  const isRequire = call && ts.isCallExpression(call) && ts.isIdentifier(call.expression) && call.expression.text === 'require';
  const [specifier] = isRequire ? call.arguments : [];
  return specifier && ts.isStringLiteralLike(specifier) ? { module: specifier.text.replace(/^node:/, ''), name } : undefined;
}
