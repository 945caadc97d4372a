/** A test of `events.ts`, and whether it makes a double of its own. */
export interface DoublePair {
  readonly name: string;
  readonly own: string;
  readonly right: string;
}

const type = `import type { ClickHouseClient } from '@clickhouse/client';\n`;
const service = `import { createTestService } from '@clickhouse-ssot/runtime/testing';\n`;

/** Returns a mock of the factory whose exports begin with the original. */
const around = (exports: string): string =>
  `vi.mock('./clickhouse', async (importActual) => {\n  const actual = await importActual<typeof import('./clickhouse')>();\n  return { ...actual, ${exports} };\n});`;

/** Mocks that begin with the original of the module. */
export const wrappers: readonly DoublePair[] = [
  {
    name: 'a function',
    own: around(`getClient: vi.fn(() => ({ ping: vi.fn() }))`),
    right: around(`getClient: vi.fn(() => actual.getClient())`),
  },
  {
    name: 'a method',
    own: around(`getClient() { return { query: async () => [] }; }`),
    right: around(`getClient() { calls++; return actual.getClient(); }`),
  },
  {
    name: 'an accessor',
    own: around(`get client() { return { query: vi.fn() }; }`),
    right: around(`get client() { reads++; return actual.client; }`),
  },
  {
    name: 'a member of the client',
    own: around(`client: { ...actual.client, query: vi.fn(async () => ({ json: async () => [] })) }`),
    right: around(`client: { ...actual.client, query: vi.fn((params) => actual.client.query(params)) }`),
  },
  {
    name: 'a bound method',
    own: around(`client: Object.assign(actual.client, { query: vi.fn(() => []) })`),
    right: around(`client: Object.assign(actual.client, { query: vi.fn(actual.client.query.bind(actual.client)) })`),
  },
  {
    name: 'an answer that comes later',
    own: around(`getClient: vi.fn().mockReturnValue({ ping: vi.fn() })`),
    right: around(`getClient: vi.fn().mockImplementation(actual.getClient)`),
  },
  {
    name: 'a hoisted stub',
    own: `const spy = vi.hoisted(() => vi.fn());\nvi.mock('./clickhouse', () => ({ getClient: spy }));\nspy.mockReturnValue({ query: vi.fn() });`,
    right: `const spy = vi.hoisted(() => vi.fn());\nvi.mock('./clickhouse', async (importActual) => {\n  const actual = await importActual();\n  spy.mockImplementation(actual.getClient);\n  return { ...actual, getClient: spy };\n});`,
  },
  {
    name: 'a hoisted object of stubs',
    own: `const mocks = vi.hoisted(() => ({ getClient: vi.fn() }));\nvi.mock('./clickhouse', () => ({ getClient: mocks.getClient }));\nmocks.getClient.mockReturnValue({ insert: vi.fn() });`,
    right: `${service}const mocks = vi.hoisted(() => ({ getClient: vi.fn() }));\nvi.mock('./clickhouse', () => ({ getClient: mocks.getClient }));\nmocks.getClient.mockReturnValue(createTestService());`,
  },
];

/** What tests of public code do, in other words. */
export const publicCode: readonly DoublePair[] = [
  {
    name: 'Jest with the original package',
    own: `jest.mock('@clickhouse/client', () => ({ ...jest.requireActual('@clickhouse/client'), createClient: jest.fn() }));`,
    right: `jest.mock('@clickhouse/client', () => ({ ...jest.requireActual('@clickhouse/client'), createClient: jest.fn((options) => jest.requireActual('@clickhouse/client').createClient(options)) }));`,
  },
  {
    name: 'a client of a container in the place of the factory',
    own: `vi.mock('./clickhouse', () => ({ getClient: () => ({ command: vi.fn(), insert: vi.fn() }) }));`,
    right: `import { startClickHouse } from './containers';\nlet server: Awaited<ReturnType<typeof startClickHouse>>;\nvi.mock('./clickhouse', () => ({ getClient: () => server.client }));\nbeforeAll(async () => { server = await startClickHouse(); });`,
  },
  {
    name: 'a double of jest-mock-extended, or of a repository',
    own: `${type}import { mock } from 'jest-mock-extended';\nconst client = mock<ClickHouseClient>({ query: jest.fn() });`,
    right: `import { mock } from 'jest-mock-extended';\nimport type { EventStore } from './events';\nconst store = mock<EventStore>();`,
  },
  {
    name: 'a deep double of Vitest',
    own: `${type}import { mockDeep } from 'vitest-mock-extended';\nlet client = mockDeep<ClickHouseClient>();\nbeforeEach(() => { client = client; });`,
    right: `${service}let client = createTestService();\nbeforeEach(() => { client = createTestService(); });`,
  },
  {
    name: 'a provider of a testing module of Nest',
    own: `${type}const provider = { provide: 'CLICKHOUSE', useValue: { query: jest.fn(), insert: jest.fn() } as unknown as ClickHouseClient };`,
    right: `${service}const provider = { provide: 'CLICKHOUSE', useValue: createTestService() };`,
  },
  {
    name: 'an insert that the test watches',
    own: `import { client } from './clickhouse';\nconst insert = vi.spyOn(client, 'insert').mockResolvedValue({ executed: true });`,
    right: `import { client } from './clickhouse';\nconst insert = vi.spyOn(client, 'insert');\nafterEach(() => insert.mockClear());`,
  },
  {
    name: 'a loader of modules without the original',
    own: `const proxyquire = require('proxyquire').noCallThru();\nproxyquire('./events', { './clickhouse': { client: { query: async () => [] } } });`,
    right: `const proxyquire = require('proxyquire').noCallThru();\nproxyquire('./events', { './names': { table: 'test' } });`,
  },
  {
    name: 'Node.js',
    own: `import { mock } from 'node:test';\nimport { client } from './clickhouse';\nmock.method(client, 'query', async () => ({ json: async () => [] }));`,
    right: `import { mock } from 'node:test';\nimport { client } from './clickhouse';\nconst watched = mock.method(client, 'query');`,
  },
];
