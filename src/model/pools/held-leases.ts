import type { ts as TS } from 'ts-morph';
import type { CallGraph } from '../call-graph/call-graph.js';
import type { CallSite } from '../dataflow/call-sites.js';
import { callbackTime } from '../dataflow/library-calls.js';
import { isCall } from '../dataflow/normalize-call.js';
import { isFunction, memberAccess, type Callable, callableOf, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { findHeldCode, type HeldCode } from './held-code.js';
import { holdsLease, leaseAliases, leaseDestination } from './lease-places.js';
import { leaseMemo } from './lease-memo.js';
import { LeaseReleases } from './lease-releases.js';
import { type Place, type Places } from './places.js';
import type { Pool } from './pool.js';
import { type Acquisition, PoolAcquisitions } from './pool-acquisitions.js';
import { namesIn, type ValueDestinations } from './value-destinations.js';

/** A function that holds a lease, and its code that runs meanwhile. */
export interface HeldLease {
  readonly acquisition: Acquisition;
  readonly pool: Pool;
  /** The function whose code was walked. */
  readonly holder: Callable;
  /** The call that runs the holder as a callback under the lease; undefined if the holder acquires itself. */
  readonly passedAt: CallSite | undefined;
  /** The call of the callback under the lease, if the code shows it. */
  readonly calledAt: TS.Node | undefined;
  readonly code: HeldCode;
  /** The places that hold the lease. */
  readonly aliases: ReadonlySet<Place>;
}

/** A function that calls a callback while it holds a lease, such as `pool.use(…)`. */
interface LeasingFunction {
  readonly callable: Callable;
  readonly acquisition: Acquisition;
  readonly pool: Pool;
  /** The call of the callback. */
  readonly calledAt: TS.Node;
}

/** Finds all acquisitions, those by functions that return or keep the lease included, and the code that runs under each lease. */
export class HeldLeases {
  /** The acquiring calls, by node. */
  readonly acquisitions = new Map<TS.Node, Acquisition>();
  readonly pools: PoolAcquisitions;
  readonly #releases: LeaseReleases;
  readonly #leasing: LeasingFunction[] = [];
  readonly #held: HeldLease[] = [];

  constructor(
    private readonly sites: readonly CallSite[],
    private readonly graph: CallGraph,
    private readonly places: Places,
    private readonly destinations: ValueDestinations,
  ) {
    this.pools = new PoolAcquisitions(sites, places);
    this.#releases = new LeaseReleases(places, graph);
  }

  /** Returns the code that runs under a lease. */
  find(): readonly HeldLease[] {
    const added = this.pools.find();
    for (const acquisition of added) this.acquisitions.set(acquisition.site.node, acquisition);
    // The list grows: a call of a function that returns or keeps its lease acquires too.
    for (const acquisition of added) added.push(...this.#visit(acquisition));
    for (const leasing of this.#leasing) this.#visitCallbacks(leasing);
    return this.#held;
  }

  /** Walks the function that acquires. Returns the calls of this function, if it returns or keeps the lease. */
  #visit(found: Acquisition): Acquisition[] {
    const { site, pool, use } = found;
    if (use === 'statement') return [];
    if (use === 'callback') {
      const leasing = { acquisition: found, pool, calledAt: site.node };
      for (const callback of site.callbacks) this.#hold({ ...leasing, callable: callableOf(site.node) }, callback, site);
      // `const run = (work: Work) => pool.use(work)`
      for (const argument of ts.isCallExpression(site.node) ? site.node.arguments : []) {
        const owner = this.#parameterOf(argument, true)?.parent;
        if (owner && isFunction(owner)) this.#addLeasing({ ...leasing, callable: owner });
      }
      return [];
    }
    const holder = callableOf(site.node);
    const { places: direct, isReturned } = leaseDestination(site.node, this.places);
    const start = [...direct, ...found.kept];
    const aliases = leaseAliases(start, holder, this.places);
    const outer = [...aliases].filter((place) => isOutside(place, holder));
    const acquisition: Acquisition = { ...found, memo: found.memo ?? leaseMemo(site.node, holder, outer, this.places) };
    this.acquisitions.set(site.node, acquisition);
    const access = ts.isCallExpression(site.node) ? memberAccess(unwrap(site.node.expression)) : undefined;
    const receiver = start.length === 0 && !isReturned && access ? this.places.of(access.object) : undefined;
    const code = this.#walk(holder, site.node, aliases, receiver);
    this.#findLeasing(acquisition, pool, code);
    // A call without a result holds a lease only if the code shows its release: `semaphore.release()`.
    if (start.length === 0 && !isReturned && code.releases.size === 0) return [];
    if (isGenerator(holder) && [...code.nodes].some(ts.isYieldExpression)) this.#holdLoops(acquisition, pool, holder);
    const isKnown = isReturned || code.releases.size > 0 || !this.#isPassedOn(holder, aliases);
    if (isKnown) this.#held.push({ acquisition, pool, holder, passedAt: undefined, calledAt: undefined, code, aliases });
    const kept = code.isHeldAtEnd ? outer : [];
    if (!isFunction(holder) || (!(isReturned || this.#returnsAlias(holder, aliases)) && kept.length === 0) || !code.isHeldAtEnd) return [];
    return this.#callersOf(holder, acquisition, kept);
  }

  #callersOf(callee: Callable, { pool, memo }: Acquisition, kept: readonly Place[]): Acquisition[] {
    return this.sites.flatMap((site): Acquisition[] => {
      if (!site.targets.has(callee) || !ts.isCallExpression(site.node)) return [];
      const known = this.acquisitions.get(site.node);
      if (known && (kept.length === 0 || known.kept.length > 0 || this.#isUsed(site.node))) return [];
      const acquisition: Acquisition = { site, pool: this.pools.resolveThis(pool, site.node), kept, use: 'lease', memo };
      this.acquisitions.set(site.node, acquisition);
      return [acquisition];
    });
  }

  #isUsed(call: TS.Node): boolean {
    const { places, isReturned } = leaseDestination(call, this.places);
    return isReturned || places.length > 0;
  }

  /** A generator that yields while it holds a lease holds it while the body of the loop over it runs. */
  #holdLoops(acquisition: Acquisition, pool: Pool, generator: Callable): void {
    for (const site of this.sites) {
      const loop = site.targets.has(generator) ? site.node.parent : undefined;
      if (!loop || !ts.isForOfStatement(loop) || loop.expression !== site.node) continue;
      const nodes = new Set<TS.Node>();
      const visit = (node: TS.Node): void => {
        nodes.add(node);
        ts.forEachChild(node, visit);
      };
      visit(loop.statement);
      const code: HeldCode = { nodes, releases: new Set(), isHeldAtEnd: false };
      const resolved = this.pools.resolveThis(pool, site.node);
      this.#held.push({
        acquisition,
        pool: resolved,
        holder: callableOf(loop),
        passedAt: undefined,
        calledAt: undefined,
        code,
        aliases: new Set(),
      });
    }
  }

  #walk(holder: Callable, acquiring: TS.Node | undefined, aliases: ReadonlySet<Place>, receiver: Place | undefined): HeldCode {
    return findHeldCode(holder, {
      isHeldAtStart: acquiring === undefined,
      acquires: (node) => node === acquiring,
      releases: (call) => call !== acquiring && this.#releases.isRelease(call, aliases, receiver),
      holds: (expression) => holdsLease(expression, aliases, this.places),
      runsCallbacks: (call) => isCall(call) && callbackTime(call, this.places) === 'during',
    });
  }

  /** Records the functions around held code that call one of their parameters in it: `use(work) { …; await work(client); … }`. */
  #findLeasing(acquisition: Acquisition, pool: Pool, code: HeldCode): void {
    for (const node of code.nodes) {
      if (!ts.isCallExpression(node)) continue;
      const called = [node.expression, ...node.arguments].map((value) => this.#parameterOf(value, value !== node.expression));
      for (const parameter of called) {
        const owner = parameter?.parent;
        if (!owner || !isFunction(owner)) continue;
        if (code.releases.size > 0 && !this.#isWaitedIn(node, code)) continue;
        this.#addLeasing({ callable: owner, acquisition, pool, calledAt: node });
      }
    }
  }

  #isWaitedIn(node: TS.Node, code: HeldCode): boolean {
    const { waits, continuations } = this.destinations.of(node);
    return (
      waits.some((wait) => code.nodes.has(wait)) ||
      continuations.some((callback) => [...code.releases].some((release) => isInside(release, callback)))
    );
  }

  /** Returns the parameter that an expression is, if it is a function. */
  #parameterOf(expression: TS.Expression, isPassed: boolean): TS.ParameterDeclaration | undefined {
    const value = unwrap(expression);
    const place = ts.isIdentifier(value) ? this.places.of(value) : undefined;
    if (place === undefined || typeof place === 'string' || !ts.isParameter(place)) return undefined;
    return !isPassed || (place.type !== undefined && ts.isFunctionTypeNode(place.type)) ? place : undefined;
  }

  #addLeasing(leasing: LeasingFunction): void {
    const isKnown = this.#leasing.some(({ callable, acquisition }) => callable === leasing.callable && acquisition === leasing.acquisition);
    if (!isKnown) this.#leasing.push(leasing);
  }

  /** Walks the callbacks that a leasing function receives. A function that passes on its own parameter is a leasing function as well. */
  #visitCallbacks(leasing: LeasingFunction): void {
    for (const site of this.sites) {
      if (!site.targets.has(leasing.callable)) continue;
      const resolved = { ...leasing, pool: this.pools.resolveThis(leasing.pool, site.node) };
      for (const callback of site.callbacks) this.#hold(resolved, callback, site);
      const args = ts.isCallExpression(site.node) ? site.node.arguments : [];
      for (const argument of args) {
        const owner = this.#parameterOf(argument, true)?.parent;
        if (owner && isFunction(owner)) this.#addLeasing({ ...resolved, callable: owner });
      }
    }
  }

  #hold({ acquisition, pool, calledAt }: LeasingFunction, callback: Callable, passedAt: CallSite): void {
    const parameters = isFunction(callback) ? callback.parameters.flatMap(({ name }) => namesIn(name)) : [];
    const aliases = leaseAliases(parameters, callback, this.places);
    const code = this.#walk(callback, undefined, aliases, undefined);
    this.#held.push({ acquisition, pool, holder: callback, passedAt, calledAt, code, aliases });
    this.#findLeasing(acquisition, pool, code);
  }

  /** Whether the lease goes to code outside the slice, which may release it. */
  #isPassedOn(holder: Callable, aliases: ReadonlySet<Place>): boolean {
    return this.graph
      .sitesOf(holder)
      .some(
        ({ node, targets }) =>
          ts.isCallExpression(node) &&
          targets.size === 0 &&
          node.arguments.some((argument) => !ts.isSpreadElement(argument) && this.#isAlias(argument, aliases)),
      );
  }

  #isAlias(expression: TS.Expression, aliases: ReadonlySet<Place>): boolean {
    const place = this.places.of(expression);
    return place !== undefined && aliases.has(place);
  }

  #returnsAlias(holder: TS.FunctionLikeDeclaration, aliases: ReadonlySet<Place>): boolean {
    const visit = (node: TS.Node): boolean => {
      if (isFunction(node)) return false;
      if (ts.isReturnStatement(node) && node.expression && holdsLease(node.expression, aliases, this.places)) return true;
      return ts.forEachChild(node, visit) ?? false;
    };
    if (!holder.body) return false;
    return ts.isBlock(holder.body) ? visit(holder.body) : holdsLease(holder.body, aliases, this.places);
  }
}

/** Whether the node is inside of the other one. */
export function isInside(node: TS.Node, outer: TS.Node): boolean {
  return ts.findAncestor(node, (ancestor) => ancestor === outer) !== undefined;
}

function isGenerator(callable: Callable): boolean {
  return isFunction(callable) && 'asteriskToken' in callable && callable.asteriskToken !== undefined;
}

/** Whether code outside the function can reach the place. */
function isOutside(place: Place, holder: Callable): boolean {
  if (typeof place === 'string') return place !== 'this';
  if (ts.isPropertyDeclaration(place) || ts.isPropertyAssignment(place)) return true;
  if (ts.isParameter(place)) return ts.isParameterPropertyDeclaration(place, place.parent) && place.parent !== holder;
  return !isInside(place, holder);
}
