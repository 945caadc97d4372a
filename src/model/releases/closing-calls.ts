import type { ts as TS } from 'ts-morph';
import type { CallGraph } from '../call-graph/call-graph.js';
import type { CallSite } from '../dataflow/call-sites.js';
import { isCall } from '../dataflow/normalize-call.js';
import type { Places } from '../pools/places.js';
import { isFunction, memberAccess, type Callable, callableOf, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Names of methods and functions that end a client, a pool or a lease: `close`, `closeAll`, `shutdown`, `release`. */
const closingNames =
  /^(?:close|destroy|dispose|end|terminate|shut_?down|disconnect|stop|clean_?up|tear_?down|release|quit|kill|free|give_?back|put_?back|check_?in|return_?to|recycle)(?=$|[A-Z_])|^@@(?:asyncD|d)ispose$/;

/** Those of them that are about connections in most code. `end` and `stop` end responses, spans and timers as well. */
const certainNames =
  /^(?:close|destroy|dispose|terminate|shut_?down|disconnect|clean_?up|tear_?down|release|quit|evict|give_?back)(?=$|[A-Z_])|^@@(?:asyncD|d)ispose$/;

/** The number of calls between a function and the call that closes. */
const maxDepth = 4;

/** Finds the calls that close something, by their name and by what they run. Used by the modules of `releases`. */
export class ClosingCalls {
  readonly #answers = new Map<Callable, boolean>();

  constructor(
    private readonly graph: CallGraph,
    private readonly places: Places,
    private readonly callersOf: (callable: Callable) => readonly CallSite[],
  ) {}

  /** Whether the call closes something: a function of the slice that does, or a function outside of it with such a name. */
  isClosing(call: TS.Node, depth = maxDepth, names: RegExp = closingNames): boolean {
    if (!ts.isCallExpression(call)) return false;
    const targets = this.targetsOf(call);
    if (targets.length > 0) return targets.some((target) => this.closes(target, depth - 1));
    const name = calledName(call);
    return name !== undefined && names.test(name) && !this.isNeverGiven(call);
  }

  /** Whether the call closes its argument. The dispose callback of a cache closes the values that the cache drops, not the argument of `set`. */
  closesArgument(call: TS.CallExpression): boolean {
    if (this.calleesOf(call).length > 0 || this.targetsOf(call).length === 0) return this.isClosing(call);
    return closingNames.test(calledName(call) ?? '');
  }

  /** Whether the callee is a parameter for which no caller passes an argument: `cleanup?.(value)`. */
  isNeverGiven(call: TS.CallExpression): boolean {
    const callee = unwrap(call.expression);
    const place = ts.isIdentifier(callee) ? this.places.of(callee) : undefined;
    if (place === undefined || typeof place === 'string' || !ts.isParameter(place) || !isFunction(place.parent)) return false;
    const index = place.parent.parameters.indexOf(place);
    const callers = this.callersOf(place.parent);
    const isMissing = ({ arguments: args }: CallSite): boolean =>
      args !== undefined && args.length <= index && !args.some(ts.isSpreadElement);
    return callers.length > 0 && place.initializer === undefined && callers.every(isMissing);
  }

  /** Whether the callable closes something when it runs. */
  closes(callable: Callable, depth = maxDepth): boolean {
    const known = this.#answers.get(callable);
    if (known !== undefined || depth <= 0) return known ?? false;
    this.#answers.set(callable, false);
    const visit = (node: TS.Node): boolean => {
      // A function that is only made here does not run here.
      if (isFunction(node) && node !== callable && !isCall(node.parent)) return false;
      return this.isClosing(node, depth, certainNames) || (ts.forEachChild(node, visit) ?? false);
    };
    const found = visit(callable);
    this.#answers.set(callable, found);
    return found;
  }

  /** Returns the functions of the slice that are the callee, without callbacks that the object of the call was given before. */
  calleesOf(call: TS.CallExpression | TS.NewExpression): Callable[] {
    const sites = this.graph.sitesOf(callableOf(call)).filter(({ node }) => node === call);
    return this.targetsOf(call).filter((target) => !sites.some(({ callbacks }) => callbacks.has(target)));
  }

  /** Returns the functions of the slice that the call runs, without those that it is passed. */
  targetsOf(call: TS.CallExpression | TS.NewExpression): Callable[] {
    const args = call.arguments ?? [];
    return [...this.graph.targetsAt(call)].filter((target) => !args.some((argument) => unwrap(argument) === target));
  }
}

/** Returns the name by which a call names its callee: `close` of `client.close()`. */
export function calledName(call: TS.CallExpression | TS.NewExpression): string | undefined {
  const callee = unwrap(call.expression);
  return memberAccess(callee)?.name ?? (ts.isIdentifier(callee) ? callee.text : undefined);
}
