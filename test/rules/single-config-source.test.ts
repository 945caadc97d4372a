import rule from '../../rules/single-config-source.js';
import { fixture } from '../places.js';
import { testRule } from './rule-tester.js';

const root = fixture('rule-tester');
const filename = `${root}/src/service.ts`;
const test = `${root}/test/service.test.ts`;

/** A client that a module of the fixture beside the factory makes. */
const client = `import { createClient } from '@clickhouse/client';\n`;

testRule(rule, {
  valid: [
    { name: 'an empty file', filename, code: '' },
    {
      name: 'the configuration module, from which the options of the factory come',
      filename: `${root}/src/settings.ts`,
      code: `export const settings = { url: process.env.CLICKHOUSE_URL };`,
    },
    { name: 'a variable of another server', filename, code: `export const url = process.env.REDIS_URL;` },
    {
      name: 'the settings of the configuration module',
      filename,
      code: `import { settings } from './settings.js'; export const url = settings.url;`,
    },
    { name: 'a switch', filename, code: `export const isOn = process.env.CLICKHOUSE_ENABLED === 'true';` },
    { name: 'a condition', filename, code: `export const store = process.env.CLICKHOUSE_URL ? 'clickhouse' : 'memory';` },
    { name: 'a test', filename: test, code: `export const url = process.env.CLICKHOUSE_URL;` },
    { name: 'an address in an error', filename, code: `export const fail = () => { throw new Error('http://localhost:8123'); };` },
    { name: 'options of the caller', filename, code: `${client}export const connect = (url: string) => createClient({ url });` },
  ],
  invalid: [
    {
      name: 'a second reader, reported at the expression',
      filename,
      code: `export const url = process.env.CLICKHOUSE_URL ?? '';`,
      errors: [
        {
          messageId: 'read',
          data: {
            variable: 'CLICKHOUSE_URL',
            address: '',
            sources: 'src/settings.ts',
            source: 'src/settings.ts',
            setting: 'If that is not the configuration module, name the right one under "config" in clickhouse-ssot.config.json.',
          },
          line: 1,
          column: 20,
          endLine: 1,
          endColumn: 46,
        },
      ],
    },
    {
      name: 'a destructured variable, reported at the binding',
      filename,
      code: `const { PORT, CLICKHOUSE_DB: db } = process.env;\nexport const all = [PORT, db];`,
      errors: [{ messageId: 'read', line: 1, column: 15, endLine: 1, endColumn: 32 }],
    },
    {
      name: 'a second schema, reported at the key',
      filename,
      code: `import { z } from 'zod';\nexport const env = z.object({ CLICKHOUSE_URL: z.string() }).parse(process.env);`,
      errors: [{ messageId: 'schema', line: 2, column: 31, endLine: 2, endColumn: 45 }],
    },
    {
      name: 'a default that is written to the variable',
      filename,
      code: `process.env.CLICKHOUSE_URL ||= 'http://localhost:8123';`,
      errors: [{ messageId: 'assigned', line: 1, column: 1, endLine: 1, endColumn: 55 }],
    },
    {
      name: 'an address in a second client, reported at the literal',
      filename,
      code: `${client}export const events = createClient({\n  url: 'http://ch-2:8123',\n});`,
      errors: [{ messageId: 'address', line: 3, column: 8, endLine: 3, endColumn: 26 }],
    },
    {
      name: 'a password in a second client',
      filename,
      code: `${client}export const events = createClient({ password: 's3cret' });`,
      errors: [{ messageId: 'credentials', line: 2, column: 48, endLine: 2, endColumn: 56 }],
    },
    {
      name: 'a variable with a name of its own that reaches a second client',
      filename,
      code: `${client}const at = process.env.STORE;\nexport const events = createClient({ url: at });`,
      errors: [{ messageId: 'flow', line: 2, column: 12, endLine: 2, endColumn: 29 }],
    },
  ],
});
