import type { ts as TS } from 'ts-morph';
import { declarationOf } from '../typescript/lexical-scope.js';
import { ts } from '../typescript/load-ts-morph.js';
import { isFunction, memberAccess, membersNamed, unwrap } from '../typescript/syntax.js';
import { isEnvironment } from './environment-object.js';
import { exportOf, importedMeaning, isImport, type Meaning, memberOfModule, propertyOf, requiredMeaning } from './module-exports.js';
import { isPresenceTest } from './presence-tests.js';
import type { SourceModules } from './source-modules.js';

/** Functions that call such functions are followed this far. */
const maxDepth = 3;

/**
 * Returns the index of the parameter by which the called function gets the name of a variable: 0 for
 * `const requireEnv = (name) => process.env[name] ?? fail(name)`. Undefined for all other functions.
 */
export function keyParameterOf(callee: TS.Expression, modules: SourceModules, depth = 0): number | undefined {
  const callable = callableBehind(callee, modules);
  if (!callable || depth > maxDepth) return undefined;
  const index = callable.parameters.findIndex(({ name }) => ts.isIdentifier(name) && readsByKey(callable, name.text, modules, depth));
  return index < 0 ? undefined : index;
}

/** Returns the function of the project that an expression names: a function, a member of an object or a static method. */
export function callableBehind(callee: TS.Expression, modules: SourceModules): TS.FunctionLikeDeclaration | undefined {
  const value = unwrap(callee);
  const member = memberAccess(value);
  const meaning = member ? memberMeaning(member, modules) : ts.isIdentifier(value) ? meaningOf(value, modules) : undefined;
  return meaning && functionOf(meaning, modules);
}

/** Returns the declaration or value that a name stands for, imports resolved. */
export function meaningOf(name: TS.Identifier, modules: SourceModules): Meaning | undefined {
  const declared = declarationOf(name.text, name);
  if (!declared) return undefined;
  return isImport(declared) ? importedMeaning(declared, modules) : (requiredMeaning(declared, modules) ?? declared);
}

/** Returns the meaning of a member of a name: of a module, a class, or an object literal. */
export function memberMeaning(
  { object, name }: { readonly object: TS.Expression; readonly name: string | undefined },
  modules: SourceModules,
): Meaning | undefined {
  const owner = unwrap(object);
  if (name === undefined || !ts.isIdentifier(owner)) return undefined;
  const meaning = meaningOf(owner, modules);
  if (!meaning) return undefined;
  if (ts.isSourceFile(meaning)) return memberOfModule(meaning.fileName, name, modules);
  if (ts.isClassLike(meaning)) return membersNamed(meaning, name, true).find((item) => isFunction(item));
  const value = ts.isVariableDeclaration(meaning) ? meaning.initializer : ts.isExpression(meaning) ? meaning : undefined;
  const literal = value && unwrap(value);
  return literal && ts.isObjectLiteralExpression(literal) ? propertyOf(literal, name) : undefined;
}

function functionOf(meaning: Meaning, modules: SourceModules): TS.FunctionLikeDeclaration | undefined {
  if (isFunction(meaning)) return meaning;
  if (ts.isSourceFile(meaning)) {
    // `const getEnv = require('./get-env')`
    const whole = exportOf(meaning.fileName, 'default', modules);
    return whole && !ts.isSourceFile(whole) ? functionOf(whole, modules) : undefined;
  }
  const value = ts.isVariableDeclaration(meaning) ? meaning.initializer : ts.isExpression(meaning) ? meaning : undefined;
  if (!value) return undefined;
  const inner = unwrap(value);
  if (isFunction(inner)) return inner;
  const next = ts.isIdentifier(inner) ? meaningOf(inner, modules) : undefined;
  return next && isFunction(next) ? next : undefined;
}

/** Whether the body reads the variable whose name is the parameter, itself or by another such function. */
function readsByKey(callable: TS.FunctionLikeDeclaration, parameter: string, modules: SourceModules, depth: number): boolean {
  const isKey = (node: TS.Expression | undefined): boolean => node !== undefined && ts.isIdentifier(node) && node.text === parameter;
  const visit = (node: TS.Node): boolean => {
    // A function that only tells whether the variable is set reads nothing.
    if (ts.isElementAccessExpression(node) && isKey(node.argumentExpression) && isEnvironment(node.expression, modules))
      return !isPresenceTest(node);
    if (ts.isCallExpression(node)) {
      const index = node.arguments.findIndex(isKey);
      const method = memberAccess(node.expression);
      if (index === 0 && method?.name === 'get' && isEnvironment(method.object, modules)) return true;
      if (index >= 0 && keyParameterOf(node.expression, modules, depth + 1) === index) return true;
    }
    return ts.forEachChild(node, (child) => (visit(child) ? true : undefined)) ?? false;
  };
  return callable.body !== undefined && visit(callable.body);
}
