import type { ts as TS } from 'ts-morph';
import { isFunction, memberAccess, staticName, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import type { ParameterPart } from './parameter-parts.js';

/** Methods whose first argument names what they store or find, of a map of the language or of an own container. */
const keyedMethods =
  /^(?:get|set|has|delete|add|on|once|emit|publish|subscribe|dispatch|trigger|fire|register|resolve|provide|bind|lookup|find|require|make)$/;

const cached = new WeakMap<TS.FunctionLikeDeclaration, readonly ParameterPart[]>();

/**
 * Returns the parts of its parameters that a function uses as keys: `name` of `register(name, value) { this.made.set(name, value); }`. It
 * reads the syntax alone, so a part may be listed that is no key.
 */
export function keyParametersOf(callable: TS.FunctionLikeDeclaration): readonly ParameterPart[] {
  const known = cached.get(callable);
  if (known) return known;
  // Ends the search for functions that call one another.
  cached.set(callable, []);
  const found = findKeyParameters(callable);
  cached.set(callable, found);
  return found;
}

function findKeyParameters(callable: TS.FunctionLikeDeclaration): readonly ParameterPart[] {
  const named = namedParts(callable);
  const found: ParameterPart[] = [];
  if (named.size === 0 || !callable.body) return found;
  const note = (expression: TS.Expression | undefined): void => {
    const part = expression && partByName(unwrap(expression), named);
    if (part && !found.some((other) => other.parameter === part.parameter && other.member === part.member)) found.push(part);
  };
  const visit = (node: TS.Node): void => {
    if (ts.isElementAccessExpression(node)) note(node.argumentExpression);
    else if (ts.isCallExpression(node)) for (const argument of keyArguments(node)) note(argument);
    ts.forEachChild(node, visit);
  };
  visit(callable.body);
  return found;
}

/** The arguments of a call that the callee uses as keys. */
function keyArguments(call: TS.CallExpression): readonly (TS.Expression | undefined)[] {
  const callee = unwrap(call.expression);
  const access = memberAccess(callee);
  if (access?.name !== undefined && keyedMethods.test(access.name)) return call.arguments.slice(0, 1);
  const target = ownFunction(callee);
  return target ? keyParametersOf(target).map(({ parameter }) => call.arguments[target.parameters.indexOf(parameter)]) : [];
}

/** The method of the same class, or the function of the same module, that a call names. */
function ownFunction(callee: TS.Expression): TS.FunctionLikeDeclaration | undefined {
  const access = memberAccess(callee);
  if (access) {
    const owner = unwrap(access.object).kind === ts.SyntaxKind.ThisKeyword ? ts.findAncestor(callee, ts.isClassLike) : undefined;
    const member = owner?.members.find(({ name }) => name !== undefined && staticName(name) === access.name);
    return member && isFunction(member) ? member : undefined;
  }
  if (!ts.isIdentifier(callee)) return undefined;
  return callee
    .getSourceFile()
    .statements.find((statement) => ts.isFunctionDeclaration(statement) && statement.name?.text === callee.text) as
    TS.FunctionDeclaration | undefined;
}

/** The names by which a function reads its parameters and their properties. */
function namedParts(callable: TS.FunctionLikeDeclaration): ReadonlyMap<string, ParameterPart> {
  const parts = new Map<string, ParameterPart>();
  for (const parameter of callable.parameters) {
    const { name } = parameter;
    if (ts.isIdentifier(name)) parts.set(name.text, { parameter, member: '' });
    else if (ts.isObjectBindingPattern(name))
      for (const element of name.elements) {
        const member = staticName(element.propertyName ?? element.name);
        if (ts.isIdentifier(element.name) && member !== undefined) parts.set(element.name.text, { parameter, member });
      }
  }
  return parts;
}

function partByName(expression: TS.Expression, named: ReadonlyMap<string, ParameterPart>): ParameterPart | undefined {
  if (ts.isIdentifier(expression)) return named.get(expression.text);
  const access = memberAccess(expression);
  const owner = access && ts.isIdentifier(access.object) ? named.get(access.object.text) : undefined;
  return owner?.member === '' && access?.name !== undefined ? { parameter: owner.parameter, member: access.name } : undefined;
}
