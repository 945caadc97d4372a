import type { ts as TS } from 'ts-morph';
import { type AbstractEnv, type AbstractValue, isUnknown, join, propertyValue, toText, undefinedValue, unknown } from './abstract-value.js';
import { bindParameters } from './bindings.js';
import { BodyInterpreter } from './body-interpreter.js';
import type { CallResult, ProgramFacts } from './interpretation.js';
import { WriteIndex } from './variable-writes.js';
import { hasBody, isFunction, isStatic, staticName, type Callable } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** The calls of a call graph, as the interpreter needs them. */
export interface ProgramCalls {
  targetsAt(call: TS.Node): Iterable<Callable>;
  constructsClient(call: TS.Node): boolean;
  /** Returns the arguments of each construction of a class; undefined for a construction with unknown arguments. */
  constructionsOf(node: TS.Node): readonly (readonly TS.Expression[] | undefined)[];
  idOf(node: TS.Node): number;
}

/** A call inside an interpreted call inside …: deeper calls are not interpreted. */
const maxDepth = 5;

/** Limit for the interpreted calls that one call needs. */
const maxCalls = 60;

/** The values of declarations and the results of functions, each computed once. `CallGraph` creates it for its interpreters. */
export class ProgramValues implements ProgramFacts {
  readonly writes: WriteIndex;
  readonly #declared = new Map<TS.Node, AbstractValue>();
  readonly #results = new Map<string, CallResult | undefined>();
  /** Declarations under evaluation: a constant may be declared by means of itself. */
  readonly #inProgress = new Set<unknown>();
  #depth = 0;
  #calls = 0;

  constructor(
    readonly checker: TS.TypeChecker,
    private readonly calls: ProgramCalls,
  ) {
    this.writes = new WriteIndex(checker);
  }

  targetsAt(call: TS.Node): readonly Callable[] {
    return [...this.calls.targetsAt(call)];
  }

  constructsClient(call: TS.Node): boolean {
    return this.calls.constructsClient(call);
  }

