import type { ts as TS } from 'ts-morph';
import { declarationOf } from '../typescript/lexical-scope.js';
import { ts } from '../typescript/load-ts-morph.js';
import { isAssignmentOperator, memberAccess, staticName, unwrap } from '../typescript/syntax.js';
import { boundValue, isEnvironment, variableModules } from './environment-object.js';
import { keyParameterOf } from './environment-functions.js';
import { importOf } from './module-exports.js';
import { schemaKeys } from './schema-keys.js';
import type { SourceModules } from './source-modules.js';
import { staticTexts, unknownPart } from './static-texts.js';

/** A place that reads a variable of the environment. */
export interface EnvironmentRead {
  /** The expression, the binding or the key of a schema. */
  readonly node: TS.Node;
  /** The name; `unknownPart` stands for a part that the code does not show. */
  readonly name: string;
  /** `schema`: the environment as a whole is validated, and the node is the key of the variable. */
  readonly kind: 'value' | 'schema';
}

/**
 * Returns the variables of the environment that a file reads, in order: by member, destructuring, `Deno.env.get`, a function of the project
 * or of a library that gets the name, an option `env`, and the keys of a schema for the environment.
 */
export function environmentReads(file: TS.SourceFile, modules: SourceModules): EnvironmentRead[] {
  const reads: EnvironmentRead[] = [];
  const add = (node: TS.Node, names: readonly string[], kind: EnvironmentRead['kind'] = 'value'): void => {
    for (const name of names) reads.push({ node, name, kind });
  };
  // Most files do not mention the environment. A function of the project may still get the name of a variable.
  const hasEnvironment = /env|click_?house/i.test(file.text);
  const visit = (node: TS.Node): void => {
    if (ts.isTypeNode(node)) return;
    if (!hasEnvironment) {
      if (ts.isCallExpression(node)) add(node, namesPassedOn(node, modules));
    } else if (isNamedAccess(node) && !isAssigned(node) && isEnvironment(node.expression, modules)) add(node, keysOf(node, modules));
    else if (ts.isBindingElement(node)) add(node, boundVariable(node, modules));
    else if (ts.isCallExpression(node)) {
      add(node, namesPassed(node, modules));
      for (const { key, name } of schemaKeys(node, modules)) add(key, [name], 'schema');
    } else if (ts.isPropertyAssignment(node)) add(node, namedByOption(node));
    else if (ts.isImportSpecifier(node) && variableModules.has(importOf(node).specifier ?? '')) add(node, [importOf(node).name]);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return reads;
}

function isNamedAccess(node: TS.Node): node is TS.PropertyAccessExpression | TS.ElementAccessExpression {
  return ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);
}

function keysOf(node: TS.PropertyAccessExpression | TS.ElementAccessExpression, modules: SourceModules): readonly string[] {
  return ts.isPropertyAccessExpression(node) ? [node.name.text] : staticTexts(node.argumentExpression, modules);
}

/** Whether the node is written alone: `process.env.X = …`, `process.env.X ??= …` and `delete process.env.X`. */
function isAssigned(node: TS.Node): boolean {
  const { parent } = node;
  if (ts.isDeleteExpression(parent)) return true;
  return ts.isBinaryExpression(parent) && parent.left === node && isAssignmentOperator(parent.operatorToken.kind);
}

/** The variable that `const { X: local } = process.env` binds. */
function boundVariable(element: TS.BindingElement, modules: SourceModules): string[] {
  const name = staticName(element.propertyName ?? element.name);
  if (name === undefined || element.dotDotDotToken || !ts.isObjectBindingPattern(element.parent)) return [];
  if (isLeftOut(element)) return [];
  const holder = element.parent.parent;
  const isTyped = ts.isParameter(holder) && /\bProcessEnv\b/.test(holder.type?.getText() ?? '');
  const value = boundValue(element);
  return isTyped || (value && isEnvironment(value, modules)) ? [name] : [];
}

/** `const { SECRET: _secret, ...others } = process.env` only leaves a variable out. */
function isLeftOut({ name, parent }: TS.BindingElement): boolean {
  if (!ts.isIdentifier(name) || !name.text.startsWith('_') || !ts.isObjectBindingPattern(parent)) return false;
  return parent.elements.some(({ dotDotDotToken }) => dotDotDotToken !== undefined);
}

/** The names that a call passes to a reader: `Deno.env.get('X')`, `get(process.env, 'X')`, `requireEnv('X')`. */
function namesPassed(call: TS.CallExpression, modules: SourceModules): readonly string[] {
  const method = memberAccess(call.expression);
  const texts = (node: TS.Expression | undefined): readonly string[] => (node ? staticTexts(node, modules) : []);
  if (method?.name === 'get' && isEnvironment(method.object, modules)) return texts(call.arguments[0]);
  const environments = call.arguments.filter((argument) => isEnvironment(argument, modules));
  if (environments.length > 0)
    return call.arguments.flatMap((argument) => (environments.includes(argument) ? [] : namesIn(argument, texts)));
  return namesPassedOn(call, modules);
}

const variableName = new RegExp(`^[A-Z${unknownPart}][A-Z\\d_${unknownPart}]+$`);

/** The names that a call passes to a function of the project, or of a library, that reads the variable. */
function namesPassedOn(call: TS.CallExpression, modules: SourceModules): readonly string[] {
  const texts = call.arguments.map((argument) => staticTexts(argument, modules));
  if (!texts.some((names) => names.some((name) => variableName.test(name)))) return [];
  const index = isEnvironmentLibrary(call) ? 0 : keyParameterOf(call.expression, modules);
  return index === undefined ? [] : (texts[index] ?? []);
}

function namesIn(argument: TS.Expression, texts: (node: TS.Expression) => readonly string[]): readonly string[] {
  const value = unwrap(argument);
  return ts.isArrayLiteralExpression(value) ? value.elements.flatMap(texts) : texts(value);
}

/** `env.get('X')` of the package `env-var`, and the call of `getenv`. */
function isEnvironmentLibrary({ expression }: TS.CallExpression): boolean {
  const method = memberAccess(expression);
  const root = method ? method.object : expression;
  if (!ts.isIdentifier(root)) return false;
  const declared = declarationOf(root.text, root);
  if (!declared || !(ts.isImportClause(declared) || ts.isNamespaceImport(declared) || ts.isImportSpecifier(declared))) return false;
  const { specifier } = importOf(declared);
  return (specifier === 'env-var' && method?.name === 'get') || specifier === 'getenv';
}

/** `{ env: 'X', default: … }` of convict, oclif and other libraries for options. */
function namedByOption({ name, initializer, parent }: TS.PropertyAssignment): string[] {
  if (staticName(name) !== 'env' || !ts.isStringLiteralLike(initializer)) return [];
  const isOption = parent.properties.some((property) => /^(?:default|doc|format|description|char)$/.test(staticName(property.name) ?? ''));
  return isOption ? [initializer.text] : [];
}
