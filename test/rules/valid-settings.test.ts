import rule from '../../rules/valid-settings.js';
import { codeBase } from '../project/code-base.js';
import { testRule } from './rule-tester.js';

const code = 'export const answer = 42;';
const withSettings = (settings: string) => `${codeBase({ 'src/a.ts': code, 'clickhouse-ssot.config.json': settings })}/src/a.ts`;

testRule(rule, {
  valid: [
    { name: 'no settings', filename: `${codeBase({ 'package.json': {}, 'src/a.ts': code })}/src/a.ts`, code },
    { name: 'valid settings', filename: withSettings('{ "managers": ["src/a.ts"] }'), code },
    { name: 'settings that match nothing, which another rule reports', filename: withSettings('{ "managers": ["src/none.ts"] }'), code },
  ],
  invalid: [
    {
      name: 'an unknown key, at the top of the linted file',
      filename: withSettings('{ "factorys": [] }'),
      code,
      errors: [{ messageId: 'settings', line: 1, column: 1 }],
    },
    {
      name: 'two mistakes, in one finding',
      filename: withSettings('{ "factorys": [], "managers": "src" }'),
      code,
      errors: [{ messageId: 'settings', line: 1, column: 1 }],
    },
  ],
});