  declaredValue(declaration: TS.Declaration): AbstractValue {
    const known = this.#declared.get(declaration);
    if (known) return known;
    if (this.#inProgress.has(declaration)) return unknown;
    this.#inProgress.add(declaration);
    try {
      const value = this.#declaredValue(declaration);
      this.#declared.set(declaration, value);
      return value;
    } finally {
      this.#inProgress.delete(declaration);
    }
  }

  /** Returns the values of parameters, and of the names that are destructured from them, for a call with these arguments. */
  bindParameters(
    parameters: readonly TS.ParameterDeclaration[],
    args: readonly AbstractValue[] | undefined,
    outer: AbstractEnv,
  ): AbstractEnv {
    const body = new BodyInterpreter(this, outer);
    bindParameters(body, parameters, args);
    return body.env;
  }

  resultOf(callable: Callable, args: readonly AbstractValue[], env: AbstractEnv): CallResult | undefined {
    if (!isFunction(callable) || !hasBody(callable) || !this.#canDecide(callable) || callable.asteriskToken) return undefined;
    const idOf = (node: TS.Node) => this.calls.idOf(node);
    const inScope = this.#inScope(callable, env);
    const captured = [...inScope].map(([node, value]) => `${String(idOf(node))}=${toText(value, idOf)}`).join(';');
    const key = `${String(idOf(callable))}(${args.map((value) => toText(value, idOf)).join(',')})${captured}`;
    if (this.#results.has(key)) return this.#results.get(key);
    if (this.#inProgress.has(key) || this.#depth >= maxDepth || this.#calls >= maxCalls) return undefined;
    this.#inProgress.add(key);
    this.#depth++;
    this.#calls++;
    try {
      const body = new BodyInterpreter(this, inScope);
      body.run(callable, args);
      const after = body.envAfter;
      const argsAfter = callable.parameters.map((parameter, index) => {
        const isAssigned = this.writes.of(parameter).assigners.size > 0;
        return (isAssigned ? args[index] : after.get(parameter)) ?? unknown;
      });
      const result = { returned: body.returned, args: argsAfter };
      this.#results.set(key, result);
      return result;
    } finally {
      this.#inProgress.delete(key);
      this.#depth--;
      if (this.#depth === 0) this.#calls = 0;
    }
  }

  /** Whether a method call on this object can run the callable: of an object whose class is known, only the method of this class. */
  canRun(callable: Callable, receiver: AbstractValue | undefined): boolean {
    const owner = receiver?.kind === 'object' ? receiver.owner : undefined;
    if (!owner || !ts.isMethodDeclaration(callable) || !ts.isClassLike(callable.parent)) return true;
    const name = staticName(callable.name);
    const member = name === undefined ? undefined : this.checker.getTypeAtLocation(owner).getProperty(name)?.valueDeclaration;
    return !member || !ts.isMethodDeclaration(member) || member === callable;
  }

  /** The values of the variables around a callable. */
  #inScope(callable: Callable, env: AbstractEnv): AbstractEnv {
    return new Map([...env].filter(([declaration]) => isInScope(callable, declaration)));
  }

  /** Whether the result of the function can decide a condition, or the function can change its arguments. */
  #canDecide(callable: TS.FunctionLikeDeclaration): boolean {
    return callable.body !== undefined && !ts.isConstructorDeclaration(callable);
  }

  #declaredValue(declaration: TS.Declaration): AbstractValue {
    if (isFunction(declaration)) return { kind: 'closure', node: declaration, env: new Map() };
    if (ts.isClassDeclaration(declaration)) return { kind: 'closure', node: declaration, env: new Map() };
    if (ts.isExportAssignment(declaration)) return this.#valueOf(declaration.expression);
    if (ts.isBindingElement(declaration)) return this.#element(declaration);
    if (ts.isPropertyDeclaration(declaration)) return this.#field(declaration);
    if (ts.isParameter(declaration)) return this.#constructorParameter(declaration);
    if (!ts.isVariableDeclaration(declaration) || !declaration.initializer) return unknown;
    const { assigners, isMutated } = this.writes.of(declaration);
    if (assigners.size > 0) return unknown;
    const value = this.#valueOf(declaration.initializer);
    return isMutated ? { kind: 'opaque', node: declaration } : value;
  }

  /** The parameter of a constructor has one value if all constructions of the class agree. */
  #constructorParameter(parameter: TS.ParameterDeclaration): AbstractValue {
    const { parent } = parameter;
    const isReadonly = (ts.getCombinedModifierFlags(parameter) & (ts.ModifierFlags.Readonly | ts.ModifierFlags.Private)) !== 0;
    const { assigners, isMutated } = this.writes.of(parameter);
    if (!ts.isConstructorDeclaration(parent) || parameter.dotDotDotToken || assigners.size > 0 || isMutated) return unknown;
    if (ts.isParameterPropertyDeclaration(parameter, parent) && !isReadonly) return unknown;
    const index = parent.parameters.indexOf(parameter);
    const [first, ...others] = this.calls.constructionsOf(parent.parent).map((args): AbstractValue => {
      if (args === undefined || args.slice(0, index + 1).some(ts.isSpreadElement)) return unknown;
      const argument = args[index] ?? parameter.initializer;
      return argument ? this.#valueOf(argument) : undefinedValue;
    });
    return first === undefined ? unknown : others.reduce(join, first);
  }

  #element(element: TS.BindingElement): AbstractValue {
    const owner = element.parent.parent;
    const key = staticName(element.propertyName ?? element.name);
    if (!ts.isObjectBindingPattern(element.parent) || key === undefined || element.dotDotDotToken) return unknown;
    if (!ts.isVariableDeclaration(owner) || !owner.initializer || this.writes.of(element).assigners.size > 0) return unknown;
    const value = propertyValue(this.#valueOf(owner.initializer), key);
    const isMissing = value.kind === 'literal' && value.value === undefined;
    return isMissing && element.initializer ? this.#valueOf(element.initializer) : value;
  }

  /** A field has one value if only its initialiser, or one statement of the constructor, assigns it. */
  #field(declaration: TS.PropertyDeclaration): AbstractValue {
    const { assigners, values, isMutated } = this.writes.of(declaration);
    const isClosed =
      (ts.getCombinedModifierFlags(declaration) & (ts.ModifierFlags.Readonly | ts.ModifierFlags.Private)) !== 0 ||
      ts.isPrivateIdentifier(declaration.name) ||
      isStatic(declaration);
    const sources = [...(declaration.initializer ? [declaration.initializer] : []), ...values];
    const [source] = sources;
    const isByConstructor = [...assigners].every((assigner) => assigner !== undefined && ts.isConstructorDeclaration(assigner));
    if (!source || sources.length > 1 || !isByConstructor || !isClosed) return unknown;
    const value = this.#valueOf(source);
    return isMutated && !isUnknown(value) ? { kind: 'opaque', node: declaration } : value;
  }

  #valueOf(expression: TS.Expression): AbstractValue {
    return new BodyInterpreter(this, new Map()).evaluate(expression);
  }
}

/** Whether the callable lies inside the function that declares the parameter or variable. */
export function isInScope(callable: Callable, declaration: TS.Node): boolean {
  if (ts.isPropertyDeclaration(declaration)) return false;
  const owner = ts.findAncestor(declaration.parent, isFunction);
  return owner !== undefined && callable !== owner && ts.findAncestor(callable, (node) => node === owner) !== undefined;
}
