import type { ts as TS } from 'ts-morph';
import {
  exportOf,
  importedMeaning,
  importOf,
  isImport,
  type Meaning,
  propertyOf,
  requiredSpecifier,
} from '../environment/module-exports.js';
import type { SourceModules } from '../environment/source-modules.js';
import { declarationOf } from '../typescript/lexical-scope.js';
import { isAssignmentOperator, isWrapped, memberAccess, staticName } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** What an expression names, if it is the same in the whole process: `place` is a text that is equal for the same thing. */
export type Constant =
  | { readonly kind: 'value'; readonly node: TS.Expression; readonly place: string }
  /** Its value is not in the code of the project. */
  | { readonly kind: 'place'; readonly place: string };

/** Names for names are followed this far. */
const maxAliases = 8;

/** A name that a pattern takes of an object: `url` of `const { url } = settings`. */
export interface Binding {
  readonly object: TS.Expression;
  readonly name: string;
  readonly otherwise: TS.Expression | undefined;
}

/** Finds the constants of modules that expressions name, through imports and without types. Created by `Configurations`. */
export class ConstantNames {
  constructor(private readonly modules: SourceModules) {}

  /** Returns the binding of a module's pattern that declares the name. */
  bindingOf(node: TS.Identifier): Binding | undefined {
    const declaration = this.#meaningOf(node);
    if (!declaration || !ts.isBindingElement(declaration) || declaration.dotDotDotToken) return undefined;
    const variable = declaration.parent.parent;
    const name = staticName(declaration.propertyName ?? declaration.name);
    if (!ts.isVariableDeclaration(variable) || !variable.initializer || name === undefined || !isModuleConstant(variable)) return undefined;
    if (requiredSpecifier(variable.initializer) !== undefined) return undefined;
    return { object: variable.initializer, name, otherwise: declaration.initializer };
  }

  /** Returns what the expression names: a constant of a module, an object literal, or a member of one of these. */
  valueOf(node: TS.Expression): Constant | undefined {
    if (ts.isObjectLiteralExpression(node)) return { kind: 'value', node, place: placeOf(node) };
    if (ts.isIdentifier(node)) return this.#ofName(node);
    const access = memberAccess(node);
    return access?.name === undefined ? undefined : this.memberOf(access.object, access.name);
  }

  /** Returns the member of an object or a module. */
  memberOf(object: TS.Expression, name: string): Constant | undefined {
    const module = this.#moduleOf(object);
    if (module !== undefined) return this.#ofMeaning(exportOf(module, name, this.modules), 0);
    const owner = this.valueOf(object);
    if (!owner) return undefined;
    const place = `${owner.place}.${name}`;
    const literal = owner.kind === 'value' ? withoutCasts(owner.node) : undefined;
    const property = literal && ts.isObjectLiteralExpression(literal) ? ownProperty(literal, name) : undefined;
    return property ? { kind: 'value', node: property, place } : { kind: 'place', place };
  }

