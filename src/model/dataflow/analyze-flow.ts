import type { ts as TS } from 'ts-morph';
import type { ImportedModules } from '../clients/imported-modules.js';
import type { Stubs } from '../clients/stubs.js';
import { CallLinker } from './call-linker.js';
import type { CallSite } from './call-sites.js';
import { ValueFlow } from './value-flow.js';
import { type EscapedConstructor, ExternalCalls } from './external-calls.js';
import { declaresConversion, declaresThen, readsAllMembers } from './protocols.js';
import { getterNames, generateConstraints } from './generate-constraints.js';

/** Result of the value flow. */
export interface FlowResult {
  /** All calls, constructions and getter accesses, with their targets. */
  readonly sites: readonly CallSite[];
  /** Client constructors that external code may call. */
  readonly escaped: readonly EscapedConstructor[];
}

/** Follows all values through the files and returns the call sites with their targets. Called by `buildModel`. */
export function analyzeFlow(files: readonly TS.SourceFile[], checker: TS.TypeChecker, stubs: Stubs, modules: ImportedModules): FlowResult {
  const flow = new ValueFlow(checker, stubs, modules);
  const linker = new CallLinker(flow);
  const implicit = {
    getters: new Set(files.flatMap(getterNames)),
    hasThenMembers: files.some(declaresThen),
    hasConversions: files.some(declaresConversion),
    readsAllMembers: files.some(readsAllMembers),
  };
  for (const file of files) generateConstraints(file, flow, linker, implicit);
  flow.nodes.graph.solve();
  const externalCalls = new ExternalCalls(linker);
  externalCalls.link();
  linker.linkCallbacks();
  return { sites: linker.sites, escaped: externalCalls.escaped() };
}
