import { describe, expect, it } from 'vitest';
import { audit } from '../../../src/audit/audit.js';
import { codeBase } from '../../project/code-base.js';

const files = {
  'src/clickhouse.ts': `import { createClient, type ClickHouseClient } from '@clickhouse/client';
export const client = createClient();
export const getClient = (): ClickHouseClient => client;
export const tables = { events: 'events' };`,
  'src/db.ts': `export { getClient as getDb } from './clickhouse';`,
  'src/events.repository.ts': `import { client } from './clickhouse';
export const count = () => client.query({ query: 'SELECT count() FROM events' });`,
  'src/testing/double.ts': `export const double = { query: async () => ({ json: async () => [] }) };`,
};

/** Returns the places of the findings in one test as `line:column`. */
function findingsIn(test: string, more: Readonly<Record<string, string | object>> = {}, name = 'src/events.test.ts'): string[] {
  const outcome = audit({ root: codeBase({ ...files, ...more, [name]: test }), selection: { preset: 'strict', rules: ['no-adhoc-mock'] } });
  if (outcome.kind === 'error') throw new Error(outcome.problems.join('\n'));
  return outcome.result.findings.map(({ line, column }) => `${line}:${column}`);
}

const type = `import type { ClickHouseClient } from '@clickhouse/client';\n`;

const doubles: Readonly<Record<string, string>> = {
  'a mock of the client package without a replacement': `vi.mock('@clickhouse/client');`,
  'a mock of the web client': `jest.mock('@clickhouse/client-web', () => ({ createClient: jest.fn() }));`,
  'a mock of Bun': `mock.module('@clickhouse/client', () => ({ createClient: () => ({ query: async () => [] }) }));`,
  'a mock of Node.js': `t.mock.module('@clickhouse/client', { namedExports: { createClient: () => ({ insert() {} }) } });`,
  'a mock of a module that exports the client': `vi.mock('./clickhouse', () => ({ client: { query: vi.fn() } }));`,
  'a mock that imports the module': `vi.mock(import('./clickhouse'), () => ({ getClient: vi.fn() }));`,
  'a mock of a module that passes the client on': `vi.doMock('./db', () => ({ getDb: () => ({ query: vi.fn() }) }));`,
  'a mock that keeps the other exports': `vi.mock('./clickhouse', async (original) => ({ ...(await original()), client: { query: vi.fn() } }));`,
  'a mock with values of a hoisted object': `const mocks = vi.hoisted(() => ({ make: vi.fn(() => ({ query: vi.fn() })) }));\nvi.mock('@clickhouse/client', () => ({ createClient: mocks.make }));`,
  'a replacement of a loader': `const proxyquire = require('proxyquire');\nproxyquire('./events.repository', { './clickhouse': { client: { query: () => [] } } });`,
  'a mock of testdouble': `td.replaceEsm('@clickhouse/client', { createClient: () => ({}) });`,
  'a spy with an answer': `import * as ch from './clickhouse';\nvi.spyOn(ch, 'getClient').mockReturnValue({ query: vi.fn() });`,
  'a stub of a method of the client': `import { client } from './clickhouse';\nconst spy = vi.spyOn(client, 'query');\nspy.mockResolvedValue([]);`,
  'an assignment to a method': `import { client } from './clickhouse';\nclient.insert = vi.fn();`,
  'a cast of an object': `${type}export const fake = { query: async () => [] } as unknown as ClickHouseClient;`,
  'a cast of a variable': `${type}const fake = { query: vi.fn() };\nexport const given = fake as unknown as ClickHouseClient;`,
  'a cast to a mocked type': `${type}export const fake = { query: jest.fn() } as unknown as jest.Mocked<ClickHouseClient>;`,
  'a cast to the type of a result': `import { createClient } from '@clickhouse/client';\nexport const fake = { ping: vi.fn() } as unknown as ReturnType<typeof createClient>;`,
  'a declared type with a cast that fits any': `${type}export const fake: ClickHouseClient = { query: vi.fn() } as any;`,
  'a double of a library': `${type}import { mockDeep } from 'vitest-mock-extended';\nexport const fake = mockDeep<ClickHouseClient>();`,
};

describe('a double that one test makes for itself is found', () => {
  it.each(Object.entries(doubles))('%s', (_name, test) => {
    expect(findingsIn(test)).toHaveLength(1);
  });
});

