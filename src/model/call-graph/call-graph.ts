import type { ts as TS } from 'ts-morph';
import { type CallSite, createCallSite } from '../dataflow/call-sites.js';
import type { Doubt } from '../dataflow/doubt.js';
import { type AbstractEnv, type AbstractValue, join, toText, unknown } from '../interpreter/abstract-value.js';
import { BodyInterpreter } from '../interpreter/body-interpreter.js';
import { BooleanFlags } from './boolean-flags.js';
import { argumentsOfCallback } from './callback-arguments.js';
import { ContextFlags } from './context-flags.js';
import { isUnderKey } from './key-conditions.js';
import { isInScope, ProgramValues } from '../interpreter/program-values.js';
import { classOfThis, isInstance } from '../interpreter/instances.js';
import { isFunction, memberAccess, type Callable, unwrap } from '../typescript/syntax.js';
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

/** The result of interpreting a callable in one context. */
interface ContextRun {
  readonly edges: readonly CallEdge[];
  readonly truths: ReadonlyMap<TS.Node, boolean | undefined>;
  readonly arguments: ReadonlyMap<CallSite, readonly AbstractValue[] | undefined>;
}

/** Limit for the contexts of one callable. Beyond it, further contexts merge in the flags that no condition of the callable reads. */
const maxContexts = 64;

/** Limit after which a parameter is a counter, not a flag: further contexts are merged in all flags. */
const maxContextsByGuard = 256;

/**
 * Which callable calls which: as written (`callees`), and as it runs in a context (`edgesFrom`). `buildModel` creates it; the finders of
 * managers, recursions and nested acquires search it.
 */
export class CallGraph {
  readonly #sites = new Map<TS.Node, CallSite[]>();
  readonly #constructions = new Map<TS.Node, CallSite[]>();
  readonly #sitesOfCallable = new Map<Callable, CallSite[]>();
  readonly #contexts = new Map<Callable, Map<string, CallContext>>();
  readonly #contextOfBindings = new Map<AbstractEnv, CallContext>();
  /** Contexts in which flags were merged for lack of budget. */
  readonly #merged = new Set<CallContext>();
  readonly #runs = new Map<CallContext, ContextRun>();
  readonly #ids = new Map<TS.Node, number>();
  readonly #values: ProgramValues;
  readonly #booleanFlags: BooleanFlags;
  readonly #contextFlags: ContextFlags;

