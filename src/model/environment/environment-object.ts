import type { ts as TS } from 'ts-morph';
import { declarationOf } from '../typescript/lexical-scope.js';
import { ts } from '../typescript/load-ts-morph.js';
import { hasBody, isFunction, memberAccess, staticName, unwrap } from '../typescript/syntax.js';
import { importedMeaning, importOf, isImport, type Meaning, requiredSpecifier } from './module-exports.js';
import type { SourceModules } from './source-modules.js';

const processModules = new Set(['process', 'node:process']);

/** Modules that export the environment as `env`. */
const environmentModules = new Set([...processModules, 'bun', 'cloudflare:workers', '$env/dynamic/private', '$env/dynamic/public']);

/** Modules whose exports are the variables themselves. */
export const variableModules: ReadonlySet<string> = new Set(['$env/static/private', '$env/static/public', 'astro:env/server']);

/** Aliases of aliases are followed this far. */
const maxDepth = 6;

/**
 * Whether an expression is the environment of the process as it is: `process.env`, `import.meta.env`, `Deno.env`, `Bun.env`, a variable,
 * parameter or copy of one of these. An object that a schema made of it is not: it is validated.
 */
export function isEnvironment(node: TS.Expression, modules: SourceModules, depth = 0): boolean {
  if (depth > maxDepth) return false;
  const value = unwrap(node);
  const isInner = (part: TS.Expression): boolean => isEnvironment(part, modules, depth + 1);
  const member = memberAccess(value);
  if (member) {
    if (member.name !== 'env') return false;
    const owner = unwrap(member.object);
    return ts.isMetaProperty(owner) || isProcess(owner, depth) || isGlobal(owner, 'Deno') || isGlobal(owner, 'Bun');
  }
  if (ts.isIdentifier(value)) return isEnvironmentMeaning(declarationOf(value.text, value), modules, depth + 1);
  // If one of two values is validated, a member of the result is taken for validated.
  const isEither = (values: readonly TS.Expression[]): boolean =>
    values.some(isInner) && values.every((part) => isEmpty(unwrap(part)) || isInner(part));
  if (ts.isConditionalExpression(value)) return isEither([value.whenTrue, value.whenFalse]);
  if (ts.isBinaryExpression(value)) return isChoice(value.operatorToken.kind) && isEither([value.left, value.right]);
  if (ts.isObjectLiteralExpression(value))
    return value.properties.some((property) => ts.isSpreadAssignment(property) && isInner(property.expression));
  return ts.isCallExpression(value) && isCopy(value, modules, depth + 1);
}

function isEmpty(value: TS.Expression): boolean {
  return (ts.isObjectLiteralExpression(value) && value.properties.length === 0) || (ts.isIdentifier(value) && value.text === 'undefined');
}

function isChoice(operator: TS.SyntaxKind): boolean {
  return operator === ts.SyntaxKind.QuestionQuestionToken || operator === ts.SyntaxKind.BarBarToken;
}

/** `Deno.env.toObject()`, `structuredClone(process.env)`, `Object.assign({}, process.env)`, and a function that returns the environment. */
function isCopy(call: TS.CallExpression, modules: SourceModules, depth: number): boolean {
  const method = memberAccess(call.expression);
  if (method?.name === 'toObject') return isEnvironment(method.object, modules, depth);
  if (/^(?:structuredClone|Object\.assign|Object\.freeze)$/.test(call.expression.getText()))
    return call.arguments.some((argument) => isEnvironment(argument, modules, depth));
  if (call.arguments.length > 0 || !ts.isIdentifier(call.expression)) return false;
  const declared = declarationOf(call.expression.text, call);
  const meaning = declared && isImport(declared) ? importedMeaning(declared, modules) : declared;
  const result = meaning && returnedBy(meaning);
  return result !== undefined && isEnvironment(result, modules, depth);
}

/** The expression that a function of one statement returns. */
function returnedBy(meaning: Meaning): TS.Expression | undefined {
  const callable = ts.isVariableDeclaration(meaning) && meaning.initializer ? unwrap(meaning.initializer) : meaning;
  if (ts.isArrowFunction(callable) && !ts.isBlock(callable.body)) return callable.body;
  if (!isFunction(callable) || !hasBody(callable) || !callable.body || !ts.isBlock(callable.body)) return undefined;
  const [only] = callable.body.statements;
  return only && ts.isReturnStatement(only) ? only.expression : undefined;
}

function isEnvironmentMeaning(meaning: Meaning | undefined, modules: SourceModules, depth: number): boolean {
  if (!meaning || depth > maxDepth || ts.isSourceFile(meaning)) return false;
  if (isImport(meaning)) {
    const { specifier = '', name } = importOf(meaning);
    if (environmentModules.has(specifier)) return name === 'env';
    return isEnvironmentMeaning(importedMeaning(meaning, modules), modules, depth + 1);
  }
  if (ts.isBindingElement(meaning))
    return staticName(meaning.propertyName ?? meaning.name) === 'env' && isProcess(boundValue(meaning), depth);
  if (ts.isParameter(meaning) && /\bProcessEnv\b/.test(meaning.type?.getText() ?? '')) return true;
  if (ts.isVariableDeclaration(meaning) || ts.isParameter(meaning))
    return meaning.initializer !== undefined && isEnvironment(meaning.initializer, modules, depth + 1);
  return ts.isExpression(meaning) && isEnvironment(meaning, modules, depth + 1);
}

/** Returns the value that a binding at the first level of a pattern takes a part of. */
export function boundValue({ parent }: TS.BindingElement): TS.Expression | undefined {
  const holder = parent.parent;
  return ts.isVariableDeclaration(holder) || ts.isParameter(holder) ? holder.initializer : undefined;
}

/** `process`, `globalThis.process`, an import of it, or `require('process')`. */
function isProcess(node: TS.Expression | undefined, depth: number): boolean {
  if (!node || depth > maxDepth) return false;
  const value = unwrap(node);
  const member = memberAccess(value);
  if (member) return member.name === 'process' && ts.isIdentifier(member.object) && /^(?:globalThis|global)$/.test(member.object.text);
  if (!ts.isIdentifier(value)) return processModules.has(requiredSpecifier(value) ?? '');
  const declared = declarationOf(value.text, value);
  if (!declared) return value.text === 'process';
  if (isImport(declared)) {
    const { specifier = '', name } = importOf(declared);
    return processModules.has(specifier) && (name === 'default' || name === '*');
  }
  return ts.isVariableDeclaration(declared) && isProcess(declared.initializer, depth + 1);
}

function isGlobal(node: TS.Expression, name: string): boolean {
  return ts.isIdentifier(node) && node.text === name && declarationOf(name, node) === undefined;
}
