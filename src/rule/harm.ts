/**
 * The rules that judge code, the most harmful first: a call that never returns, modules that load in the wrong order, callers that wait for
 * each other, connections that stay open, lost results and failures, code that connects in a way of its own, and tests that prove nothing.
 * Reports list findings in this order; a rule that is not listed comes last.
 */
const rulesByHarm: readonly string[] = [
  'no-connection-recursion',
  'no-connection-import-cycle',
  'no-nested-acquire',
  'require-release',
  'no-undrained-result',
  'no-swallowed-error',
  'no-possible-connection-recursion',
  'require-manager-bypass',
  'single-client-per-purpose',
  'no-direct-client',
  'no-raw-http',
  'no-adhoc-mock',
  'no-error-text-matching',
  'single-config-source',
  'use-service-interface',
];

/** Returns the place of a rule in the order of harm: 0 for the most harmful. */
export function harmRank(rule: string): number {
  const rank = rulesByHarm.indexOf(rule);
  return rank < 0 ? rulesByHarm.length : rank;
}
