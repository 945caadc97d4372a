import type { ts as TS } from 'ts-morph';
import { importedSpecifier } from './import-calls.js';
import { ts } from './load-ts-morph.js';
import { staticName, unwrap } from './syntax.js';

/** A name that a file imports, also as a type. `name` is the exported name; `*` stands for the module as a whole. */
export interface LocalImport {
  readonly specifier: string;
  readonly name: string;
}

const importsByFile = new WeakMap<TS.SourceFile, ReadonlyMap<string, LocalImport>>();

/** Returns the imports of a file by their local names: declarations of all kinds, `require` and awaited `import()` in variables. */
export function localImports(file: TS.SourceFile): ReadonlyMap<string, LocalImport> {
  const known = importsByFile.get(file);
  if (known) return known;
  const imports = new Map<string, LocalImport>();
  const visit = (node: TS.Node): void => {
    if (ts.isImportDeclaration(node)) readDeclaration(node, imports);
    else if (ts.isImportEqualsDeclaration(node)) readImportEquals(node, imports);
    else if (ts.isVariableDeclaration(node)) readVariable(node, imports);
    ts.forEachChild(node, visit);
  };
  visit(file);
  importsByFile.set(file, imports);
  return imports;
}

function readDeclaration({ importClause, moduleSpecifier }: TS.ImportDeclaration, imports: Map<string, LocalImport>): void {
  if (!importClause || !ts.isStringLiteral(moduleSpecifier)) return;
  const { text: specifier } = moduleSpecifier;
  if (importClause.name) imports.set(importClause.name.text, { specifier, name: 'default' });
  const { namedBindings } = importClause;
  if (namedBindings && ts.isNamespaceImport(namedBindings)) imports.set(namedBindings.name.text, { specifier, name: '*' });
  else
    for (const { name, propertyName } of namedBindings?.elements ?? [])
      imports.set(name.text, { specifier, name: (propertyName ?? name).text });
}

function readImportEquals({ moduleReference, name }: TS.ImportEqualsDeclaration, imports: Map<string, LocalImport>): void {
  if (ts.isExternalModuleReference(moduleReference) && ts.isStringLiteralLike(moduleReference.expression))
    imports.set(name.text, { specifier: moduleReference.expression.text, name: '*' });
}

function readVariable({ name, initializer }: TS.VariableDeclaration, imports: Map<string, LocalImport>): void {
  const { call, member } = importOf(initializer);
  const argument = call && importedSpecifier(call);
  if (!argument || !ts.isStringLiteralLike(argument)) return;
  const { text: specifier } = argument;
  if (ts.isIdentifier(name)) imports.set(name.text, { specifier, name: member ?? '*' });
  else if (member === undefined)
    for (const element of name.elements)
      if (ts.isBindingElement(element) && ts.isIdentifier(element.name))
        imports.set(element.name.text, { specifier, name: staticName(element.propertyName) ?? element.name.text });
}

/** The call that may import a module, and the member that is read of it: of `require('x').y`. */
function importOf(node: TS.Expression | undefined): { readonly call?: TS.Expression; readonly member?: string } {
  if (!node) return {};
  const value = unwrap(node);
  if (!ts.isPropertyAccessExpression(value)) return { call: value };
  return { call: unwrap(value.expression), member: value.name.text };
}
