/** What `sanctioned[].rules` may name. Data, because settings come before rules; a test holds it to the rules there are. */
export const ruleNames: readonly string[] = [
  'no-connection-import-cycle',
  'no-connection-recursion',
  'no-direct-client',
  'no-nested-acquire',
  'require-manager-bypass',
];
