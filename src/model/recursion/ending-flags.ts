import type { ts as TS } from 'ts-morph';
import type { CallGraph } from '../call-graph/call-graph.js';
import { type Accessor, type Bypass, isBypassName } from '../connections/accessors.js';
import { flagValuesOf, presenceFlagsOf } from '../connections/flag-values.js';
import { findBypassHonored, hasFewTargets } from './recursion.js';

/**
 * Returns the flag, of any name, that ends the call cycle of an accessor once it is set: one whose name says so or, if there is none, all with
 * their values. Undefined if none does. `findUnflaggedAccessors` calls it.
 */
export function flagThatEndsCycle(accessor: Accessor, graph: CallGraph, checker: TS.TypeChecker): Bypass | undefined {
  const ending = (flags: readonly Bypass[]) =>
    flags
      .map((bypass) => ({ ...bypass, isByUse: !(bypass.value === true && isBypassName(bypass.name)) }))
      .filter((bypass) => findBypassHonored([{ ...accessor, bypass }], graph, hasFewTargets).size > 0);
  const flags = ending(flagValuesOf(accessor.callable, checker));
  const named = flags.filter(({ isByUse }) => !isByUse);
  const candidates = named.length > 0 ? named : flags.length > 0 ? flags : ending(presenceFlagsOf(accessor.callable, checker));
  const [bypass, ...alternatives] = candidates;
  return bypass && { ...bypass, alternatives };
}

/**
 * Returns accessors whose flag has the value that ends their call cycles. A name shows the flag, but not which of its strings or members of an
 * enum goes past the manager. `buildModel` calls it.
 */
export function withEndingValues(accessors: readonly Accessor[], graph: CallGraph, checker: TS.TypeChecker): Accessor[] {
  return accessors.map((accessor) => {
    const { bypass } = accessor;
    if (bypass?.value !== true) return accessor;
    const values = flagValuesOf(accessor.callable, checker).filter(({ name, index }) => name === bypass.name && index === bypass.index);
    if (values.length === 0 || values.some(({ value }) => value === true)) return accessor;
    const [ending, ...alternatives] = values.filter((value) => findBypassHonored([{ ...accessor, bypass: value }], graph).size > 0);
    return ending && alternatives.length + 1 < values.length ? { ...accessor, bypass: { ...ending, alternatives } } : accessor;
  });
}
