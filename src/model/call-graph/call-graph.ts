import type { ts as TS } from 'ts-morph';
import { ConstantEvaluator } from './constant-evaluator.js';
import { type CallSite, createCallSite } from '../dataflow/call-sites.js';
import { type AbstractEnv, type AbstractValue, toBoolean, unknown } from './abstract-value.js';
import { visitReachable } from './visit-reachable.js';
import type { Doubt } from '../dataflow/doubt.js';
import { BooleanFlags } from './boolean-flags.js';
import { isFunction, type Callable } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** A callable together with what is known about its parameters: the same function with and without the bypass has two contexts. */
export interface CallContext {
  readonly callable: Callable;
  /** Known values of flags, by declaration. */
  readonly bindings: AbstractEnv;
}

/** A call that can run in one context, and a context that it enters. */
export interface CallEdge {
  readonly from: CallContext;
  readonly site: CallSite;
  readonly to: CallContext;
  /** Undefined if the call runs for some input. Otherwise the reason why the code may never run it. */
  readonly doubt: Doubt | undefined;
}

/** Limit for the contexts of one callable: beyond it the parameter is a counter, not a flag, and further contexts are merged. */
const maxContexts = 12;

/**
 * Which callable calls which: as written (`callees`), and as it runs in a context (`edgesFrom`). `buildModel` creates it; the finders of
 * managers, recursions and nested acquires search it.
 */
export class CallGraph {
  readonly #sites = new Map<TS.Node, CallSite[]>();
  readonly #sitesOfCallable = new Map<Callable, CallSite[]>();
  readonly #contexts = new Map<Callable, Map<string, CallContext>>();
  readonly #edges = new Map<CallContext, CallEdge[]>();
  readonly #ids = new Map<TS.Node, number>();
  readonly #evaluator: ConstantEvaluator;
  readonly #booleanFlags: BooleanFlags;

