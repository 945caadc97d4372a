import rule from '../../rules/use-service-interface.js';
import { codeBase } from '../project/code-base.js';
import { testRule } from './rule-tester.js';

const settings = { 'clickhouse-ssot.config.json': { factories: ['src/factory.ts'], service: ['src/service.ts'] } };

const files = {
  'package.json': { name: 'case' },
  'src/service.ts': `import type { ClickHouseClient } from '@clickhouse/client';
export interface Store extends Pick<ClickHouseClient, 'query' | 'insert'> {}
export const wrap = (client: ClickHouseClient): Store => client;`,
  'src/factory.ts': `import { createClient } from '@clickhouse/client';
import type { Store } from './service';
export const getStore = (): Store => createClient();`,
  'src/own.ts': `export interface ClickHouseClient { query(): Promise<void> }`,
};

const filename = `${codeBase({ ...files, ...settings })}/src/events.ts`;
const withoutService = `${codeBase(files)}/src/events.ts`;
const withRuntime = `${codeBase({ 'package.json': { dependencies: { '@clickhouse-ssot/runtime': '*' } } })}/src/events.ts`;
const type = `import type { ClickHouseClient } from '@clickhouse/client';\n`;

testRule(rule, {
  valid: [
    {
      name: 'a project without a service interface',
      filename: withoutService,
      code: `${type}export const rows = (client: ClickHouseClient) => client;`,
    },
    {
      name: 'the interface',
      filename,
      code: `import type { Store } from './service';\nexport const rows = (store: Store) => store.query({ query: 'SELECT 1' });`,
    },
    {
      name: 'an own type of the same name',
      filename,
      code: `import type { ClickHouseClient } from './own';\nexport const rows = (client: ClickHouseClient) => client.query();`,
    },
    {
      name: 'types of rows, results and settings',
      filename,
      code: `import type { ClickHouseSettings, ResultSet, Row } from '@clickhouse/client';\nexport type Handler = (rows: Row[], result: ResultSet<'JSON'>, settings: ClickHouseSettings) => void;`,
    },
    {
      name: 'a part of the client, and the type of a parameter of it',
      filename,
      code: `${type}export type Reader = Pick<ClickHouseClient, 'query'>;\nexport type Params = Parameters<ClickHouseClient['insert']>[0];\nexport type Name = keyof ClickHouseClient;`,
    },
    {
      name: 'an implementation of the interface',
      filename,
      code: `${type}import type { Store } from './service';\nexport class Logged implements Store {\n  constructor(private readonly client: ClickHouseClient) {}\n  query = this.client.query;\n  insert = this.client.insert;\n}`,
    },
    {
      name: 'a function that makes the service from a client',
      filename,
      code: `${type}import { wrap } from './service';\nexport const store = (client: ClickHouseClient) => wrap(client);`,
    },
    {
      name: 'a module that makes the client',
      filename,
      code: `import { createClient, type ClickHouseClient } from '@clickhouse/client';\nexport const client: ClickHouseClient = createClient();`,
    },
    { name: 'a test', filename: filename.replace('.ts', '.test.ts'), code: `${type}export let client: ClickHouseClient | undefined;` },
    {
      name: 'a type of a function',
      filename,
      code: `import type { createClient } from '@clickhouse/client';\nexport type Make = typeof createClient;`,
    },
    {
      name: 'the manager of the runtime, for more than statements',
      filename: withRuntime,
      code: `import type { ClickHouseConnectionManager } from '@clickhouse-ssot/runtime';\nexport const health = (manager: ClickHouseConnectionManager) => manager.health();`,
    },
  ],
  invalid: [
    {
      name: 'a parameter, with its import',
      filename,
      code: `${type}import { wrap } from './service';\n// Counts.\nexport const rows = (client: ClickHouseClient /* given */) => client.query({ query: 'SELECT 1' });\nexport { wrap };`,
      output: `import type { Store } from './service';\nimport { wrap } from './service';\n// Counts.\nexport const rows = (client: Store /* given */) => client.query({ query: 'SELECT 1' });\nexport { wrap };`,
      errors: [{ messageId: 'client', line: 4, column: 30, endLine: 4, endColumn: 46 }],
    },
    {
      name: 'a parameter, beside other imports of the package',
      filename,
      code: `import { type ClickHouseClient, type Row } from '@clickhouse/client';\nexport const rows = (client: ClickHouseClient, row: Row) => client.insert({ table: 't', values: [row] });`,
      output: `import { type Row } from '@clickhouse/client';\nimport type { Store } from './service';\nexport const rows = (client: Store, row: Row) => client.insert({ table: 't', values: [row] });`,
      errors: [{ messageId: 'client', line: 2, column: 30 }],
    },
    {
      name: 'an import in place',
      filename,
      code: `export const rows = (client: import('@clickhouse/client').ClickHouseClient) => client.query({ query: 'SELECT 1' });`,
      output: `export const rows = (client: import('./service').Store) => client.query({ query: 'SELECT 1' });`,
      errors: [{ messageId: 'client', line: 1, column: 30 }],
    },
    {
      name: 'a private field',
      filename,
      code: `${type}export class Events {\n  constructor(private readonly client: ClickHouseClient) {}\n  all() { return this.client.query({ query: 'SELECT 1' }); }\n}`,
      output: `import type { Store } from './service';\nexport class Events {\n  constructor(private readonly client: Store) {}\n  all() { return this.client.query({ query: 'SELECT 1' }); }\n}`,
      errors: [{ messageId: 'client', line: 3, column: 40 }],
    },
    {
      name: 'a member that the interface lacks, without a fix',
      filename,
      code: `${type}export const drop = (client: ClickHouseClient) => client.command({ query: 'DROP TABLE t' });`,
      errors: [{ messageId: 'client', line: 2, column: 30 }],
    },
    {
      name: 'a client that is passed on, without a fix',
      filename,
      code: `${type}import { send } from './other';\nexport const drop = (client: ClickHouseClient) => send(client);`,
      errors: [{ messageId: 'client', line: 3, column: 30 }],
    },
    {
      name: 'a field that code reads by a pattern, without a fix',
      filename,
      code: `${type}export class Events {\n  constructor(private readonly client: ClickHouseClient) {}\n  drop() { const { client } = this; return client.command({ query: 'DROP TABLE t' }); }\n}`,
      errors: [{ messageId: 'client', line: 3, column: 40 }],
    },
    {
      name: 'an alias, a property and a promise',
      filename,
      code: `${type}export type Db = ClickHouseClient;\nexport interface Deps { readonly client: Promise<ClickHouseClient> }`,
      errors: [
        { messageId: 'client', line: 2, column: 18 },
        { messageId: 'client', line: 3, column: 50 },
      ],
    },
    {
      name: 'a namespace and the type of a result',
      filename,
      code: `import type * as CH from '@clickhouse/client';\nexport let a: CH.ClickHouseClient | undefined;\nexport let b: ReturnType<typeof CH.createClient> | undefined;`,
      errors: [
        { messageId: 'client', line: 2, column: 15 },
        { messageId: 'client', line: 3, column: 15 },
      ],
    },
    {
      name: 'the manager of the runtime, for statements alone',
      filename: withRuntime,
      code: `import type { ClickHouseConnectionManager } from '@clickhouse-ssot/runtime';\nexport const rows = (manager: ClickHouseConnectionManager) => manager.service.query({ query: 'SELECT 1' });`,
      errors: [{ messageId: 'manager', line: 2, column: 31 }],
    },
    {
      name: 'the client of the package beside the runtime',
      filename: withRuntime,
      code: `${type}export const rows = (client: ClickHouseClient) => client.query({ query: 'SELECT 1' });`,
      errors: [{ messageId: 'client', line: 2, column: 30 }],
    },
  ],
});
