import type { ts as TS } from 'ts-morph';
import { changeObject } from './assignments.js';
import { type AbstractValue, isNullish, join, propertyValue, truthy, undefinedValue, unknown, withUnknownWrite } from './abstract-value.js';
import { type BuiltinResult, builtinResult } from './builtin-functions.js';
import { applySuperCall, isInstance, thisAt } from './instances.js';
import type { CallResult, Interpretation } from './interpretation.js';
import { libraryResult } from './library-functions.js';
import { evaluateElement } from './literals.js';
import { isModuleVariable, isReadonly } from './members.js';
import { unmodelledResult } from './unmodelled.js';
import { type Callable, memberAccess, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Limit for the targets of a call whose results are joined. */
const maxTargets = 4;

/** Returns the result of a call or a construction, and applies what it changes. */
export function evaluateCall(run: Interpretation, node: TS.CallExpression | TS.NewExpression): AbstractValue {
  const callee = run.evaluate(node.expression);
  for (const argument of node.arguments ?? []) evaluateElement(run, argument);
  if (ts.isNewExpression(node)) return (forgetShared(run, node), instanceOf(run, node));
  if (node.expression.kind === ts.SyntaxKind.SuperKeyword) applySuperCall(run, node, evaluateArguments(run, node.arguments));
  if (run.program.constructsClient(node)) return (forgetShared(run, node), truthy);
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
  const receiver = receiverOf(run, node);
  const targets = (callee.kind === 'closure' ? [callee.node] : run.program.targetsAt(node)).filter((target) =>
    run.program.canRun(target, receiver),
  );
  const results =
    args && targets.length <= maxTargets ? targets.map((target) => interpretCall(run, node, target, callee, args)) : [undefined];
  forgetShared(run, node);
  if (isInstance(receiver) && targets.length > 0) applyToReceiver(run, node, receiver, results);
  if (results.length === 0 || results.some((result) => result === undefined))
    return unmodelledResult(node, targets.length > 0 ? (args ?? []) : [...(args ?? []), receiverOf(run, node)]);
  return results.map((result) => result?.returned ?? unknown).reduce(join);
}

/** The object that `new` makes, with its class if that is known. */
function instanceOf(run: Interpretation, node: TS.NewExpression): AbstractValue {
  const [target, ...others] = run.program.targetsAt(node);
  const owner = target && ts.isClassLike(target) && others.length === 0 ? target : undefined;
  if (!owner || run.program.constructsClient(node)) return truthy;
  const args = evaluateArguments(run, node.arguments ?? []);
  return (args && run.program.instanceOf(owner, args, run.state.env)) ?? { kind: 'object', properties: new Map(), isExact: false, owner };
}

/** A call of a library function that is well known. */
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
): CallResult | undefined {
  const { env } = run.state;
  const inner = callee.kind === 'closure' && callee.node === target ? new Map([...env, ...callee.env]) : env;
  const bound = callee.kind === 'closure' ? (callee.bound ?? []) : [];
  const self = ts.isArrowFunction(target) ? thisAt(run, node) : receiverOf(run, node);
  const result = run.program.resultOf(target, [...bound, ...args], inner, self);
  if (!result) return undefined;
  for (const [index, argument] of node.arguments.entries()) {
    const [before, after] = [args[index], result.args[bound.length + index]];
    if (!ts.isSpreadElement(argument) && before?.kind === 'object' && after && after !== before) changeObject(run, argument, before, after);
  }
  return result;
}

/** Applies what a method changes of its object. */
function applyToReceiver(
  run: Interpretation,
  node: TS.CallExpression,
  receiver: AbstractValue,
  results: readonly (CallResult | undefined)[],
): void {
  const access = memberAccess(unwrap(node.expression));
  const ends = results.map((result) => (result ? (result.self ?? receiver) : withUnknownFields(receiver, node)));
  const [first, ...others] = ends;
  const after = first && others.reduce(join, first);
  if (access && after && after !== receiver) changeObject(run, access.object, receiver, after);
}

/** A method that is not interpreted may change each field. */
function withUnknownFields(receiver: AbstractValue, node: TS.Node): AbstractValue {
  const changed = withUnknownWrite(receiver, node);
  return isInstance(receiver) && changed.kind === 'object' ? { ...changed, owner: receiver.owner } : changed;
}

/** Other code may run while the function waits: it may assign the flags of the module. */
export function forgetModuleFlags({ program, state }: Interpretation): void {
  for (const [declaration, value] of state.env)
    if (value.kind === 'literal' && isModuleVariable(declaration) && program.writes.isAssignedByInnerFunction(declaration))
      state.env.delete(declaration);
}

/** A call may assign fields, and variables outside of the function. */
function forgetShared(run: Interpretation, node: TS.Node): void {
  const { program, state } = run;
  if (program.targetsAt(node).length === 0) return;
  const files = new Set(program.targetsAt(node).map((target) => target.getSourceFile()));
  for (const [declaration, value] of state.env)
    if (ts.isClassLike(declaration)) {
      // Code of the same file may call the object under another name.
      if (files.has(declaration.getSourceFile())) state.env.set(declaration, program.afterOtherCode(value));
    } else if (ts.isPropertyDeclaration(declaration) && !isReadonly(declaration)) state.env.delete(declaration);
    else if (ts.isVariableDeclaration(declaration) && program.writes.isAssignedByInnerFunction(declaration)) state.env.delete(declaration);
}
