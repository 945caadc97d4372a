import type { ts as TS } from 'ts-morph';
import type { CallGraph } from '../call-graph/call-graph.js';
import { ClientProviders } from '../clients/providers.js';
import { stubFile } from '../clients/stubs.js';
import type { CallSite } from '../dataflow/call-sites.js';
import { importedName } from '../dataflow/imported-name.js';
import { isCall } from '../dataflow/normalize-call.js';
import type { Places } from '../pools/places.js';
import { isFunction, memberAccess, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import type { ResourceKind } from './resource.js';

/** The functions of packages that make a pool, and their methods that give a lease. */
const pools: Readonly<Record<string, { readonly exports: readonly string[]; readonly acquire: RegExp }>> = {
  'generic-pool': { exports: ['createPool'], acquire: /^(?:acquire|borrow)$/ },
  tarn: { exports: ['Pool'], acquire: /^acquire$/ },
  'lightning-pool': { exports: ['createPool', 'Pool'], acquire: /^acquire$/ },
};

interface PoolInput {
  readonly sites: readonly CallSite[];
  readonly graph: CallGraph;
  readonly checker: TS.TypeChecker;
}

/** Returns `pool` if the call makes a pool of clients, `lease` if it acquires a client or a session from one. */
export function poolOrLease(site: CallSite, input: PoolInput, places: Places): ResourceKind | undefined {
  const { node } = site;
  if (!isCall(node)) return undefined;
  if (makesPool(node, input, places)) return 'pool';
  const access = ts.isCallExpression(node) ? memberAccess(unwrap(node.expression)) : undefined;
  if (!access) return undefined;
  const method = access.name === 'session' ? places.declarationOf(access.key) : undefined;
  if (method?.getSourceFile().fileName === stubFile) return 'lease';
  const made = creationOf(access.object, places);
  const library = made && libraryOf(made, places);
  return made && library?.acquire.test(access.name ?? '') && makesPool(made, input, places) ? 'lease' : undefined;
}

function libraryOf(call: TS.CallExpression | TS.NewExpression, places: Places): (typeof pools)[string] | undefined {
  const imported = importedName(call.expression, places);
  const library = imported && pools[imported.module];
  return library?.exports.includes(imported?.name ?? '') ? library : undefined;
}

/** Whether the call makes a pool of clients: a function among its options makes one. */
function makesPool(call: TS.CallExpression | TS.NewExpression, { sites, checker }: PoolInput, places: Places): boolean {
  if (!libraryOf(call, places)) return false;
  const providers = new ClientProviders(checker);
  const isInside = (node: TS.Node): boolean => ts.findAncestor(node, (ancestor) => ancestor === call) !== undefined;
  return (
    sites.some((site) => site.constructors.size > 0 && isInside(site.node)) ||
    sites.some(
      (site) =>
        isCall(site.node) &&
        isInside(site.node) &&
        [...site.targets].some((target) => isFunction(target) && givesClient(target, checker, providers)),
    )
  );
}

function givesClient(callable: TS.FunctionLikeDeclaration, checker: TS.TypeChecker, providers: ClientProviders): boolean {
  const signature = checker.getSignatureFromDeclaration(callable);
  return signature !== undefined && providers.containsClient(checker.getReturnTypeOfSignature(signature));
}

/** Returns the call that made the value of a variable or field. */
function creationOf(expression: TS.Expression, places: Places, depth = 4): TS.CallExpression | TS.NewExpression | undefined {
  const node = unwrap(expression);
  if (isCall(node)) return node;
  const place = places.of(node);
  if (place === undefined || typeof place === 'string' || depth === 0) return undefined;
  const isInitialised = ts.isVariableDeclaration(place) || ts.isPropertyDeclaration(place) || ts.isPropertyAssignment(place);
  return isInitialised && place.initializer ? creationOf(place.initializer, places, depth - 1) : undefined;
}
