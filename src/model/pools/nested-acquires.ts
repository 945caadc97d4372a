import type { ts as TS } from 'ts-morph';
import type { CallContext, CallEdge, CallGraph } from '../call-graph/call-graph.js';
import type { CallSite } from '../dataflow/call-sites.js';
import { callbackTime, waitsForCallbacks } from '../dataflow/library-calls.js';
import { isCall } from '../dataflow/normalize-call.js';
import { settledPromise } from '../dataflow/settled-promise.js';
import { type Callable, callableOf, isFunction, memberAccess, spanOf, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { isDecidedAgainst } from './decided-paths.js';
import { HeldGuards } from './held-guards.js';
import { type HeldLease, HeldLeases, isInside } from './held-leases.js';
import { LeaseArguments } from './lease-arguments.js';
import { isMemoised } from './lease-memo.js';
import { OwnedPools, ownFieldOf } from './owned-pools.js';
import { type Place, Places } from './places.js';
import { mayBeSamePool, type Pool } from './pool.js';
import type { Acquisition } from './pool-acquisitions.js';
import { type CallPath, isCovered, type Step } from './search-step.js';
import { ValueDestinations } from './value-destinations.js';

/** An acquisition from a bounded pool while a lease of the same pool is held. */
export interface NestedAcquire {
  readonly first: Acquisition;
  /** The calls from the first acquisition to the second, both included, each with the callable that runs it. */
  readonly steps: CallPath;
}

/** Returns the nested acquisitions, sorted by position, the shortest for each call. The model's `nestedAcquires` calls it. */
export function findNestedAcquires(sites: readonly CallSite[], graph: CallGraph, checker: TS.TypeChecker): NestedAcquire[] {
  const search = new NestedAcquireSearch(sites, graph, new Places(checker));
  return search.run();
}

/** Whether each call of a function makes a pool of its own: a variable in it holds the pool. */
function makesPool(callable: Callable, { kind, instance }: Pool): boolean {
  const holder = ts.isVariableDeclaration(kind) ? kind : instance;
  return typeof holder === 'object' && ts.isVariableDeclaration(holder) && callableOf(holder) === callable && !ts.isSourceFile(callable);
}

const unknownSelf: Step['self'] = { instance: undefined, field: undefined };

/** Searches the calls that a holder waits for while it holds a lease. */
class NestedAcquireSearch {
  readonly #destinations: ValueDestinations;
  readonly #leases: HeldLeases;
  readonly #arguments: LeaseArguments;
  readonly #guards: HeldGuards;
  readonly #owned: OwnedPools;
  readonly #shortest = new Map<TS.Node, NestedAcquire>();

  constructor(
    private readonly sites: readonly CallSite[],
    private readonly graph: CallGraph,
    private readonly places: Places,
  ) {
    this.#destinations = new ValueDestinations(places);
    this.#leases = new HeldLeases(sites, graph, places, this.#destinations);
    this.#arguments = new LeaseArguments(places);
    this.#guards = new HeldGuards(places);
    this.#owned = new OwnedPools(sites, places);
  }

  run(): NestedAcquire[] {
    for (const lease of this.#leases.find()) this.#searchUnder(lease);
    return [...this.#shortest.values()].sort((one, other) => byPlace(one.first.site.node, other.first.site.node));
  }

  #searchUnder(lease: HeldLease): void {
    const { acquisition, holder, passedAt, code } = lease;
    const start = { callable: callableOf(acquisition.site.node), site: acquisition.site };
    const steps = passedAt && passedAt !== acquisition.site ? [start, { callable: passedAt.caller, site: passedAt }] : [start];
    const awaited = this.#awaitedPlaces(code.nodes);
    for (const site of this.sites) {
      if (!code.nodes.has(site.node) || !this.#isUnder(site.node, holder)) continue;
      const blocks = this.#delaysRelease(site.node, lease);
      if (blocks) this.#searchFrom(site, lease, steps, true, awaited);
      else if (awaited.size > 0) this.#searchFrom(site, lease, steps, false, awaited);
    }
    this.#addRepeated(lease, start);
  }

  #isUnder(node: TS.Node, holder: Callable): boolean {
    return node.getSourceFile() === holder.getSourceFile();
  }

  #runsInline(node: TS.Node): boolean {
    return isCall(node) && callbackTime(node, this.places) === 'during';
  }

  /** `Promise.all(list.map(() => pool.acquire()))` acquires more than one lease. */
  #addRepeated(lease: HeldLease, start: CallPath[number]): void {
    const { node, targets, callbacks } = lease.acquisition.site;
    const name = ts.isCallExpression(node) ? memberAccess(unwrap(node.expression))?.name : undefined;
    const isIteration = name === 'map' || name === 'flatMap' || name === 'from';
    const isOfCallback = [...targets].every((target) => callbacks.has(target));
    if (lease.passedAt || !isIteration || !isOfCallback || !this.#destinations.isWaitedFor(node)) return;
    this.#add({ first: lease.acquisition, steps: [start, start] });
  }

  /** Whether the release of the lease waits for the call. */
  #delaysRelease(node: TS.Node, lease: HeldLease, from?: TS.Node): boolean {
    const { holder, code, passedAt } = lease;
    if (!ts.isExpression(node) || ts.isAwaitExpression(node)) return true;
    const { waits, isReturned, continuations } = this.#destinations.of(node);
    const later = continuations.filter((callback) => from === undefined || !isInside(from, callback));
    if ([...code.releases].some((release) => later.some((callback) => isInside(release, callback)))) return true;
    const callable = callableOf(node);
    if (callable === holder)
      return (
        waits.some((wait) => code.nodes.has(wait)) ||
        (isReturned && passedAt !== undefined && waitsForCallbacks(passedAt.node, this.places))
      );
    const isWaited = waits.length > 0 || isReturned;
    if (!isWaited || ts.isSourceFile(callable)) return false;
    // An inline callback: what it waits for delays the call that runs it.
    const promise = settledPromise(callable);
    if (promise && promise !== node) return this.#delaysRelease(promise, lease, node);
    const call = callable.parent;
    return (
      (ts.isCallExpression(call) || ts.isNewExpression(call)) &&
      waitsForCallbacks(call, this.places) &&
      this.#delaysRelease(call, lease, node)
    );
  }

  /** The places outside functions that the code awaits: `await this.ready`. */
  #awaitedPlaces(nodes: ReadonlySet<TS.Node>): ReadonlySet<Place> {
    const found = new Set<Place>();
    const visit = (node: TS.Node): void => {
      const place = ts.isIdentifier(node) || memberAccess(node) ? this.places.of(node) : undefined;
      if (place !== undefined) found.add(place);
      ts.forEachChild(node, visit);
    };
    for (const node of nodes) if (ts.isAwaitExpression(node)) visit(node.expression);
    return found;
  }

  #searchFrom(site: CallSite, lease: HeldLease, before: CallPath, isAwaited: boolean, awaited: ReadonlySet<Place>): void {
    const step = { callable: site.caller, site };
    const storages = this.#storagesOf(site, lease);
    if (isDecidedAgainst(site.node, site.caller, this.#guards.truthUnder(lease.pool, storages))) return;
    if (isAwaited && this.#isNested(site.node, lease, { self: unknownSelf, isSameThis: true }))
      return this.#add({ first: lease.acquisition, steps: [...before, step] });
    const { instance, field } = lease.pool;
    const self = { field, instance: typeof instance === 'object' ? instance : undefined };
    const context = this.graph.contextOf(site.caller);
    const entered = this.graph
      .edgesFrom(context)
      // The calls in an inline callback are held code themselves.
      .filter((edge) => edge.site === site && !(isInside(edge.to.callable, site.node) && this.#runsInline(site.node)))
      .filter((edge) => !makesPool(edge.to.callable, lease.pool))
      .flatMap((edge) =>
        this.#enter(
          edge,
          { context, self, given: new Set(), isAwaited, path: before, isSameThis: true, storages },
          lease.pool,
          (expression) => this.#arguments.isLease(expression, lease.aliases),
        ),
      );
    const found = this.#search(entered, lease, awaited);
    if (found) this.#add({ first: lease.acquisition, steps: found });
  }

  /** The storages of context around a call in held code. */
  #storagesOf({ node }: CallSite, { calledAt }: HeldLease): readonly Place[] {
    return [...this.#guards.storagesAround(node), ...(calledAt ? this.#guards.storagesAround(calledAt) : [])];
  }

  /** Whether the call acquires from the pool of the lease, and no memo gives it the held lease. */
  #isNested(node: TS.Node, lease: HeldLease, step: Pick<Step, 'self' | 'isSameThis'>): boolean {
    const acquisition = this.#leases.acquisitions.get(node);
    if (!acquisition || isMemoised(node)) return false;
    if (acquisition.memo !== undefined && acquisition.memo === lease.acquisition.memo) return false;
    const pool = this.#resolveSelf(acquisition.pool, step);
    return mayBeSamePool(pool, lease.pool) && this.#owned.maybeSame(lease.pool, pool, step.isSameThis);
  }

  /** Searches breadth first for an acquisition from the pool of the lease. */
  #search(start: readonly Step[], lease: HeldLease, awaited: ReadonlySet<Place>): CallPath | undefined {
    const queue = [...start];
    const seen = new Map<CallContext, Step[]>();
    // The list grows while it is read.
    for (const step of queue) {
      const same = seen.get(step.context) ?? [];
      if (same.some((other) => isCovered(step, other))) continue;
      seen.set(step.context, [...same, step]);
      const { context, given, path } = step;
      const { pool } = lease;
      const edges = this.graph.edgesFrom(context);
      for (const site of this.graph.sitesOf(context.callable)) {
        const isAwaited = this.#staysAwaited(site.node, step, awaited);
        const outgoing = edges.filter((edge) => edge.site === site);
        if (site.targets.size > 0 && outgoing.length === 0) continue;
        if (this.#arguments.isSkipped(site.node, context.callable, given)) continue;
        const storages = [...step.storages, ...this.#guards.storagesAround(site.node)];
        if (isDecidedAgainst(site.node, context.callable, this.#guards.truthUnder(pool, step.storages))) continue;
        if (isAwaited && this.#isNested(site.node, lease, step)) return [...path, { callable: context.callable, site }];
        if (!isAwaited && awaited.size === 0) continue;
        for (const edge of outgoing.filter(({ to }) => !makesPool(to.callable, pool)))
          queue.push(
            ...this.#enter(edge, { ...step, isAwaited, storages }, pool, (expression) => this.#arguments.isLease(expression, given)),
          );
      }
    }
    return undefined;
  }

  #staysAwaited(node: TS.Node, step: Step, awaited: ReadonlySet<Place>): boolean {
    if (step.isAwaited && this.#destinations.isWaitedFor(node)) return true;
    return ts.isExpression(node) && this.#destinations.of(node).kept.some((place) => awaited.has(place));
  }

  #resolveSelf(pool: Pool, { self }: Pick<Step, 'self'>): Pool {
    return pool.instance === 'this' && self.instance ? { ...pool, field: pool.field ?? self.field, instance: self.instance } : pool;
  }

  #enter(edge: CallEdge, step: Step, pool: Pool, isLease: (expression: TS.Expression) => boolean): Step[] {
    const { site, to } = edge;
    const isCallback = site.callbacks.has(to.callable);
    const isAwaited = step.isAwaited && (!isCallback || waitsForCallbacks(site.node, this.places));
    const given = isCallback ? new Set<TS.Node>() : this.#arguments.given(site, to.callable, isLease);
    const path = [...step.path, { callable: site.caller, site }];
    const isSameThis = this.#owned.keepsThis(edge, pool, step.isSameThis);
    return [{ context: to, self: this.#selfOf(edge, step), given, isAwaited, path, isSameThis, storages: step.storages }];
  }

  /** The pool that `this` is in the called function. */
  #selfOf({ site, to, from }: CallEdge, { self }: Step): Step['self'] {
    if (isFunction(to.callable) && ts.isArrowFunction(to.callable)) return isInside(to.callable, from.callable) ? self : unknownSelf;
    const object = ts.isCallExpression(site.node) ? memberAccess(unwrap(site.node.expression))?.object : undefined;
    const instance = object && this.#leases.pools.instanceOf(object);
    if (instance === 'this') return self;
    return object && instance ? { instance, field: ownFieldOf(object, this.places) } : unknownSelf;
  }

  #add(nested: NestedAcquire): void {
    const { node } = nested.steps[1]?.site ?? nested.first.site;
    const earlier = this.#shortest.get(node);
    if (!earlier || nested.steps.length < earlier.steps.length) this.#shortest.set(node, nested);
  }
}

function byPlace(one: TS.Node, other: TS.Node): number {
  const [a, b] = [spanOf(one), spanOf(other)];
  return a.file === b.file ? a.start - b.start : a.file < b.file ? -1 : 1;
}
