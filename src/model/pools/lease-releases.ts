import type { ts as TS } from 'ts-morph';
import type { CallGraph } from '../call-graph/call-graph.js';
import { parametersOf } from '../dataflow/called-parameters.js';
import { isFunction, memberAccess, type Callable, callableOf, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { holdsLease, leaseAliases } from './lease-places.js';
import { type Place, type Places } from './places.js';

const releaseNames =
  /^(?:release|give_?back|check_?in|put_?back|return|free|unlock|recycle|give|put)(?:Connection|Session|Client|Lease|Lock|ToPool)?$/i;
const closeNames = /^(?:close|destroy|dispose|end|terminate|done)$/i;

/** The number of calls between a function and the release that it leads to. */
const maxDepth = 3;

/** Whether a method of this name releases a lease. */
export function isReleaseName(name: string | undefined): boolean {
  return name !== undefined && releaseNames.test(name);
}

/** Whether a function returns, or is, a release by its name alone: `release`, `unlock`, `done`. */
function isFinishName(name: string | undefined): boolean {
  return name !== undefined && (releaseNames.test(name) || closeNames.test(name) || name === '@@dispose' || name === '@@asyncDispose');
}

/** Decides which calls release a lease. Created by `findNestedAcquires`. */
export class LeaseReleases {
  readonly #mentions = new Map<Callable, readonly TS.CallExpression[]>();

  constructor(
    private readonly places: Places,
    private readonly graph: CallGraph,
  ) {}

  /**
   * Whether the call releases a lease of the aliases: `pool.release(lease)`, `lease.release()`, `release()` of `{ release }`, a call of a
   * function that does. `receiver` is the pool of a lease that has no variable: `semaphore.release()`.
   */
  isRelease(node: TS.CallExpression, aliases: ReadonlySet<Place>, receiver: Place | undefined): boolean {
    return this.#isDirect(node, aliases, receiver) || this.#leadsToRelease(node, aliases, maxDepth, new Set());
  }

  #isDirect(node: TS.CallExpression, aliases: ReadonlySet<Place>, receiver: Place | undefined): boolean {
    const holds = (expression: TS.Expression): boolean => holdsLease(withoutSpread(expression), aliases, this.places);
    const callee = unwrap(node.expression);
    const access = memberAccess(callee);
    const isFinish = isFinishName(access?.name ?? (ts.isIdentifier(callee) ? callee.text : undefined));
    if (isFinish && node.arguments.some(holds)) return true;
    if (!access) return node.arguments.length === 0 && holds(callee);
    if (isFinish && holds(access.object)) return true;
    return (
      isReleaseName(access.name) && receiver !== undefined && node.arguments.length === 0 && this.places.of(access.object) === receiver
    );
  }

  /** Whether a function that the call runs releases a lease that it receives as an argument or that a place outside of it keeps. */
  #leadsToRelease(node: TS.Node, aliases: ReadonlySet<Place>, depth: number, seen: Set<Callable>): boolean {
    if (depth === 0) return false;
    const args = ts.isCallExpression(node) ? node.arguments : [];
    for (const target of this.graph.targetsAt(node)) {
      if (seen.has(target) || ts.isSourceFile(target) || args.some((argument) => unwrap(argument) === target)) continue;
      seen.add(target);
      const given = parametersOf(target).filter((_, index) => {
        const argument = args[index];
        return argument !== undefined && holdsLease(withoutSpread(argument), aliases, this.places);
      });
      const outer = [...aliases].filter((place) => typeof place === 'string' || callableOf(place) !== target);
      const inner = leaseAliases(
        [...outer, ...given.flatMap(({ name }) => (ts.isIdentifier(name) ? [name.parent] : []))],
        target,
        this.places,
      );
      if (this.#callsIn(target).some((call) => this.#isDirect(call, inner, undefined))) return true;
      if (this.#callsIn(target).some((call) => this.#leadsToRelease(call, inner, depth - 1, seen))) return true;
    }
    return false;
  }

  #callsIn(callable: Callable): readonly TS.CallExpression[] {
    const known = this.#mentions.get(callable);
    if (known) return known;
    const calls: TS.CallExpression[] = [];
    const visit = (node: TS.Node): void => {
      if (ts.isCallExpression(node)) calls.push(node);
      // A function that is only made here does not run here.
      if (!isFunction(node) || node === callable || ts.isCallExpression(node.parent)) ts.forEachChild(node, visit);
    };
    visit(callable);
    this.#mentions.set(callable, calls);
    return calls;
  }
}

function withoutSpread(argument: TS.Expression): TS.Expression {
  return ts.isSpreadElement(argument) ? argument.expression : argument;
}
