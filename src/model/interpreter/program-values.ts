import type { ts as TS } from 'ts-morph';
import { type AbstractEnv, type AbstractValue, toText, unknown } from './abstract-value.js';
import { bindParameters } from './bindings.js';
import { DeclaredValues } from './declared-values.js';
import { BodyInterpreter } from './body-interpreter.js';
import { classOfThis, isInstance } from './instances.js';
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
  readonly #declarations: DeclaredValues;
  readonly #declared = new Map<TS.Node, AbstractValue>();
  readonly #instances = new Map<string, AbstractValue | undefined>();
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
    this.#declarations = new DeclaredValues(
      this.writes,
      (node) => calls.constructionsOf(node),
      (expression) => this.#valueOf(expression),
    );
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
      const value = this.#declarations.valueOf(declaration);
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

  resultOf(callable: Callable, args: readonly AbstractValue[], env: AbstractEnv, self?: AbstractValue): CallResult | undefined {
    if (!isFunction(callable) || !hasBody(callable) || !this.#canDecide(callable) || callable.asteriskToken) return undefined;
    const idOf = (node: TS.Node) => this.calls.idOf(node);
    const owner = isInstance(self) ? classOfThis(callable) : undefined;
    const inScope = new Map(this.#inScope(callable, env));
    if (owner && self) inScope.set(owner, self);
    const captured = [...inScope].map(([node, value]) => `${String(idOf(node))}=${toText(value, idOf)}`).join(';');
    const key = `${String(idOf(callable))}(${args.map((value) => toText(value, idOf)).join(',')})${captured}`;
    return this.#computedOnce(this.#results, key, () => {
      const body = new BodyInterpreter(this, inScope);
      body.run(callable, args);
      const after = body.envAfter;
      const argsAfter = callable.parameters.map((parameter, index) => {
        const isAssigned = this.writes.of(parameter).assigners.size > 0;
        return (isAssigned ? args[index] : after.get(parameter)) ?? unknown;
      });
      return { returned: body.returned, args: argsAfter, self: owner && after.get(owner) };
    });
  }

  /** Returns the value of a key, computed if it is new; undefined if it is computed by means of itself, or if a limit ends the search. */
  #computedOnce<Value>(values: Map<string, Value>, key: string, compute: () => Value): Value | undefined {
    if (values.has(key)) return values.get(key);
    if (this.#inProgress.has(key) || this.#depth >= maxDepth || this.#calls >= maxCalls) return undefined;
    this.#inProgress.add(key);
    this.#depth++;
    this.#calls++;
    try {
      const value = compute();
      values.set(key, value);
      return value;
    } finally {
      this.#inProgress.delete(key);
      this.#depth--;
      if (this.#depth === 0) this.#calls = 0;
    }
  }

  instanceOf(
    owner: TS.ClassLikeDeclaration,
    args: readonly AbstractValue[],
    env: AbstractEnv,
    made: TS.ClassLikeDeclaration = owner,
  ): AbstractValue | undefined {
    const idOf = (node: TS.Node) => this.calls.idOf(node);
    const key = `new ${String(idOf(owner))} ${String(idOf(made))}(${args.map((value) => toText(value, idOf)).join(',')})`;
    return this.#computedOnce(this.#instances, key, () =>
      new BodyInterpreter(this, this.#inScope(owner, env)).construct(owner, args, made),
    );
  }

  baseOf(owner: TS.ClassLikeDeclaration): TS.ClassLikeDeclaration | undefined {
    const heritage = owner.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0]?.expression;
    const symbol = heritage && this.checker.getSymbolAtLocation(heritage);
    const base = (symbol && symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol)?.valueDeclaration;
    return base && ts.isClassLike(base) && base !== owner ? base : undefined;
  }

  gotten(object: AbstractValue, name: string): AbstractValue | undefined {
    if (!isInstance(object)) return undefined;
    const getter = this.#memberOf(object.owner, name);
    return getter && ts.isGetAccessor(getter) ? this.resultOf(getter, [], new Map(), object)?.returned : undefined;
  }

  /** Returns an object with what its getters give: a context does not keep all values that they read. */
  withGetters(value: AbstractValue): AbstractValue {
    if (!isInstance(value)) return value;
    const properties = new Map(value.properties);
    for (let owner: TS.ClassLikeDeclaration | undefined = value.owner; owner; owner = this.baseOf(owner))
      for (const member of owner.members) {
        const name = ts.isGetAccessor(member) && !isStatic(member) ? staticName(member.name) : undefined;
        const gotten = name === undefined || properties.has(name) ? undefined : this.gotten(value, name);
        if (name !== undefined && gotten?.kind === 'literal') properties.set(name, gotten);
      }
    return properties.size === value.properties.size ? value : { ...value, properties };
  }

  afterOtherCode(value: AbstractValue): AbstractValue {
    if (!isInstance(value)) return value;
    const properties = new Map([...value.properties].map(([name, field]) => [name, this.#isStable(value.owner, name) ? field : unknown]));
    return { ...value, properties };
  }

  /** Whether only constructors assign the field. */
  #isStable(owner: TS.ClassLikeDeclaration, name: string): boolean {
    const field = this.#memberOf(owner, name);
    if (!field || !(ts.isPropertyDeclaration(field) || ts.isParameter(field))) return false;
    const { assigners, isMutated } = this.writes.of(field);
    const isClosed =
      (ts.getCombinedModifierFlags(field) & (ts.ModifierFlags.Readonly | ts.ModifierFlags.Private)) !== 0 ||
      ts.isPrivateIdentifier(field.name) ||
      (ts.getCombinedModifierFlags(owner) & ts.ModifierFlags.Export) === 0;
    return isClosed && !isMutated && [...assigners].every((assigner) => assigner !== undefined && ts.isConstructorDeclaration(assigner));
  }

  #memberOf(owner: TS.ClassLikeDeclaration, name: string): TS.Declaration | undefined {
    return this.checker.getTypeAtLocation(owner).getProperty(name)?.valueDeclaration;
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

  #valueOf(expression: TS.Expression): AbstractValue {
    return this.afterOtherCode(new BodyInterpreter(this, new Map()).evaluate(expression));
  }
}

/** Whether the callable lies inside the function that declares the parameter or variable. */
export function isInScope(callable: Callable, declaration: TS.Node): boolean {
  if (ts.isPropertyDeclaration(declaration) || ts.isClassLike(declaration)) return false;
  const owner = ts.findAncestor(declaration.parent, isFunction);
  return owner !== undefined && callable !== owner && ts.findAncestor(callable, (node) => node === owner) !== undefined;
}
