import type { ts as TS } from 'ts-morph';
import { declarationOf } from '../../model/typescript/lexical-scope.js';
import { ts } from '../../model/typescript/load-ts-morph.js';
import { unwrap } from '../../model/typescript/syntax.js';
import type { Place } from './place.js';

/** How a file gets the constructor: the declaration that binds the name, and how it imports the module. */
export interface Binding {
  readonly kind: 'import' | 'require' | 'dynamic';
  /** The declaration of the name; undefined for `require('…').createClient`. */
  readonly declaration:
    | TS.ImportSpecifier
    | TS.NamespaceImport
    | TS.ImportClause
    | TS.ImportEqualsDeclaration
    | TS.BindingElement
    | TS.VariableDeclaration
    | undefined;
  /** The module specifier, as written. */
  readonly specifier: string;
}

/** The expression in the code that names the constructor of a place. */
export interface Reference {
  readonly node: TS.Expression;
  readonly binding: Binding;
}

/** Whether a module of the project passes an export of a package on, unchanged. */
export type IsPassedOn = (file: string, specifier: string, name: string, clientPackage: string) => boolean;

/** Returns the expression that names the constructor, or the reason why it cannot be replaced. */
export function referenceAt(
  source: TS.SourceFile,
  { start, end, constructor }: Place,
  isPassedOn: IsPassedOn = () => false,
): Reference | { readonly reason: string } {
  const node = nodeAt(source, start, end);
  if (!node) return { reason: 'The call has a form that this command does not know.' };
  const alias = aliasedBy(node);
  const named = alias ?? node;
  const binding = bindingOf(named, constructor.name) ?? reexportedBinding(named);
  if (!binding)
    return {
      reason: `\`${node.getText(source)}\` is a value that the code passes around, not an import of "${constructor.package}" in this file.`,
    };
  const isItself = binding.specifier === constructor.package;
  if (
    !isItself &&
    !(binding.kind === 'import' && isPassedOn(source.fileName, binding.specifier, importedName(named, binding), constructor.package))
  )
    return {
      reason: `\`${node.getText(source)}\` comes from "${binding.specifier}", which is not proved to pass "${constructor.package}" on.`,
    };
  return { node: named, binding };
}

/** The value of a constant under whose name the constructor is called: `ch.createClient` of `const make = ch.createClient`. */
function aliasedBy(node: TS.Expression): TS.Expression | undefined {
  const declaration = ts.isIdentifier(node) ? declarationOf(node.text, node) : undefined;
  if (!declaration || !ts.isVariableDeclaration(declaration) || !isConst(declaration) || !declaration.initializer) return undefined;
  const value = unwrap(declaration.initializer);
  return ts.isIdentifier(value) || ts.isPropertyAccessExpression(value) ? value : undefined;
}

/** A name that another module exports under a name of its own. */
function reexportedBinding(node: TS.Expression): Binding | undefined {
  const declaration = ts.isIdentifier(node) ? declarationOf(node.text, node) : undefined;
  return declaration && ts.isImportSpecifier(declaration) ? importBinding(declaration, declaration.parent.parent.parent) : undefined;
}

/** The name under which the module exports the constructor. */
function importedName(node: TS.Expression, { declaration }: Binding): string {
  if (declaration && ts.isImportSpecifier(declaration)) return (declaration.propertyName ?? declaration.name).text;
  return ts.isPropertyAccessExpression(node) ? node.name.text : '';
}

function nodeAt(source: TS.SourceFile, start: number, end: number): TS.Expression | undefined {
  const visit = (node: TS.Node): TS.Expression | undefined => {
    if (node.end <= start || node.pos > start) return undefined;
    if (node.getStart(source) === start && node.end === end && (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node))) return node;
    return ts.forEachChild(node, visit);
  };
  return visit(source);
}

function bindingOf(node: TS.Expression, name: string): Binding | undefined {
  if (ts.isIdentifier(node)) {
    const declaration = declarationOf(node.text, node);
    if (declaration && ts.isImportSpecifier(declaration))
      return (declaration.propertyName ?? declaration.name).text === name
        ? importBinding(declaration, declaration.parent.parent.parent)
        : undefined;
    if (!declaration || !ts.isBindingElement(declaration) || declaration.dotDotDotToken || declaration.initializer) return undefined;
    const property = declaration.propertyName ?? declaration.name;
    const variable = declaration.parent.parent;
    if (!ts.isIdentifier(property) || property.text !== name || !ts.isVariableDeclaration(variable) || !isConst(variable)) return undefined;
    return loadedBy(variable.initializer, declaration);
  }
  if (!ts.isPropertyAccessExpression(node) || node.name.text !== name || node.questionDotToken) return undefined;
  const owner = unwrap(node.expression);
  if (!ts.isIdentifier(owner)) return loadedBy(owner, undefined);
  const declaration = declarationOf(owner.text, owner);
  if (!declaration) return undefined;
  if (ts.isNamespaceImport(declaration)) return importBinding(declaration, declaration.parent.parent);
  if (ts.isImportClause(declaration)) return importBinding(declaration, declaration.parent);
  if (ts.isImportEqualsDeclaration(declaration)) {
    const { moduleReference } = declaration;
    const isModule = ts.isExternalModuleReference(moduleReference) && ts.isStringLiteralLike(moduleReference.expression);
    return isModule ? { kind: 'import', declaration, specifier: moduleReference.expression.text } : undefined;
  }
  return ts.isVariableDeclaration(declaration) && isConst(declaration) ? loadedBy(declaration.initializer, declaration) : undefined;
}

function importBinding(declaration: Binding['declaration'], statement: TS.Node): Binding | undefined {
  return ts.isImportDeclaration(statement) && ts.isStringLiteral(statement.moduleSpecifier)
    ? { kind: 'import', declaration, specifier: statement.moduleSpecifier.text }
    : undefined;
}

function isConst({ parent }: TS.VariableDeclaration): boolean {
  return ts.isVariableDeclarationList(parent) && (parent.flags & ts.NodeFlags.Const) !== 0;
}

/** `require('…')` or `await import('…')`. */
function loadedBy(value: TS.Expression | undefined, declaration: Binding['declaration']): Binding | undefined {
  if (!value) return undefined;
  const call = unwrap(value);
  const [argument] = ts.isCallExpression(call) ? call.arguments : [];
  if (!ts.isCallExpression(call) || !argument || !ts.isStringLiteralLike(argument)) return undefined;
  const { text: specifier } = argument;
  if (ts.isIdentifier(call.expression) && call.expression.text === 'require') return { kind: 'require', declaration, specifier };
  const isImport = call.expression.kind === ts.SyntaxKind.ImportKeyword && ts.isAwaitExpression(call.parent);
  return isImport ? { kind: 'dynamic', declaration, specifier } : undefined;
}
