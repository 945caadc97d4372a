import type { ts as TS } from 'ts-morph';
import { type Accessor, type AccessorSetting, returnsClient, namedBypass } from '../connections/accessors.js';
import { CallGraph } from '../call-graph/call-graph.js';
import type { CallSite } from '../dataflow/call-sites.js';
import { componentsOf } from '../graph/strongly-connected.js';
import { ClientProviders } from '../clients/providers.js';
import { containerAccessor, findsByKey, hidesResult, runsRegistered, sitesByTarget } from './container-accessors.js';
import { flagThatEndsCycle } from './ending-flags.js';
import { countsAttempts, isAfterFailure } from './failure-doubts.js';
import type { Recursion } from './recursion.js';
import { returnedBy } from '../typescript/returned-values.js';
import { hasBody, isFunction, isNamed, memberAccess, type Callable, callableName, staticName, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Methods of clients that run a statement. A service has methods of the same names. */
const statementNames = /^(?:query|insert|command|exec|execute|select|ping)$/;

/**
 * Returns candidates for accessors without a flag whose name shows the bypass. If the settings declare the accessors, only containers
 * from which these request a client are candidates. `buildModel` calls it.
 */
export function findUnflaggedAccessors(
  sites: readonly CallSite[],
  flagged: readonly Accessor[],
  declared: readonly AccessorSetting[],
  checker: TS.TypeChecker,
): Accessor[] {
  const found = unflaggedAccessors(new CallGraph(sites, checker, new Set()), flagged, new ClientProviders(checker), checker);
  return declared.length > 0 ? found.filter(({ requesters }) => flagged.some(({ callable }) => requesters?.has(callable))) : found;
}

/** Returns the candidates that a recursion passes: without a flag, only the recursion makes a function an accessor. */
export function accessorsInRecursions(candidates: readonly Accessor[], recursions: readonly Recursion[]): Accessor[] {
  return candidates.filter((candidate) => recursions.some(({ accessor }) => accessor === candidate));
}

/**
 * Returns the functions that return a client, and the methods that run a statement on one, if they lie on a call cycle. A cycle inside one
 * function does not count, and one inside a class only if it passes a further method without an error.
 */
export function unflaggedAccessors(
  graph: CallGraph,
  flagged: readonly Accessor[],
  providers: ClientProviders,
  checker: TS.TypeChecker,
): Accessor[] {
  const isFlagged = new Set<Callable>(flagged.map(({ callable }) => callable));
  const found: Accessor[] = [];
  const callers = sitesByTarget(graph);
  for (const component of componentsOf(graph.callables, (callable) => graph.callees(callable))) {
    const cycle = new Set(component);
    const isRegistry = component.length > 1 && runsRegistered(component, graph);
    for (const callable of component) {
      if (
        !isFunction(callable) ||
        !hasBody(callable) ||
        !isNamed(callable) ||
        ts.isConstructorDeclaration(callable) ||
        isFlagged.has(callable)
      )
        continue;
      const isInOneUnit = component.every((other) => unitOf(other) === unitOf(callable));
      const isOn = (isCounted: (node: TS.Node) => boolean) => isOnClassCycle(callable, cycle, graph, isCounted);
      const isByFailure = isInOneUnit && !isOn((node) => !isAfterFailure(node));
      if (isByFailure && !isOn((node) => !isAfterFailure(node) || !countsAttempts(node))) continue;
      const bypass = returnsOnlyCycleCalls(callable, cycle, graph) ? namedBypass(callable, checker) : undefined;
      const isContainer = !bypass && isRegistry && (findsByKey(callable, graph) || hidesResult(callable, checker));
      const container = isContainer ? containerAccessor(callable, callers.get(callable) ?? [], providers, checker) : undefined;
      if (container) found.push(container);
      else if (bypass || returnsClient(callable, providers, checker)) {
        const accessor: Accessor = {
          callable,
          name: callableName(callable),
          bypass,
          gives: 'client',
          isByFailure,
          evidence: 'it returns a client, and a function that it calls for one calls it again',
        };
        found.push(bypass ? accessor : { ...accessor, bypass: flagThatEndsCycle(accessor, graph, checker) });
      } else if (runsStatements(callable, providers, checker)) {
        const accessor: Accessor = {
          callable,
          name: callableName(callable),
          bypass: undefined,
          gives: 'result',
          isByFailure,
          evidence: 'it runs statements on a client, and a function that it calls runs a statement by it',
        };
        found.push({ ...accessor, bypass: flagThatEndsCycle(accessor, graph, checker) });
      }
    }
  }
  return found;
}

/** Whether the callable is a public statement method of a class that keeps a client, or a function of a module that runs a statement on one. */
function runsStatements(callable: TS.FunctionLikeDeclaration, providers: ClientProviders, checker: TS.TypeChecker): boolean {
  const { parent } = callable;
  if (isModuleFunction(callable))
    return statementNames.test(callableName(callable)) && callable.body !== undefined && callsClient(callable.body, providers, checker);
  const isPublic = (ts.getCombinedModifierFlags(callable) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) === 0;
  return (
    isPublic &&
    ts.isClassLike(parent) &&
    statementNames.test(staticName(callable.name) ?? '') &&
    providers.containsClient(checker.getTypeAtLocation(parent))
  );
}

function isModuleFunction(callable: TS.FunctionLikeDeclaration): boolean {
  if (ts.isFunctionDeclaration(callable)) return ts.isSourceFile(callable.parent);
  const { parent } = callable;
  return ts.isArrowFunction(callable) && ts.isVariableDeclaration(parent) && ts.isSourceFile(parent.parent.parent.parent);
}

/** Whether the code calls a statement method of a client. */
function callsClient(body: TS.Node, providers: ClientProviders, checker: TS.TypeChecker): boolean {
  const visit = (node: TS.Node): boolean => {
    const access = ts.isCallExpression(node) ? memberAccess(unwrap(node.expression)) : undefined;
    if (
      access?.name !== undefined &&
      statementNames.test(access.name) &&
      providers.containsClient(checker.getTypeAtLocation(access.object))
    )
      return true;
    return ts.forEachChild(node, visit) ?? false;
  };
  return visit(body);
}

/** Whether each returned value comes from a call inside the cycle: then its type is unknown, but no other source exists. */
function returnsOnlyCycleCalls(callable: TS.FunctionLikeDeclaration, cycle: ReadonlySet<Callable>, graph: CallGraph): boolean {
  const returned = returnedBy(callable).map(unwrap);
  return returned.length > 0 && returned.every((value) => [...graph.targetsAt(value)].some((target) => cycle.has(target)));
}

/**
 * Whether a public method calls itself through another method of its class, by calls that count. A call after a failure counts only if
 * nothing counts the attempts.
 */
function isOnClassCycle(
  callable: TS.FunctionLikeDeclaration,
  cycle: ReadonlySet<Callable>,
  graph: CallGraph,
  isCounted: (node: TS.Node) => boolean,
): boolean {
  const isMethod = ts.isMethodDeclaration(callable) && ts.isClassLike(callable.parent);
  if (!isMethod || (ts.getCombinedModifierFlags(callable) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) !== 0) return false;
  const successors = (from: Callable): Callable[] =>
    graph.sitesOf(from).flatMap(({ node, targets }) => (isCounted(node) ? [...targets].filter((target) => cycle.has(target)) : []));
  const reached = new Set(successors(callable).filter((target) => target !== callable));
  for (const from of reached) for (const target of successors(from)) reached.add(target);
  return reached.has(callable) && [...reached].some((other) => other !== callable && ts.isClassElement(other));
}

/** The unit that a callable belongs to: a class with its methods, or a function with the functions inside it. */
function unitOf(callable: Callable): TS.Node {
  const owner = ts.findAncestor(callable.parent, (node) => ts.isClassLike(node) || isFunction(node));
  if (ts.isSourceFile(callable) || !owner) return callable;
  return ts.isClassLike(owner) ? owner : isFunction(owner) ? unitOf(owner) : callable;
}
