import type { ts as TS } from 'ts-morph';
import { memberAccess, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** A call or a construction with `new`. */
export type Call = TS.CallExpression | TS.NewExpression;

/** The callee and the arguments of a call, independent of its form. */
export interface NormalizedCall {
  /** The called function or constructed class, without parentheses and casts. */
  readonly callee: TS.Expression;
  /** The arguments as the callee receives them; the last one may be a spread element. Undefined if they are unknown. */
  readonly arguments: readonly TS.Expression[] | undefined;
}

/** Whether the node is a call or a construction with `new`. */
export function isCall(node: TS.Node): node is Call {
  return ts.isCallExpression(node) || ts.isNewExpression(node);
}

/**
 * Resolves `f.call(self, a)`, `f.apply(self, list)`, `Reflect.apply(f, self, list)` and `Reflect.construct(C, list)` to callee and
 * arguments. If `isProjectDeclared` accepts the name, the method is an ordinary one. Called by `CallLinker` and `ExternalCalls`.
 */
export function normalizeCall(node: Call, isProjectDeclared: (name: TS.Node) => boolean): NormalizedCall {
  const callee = unwrap(node.expression);
  const args = node.arguments ?? [];
  const [first, ...otherArguments] = args;
  const plain = { callee, arguments: args.slice(0, -1).some(ts.isSpreadElement) ? undefined : args };
  const access = ts.isCallExpression(node) ? memberAccess(callee) : undefined;
  if (!access || !['call', 'apply', 'construct'].includes(access.name ?? '') || isProjectDeclared(access.key)) return plain;
  if (ts.isIdentifier(access.object) && access.object.text === 'Reflect') {
    if (!first || access.name === 'call') return plain;
    return { callee: unwrap(first), arguments: literalArguments(args[access.name === 'apply' ? 2 : 1]) };
  }
  if (access.name === 'construct') return plain;
  return { callee: unwrap(access.object), arguments: access.name === 'call' ? otherArguments : literalArguments(args[1]) };
}

/** Returns `f` of `f.bind(self)`, or undefined for other calls. */
export function boundFunction(node: Call): TS.Expression | undefined {
  const access = ts.isCallExpression(node) ? memberAccess(unwrap(node.expression)) : undefined;
  return access?.name === 'bind' ? access.object : undefined;
}

/** Returns `list` of `...list`, or the argument itself. */
export function withoutSpread(argument: TS.Expression): TS.Expression {
  return ts.isSpreadElement(argument) ? argument.expression : argument;
}

/** Returns the name of the callee as written: `b` of `b()` and `a.b()`; undefined for other expressions. */
export function calledName(callee: TS.Expression): string | undefined {
  return memberAccess(callee)?.name ?? (ts.isIdentifier(callee) ? callee.text : undefined);
}

function literalArguments(list: TS.Expression | undefined): readonly TS.Expression[] | undefined {
  if (!list) return [];
  return ts.isArrayLiteralExpression(list) && !list.elements.some(ts.isSpreadElement) ? list.elements : undefined;
}