  /** `modes`: strings that act as flags, like `direct` in `{ mode: 'direct' }`. */
  constructor(
    sites: Iterable<CallSite>,
    checker: TS.TypeChecker,
    private readonly modes: ReadonlySet<string>,
  ) {
    this.#evaluator = new ConstantEvaluator(
      checker,
      (call) => this.#sites.get(call)?.some(({ constructors }) => constructors.size > 0) ?? false,
    );
    this.#booleanFlags = new BooleanFlags(checker);
    for (const site of sites) {
      push(this.#sites, site.node, site);
      push(this.#sitesOfCallable, site.caller, site);
    }
  }

  /** The callables that contain a call. */
  get callables(): Iterable<Callable> {
    return this.#sitesOfCallable.keys();
  }

  /** Returns the calls in a callable. */
  sitesOf(callable: Callable): readonly CallSite[] {
    return this.#sitesOfCallable.get(callable) ?? [];
  }

  /** Returns the callables that the call can run. */
  *targetsAt(call: TS.Node): Iterable<Callable> {
    for (const { targets } of this.#sites.get(call) ?? []) yield* targets;
  }

  /** Returns the callables that the callable can call in any context. */
  *callees(callable: Callable): Iterable<Callable> {
    for (const site of this.sitesOf(callable)) yield* site.targets;
    yield* constructionSuccessors(callable);
  }

  /** Returns the context of a callable under these bindings. Default: nothing is known about its parameters. */
  contextOf(callable: Callable, bindings: AbstractEnv = new Map()): CallContext {
    const contexts = this.#contexts.get(callable) ?? new Map<string, CallContext>();
    this.#contexts.set(callable, contexts);
    const relevant = contexts.size < maxContexts ? flagsIn(bindings, this.modes) : new Map<TS.Node, AbstractValue>();
    const key = this.#keyOf(relevant);
    const context = contexts.get(key) ?? { callable, bindings: relevant };
    contexts.set(key, context);
    return context;
  }

  /**
   * Returns the contexts that a call with these arguments enters: one for each value that an unknown flag can have. `args` is undefined if
   * nothing is known about the arguments; `outer` holds the bindings of the functions around the callable.
   */
  contextsFor(callable: Callable, args: readonly AbstractValue[] | undefined, outer: AbstractEnv = new Map()): CallContext[] {
    const target = ts.isClassLike(callable) ? (callable.members.find(ts.isConstructorDeclaration) ?? callable) : callable;
    const parameters = isFunction(target) ? [...target.parameters] : [];
    const bound = this.#evaluator.bindParameters(parameters, args, outer);
    const inScope = [...outer].filter(([declaration]) => isInside(callable, declaration.parent));
    return this.#booleanFlags
      .possibleValues(parameters, bound)
      .map((bindings) => this.contextOf(callable, new Map([...inScope, ...bindings])));
  }

  /** Returns the values of the arguments of a call; undefined if the number of arguments is unknown. */
  argumentsAt(site: CallSite, bindings: AbstractEnv): AbstractValue[] | undefined {
    return site.arguments && this.#evaluator.evaluateArguments(site.arguments, bindings);
  }

  /** Returns the value of a condition in a context; undefined if the code does not show it. */
  truthOf(condition: TS.Expression, { bindings }: CallContext): boolean | undefined {
    return toBoolean(this.#evaluator.evaluate(condition, bindings));
  }

  /** Returns the calls that can run in a context, with the contexts they enter. */
  edgesFrom(from: CallContext): readonly CallEdge[] {
    const cached = this.#edges.get(from);
    if (cached) return cached;
    const edges: CallEdge[] = [];
    const addEdges = (site: CallSite) => {
      const args = this.argumentsAt(site, from.bindings);
      for (const target of site.targets) {
        // Code outside the slice calls a callback with arguments of its own.
        const isDirect = !site.callbacks.has(target);
        for (const to of this.contextsFor(target, isDirect ? args : undefined, from.bindings))
          edges.push({ from, site, to, doubt: site.doubts.get(target) });
      }
    };
    visitReachable(from.callable, from.bindings, this.#evaluator, (node) => this.#sites.get(node)?.forEach(addEdges));
    for (const next of constructionSuccessors(from.callable)) {
      edges.push({
        from,
        site: createCallSite(from.callable, { caller: from.callable }),
        to: this.contextOf(next, from.bindings),
        doubt: undefined,
      });
    }
    this.#edges.set(from, edges);
    return edges;
  }

  #keyOf(bindings: AbstractEnv): string {
    return [...bindings]
      .map(([node, value]) => `${this.#idOf(node)}=${toText(value)}`)
      .sort()
      .join(';');
  }

  #idOf(node: TS.Node): number {
    const id = this.#ids.get(node) ?? this.#ids.size;
    this.#ids.set(node, id);
    return id;
  }
}

/** Whether the callable lies in the scope of a declaration. */
function isInside(callable: Callable, declaring: TS.Node): boolean {
  const owner =
    ts.isParameter(declaring) || ts.isBindingElement(declaring) || ts.isObjectBindingPattern(declaring)
      ? ts.findAncestor(declaring, isFunction)
      : declaring;
  return ts.findAncestor(callable, (node) => node === owner) !== undefined;
}

/** The constructor that constructing a class runs. The call graph reaches that of a base class by the `extends` clause. */
function* constructionSuccessors(callable: Callable): Iterable<Callable> {
  if (!ts.isClassLike(callable)) return;
  const own = callable.members.find((member) => ts.isConstructorDeclaration(member) && member.body !== undefined);
  if (own && isFunction(own)) yield own;
}

/** The bindings by which contexts differ: booleans, absence and modes, alone or in an options object. Other strings and numbers are data. */
function flagsIn(bindings: AbstractEnv, modes: ReadonlySet<string>): Map<TS.Node, AbstractValue> {
  const withoutData = (value: AbstractValue): AbstractValue => {
    if (value.kind === 'object')
      return { ...value, properties: new Map([...value.properties].map(([name, property]) => [name, withoutData(property)])) };
    if (value.kind === 'unknown' || typeof value.value === 'number') return unknown;
    return typeof value.value === 'string' && !modes.has(value.value) ? unknown : value;
  };
  return new Map([...bindings].map(([node, value]) => [node, withoutData(value)] as const).filter(([, value]) => value !== unknown));
}

function toText(value: AbstractValue): string {
  if (value.kind === 'unknown') return '?';
  if (value.kind === 'literal') return String(value.value);
  const properties = [...value.properties].map(([name, property]) => `${name}:${toText(property)}`).sort();
  return `{${properties.join(',')}${value.isExact ? '' : ',…'}}`;
}

function push<Key, Item>(map: Map<Key, Item[]>, key: Key, item: Item): void {
  const list = map.get(key);
  if (list) list.push(item);
  else map.set(key, [item]);
}
