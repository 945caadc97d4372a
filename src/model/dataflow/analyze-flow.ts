import type { ts as TS } from 'ts-morph';
import type { Stubs } from '../clients/stubs.js';
import { Calls, type CallSite } from './call-sites.js';
import { Flow, type ModuleOf } from './value-flow.js';
import { type HandedConstructor, UnseenCalls } from './external-calls.js';
import { getterNames, walk } from './generate-constraints.js';

export interface Followed {
  readonly sites: readonly CallSite[];
  readonly handed: readonly HandedConstructor[];
}

/** Follows all values through the files: which call may run what. */
export function follow(files: readonly TS.SourceFile[], checker: TS.TypeChecker, stubs: Stubs, moduleOf: ModuleOf): Followed {
  const flow = new Flow(checker, stubs, moduleOf);
  const calls = new Calls(flow);
  const getters = new Set(files.flatMap(getterNames));
  for (const file of files) walk(file, flow, calls, getters);
  flow.places.graph.solve();
  const unseen = new UnseenCalls(calls);
  unseen.link();
  calls.linkCallbacks();
  return { sites: calls.sites, handed: unseen.handed() };
}