const legal: Readonly<Record<string, string>> = {
  'a mock of a repository above the client': `vi.mock('./events.repository', () => ({ count: vi.fn() }));`,
  'a mock of another export of the factory': `vi.mock('./clickhouse', async (original) => ({ ...(await original()), tables: { events: 'test' } }));`,
  'a mock of another package': `vi.mock('pg', () => ({ Client: vi.fn() }));`,
  'the shared double of another module': `import { double } from './testing/double';\nvi.mock('./clickhouse', () => ({ client: double }));`,
  'the double of the runtime': `import { createTestService } from '@clickhouse-ssot/runtime/testing';\nvi.mock('./clickhouse', () => ({ client: createTestService(), getClient: () => createTestService() }));`,
  'a stub that gets a real client later': `import { start } from './testing/server';\nimport * as ch from './clickhouse';\nlet real: unknown;\nvi.mock('./clickhouse', () => ({ getClient: vi.fn() }));\nbeforeAll(async () => { real = await start(); vi.mocked(ch.getClient).mockReturnValue(real); });`,
  'a client that is switched off': `vi.mock('./clickhouse', () => ({ getClient: () => null }));`,
  'a mock that lets calls through': `vi.mock('./clickhouse', { spy: true });`,
  'a wrapper around the original': `vi.mock('./clickhouse', async (original) => { const actual = await original(); return { ...actual, getClient: vi.fn(actual.getClient) }; });`,
  'an end of a mock': `vi.unmock('@clickhouse/client');`,
  'an import of the original': `const actual = await vi.importActual('@clickhouse/client');`,
  'a spy without an answer': `import { client } from './clickhouse';\nconst spy = vi.spyOn(client, 'query');\nexpect(spy).toHaveBeenCalled();`,
  'a stub of something else': `const sinon = require('sinon');\nconst ch = require('@clickhouse/client');\nsinon.useFakeTimers();\nsinon.stub(console, 'log');`,
  'a cast of rows': `${type}type Row = { n: number };\nexport const rows = { n: 1 } as unknown as Row;\nexport type C = ClickHouseClient;`,
  'a cast of a real client': `${type}import { start } from './testing/server';\nconst real = await start();\nexport const client = real as unknown as ClickHouseClient;`,
  'a proxy around a real client': `${type}import { client } from './clickhouse';\nexport const watched = new Proxy(client, { get: (target, key) => Reflect.get(target, key) }) as ClickHouseClient;`,
  'an empty object that fills a place': `${type}export const none = {} as ClickHouseClient;`,
  'a type of the same name': `import type { ClickHouseClient } from './types';\nexport const fake = { query: vi.fn() } as unknown as ClickHouseClient;`,
  'a name in a comment': `// vi.mock('@clickhouse/client')\nit('works', () => {});`,
  'a string of code': `export const code = "vi.mock('@clickhouse/client')";`,
};

describe('no finding', () => {
  it.each(Object.entries(legal))('%s', (_name, test) => {
    expect(findingsIn(test)).toEqual([]);
  });

  it('for a double in a module that the setting "service" names', () => {
    const test = `${type}export const fake = { query: async () => [] } as unknown as ClickHouseClient;`;
    const settings = { 'clickhouse-ssot.config.json': { service: ['src/service/**'] } };
    expect(findingsIn(test, settings, 'src/service/test/double.ts')).toEqual([]);
  });

  it('for a double in a module of tests that several tests import', () => {
    const test = `${type}export const fake = { query: async () => [] } as unknown as ClickHouseClient;`;
    const users = { 'test/a.test.ts': `import { fake } from './double';`, 'test/b.test.ts': `import { fake } from './double';` };
    expect(findingsIn(test, users, 'test/double.ts')).toEqual([]);
  });

  it('for a mock of the package in the test of the factory', () => {
    expect(
      findingsIn(`import './clickhouse';\nvi.mock('@clickhouse/client', () => ({ createClient: vi.fn() }));`, {}, 'src/clickhouse.test.ts'),
    ).toEqual([]);
  });

  it('for a cast in code that is no test', () => {
    const code = `${type}export const lazy = new Proxy({}, {}) as unknown as ClickHouseClient;\nexport const own = { query() {} } as unknown as ClickHouseClient;`;
    expect(findingsIn(code, {}, 'src/lazy.ts')).toEqual([]);
  });
});

it('a module by an alias of the project is found by its target', () => {
  const tsconfig = { 'tsconfig.json': { compilerOptions: { paths: { '~/*': ['./src/*'] } } } };
  expect(findingsIn(`vi.mock('~/clickhouse', () => ({ client: {} }));`, tsconfig)).toHaveLength(1);
  expect(findingsIn(`vi.mock('~/events.repository', () => ({ count: {} }));`, tsconfig)).toEqual([]);
});
