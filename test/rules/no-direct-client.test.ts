import rule from '../../rules/no-direct-client.js';
import { fixture } from '../places.js';
import { testRule } from './rule-tester.js';

const filename = `${fixture('rule-tester')}/src/service.ts`;
const factory = `${fixture('rule-tester')}/src/factory.ts`;

testRule(rule, {
  valid: [
    { name: 'an empty file', filename, code: '' },
    {
      name: 'the factory itself',
      filename: factory,
      code: `import { createClient } from '@clickhouse/client'; export const make = createClient; export const client = make();`,
    },
    { name: 'a client of another database', filename, code: `import { createClient } from 'redis'; createClient();` },
    { name: 'a type', filename, code: `import type { createClient } from '@clickhouse/client'; export type Create = typeof createClient;` },
    {
      name: 'a client from the factory',
      filename,
      code: `import { client } from './factory.js'; export const rows = client.query({ query: 'SELECT 1' });`,
    },
    {
      name: 'code in a string',
      filename,
      code: `export const code = "import { createClient } from '@clickhouse/client'; createClient()";`,
    },
    {
      name: 'a sanctioned file',
      filename: `${fixture('rule-tester')}/scripts/migrate.ts`,
      code: `import { createClient } from '@clickhouse/client'; createClient();`,
    },
  ],
  invalid: [
    {
      name: 'a call, reported at the callee',
      filename,
      code: `import { createClient } from '@clickhouse/client';\nconst client = createClient({ url: 'http://localhost' });`,
      errors: [{ messageId: 'outside', line: 2, column: 16, endLine: 2, endColumn: 28 }],
    },
    {
      name: 'the message names the package and the constructor',
      filename,
      code: `import { ClickHouse } from 'clickhouse';\nnew ClickHouse();`,
      errors: [
        {
          messageId: 'outside',
          data: { constructor: 'ClickHouse', package: 'clickhouse', factories: 'src/factory.ts', advice: '' },
          line: 2,
          column: 1,
          endLine: 2,
          endColumn: 15,
        },
      ],
    },
    {
      name: 'a member call behind CRLF and an emoji, at UTF-16 columns',
      filename,
      code: `// 😀\r\nimport * as ch from '@clickhouse/client';\r\nconst face = '😀', client = ch.createClient();`,
      errors: [{ messageId: 'outside', line: 3, column: 29, endLine: 3, endColumn: 44 }],
    },
    {
      name: 'a text with a byte order mark, at positions of the text without the mark',
      filename,
      code: `\uFEFFimport { createClient } from '@clickhouse/client';\ncreateClient();`,
      errors: [{ messageId: 'outside', line: 2, column: 1, endLine: 2, endColumn: 13 }],
    },
    {
      name: 'a constructor that another file exports',
      filename,
      code: `import { make } from './factory.js';\nmake();`,
      errors: [{ messageId: 'outside', line: 2, column: 1, endLine: 2, endColumn: 5 }],
    },
  ],
});
