import { describe, expect, it } from 'vitest';
import { audit } from '../../../src/audit/audit.js';
import { codeBase } from '../../project/code-base.js';

function resultOf(files: Readonly<Record<string, string>>) {
  const outcome = audit({ root: codeBase(files) });
  if (outcome.kind === 'error') throw new Error(outcome.problems.join('\n'));
  return outcome.result;
}

const client = `import { createClient } from '@clickhouse/client';
export const make = () => createClient({ url: 'http://localhost:8123' });
export class Store { client = make(); rows() { return this.client.query({ query: 'SELECT 1' }); } }
export { createClient };
`;

describe('a test', () => {
  const test = (text: string) => resultOf({ 'src/client.ts': client, 'src/client.test.ts': text });

  it.each([
    `import { make } from './client.js'; make().close();`,
    `import { Store } from './client.js'; new Store().rows();`,
    `import type { ClickHouseClient } from '@clickhouse/client';\nimport { Store } from './client.js';\nexport let client: ClickHouseClient;`,
    `vi.mock('@clickhouse/client', () => ({}));\nimport { Store } from './client.js'; new Store().rows();`,
  ])('is not analysed if it cannot construct a client: %j', (text) => {
    const { sliceFiles, constructions } = test(text);
    expect(sliceFiles).toBe(1);
    expect(constructions).toHaveLength(1);
  });

  it.each([
    `import { createClient } from '@clickhouse/client'; createClient();`,
    `import { createClient } from './client.js'; createClient();`,
    `import * as db from './client.js'; db.createClient();`,
    `vi.mock('./config.js');\nconst { createClient } = await vi.importActual('@clickhouse/client'); createClient();`,
    `import { type ClickHouseClient, createClient as open } from '@clickhouse/client'; open();`,
  ])('is analysed if it constructs one: %j', (text) => {
    expect(test(text).constructions.map(({ file }) => file)).toContain('src/client.test.ts');
  });

  it('is analysed if it opens a session', () => {
    expect(test(`import { service } from './service.js'; service.manager.session(async () => {});`).sliceFiles).toBe(2);
  });
});

describe('a module that a function imports late', () => {
  const body = `{ if (url) return createClient({ url }); const manager = LOAD; return manager.open(); }`;
  const late = (text: string, load: string) => text.replace('BODY', body.replace('LOAD', load));
  const required = `const { createClient } = require('@clickhouse/client');\n`;
  const imported = `import { createClient } from '@clickhouse/client';\n`;

  it.each([
    late(`${required}exports.getClient = function (url) BODY;`, `require('./manager')`),
    late(`${required}exports.getClient = async (url) => BODY;`, `await import('./manager')`),
    late(`${required}module.exports = { getClient(url) BODY };`, `require('./manager')`),
    late(`${required}module.exports = class { static getClient(url) BODY };`, `require('./manager')`),
    late(`${required}Object.defineProperty(exports, 'getClient', { value(url) BODY });`, `require('./manager')`),
    late(`${imported}export const clients = { async getClient(url) BODY };`, `await import('./manager')`),
  ])('is analysed, because its client may come back to the function: %j', (text) => {
    const files = {
      'src/client.js': text,
      'src/manager.js': `exports.open = () => require('./client').getClient('http://localhost:8123');`,
    };
    expect(resultOf(files).sliceFiles).toBe(2);
  });
});

describe('a package whose name is a word', () => {
  it.each([
    `import { ClickHouse } from 'clickhouse'; new ClickHouse({});`,
    `import { ClickHouse } from /* the old client */ "clickhouse"; new ClickHouse({});`,
    `const { ClickHouse } = require('clickhouse'); new ClickHouse({});`,
    `const { ClickHouse } = await import(\n  'clickhouse'\n); new ClickHouse({});`,
    `import { ClickHouse } from 'npm:clickhouse@2'; new ClickHouse({});`,
    `import clickhouse = require('clickhouse'); new clickhouse.ClickHouse({});`,
  ])('is found in %j', (text) => {
    expect(resultOf({ 'src/a.ts': text }).constructions).toHaveLength(1);
  });

  it.each([
    `export const dialect = 'clickhouse';`,
    `export const dialects = ['postgres', 'clickhouse'];`,
    `export const isOurs = (dialect: string) => dialect === 'clickhouse';`,
    `export const image = { image: 'clickhouse/clickhouse-server:25.3' };`,
    `export type Dialect = 'postgres' | 'clickhouse';`,
  ])('is not named by the value in %j', (text) => {
    expect(resultOf({ 'src/a.ts': text }).sliceFiles).toBe(0);
  });

  it('counts as a value beside a computed import', () => {
    expect(resultOf({ 'src/a.ts': `const name = 'clickhouse'; export const load = () => import(name);` }).sliceFiles).toBe(1);
  });
});
