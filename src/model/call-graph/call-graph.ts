import type { ts as TS } from 'ts-morph';
import { ConstantEvaluator } from './constant-evaluator.js';
import { type CallSite, newSite } from '../dataflow/call-sites.js';
import { type AbstractEnv, type AbstractValue, toBoolean, unknown } from './abstract-value.js';
import { visitReachable } from './visit-reachable.js';
import { BooleanFlags } from './boolean-flags.js';
import { isFunction, type Callable } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** A routine as it runs where something is known of its parameters: the same function with and without the bypass is two states. */
export interface CallContext {
  readonly callable: Callable;
  readonly bindings: AbstractEnv;
}

export interface CallEdge {
  readonly from: CallContext;
  readonly site: CallSite;
  readonly to: CallContext;
}

/** More states than this of one routine say that a value is counted, not that a flag is set. */
const mostStatesOfARoutine = 12;

/** Who calls whom: as written, and as it runs in a given state. */
export class CallGraph {
  readonly #sites = new Map<TS.Node, CallSite[]>();
  readonly #sitesOfRoutine = new Map<Callable, CallSite[]>();
  readonly #states = new Map<Callable, Map<string, CallContext>>();
  readonly #steps = new Map<CallContext, CallEdge[]>();
  readonly #ids = new Map<TS.Node, number>();
  readonly #evaluator: ConstantEvaluator;
  readonly #switches: BooleanFlags;

