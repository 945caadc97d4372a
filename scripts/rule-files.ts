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

/** The rules about the settings. They have no findings in code, so no file can be exempt from them. */
export const settingsRules: readonly string[] = ['no-stale-settings', 'valid-settings'];

/** The text of `src/settings/rule-names.ts`. */
export function ruleNamesModule(): string {
  const names = ruleNamesOnDisk().filter((name) => !settingsRules.includes(name));
  const entries = (list: readonly string[]): string[] => list.map((name) => `  '${name}',`);
  return [
    'const codeRules = [',
    ...entries(names),
    '] as const;',
    '',
    '/** The name of a rule, without the prefix of the plugin. */',
    `export type RuleName = (typeof codeRules)[number] | ${settingsRules.map((name) => `'${name}'`).join(' | ')};`,
    '',
    '/** The rules that `sanctioned[].rules` may name. Generated, because settings come before rules: run `npm run generate`. */',
    'export const ruleNames: readonly string[] = codeRules;',
    '',
  ].join('\n');
}
