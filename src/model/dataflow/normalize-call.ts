import type { ts as TS } from 'ts-morph';
import { memberAccess, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

export type Call = TS.CallExpression | TS.NewExpression;

/** Whom a call calls, with what, however it is written. */
export interface NormalizedCall {
  readonly callee: TS.Expression;
  /** As the callee receives them, the last perhaps spread; undefined where we cannot say. */
  readonly arguments: readonly TS.Expression[] | undefined;
}

export function isCall(node: TS.Node): node is Call {
  return ts.isCallExpression(node) || ts.isNewExpression(node);
}

/**
 * Sees through `f.call(self, a)`, `f.apply(self, list)`, `Reflect.apply(f, self, list)` and `Reflect.construct(C, list)`.
 * A method of the project that happens to have such a name (`isOurs`) is a method like any other.
 */
export function normalizeCall(node: Call, isOurs: (name: TS.Node) => boolean): NormalizedCall {
  const callee = unwrap(node.expression);
  const given = node.arguments ?? [];
  const [first, ...rest] = given;
  const plain = { callee, arguments: given.slice(0, -1).some(ts.isSpreadElement) ? undefined : given };
  const access = ts.isCallExpression(node) ? memberAccess(callee) : undefined;
  if (!access || !['call', 'apply', 'construct'].includes(access.name ?? '') || isOurs(access.key)) return plain;
  if (ts.isIdentifier(access.object) && access.object.text === 'Reflect') {
    if (!first || access.name === 'call') return plain;
    return { callee: unwrap(first), arguments: literalArguments(given[access.name === 'apply' ? 2 : 1]) };
  }
  if (access.name === 'construct') return plain;
  return { callee: unwrap(access.object), arguments: access.name === 'call' ? rest : literalArguments(given[1]) };
}

function literalArguments(list: TS.Expression | undefined): readonly TS.Expression[] | undefined {
  if (!list) return [];
  return ts.isArrayLiteralExpression(list) && !list.elements.some(ts.isSpreadElement) ? list.elements : undefined;
}

/** `f.bind(self)` gives `f`. */
export function boundFunction(node: Call): TS.Expression | undefined {
  const access = ts.isCallExpression(node) ? memberAccess(unwrap(node.expression)) : undefined;
  return access?.name === 'bind' ? access.object : undefined;
}

/** The specifier of `import('x')`, of `require('x')`, and of whatever name a `createRequire(…)` was given. */
export function importedBy(node: Call): string | undefined {
  const [argument] = node.arguments ?? [];
  if (!ts.isCallExpression(node) || node.arguments.length !== 1 || !argument || !ts.isStringLiteralLike(argument)) return undefined;
  const callee = unwrap(node.expression);
  const isImport = callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require');
  const isCreated = (ts.isIdentifier(callee) || ts.isCallExpression(callee)) && callee.getSourceFile().text.includes('createRequire');
  return isImport || isCreated ? argument.text : undefined;
}

export function spreadOrPlain(argument: TS.Expression): TS.Expression {
  return ts.isSpreadElement(argument) ? argument.expression : argument;
}

/** The name by which a call calls, as written. */
export function calledName(callee: TS.Expression): string | undefined {
  return memberAccess(callee)?.name ?? (ts.isIdentifier(callee) ? callee.text : undefined);
}
