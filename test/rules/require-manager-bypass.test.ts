import rule from '../../rules/require-manager-bypass.js';
import { fixture } from '../places.js';
import { testRule } from './rule-tester.js';

const filename = `${fixture('rule-tester')}/src/manager.ts`;

/** Returns a manager whose only method returns the given expression. */
function manager(call: string): string {
  return `import { getClient } from './accessor.js';\nexport class Manager {\n  take(options: object = {}) {\n    return ${call};\n  }\n}\n`;
}

const place = { line: 4, column: 12, endLine: 4, endColumn: 21 };

testRule(rule, {
  valid: [
    { name: 'an empty file', filename, code: '' },
    { name: 'the bypass is set', filename, code: manager('getClient({ bypassManager: true })') },
    { name: 'the bypass is set by a constant', filename, code: `const past = { bypassManager: true };\n${manager('getClient(past)')}` },
    { name: 'the bypass comes after a spread', filename, code: manager('getClient({ ...options, bypassManager: true })') },
    {
      name: 'a caller that is no manager',
      filename: `${fixture('rule-tester')}/src/service.ts`,
      code: `import { getClient } from './accessor.js'; export const client = getClient();`,
    },
    { name: 'a call that cannot run', filename, code: manager('true ? undefined : getClient()') },
  ],
  invalid: [
    {
      name: 'no argument',
      filename,
      code: manager('getClient()'),
      output: manager('getClient({ bypassManager: true })'),
      errors: [{ messageId: 'missing', ...place }],
    },
    {
      name: 'an empty object',
      filename,
      code: manager('getClient({})'),
      output: manager('getClient({ bypassManager: true })'),
      errors: [{ messageId: 'missing', ...place }],
    },
    {
      name: 'an empty object with a comment, which stays',
      filename,
      code: manager('getClient({ /* default */ })'),
      output: manager('getClient({ /* default */ bypassManager: true })'),
      errors: [{ messageId: 'missing', ...place }],
    },
    {
      name: 'an object with another option',
      filename,
      code: manager(`getClient({ database: 'events' })`),
      output: manager(`getClient({ database: 'events', bypassManager: true })`),
      errors: [{ messageId: 'missing', ...place }],
    },
    {
      name: 'a spread of unknown content',
      filename,
      code: manager('getClient({ ...options })'),
      output: manager('getClient({ ...options, bypassManager: true })'),
      errors: [{ messageId: 'unsure', ...place }],
    },
    {
      name: 'options that are passed on: no fix',
      filename,
      code: manager('getClient(options)'),
      output: null,
      errors: [{ messageId: 'unsure', ...place }],
    },
    {
      name: 'a bypass that is set to false: no fix',
      filename,
      code: manager('getClient({ bypassManager: false })'),
      output: null,
      errors: [{ messageId: 'missing', ...place }],
    },
    {
      name: 'a bound function, which ignores further options: no fix',
      filename,
      code: manager('open()').replace('export', 'const open = getClient.bind(null, { bypassManager: false });\nexport'),
      output: null,
      errors: [{ messageId: 'missing', line: 5, column: 12, endLine: 5, endColumn: 16 }],
    },
    {
      name: 'spread arguments: no fix',
      filename,
      code: manager('getClient(...[options])'),
      output: null,
      errors: [{ messageId: 'unsure', ...place }],
    },
  ],
});
