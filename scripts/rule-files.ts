import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = fileURLToPath(new URL('..', import.meta.url));

/** The names of the rules, from the files in their folder. */
export function ruleNamesOnDisk(): string[] {
  return readdirSync(join(repository, 'rules'))
    .filter((file) => file !== 'index.ts')
    .map((file) => file.replace(/\.ts$/, ''))
    .sort();
}

/** The text of `src/settings/rule-names.ts`. */
export function ruleNamesModule(): string {
  return [
    'const names = [',
    ...ruleNamesOnDisk().map((name) => `  '${name}',`),
    '] as const;',
    '',
    '/** The name of a rule, without the prefix of the plugin. */',
    'export type RuleName = (typeof names)[number];',
    '',
    '/** The rules that `sanctioned[].rules` may name. Generated, because settings come before rules: run `npm run generate`. */',
    'export const ruleNames: readonly string[] = names;',
    '',
  ].join('\n');
}