  /** `modes`: the strings that select a way in, as `direct` in `{ mode: 'direct' }`. */
  constructor(
    sites: Iterable<CallSite>,
    checker: TS.TypeChecker,
    private readonly modes: ReadonlySet<string>,
  ) {
    this.#evaluator = new ConstantEvaluator(
      checker,
      (call) => this.#sites.get(call)?.some(({ constructors }) => constructors.size > 0) ?? false,
    );
    this.#switches = new BooleanFlags(checker);
    for (const site of sites) {
      push(this.#sites, site.node, site);
      push(this.#sitesOfRoutine, site.caller, site);
    }
  }

  get callables(): Iterable<Callable> {
    return this.#sitesOfRoutine.keys();
  }

  sitesOf(callable: Callable): readonly CallSite[] {
    return this.#sitesOfRoutine.get(callable) ?? [];
  }

  /** What a call may run. */
  *targetsAt(call: TS.Node): Iterable<Callable> {
    for (const { targets } of this.#sites.get(call) ?? []) yield* targets;
  }

  /** Whatever the routine may call, whatever it was given. */
  *callees(callable: Callable): Iterable<Callable> {
    for (const site of this.sitesOf(callable)) yield* site.targets;
    yield* constructionSuccessors(callable);
  }

  /** The routine with nothing known of its parameters, or with what the call gives. */
  state(callable: Callable, bindings: AbstractEnv = new Map()): CallContext {
    const states = this.#states.get(callable) ?? new Map<string, CallContext>();
    this.#states.set(callable, states);
    const relevant = states.size < mostStatesOfARoutine ? flags(bindings, this.modes) : new Map<TS.Node, AbstractValue>();
    const key = this.#keyOf(relevant);
    const known = states.get(key) ?? { callable, bindings: relevant };
    states.set(key, known);
    return known;
  }

  /** The states that a call with these arguments enters: one for each position of a switch whose value is not known. */
  contextsFor(callable: Callable, given: readonly AbstractValue[] | undefined, outer: AbstractEnv = new Map()): CallContext[] {
    const target = ts.isClassLike(callable) ? (callable.members.find(ts.isConstructorDeclaration) ?? callable) : callable;
    const parameters = isFunction(target) ? [...target.parameters] : [];
    const bound = this.#evaluator.bindParameters(parameters, given, outer);
    const around = [...outer].filter(([declaration]) => isInside(callable, declaration.parent));
    return this.#switches.possibleValues(parameters, bound).map((bindings) => this.state(callable, new Map([...around, ...bindings])));
  }

  argumentsAt(site: CallSite, bindings: AbstractEnv): AbstractValue[] | undefined {
    return site.arguments && this.#evaluator.list(site.arguments, bindings);
  }

  /** What a condition comes to in this state; undefined where the code does not show it. */
  truthOf(condition: TS.Expression, { bindings }: CallContext): boolean | undefined {
    return toBoolean(this.#evaluator.evaluate(condition, bindings));
  }

  /** The calls that can run in this state, with the states they enter. */
  edgesFrom(from: CallContext): readonly CallEdge[] {
    const known = this.#steps.get(from);
    if (known) return known;
    const edgesFrom: CallEdge[] = [];
    const contextsFor = (site: CallSite) => {
      const given = this.argumentsAt(site, from.bindings);
      for (const target of site.targets) {
        // What code out of sight passes to a callback is not what the call was given.
        const isDirect = !site.callbacks.has(target);
        for (const to of this.contextsFor(target, isDirect ? given : undefined, from.bindings)) edgesFrom.push({ from, site, to });
      }
    };
    visitReachable(from.callable, from.bindings, this.#evaluator, (node) => this.#sites.get(node)?.forEach(contextsFor));
    for (const next of constructionSuccessors(from.callable)) {
      edgesFrom.push({ from, site: newSite(from.callable, { caller: from.callable }), to: this.state(next, from.bindings) });
    }
    this.#steps.set(from, edgesFrom);
    return edgesFrom;
  }

  #keyOf(bindings: AbstractEnv): string {
    return [...bindings]
      .map(([node, known]) => `${this.#idOf(node)}=${show(known)}`)
      .sort()
      .join(';');
  }

  #idOf(node: TS.Node): number {
    const id = this.#ids.get(node) ?? this.#ids.size;
    this.#ids.set(node, id);
    return id;
  }
}

/** Does the routine see what is declared there? */
function isInside(callable: Callable, declaring: TS.Node): boolean {
  const owner =
    ts.isParameter(declaring) || ts.isBindingElement(declaring) || ts.isObjectBindingPattern(declaring)
      ? ts.findAncestor(declaring, isFunction)
      : declaring;
  return ts.findAncestor(callable, (node) => node === owner) !== undefined;
}

/** Constructing a class runs its constructor, or that of its base. */
function* constructionSuccessors(callable: Callable): Iterable<Callable> {
  if (!ts.isClassLike(callable)) return;
  const own = callable.members.find((member) => ts.isConstructorDeclaration(member) && member.body !== undefined);
  if (own && isFunction(own)) yield own;
}

/** Only switches make states: booleans, absence and named modes, alone or in an options object. Text and numbers are data. */
function flags(bindings: AbstractEnv, modes: ReadonlySet<string>): Map<TS.Node, AbstractValue> {
  const flag = (known: AbstractValue): AbstractValue => {
    if (known.kind === 'object')
      return { ...known, properties: new Map([...known.properties].map(([name, value]) => [name, flag(value)])) };
    if (known.kind === 'unknown' || typeof known.value === 'number') return unknown;
    return typeof known.value === 'string' && !modes.has(known.value) ? unknown : known;
  };
  return new Map([...bindings].map(([node, known]) => [node, flag(known)] as const).filter(([, known]) => known !== unknown));
}

function show(known: AbstractValue): string {
  if (known.kind === 'unknown') return '?';
  if (known.kind === 'literal') return String(known.value);
  const properties = [...known.properties].map(([name, value]) => `${name}:${show(value)}`).sort();
  return `{${properties.join(',')}${known.isExact ? '' : ',…'}}`;
}

function push<Key, Item>(map: Map<Key, Item[]>, key: Key, item: Item): void {
  const list = map.get(key);
  if (list) list.push(item);
  else map.set(key, [item]);
}
