import rule from '../../rules/no-stale-settings.js';
import { codeBase } from '../project/code-base.js';
import { testRule } from './rule-tester.js';

const code = 'export const answer = 42;';
const withSettings = (settings: object) => `${codeBase({ 'src/a.ts': code, 'clickhouse-ssot.config.json': settings })}/src/a.ts`;
const problem = (text: string) => ({ messageId: 'settings', data: { problem: text }, line: 1, column: 1 });

testRule(rule, {
  valid: [
    { name: 'no settings', filename: `${codeBase({ 'package.json': {}, 'src/a.ts': code })}/src/a.ts`, code },
    { name: 'settings that match', filename: withSettings({ managers: ['src/a.ts'] }), code },
    { name: 'the default of "tests", although nothing matches it', filename: withSettings({ tests: ['**/__tests__/**'] }), code },
    {
      name: 'a linter setting that replaces a stale one',
      filename: withSettings({ managers: ['src/none.ts'] }),
      code,
      settings: { 'clickhouse-ssot': { managers: ['src/a.ts'] } },
    },
  ],
  invalid: [
    {
      name: 'each stale entry, at the top of the linted file',
      filename: withSettings({ managers: ['src/none.ts'], service: ['lib'] }),
      code,
      errors: [
        problem('clickhouse-ssot.config.json: "managers[0]": "src/none.ts" matches no source file. Correct or remove it.'),
        problem('clickhouse-ssot.config.json: "service[0]": "lib" matches no source file. Correct or remove it.'),
      ],
    },
    {
      name: 'a stale entry of the configuration of the linter, by its name',
      filename: withSettings({}),
      code,
      settings: { 'clickhouse-ssot': { managers: ['src/none.ts'] } },
      errors: [problem(`settings['clickhouse-ssot']: "managers[0]": "src/none.ts" matches no source file. Correct or remove it.`)],
    },
  ],
});
