import type { ts as TS } from 'ts-morph';
import { changeObject } from './assignments.js';
import { type AbstractValue, isNullish, join, propertyValue, truthy, undefinedValue, unknown } from './abstract-value.js';
import { type BuiltinResult, builtinResult } from './builtin-functions.js';
import type { Interpretation } from './interpretation.js';
import { libraryResult } from './library-functions.js';
import { evaluateElement } from './literals.js';
import { isReadonly } from './members.js';
import { unmodelledResult } from './unmodelled.js';
import { type Callable, memberAccess, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Limit for the targets of a call whose results are joined. */
const maxTargets = 4;

/** Returns the result of a call or a construction, and applies what it changes. */
export function evaluateCall(run: Interpretation, node: TS.CallExpression | TS.NewExpression): AbstractValue {
  const callee = run.evaluate(node.expression);
  for (const argument of node.arguments ?? []) evaluateElement(run, argument);
  if (run.program.constructsClient(node) || ts.isNewExpression(node)) return (forgetShared(run, node), truthy);
  if (ts.isOptionalChain(node) && isNullish(callee) === true) return undefinedValue;
  const args = evaluateArguments(run, node.arguments);
  const builtin = args && (builtinResult(node, args, run.values) ?? externalResult(run, node, args));
  if (builtin) {
    const [target] = node.arguments;
    if (builtin.changed && target && args[0]) changeObject(run, target, args[0], builtin.changed);
    return builtin.returned;
  }
  const bound = args && boundFunction(run, node, args);
  if (bound) return bound;
  const targets = callee.kind === 'closure' ? [callee.node] : run.program.targetsAt(node);
  const results =
    args && targets.length <= maxTargets ? targets.map((target) => interpretCall(run, node, target, callee, args)) : [undefined];
  forgetShared(run, node);
  if (results.length === 0 || results.some((result) => result === undefined))
    return unmodelledResult(node, targets.length > 0 ? (args ?? []) : [...(args ?? []), receiverOf(run, node)]);
  return results.map((result) => result ?? unknown).reduce(join);
}

function externalResult(run: Interpretation, node: TS.CallExpression, args: readonly AbstractValue[]): BuiltinResult | undefined {
  return run.program.targetsAt(node).length > 0 ? undefined : libraryResult(node, args, run.program.checker);
}

/** Returns the values of a list of arguments; undefined if a spread has an unknown length. */
export function evaluateArguments(run: Interpretation, expressions: readonly TS.Expression[]): AbstractValue[] | undefined {
  const values: AbstractValue[] = [];
  for (const expression of expressions) {
    const spread = ts.isSpreadElement(expression) ? expression.expression : undefined;
    const value = run.values.get(spread ?? expression) ?? run.evaluate(spread ?? expression);
    const length = spread && propertyValue(value, 'length');
    if (!length) values.push(value);
    else if (length.kind !== 'literal') return undefined;
    else for (let index = 0; index < Number(length.value); index++) values.push(propertyValue(value, String(index)));
  }
  return values;
}

function receiverOf(run: Interpretation, node: TS.CallExpression): AbstractValue {
  const access = memberAccess(unwrap(node.expression));
  return (access && run.values.get(access.object)) ?? unknown;
}

/** `f.bind(thisArg, …args)`: the function with its first arguments. */
function boundFunction(run: Interpretation, node: TS.CallExpression, args: readonly AbstractValue[]): AbstractValue | undefined {
  if (memberAccess(unwrap(node.expression))?.name !== 'bind') return undefined;
  const value = receiverOf(run, node);
  return value.kind === 'closure' ? { ...value, bound: [...(value.bound ?? []), ...args.slice(1)] } : undefined;
}

function interpretCall(
  run: Interpretation,
  node: TS.CallExpression,
  target: Callable,
  callee: AbstractValue,
  args: readonly AbstractValue[],
): AbstractValue | undefined {
  const { env } = run.state;
  const inner = callee.kind === 'closure' && callee.node === target ? new Map([...env, ...callee.env]) : env;
  const bound = callee.kind === 'closure' ? (callee.bound ?? []) : [];
  const result = run.program.resultOf(target, [...bound, ...args], inner);
  if (!result) return undefined;
  for (const [index, argument] of node.arguments.entries()) {
    const [before, after] = [args[index], result.args[bound.length + index]];
    if (!ts.isSpreadElement(argument) && before?.kind === 'object' && after && after !== before) changeObject(run, argument, before, after);
  }
  return result.returned;
}

/** A call may assign fields, and variables outside of the function. */
function forgetShared(run: Interpretation, node: TS.Node): void {
  const { program, state } = run;
  if (program.targetsAt(node).length === 0) return;
  for (const declaration of state.env.keys())
    if (ts.isPropertyDeclaration(declaration) && !isReadonly(declaration)) state.env.delete(declaration);
    else if (ts.isVariableDeclaration(declaration) && program.writes.isAssignedByInnerFunction(declaration)) state.env.delete(declaration);
}
