const codeRules = [
  'no-adhoc-mock',
  'no-connection-import-cycle',
  'no-connection-recursion',
  'no-direct-client',
  'no-error-text-matching',
  'no-nested-acquire',
  'no-possible-connection-recursion',
  'no-raw-http',
  'no-swallowed-error',
  'no-undrained-result',
  'require-manager-bypass',
  'require-release',
  'single-client-per-purpose',
  'single-config-source',
  'use-service-interface',
] as const;

/** The name of a rule, without the prefix of the plugin. */
export type RuleName = (typeof codeRules)[number] | 'no-stale-settings' | 'valid-settings';

/** The rules that `sanctioned[].rules` may name. Generated, because settings come before rules: run `npm run generate`. */
export const ruleNames: readonly string[] = codeRules;
