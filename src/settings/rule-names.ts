/** The rules that `sanctioned[].rules` may name. Generated, because settings come before rules: run `npm run generate`. */
export const ruleNames: readonly string[] = [
  'no-connection-import-cycle',
  'no-connection-recursion',
  'no-direct-client',
  'no-nested-acquire',
  'require-manager-bypass',
];
