import type { ts as TS } from 'ts-morph';
import type { Stubs } from '../clients/stubs.js';
import { Calls, type CallSite } from './call-sites.js';
import { ValueFlow, type ModuleOf } from './value-flow.js';
import { type EscapedConstructor, ExternalCalls } from './external-calls.js';
import { getterNames, generateConstraints } from './generate-constraints.js';

export interface FlowResult {
  readonly sites: readonly CallSite[];
  readonly escaped: readonly EscapedConstructor[];
}

/** Follows all values through the files: which call may run what. */
export function analyzeFlow(files: readonly TS.SourceFile[], checker: TS.TypeChecker, stubs: Stubs, moduleOf: ModuleOf): FlowResult {
  const flow = new ValueFlow(checker, stubs, moduleOf);
  const calls = new Calls(flow);
  const getters = new Set(files.flatMap(getterNames));
  for (const file of files) generateConstraints(file, flow, calls, getters);
  flow.nodes.graph.solve();
  const unseen = new ExternalCalls(calls);
  unseen.link();
  calls.linkCallbacks();
  return { sites: calls.sites, escaped: unseen.escaped() };
}
