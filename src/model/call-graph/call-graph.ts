import type { ts as TS } from 'ts-morph';
import { Evaluator } from './constant-evaluator.js';
import { type CallSite, newSite } from '../dataflow/call-sites.js';
import { type Bindings, type Known, truthOf, unknown } from './abstract-value.js';
import { visitReachable } from './visit-reachable.js';
import { Switches } from './boolean-flags.js';
import { isFunction, type Routine } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** A routine as it runs where something is known of its parameters: the same function with and without the bypass is two states. */
export interface State {
  readonly routine: Routine;
  readonly bindings: Bindings;
}

export interface Step {
  readonly from: State;
  readonly site: CallSite;
  readonly to: State;
}

/** More states than this of one routine say that a value is counted, not that a flag is set. */
const mostStatesOfARoutine = 12;

/** Who calls whom: as written, and as it runs in a given state. */
export class CallGraph {
  readonly #sites = new Map<TS.Node, CallSite[]>();
  readonly #sitesOfRoutine = new Map<Routine, CallSite[]>();
  readonly #states = new Map<Routine, Map<string, State>>();
  readonly #steps = new Map<State, Step[]>();
  readonly #ids = new Map<TS.Node, number>();
  readonly #evaluator: Evaluator;
  readonly #switches: Switches;

  /** `modes`: the strings that select a way in, as `direct` in `{ mode: 'direct' }`. */
  constructor(
    sites: Iterable<CallSite>,
    checker: TS.TypeChecker,
    private readonly modes: ReadonlySet<string>,
  ) {
    this.#evaluator = new Evaluator(checker, (call) => this.#sites.get(call)?.some(({ constructors }) => constructors.size > 0) ?? false);
    this.#switches = new Switches(checker);
    for (const site of sites) {
      push(this.#sites, site.node, site);
      push(this.#sitesOfRoutine, site.caller, site);
    }
  }

  get routines(): Iterable<Routine> {
    return this.#sitesOfRoutine.keys();
  }

  sitesOf(routine: Routine): readonly CallSite[] {
    return this.#sitesOfRoutine.get(routine) ?? [];
  }

  /** What a call may run. */
  *targetsAt(call: TS.Node): Iterable<Routine> {
    for (const { targets } of this.#sites.get(call) ?? []) yield* targets;
  }

  /** Whatever the routine may call, whatever it was given. */
  *callees(routine: Routine): Iterable<Routine> {
    for (const site of this.sitesOf(routine)) yield* site.targets;
    yield* constructionSuccessors(routine);
  }

  /** The routine with nothing known of its parameters, or with what the call gives. */
  state(routine: Routine, bindings: Bindings = new Map()): State {
    const states = this.#states.get(routine) ?? new Map<string, State>();
    this.#states.set(routine, states);
    const relevant = states.size < mostStatesOfARoutine ? flags(bindings, this.modes) : new Map<TS.Node, Known>();
    const key = this.#keyOf(relevant);
    const known = states.get(key) ?? { routine, bindings: relevant };
    states.set(key, known);
    return known;
  }

  /** The states that a call with these arguments enters: one for each position of a switch whose value is not known. */
  enter(routine: Routine, given: readonly Known[] | undefined, outer: Bindings = new Map()): State[] {
    const target = ts.isClassLike(routine) ? (routine.members.find(ts.isConstructorDeclaration) ?? routine) : routine;
    const parameters = isFunction(target) ? [...target.parameters] : [];
    const bound = this.#evaluator.bindParameters(parameters, given, outer);
    const around = [...outer].filter(([declaration]) => isInside(routine, declaration.parent));
    return this.#switches.positions(parameters, bound).map((bindings) => this.state(routine, new Map([...around, ...bindings])));
  }

  argumentsAt(site: CallSite, bindings: Bindings): Known[] | undefined {
    return site.arguments && this.#evaluator.list(site.arguments, bindings);
  }

  /** What a condition comes to in this state; undefined where the code does not show it. */
  truthOf(condition: TS.Expression, { bindings }: State): boolean | undefined {
    return truthOf(this.#evaluator.evaluate(condition, bindings));
  }

  /** The calls that can run in this state, with the states they enter. */
  steps(from: State): readonly Step[] {
    const known = this.#steps.get(from);
    if (known) return known;
    const steps: Step[] = [];
    const enter = (site: CallSite) => {
      const given = this.argumentsAt(site, from.bindings);
      for (const target of site.targets) {
        // What code out of sight passes to a callback is not what the call was given.
        const isDirect = !site.callbacks.has(target);
        for (const to of this.enter(target, isDirect ? given : undefined, from.bindings)) steps.push({ from, site, to });
      }
    };
    visitReachable(from.routine, from.bindings, this.#evaluator, (node) => this.#sites.get(node)?.forEach(enter));
    for (const next of constructionSuccessors(from.routine)) {
      steps.push({ from, site: newSite(from.routine, { caller: from.routine }), to: this.state(next, from.bindings) });
    }
    this.#steps.set(from, steps);
    return steps;
  }

  #keyOf(bindings: Bindings): string {
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
function isInside(routine: Routine, declaring: TS.Node): boolean {
  const owner =
    ts.isParameter(declaring) || ts.isBindingElement(declaring) || ts.isObjectBindingPattern(declaring)
      ? ts.findAncestor(declaring, isFunction)
      : declaring;
  return ts.findAncestor(routine, (node) => node === owner) !== undefined;
}

/** Constructing a class runs its constructor, or that of its base. */
function* constructionSuccessors(routine: Routine): Iterable<Routine> {
  if (!ts.isClassLike(routine)) return;
  const own = routine.members.find((member) => ts.isConstructorDeclaration(member) && member.body !== undefined);
  if (own && isFunction(own)) yield own;
}

/** Only switches make states: booleans, absence and named modes, alone or in an options object. Text and numbers are data. */
function flags(bindings: Bindings, modes: ReadonlySet<string>): Map<TS.Node, Known> {
  const flag = (known: Known): Known => {
    if (known.kind === 'object')
      return { ...known, properties: new Map([...known.properties].map(([name, value]) => [name, flag(value)])) };
    if (known.kind === 'unknown' || typeof known.value === 'number') return unknown;
    return typeof known.value === 'string' && !modes.has(known.value) ? unknown : known;
  };
  return new Map([...bindings].map(([node, known]) => [node, flag(known)] as const).filter(([, known]) => known !== unknown));
}

function show(known: Known): string {
  if (known.kind === 'unknown') return '?';
  if (known.kind === 'literal') return String(known.value);
  const properties = [...known.properties].map(([name, value]) => `${name}:${show(value)}`).sort();
  return `{${properties.join(',')}${known.isWhole ? '' : ',…'}}`;
}

function push<Key, Item>(map: Map<Key, Item[]>, key: Key, item: Item): void {
  const list = map.get(key);
  if (list) list.push(item);
  else map.set(key, [item]);
}
