import rule from '../../rules/require-release.js';
import { fixture } from '../places.js';
import { testRule } from './rule-tester.js';

const filename = `${fixture('rule-tester')}/src/report.ts`;

/** Returns a module with the given code below the import of the client. */
function code(text: string): string {
  return `import { createClient, type ClickHouseClient } from '@clickhouse/client';\n${text}`;
}

/** Returns a handler that makes a client and then runs the given code. */
function handler(text: string): string {
  return code(`export async function report(day: string) {\n  const client = createClient();\n  ${text}\n}`);
}

testRule(rule, {
  valid: [
    { name: 'an empty file', filename, code: '' },
    { name: 'a client of the module', filename, code: code('const client = createClient();\nexport const ping = () => client.ping();') },
    { name: 'closed in finally', filename, code: handler('try { await client.command({}); } finally { await client.close(); }') },
    {
      name: 'closed by hand on each exit',
      filename,
      code: handler('try { await client.command({}); await client.close(); } catch (error) { await client.close(); throw error; }'),
    },
    { name: 'closed after a chain', filename, code: handler('return client.query({}).finally(() => client.close());') },
    { name: 'returned to the caller, which is not known', filename, code: handler('return client;') },
    { name: 'passed to code outside the analysis', filename, code: handler('register(client);') },
    {
      name: '`await using`',
      filename,
      code: code('export async function report(day: string) { await using client = createClient(); await client.command({ day }); }'),
    },
    {
      name: 'a memo',
      filename,
      code: code(
        'let client: ClickHouseClient | undefined;\nexport function store(day: string) { if (!client) client = createClient(); return client.query({ day }); }',
      ),
    },
    {
      name: 'a script',
      filename,
      code: code('async function main() { const client = createClient(); await client.command({}); }\nvoid main();'),
    },
    {
      name: 'a memo of a package',
      filename,
      code: code(
        "import memoize from 'memoize';\nconst clientOf = memoize((url: string) => createClient({ url }));\nexport const ping = (url: string) => clientOf(url).ping();",
      ),
    },
    {
      name: 'a function whose promise a memo keeps',
      filename,
      code: code(
        'let running: Promise<void> | undefined;\nexport const migrated = () => (running ??= run());\nasync function run() { const client = createClient(); await client.command({}); }',
      ),
    },
    {
      name: 'a client of a browser',
      filename,
      code: "import { createClient } from '@clickhouse/client-web';\nexport const ping = (url: string) => createClient({ url }).ping();",
    },
    {
      name: 'a client that replaces a closed one',
      filename,
      code: code(
        'let client = createClient();\nexport async function rotate(url: string) { await client.close(); client = createClient({ url }); }',
      ),
    },
  ],
  invalid: [
    {
      name: 'never closed',
      filename,
      code: handler('return client.query({ day });'),
      errors: [{ messageId: 'never', line: 3, column: 18 }],
    },
    {
      name: 'dropped at once',
      filename,
      code: code('export const ping = (url: string) => createClient({ url }).ping();'),
      errors: [{ messageId: 'never', line: 2, column: 38 }],
    },
    {
      name: 'not closed after an error',
      filename,
      code: handler('await client.command({ day });\n  await client.close();'),
      errors: [{ messageId: 'on-error', line: 3 }],
    },
    {
      name: 'closed under a condition',
      filename,
      code: handler("try { await client.command({}); } finally { if (day === '') await client.close(); }"),
      errors: [{ messageId: 'on-path', line: 3 }],
    },
    {
      name: 'made for each element of a loop',
      filename,
      code: code('for (const url of urls) check(url);\nasync function check(url: string) { await createClient({ url }).ping(); }'),
      errors: [{ messageId: 'never', line: 3 }],
    },
    {
      name: 'a pool that is only drained',
      filename,
      code: code(
        "import { createPool } from 'generic-pool';\nexport async function report(day: string) {\n  const pool = createPool({ create: async () => createClient() });\n  try { await pool.use((client) => client.query({ day })); } finally { await pool.drain(); }\n}",
      ),
      errors: [{ messageId: 'not-cleared', line: 4 }],
    },
    {
      name: 'replaced',
      filename,
      code: code(
        'let cached: { url: string; client: ClickHouseClient } | undefined;\nexport function clientOf(url: string) {\n  if (cached?.url === url) return cached.client;\n  cached = { url, client: createClient({ url }) };\n  return cached.client;\n}',
      ),
      errors: [{ messageId: 'replaced', line: 5 }],
    },
    {
      name: 'forgotten',
      filename,
      code: code(
        'const clients = new Map<string, ClickHouseClient>();\nexport function clientOf(url: string) { if (!clients.has(url)) clients.set(url, createClient({ url })); return clients.get(url); }\nexport function forget(url: string) { clients.delete(url); }',
      ),
      errors: [{ messageId: 'dropped', line: 4 }],
    },
    {
      name: 'forgotten by a cache',
      filename,
      code: code(
        "import { LRUCache } from 'lru-cache';\nconst clients = new LRUCache<string, ClickHouseClient>({ max: 10 });\nexport function clientOf(url: string) { if (!clients.has(url)) clients.set(url, createClient({ url })); return clients.get(url); }",
      ),
      errors: [{ messageId: 'evicted', line: 4 }],
    },
    {
      name: 'made for each request by Nest',
      filename,
      code: code(
        "import { Injectable, Scope } from '@nestjs/common';\n@Injectable({ scope: Scope.REQUEST })\nexport class Store {\n  readonly client = createClient();\n}",
      ),
      errors: [{ messageId: 'request-scope', line: 5 }],
    },
  ],
});
