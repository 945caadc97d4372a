import type { ts as TS } from 'ts-morph';
import type { CallGraph } from '../call-graph/call-graph.js';
import type { ClientProviders } from '../clients/providers.js';
import type { Accessor } from '../connections/accessors.js';
import type { CallSite } from '../dataflow/call-sites.js';
import { type Callable, callableName, callableOf, isFunction, isNamed, isWrapped } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/**
 * Returns the function of an own container, such as `resolve`, as an accessor, if it lies on a call cycle and code requests a client from
 * it. Undefined for other functions. `unflaggedAccessors` calls it.
 */
export function containerAccessor(
  callable: Callable,
  sites: readonly CallSite[],
  providers: ClientProviders,
  checker: TS.TypeChecker,
): Accessor | undefined {
  if (!isFunction(callable) || callable.parameters.length === 0) return undefined;
  const requesters = new Set(sites.filter((site) => requestsClient(site, providers, checker)).map(({ caller }) => caller));
  if (requesters.size === 0) return undefined;
  return {
    callable,
    name: callableName(callable),
    bypass: undefined,
    gives: 'client',
    requesters,
    evidence: 'it gives a client that is registered under a name, and a registered function calls it again',
  };
}

/** Whether the functions of a call cycle run what the program registered: a function under a key, or one of several without a name. */
export function runsRegistered(cycle: readonly Callable[], graph: CallGraph): boolean {
  return cycle.some((callable) => graph.sitesOf(callable).some(isRegistry));
}

/** Whether a call in the function itself finds its target under a key. */
export function findsByKey(callable: Callable, graph: CallGraph): boolean {
  return graph.sitesOf(callable).some(({ keys }) => keys.size > 0);
}

function isRegistry({ keys, targets, callbacks }: CallSite): boolean {
  return keys.size > 0 || (targets.size > 1 && [...targets].some((target) => !callbacks.has(target) && !isNamed(target)));
}

/** Returns for each function the calls that may run it. */
export function sitesByTarget(graph: CallGraph): ReadonlyMap<Callable, readonly CallSite[]> {
  const sites = new Map<Callable, CallSite[]>();
  for (const callable of graph.callables)
    for (const site of graph.sitesOf(callable)) for (const target of site.targets) sites.set(target, [...(sites.get(target) ?? []), site]);
  return sites;
}

/** Whether the declared result says nothing about the value: `any`, `unknown`, `T`, or a promise of one. */
export function hidesResult(callable: TS.FunctionLikeDeclaration, checker: TS.TypeChecker): boolean {
  const signature = checker.getSignatureFromDeclaration(callable);
  const type = signature && checker.getReturnTypeOfSignature(signature);
  const hidden = ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.TypeParameter | ts.TypeFlags.IndexedAccess;
  const isHidden = (part: TS.Type | undefined): boolean => part !== undefined && (part.flags & hidden) !== 0;
  return isHidden(type) || isHidden(type && checker.getNonNullableType(checker.getAwaitedType(type) ?? type));
}

const clientName = /click_?house/i;

/** Whether the result of a call is a client: by its type, a cast, the type that the code around it expects, or the name that it passes. */
function requestsClient({ node, passedKeys }: CallSite, providers: ClientProviders, checker: TS.TypeChecker): boolean {
  if (!ts.isCallExpression(node)) return false;
  let used: TS.Expression = node;
  while (isWrapped(used.parent)) used = used.parent;
  if (providers.containsClient(checker.getTypeAtLocation(used))) return true;
  const expected = checker.getContextualType(used);
  if (expected !== undefined && providers.containsClient(expected)) return true;
  const names = [callableName(callableOf(node)), ...node.arguments.map((argument) => argument.getText())];
  return passedKeys.size > 0 && names.some((name) => clientName.test(name));
}
