import type { ts as TS } from 'ts-morph';
import { type AbstractValue, undefinedValue, unknown, withProperty } from './abstract-value.js';
import { replaceObject } from './abstract-state.js';
import { bindParameters } from './bindings.js';
import type { Interpretation } from './interpretation.js';
import { isFunction, isStatic, staticName } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** An object that `new` made. */
export type Instance = AbstractValue & { readonly kind: 'object'; readonly owner: TS.ClassLikeDeclaration };

/** Whether the value is an object of a known class. */
export function isInstance(value: AbstractValue | undefined): value is Instance {
  return value?.kind === 'object' && value.owner !== undefined;
}

/**
 * Returns the class whose instance `this` is at the node, or inside the callable. The environment holds the instance under this class.
 * Undefined in static members and outside of classes.
 */
export function classOfThis(node: TS.Node): TS.ClassLikeDeclaration | undefined {
  for (let inner = node; !ts.isSourceFile(inner); inner = inner.parent) {
    if (ts.isClassStaticBlockDeclaration(inner)) return undefined;
    const binds = (isFunction(inner) && !ts.isArrowFunction(inner)) || ts.isPropertyDeclaration(inner);
    if (binds) return ts.isClassLike(inner.parent) && !isStatic(inner) ? inner.parent : undefined;
  }
  return undefined;
}

/** Returns the instance that `this` is at the node, if it is known. */
export function thisAt(run: Interpretation, node: TS.Node): Instance | undefined {
  const owner = classOfThis(node);
  const value = owner && run.state.env.get(owner);
  return isInstance(value) ? value : undefined;
}

/** Sets a field of the instance that `this` is, wherever a variable holds it. */
export function setFieldOfThis(run: Interpretation, owner: TS.ClassLikeDeclaration, name: string, value: AbstractValue | undefined): void {
  const before = run.state.env.get(owner);
  if (!isInstance(before)) return;
  const after = withProperty(before, name, shallow(value));
  replaceObject(run.state.env, before, after);
  run.state.env.set(owner, after);
}

/** An instance inside an instance is kept without its own instances, so that values stay small. */
function shallow(value: AbstractValue | undefined): AbstractValue | undefined {
  if (!isInstance(value)) return value;
  const properties = new Map(
    [...value.properties].map(([name, part]) => [name, isInstance(part) ? { ...part, properties: new Map() } : part]),
  );
  return { ...value, properties };
}

/** Runs the construction of an instance: the base class, the fields, the constructor. The instance is in the environment under the class. */
export function runConstruction(
  run: Interpretation,
  owner: TS.ClassLikeDeclaration,
  args: readonly AbstractValue[],
  made: TS.ClassLikeDeclaration,
  runBody: (constructor: TS.ConstructorDeclaration) => void,
): void {
  const start: Instance = { kind: 'object', properties: new Map(), isExact: false, owner: made };
  run.state.env.set(owner, start);
  const constructor = owner.members.find((member) => ts.isConstructorDeclaration(member) && member.body !== undefined);
  if (constructor && ts.isConstructorDeclaration(constructor)) {
    bindParameters(run, constructor.parameters, args);
    if (!hasBase(owner)) initialiseFields(run, owner);
    runBody(constructor);
  } else {
    if (hasBase(owner)) constructBase(run, owner, args);
    initialiseFields(run, owner);
  }
}

/** Applies `super(…)`: the instance gets the fields of the base class, then those of the class. */
export function applySuperCall(run: Interpretation, node: TS.CallExpression, args: readonly AbstractValue[] | undefined): void {
  const owner = ts.findAncestor(node, ts.isClassLike);
  if (!owner || !isInstance(run.state.env.get(owner))) return;
  constructBase(run, owner, args);
  initialiseFields(run, owner);
}

function constructBase(run: Interpretation, owner: TS.ClassLikeDeclaration, args: readonly AbstractValue[] | undefined): void {
  const made = run.state.env.get(owner);
  const base = run.program.baseOf(owner);
  const instance = base && args && isInstance(made) ? run.program.instanceOf(base, args, run.state.env, made.owner) : undefined;
  if (instance) run.state.env.set(owner, instance);
}

function initialiseFields(run: Interpretation, owner: TS.ClassLikeDeclaration): void {
  const constructor = owner.members.find((member) => ts.isConstructorDeclaration(member) && member.body !== undefined);
  const parameters = constructor && ts.isConstructorDeclaration(constructor) ? constructor.parameters : [];
  for (const parameter of parameters)
    if (ts.isParameterPropertyDeclaration(parameter, parameter.parent)) {
      const name = staticName(parameter.name);
      if (name !== undefined) setFieldOfThis(run, owner, name, run.state.env.get(parameter) ?? unknown);
    }
  for (const member of owner.members) {
    const name = ts.isPropertyDeclaration(member) && !isStatic(member) ? staticName(member.name) : undefined;
    if (!ts.isPropertyDeclaration(member) || name === undefined) continue;
    if (ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword || kind === ts.SyntaxKind.AbstractKeyword))
      continue;
    setFieldOfThis(run, owner, name, member.initializer ? run.evaluate(member.initializer) : undefinedValue);
  }
}

function hasBase(owner: TS.ClassLikeDeclaration): boolean {
  return owner.heritageClauses?.some(({ token }) => token === ts.SyntaxKind.ExtendsKeyword) ?? false;
}