  #ofName(node: TS.Identifier, depth = 0): Constant | undefined {
    if (depth > maxAliases) return undefined;
    const declaration = declarationOf(node.text, node);
    const isImported = declaration && isImport(declaration);
    if (isImported && isChanged(node.text, node.getSourceFile())) return undefined;
    const meaning = this.#meaningOf(node);
    if (meaning) return this.#ofMeaning(meaning, depth + 1);
    if (!isImported) return undefined;
    const { specifier, name } = importOf(declaration);
    const isOfProject = specifier !== undefined && this.modules.resolve(node.getSourceFile().fileName, specifier) !== undefined;
    return specifier === undefined || isOfProject || /^[./]/.test(specifier) ? undefined : { kind: 'place', place: `${specifier} ${name}` };
  }

  #ofMeaning(meaning: Meaning | undefined, depth: number): Constant | undefined {
    if (!meaning || ts.isSourceFile(meaning) || depth > maxAliases) return undefined;
    if (isImport(meaning)) return this.#ofMeaning(importedMeaning(meaning, this.modules), depth + 1);
    if (ts.isVariableDeclaration(meaning)) return this.#ofVariable(meaning);
    // The value of a default export or of `exports.name`.
    if (ts.isIdentifier(meaning)) return this.#ofName(meaning, depth + 1);
    if (ts.isExpression(meaning) && !ts.isFunctionExpression(meaning) && !ts.isArrowFunction(meaning))
      return { kind: 'value', node: meaning, place: placeOf(meaning) };
    return undefined;
  }

  #ofVariable(variable: TS.VariableDeclaration): Constant | undefined {
    const { initializer, name } = variable;
    if (!initializer || !ts.isIdentifier(name) || !isModuleConstant(variable) || isChanged(name.text, variable.getSourceFile()))
      return undefined;
    return { kind: 'value', node: initializer, place: placeOf(variable) };
  }

  #meaningOf(node: TS.Identifier): Meaning | undefined {
    const declaration = declarationOf(node.text, node);
    if (!declaration) return undefined;
    if (isImport(declaration)) return importedMeaning(declaration, this.modules);
    const source = requiredFrom(declaration);
    if (!source || !ts.isBindingElement(declaration)) return declaration;
    const file = this.modules.resolve(node.getSourceFile().fileName, source);
    const name = staticName(declaration.propertyName ?? declaration.name);
    return file === undefined || name === undefined ? undefined : exportOf(file, name, this.modules);
  }

  /** The file of a module that a name stands for as a whole. */
  #moduleOf(node: TS.Expression): string | undefined {
    if (!ts.isIdentifier(node) || isChanged(node.text, node.getSourceFile())) return undefined;
    const declaration = declarationOf(node.text, node);
    const required = declaration && ts.isVariableDeclaration(declaration) ? requiredFrom(declaration) : undefined;
    if (required !== undefined) return this.modules.resolve(node.getSourceFile().fileName, required);
    const meaning = declaration && isImport(declaration) ? importedMeaning(declaration, this.modules) : undefined;
    return meaning && ts.isSourceFile(meaning) ? meaning.fileName : undefined;
  }
}

/** The value of a property; undefined for a method, or if a spread may replace it. */
function ownProperty(literal: TS.ObjectLiteralExpression, name: string): TS.Expression | undefined {
  if (literal.properties.some(ts.isSpreadAssignment)) return undefined;
  const value = propertyOf(literal, name);
  return value && ts.isExpression(value) && !ts.isFunctionExpression(value) ? value : undefined;
}

/** Returns the expression without parentheses, casts and the like. */
export function withoutCasts(node: TS.Expression): TS.Expression {
  return isWrapped(node) && !ts.isAwaitExpression(node) ? withoutCasts(node.expression) : node;
}

function requiredFrom(declaration: Meaning): string | undefined {
  const variable = ts.isBindingElement(declaration) ? declaration.parent.parent : declaration;
  return ts.isVariableDeclaration(variable) && variable.initializer ? requiredSpecifier(variable.initializer) : undefined;
}

function placeOf(node: TS.Node): string {
  return `${node.getSourceFile().fileName}:${node.pos}`;
}

function isModuleConstant({ parent }: TS.VariableDeclaration): boolean {
  return ts.isVariableDeclarationList(parent) && (parent.flags & ts.NodeFlags.Const) !== 0 && ts.isSourceFile(parent.parent.parent);
}

/** Calls that leave their argument as it is. */
const readingCalls = /(?:^|\.)(?:(?:create|make|new|get|open|connect|build)\w*|freeze|stringify|parse|entries|keys|log)$/i;

/** Methods that may change their object. */
const changingMethods = /^(?:set|add|use|update|merge|load|assign|override|configure|init|push)/;

/** Whether code of a module may change the object that a name holds: an assignment to a member, or a call that gets it. */
function isChanged(name: string, source: TS.SourceFile): boolean {
  const visit = (node: TS.Node): boolean =>
    (ts.isIdentifier(node) && node.text === name && isChangedBy(node)) || (ts.forEachChild(node, visit) ?? false);
  return visit(source);
}

function isChangedBy(use: TS.Identifier): boolean {
  if (memberAccess(use.parent)?.key === use) return false;
  let target: TS.Node = use;
  while (memberAccess(target.parent)?.object === target) target = target.parent;
  const { parent } = target;
  if (ts.isDeleteExpression(parent)) return true;
  if (ts.isBinaryExpression(parent)) return parent.left === target && isAssignmentOperator(parent.operatorToken.kind) && target !== use;
  if (!ts.isCallExpression(parent)) return false;
  if (parent.expression === target) return changingMethods.test(memberAccess(target)?.name ?? '');
  return target === use && !readingCalls.test(parent.expression.getText());
}
