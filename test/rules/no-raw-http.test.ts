import rule from '../../rules/no-raw-http.js';
import { fixture } from '../places.js';
import { testRule } from './rule-tester.js';

const filename = `${fixture('rule-tester')}/src/service.ts`;

testRule(rule, {
  valid: [
    { name: 'an empty file', filename, code: '' },
    { name: 'a client that is a parameter', filename, code: `import type { ClickHouseClient } from '@clickhouse/client'; export const ping = (client: ClickHouseClient) => client.ping();` },
  ],
  invalid: [
    {
      name: 'a client that is constructed',
      filename,
      code: `import { createClient } from '@clickhouse/client'; createClient();`,
      errors: [{ messageId: 'found', line: 1, column: 52 }],
    },
  ],
});