  /** `modes`: strings that act as flags, like `direct` in `{ mode: 'direct' }`. */
  constructor(sites: Iterable<CallSite>, checker: TS.TypeChecker, modes: ReadonlySet<string>) {
    this.#values = new ProgramValues(checker, {
      targetsAt: (call) => this.targetsAt(call),
      constructsClient: (call) => this.#sites.get(call)?.some(({ constructors }) => constructors.size > 0) ?? false,
      constructionsOf: (node) => (this.#constructions.get(node) ?? []).map((site) => site.arguments),
      idOf: (node) => this.#idOf(node),
    });
    this.#booleanFlags = new BooleanFlags(checker);
    const sitesByNode = [...sites];
    const keys = sitesByNode.flatMap(({ passedKeys }) => [...passedKeys]);
    this.#contextFlags = new ContextFlags(checker, new Set([...modes, ...keys]), () => this.#sitesOfCallable.keys());
    for (const site of sitesByNode) {
      push(this.#sites, site.node, site);
      for (const target of site.targets) if (ts.isClassLike(target)) push(this.#constructions, target, site);
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
    const all = this.#contextFlags.of(bindings);
    const known = contexts.get(this.#keyOf(all));
    if (known) return known;
    const isMerged = contexts.size >= maxContexts;
    const relevant = !isMerged
      ? all
      : contexts.size < maxContextsByGuard
        ? this.#contextFlags.ofGuards(callable, all)
        : new Map<TS.Node, AbstractValue>();
    const key = this.#keyOf(relevant);
    const context = contexts.get(key) ?? { callable, bindings: relevant };
    if (contexts.size >= maxContextsByGuard) this.#merged.add(context);
    contexts.set(key, context);
    this.#contextOfBindings.set(relevant, context);
    return context;
  }

  /**
   * Returns the contexts that a call with these arguments enters: one for each value that an unknown flag can have. `args` is undefined if
   * nothing is known about the arguments; `outer` holds the bindings of the functions around the callable.
   */
  contextsFor(
    callable: Callable,
    args: readonly AbstractValue[] | undefined,
    outer: AbstractEnv = new Map(),
    self?: AbstractValue,
  ): CallContext[] {
    const target = ts.isClassLike(callable) ? (callable.members.find(ts.isConstructorDeclaration) ?? callable) : callable;
    const parameters = isFunction(target) ? [...target.parameters] : [];
    const inScope = new Map([...outer].filter(([declaration]) => isInScope(callable, declaration)));
    const bound = this.#values.bindParameters(parameters, args, inScope);
    const owner = isInstance(self) ? classOfThis(callable) : undefined;
    const withThis = owner && self ? new Map([...bound, [owner, this.#values.withGetters(self)] as const]) : bound;
    return this.#booleanFlags.possibleValues(target, parameters, withThis).map((bindings) => this.contextOf(callable, bindings));
  }

  /** Returns the values of the arguments of a call; undefined if the number of arguments is unknown. */
  argumentsAt(site: CallSite, bindings: AbstractEnv): AbstractValue[] | undefined {
    const context = this.#contextOfBindings.get(bindings) ?? this.contextOf(site.caller, bindings);
    return this.#runOf(context).arguments.get(site)?.map(withoutOpaque);
  }

  /** Returns the value of a condition in a context; undefined if the code does not show it. */
  truthOf(condition: TS.Expression, context: CallContext): boolean | undefined {
    return this.#runOf(context).truths.get(condition);
  }

  /** Returns the calls that can run in a context, with the contexts they enter. */
  edgesFrom(from: CallContext): readonly CallEdge[] {
    return this.#runOf(from).edges;
  }

  #runOf(from: CallContext): ContextRun {
    const known = this.#runs.get(from);
    if (known) return known;
    const edges = new Map<CallSite, Map<CallContext, CallEdge>>();
    const args = new Map<CallSite, AbstractValue[] | undefined>();
    const addEdge = (site: CallSite, to: CallContext, doubt: Doubt | undefined): void => {
      const ofSite = edges.get(site) ?? new Map<CallContext, CallEdge>();
      edges.set(site, ofSite);
      const earlier = ofSite.get(to);
      const budget: Doubt | undefined = this.#merged.has(to) ? { kind: 'budget', node: to.callable } : undefined;
      if (earlier === undefined || earlier.doubt !== undefined) ofSite.set(to, { from, site, to, doubt: doubt ?? budget });
    };
    const body: BodyInterpreter = new BodyInterpreter(this.#values, from.bindings, (node, point) => {
      for (const site of this.#sites.get(node) ?? []) {
        const callee = ts.isCallExpression(node) ? point.valueOf(node.expression) : undefined;
        const closure = callee?.kind === 'closure' ? callee : undefined;
        const access = ts.isCallExpression(node) ? memberAccess(unwrap(node.expression)) : undefined;
        const receiver = access && point.valueOf(unwrap(access.object));
        const only = closure && site.targets.has(closure.node) ? closure : undefined;
        const written = site.arguments && point.argumentsOf(site.arguments);
        const passed = written && [...(only?.bound ?? []), ...written].map((value) => this.#values.withGetters(value));
        args.set(site, args.has(site) ? joinArguments(args.get(site), passed) : passed);
        for (const target of site.targets) {
          const isCallback = site.callbacks.has(target);
          if (!isUnderKey(site.keys.get(target), site.caller, point.state.env)) continue;
          if (!isCallback && ((only?.node ?? target) !== target || !this.#values.canRun(target, receiver))) continue;
          // Code outside the slice calls a callback with arguments of its own.
          const given = isCallback ? argumentsOfCallback(node, target, point) : passed;
          const outer = only?.node === target ? new Map([...point.state.env, ...only.env]) : point.state.env;
          const isInline = ts.isArrowFunction(target) && ts.findAncestor(target, (inner) => inner === from.callable) !== undefined;
          const self = isInline ? point.thisAt(target) : receiver;
          for (const context of this.contextsFor(target, given, outer, self)) addEdge(site, context, point.state.doubt);
        }
      }
    });
    body.run(from.callable);
    for (const next of constructionSuccessors(from.callable))
      addEdge(createCallSite(from.callable, { caller: from.callable }), this.contextOf(next, from.bindings), undefined);
    const run: ContextRun = { edges: [...edges.values()].flatMap((ofSite) => [...ofSite.values()]), truths: body.truths, arguments: args };
    this.#runs.set(from, run);
    return run;
  }

  #keyOf(bindings: AbstractEnv): string {
    return [...bindings]
      .map(([node, value]) => `${String(this.#idOf(node))}=${toText(value, (inner) => this.#idOf(inner))}`)
      .sort()
      .join(';');
  }

  #idOf(node: TS.Node): number {
    const id = this.#ids.get(node) ?? this.#ids.size;
    this.#ids.set(node, id);
    return id;
  }
}

/** The constructor that constructing a class runs. The call graph reaches that of a base class by the `extends` clause. */
function* constructionSuccessors(callable: Callable): Iterable<Callable> {
  if (!ts.isClassLike(callable)) return;
  const own = callable.members.find((member) => ts.isConstructorDeclaration(member) && member.body !== undefined);
  if (own && isFunction(own)) yield own;
}

function joinArguments(
  one: readonly AbstractValue[] | undefined,
  other: readonly AbstractValue[] | undefined,
): AbstractValue[] | undefined {
  if (one === undefined || other?.length !== one.length) return undefined;
  return one.map((value, index) => join(value, other[index] ?? unknown));
}

/** The value without the reason why it is unknown. */
function withoutOpaque(value: AbstractValue): AbstractValue {
  if (value.kind === 'opaque') return unknown;
  if (value.kind !== 'object') return value;
  return { ...value, properties: new Map([...value.properties].map(([name, property]) => [name, withoutOpaque(property)])) };
}

function push<Key, Item>(map: Map<Key, Item[]>, key: Key, item: Item): void {
  const list = map.get(key);
  if (list) list.push(item);
  else map.set(key, [item]);
}
