import type { Pair } from './pair.js';

const accessorSetting = { settings: { accessors: [{ module: 'client.ts', name: 'getClient' }] } };
const client = `import { type ClickHouseClient, createClient } from '@clickhouse/client';`;

function strategies(name: string, why: string, manager: string, managed = "strategies.get('managed')!()"): Pair {
  return {
    name,
    why,
    path: ['getClient', '.*'],
    ...accessorSetting,
    files: {
      'client.ts': `${client}\nimport { strategies } from './manager.js';\nexport async function getClient(): Promise<ClickHouseClient> {\n  return ${managed};\n}`,
      'manager.ts': `${client}\nimport { getClient } from './client.js';\n${manager}`,
    },
  };
}

function counted(name: string, why: string, parameter: string, condition: string, step: string, given = 'depth'): Pair {
  return {
    name,
    why,
    path: ['getClient', 'Manager.take'],
    ...accessorSetting,
    files: {
      'client.ts': `${client}\nimport { manager } from './manager.js';\nexport async function getClient(${parameter}): Promise<ClickHouseClient> {\n  if (${condition}) return manager.take(${given});\n  return createClient();\n}`,
      'manager.ts': `${client}\nimport { getClient } from './client.js';\nclass Manager {\n  take(${parameter}): Promise<ClickHouseClient> {\n    return getClient(${step});\n  }\n}\nexport const manager = new Manager();`,
    },
  };
}

/** Programs whose calls depend on a constant key, a counter, a class or a value that was just assigned. */
export const exactTargets: readonly Pair[] = [
  strategies(
    'a Map of strategies',
    'A function under another key does not run.',
    "export const strategies = new Map<string, () => Promise<ClickHouseClient>>([['managed', () => «getClient()→Promise.resolve(createClient())»], ['other', () => getClient()]]);",
  ),
  strategies(
    'a Map that is filled by set',
    'A function under another key does not run.',
    "export const strategies = new Map<string, () => Promise<ClickHouseClient>>();\nstrategies.set('«managed→other»', () => getClient());\nstrategies.set('«other→managed»', async () => createClient());",
  ),
  strategies(
    'a record of strategies with a constant key',
    'A function under another key does not run.',
    "export const MANAGED = 'managed';\nexport const strategies: Record<string, () => Promise<ClickHouseClient>> = { «managed→other»: () => getClient(), «other→managed»: async () => createClient() };",
    "strategies['managed']!()",
  ),
  counted('a counted depth', 'A step reaches the limit.', 'depth = 0', 'depth < 2', 'depth« → + 1»'),
  counted('attempts that are left', 'A step reaches zero.', 'depth = 3', 'depth > 0', 'depth« → - 1»'),
  counted(
    'a depth among the options',
    'A step reaches the limit.',
    'depth: { level?: number } = {}',
    '(depth.level ?? 0) < 2',
    '{ level: (depth.level ?? 0)« → + 1» }',
  ),
  counted('a constant level', 'The level decides the branch.', 'depth = 0', 'depth < 1', '«0→1»'),
  {
    name: 'a method that a derived class overrides',
    why: 'Of an object whose class is known, only its own method runs.',
    path: ['Measured.insert', 'record'],
    files: {
      'base.ts': `${client}\nexport class Base {\n  protected readonly client: ClickHouseClient = createClient();\n  async insert(table: string): Promise<void> { await this.client.insert({ table, values: [] }); }\n}`,
      'measured.ts': `import { Base } from './base.js';\nimport { record } from './record.js';\nexport class Measured extends Base {\n  override async insert(table: string): Promise<void> {\n    await super.insert(table);\n    await record(«this→new Base()»);\n  }\n}\nexport const db = new Measured();`,
      'record.ts': `import type { Base } from './base.js';\nexport async function record(db: Base): Promise<void> { await db.insert('metrics'); }`,
    },
  },
  {
    name: 'a client that the getter has just made',
    why: 'A variable that is assigned before the call is set.',
    path: ['getClient', 'migrate'],
    files: {
      'client.ts': `${client}
let client: ClickHouseClient | undefined;
let isMigrated = false;
export async function getClient(): Promise<ClickHouseClient> {
  client ??= createClient();
  if (!isMigrated) await migrate(«→client»);
  return client;
}
async function migrate(given?: ClickHouseClient): Promise<void> {
  const own = given ?? (await getClient());
  await own.command({ query: 'SELECT 1' });
  isMigrated = true;
}`,
    },
  },
  {
    name: 'a query that ensures its settings, in one class',
    why: 'The inner statement goes to the client itself, or through the method again.',
    path: ['Service.query', 'Service.ensureSettings'],
    files: {
      'service.ts': `${client}
export class Service {
  private readonly client: ClickHouseClient = createClient();
  async query(query: string): Promise<string> {
    await this.ensureSettings();
    return (await this.client.query({ query })).text();
  }
  private async ensureSettings(): Promise<void> {
    «await this.query('SELECT 1')→await this.client.query({ query: 'SELECT 1' })»;
  }
}`,
    },
  },
  {
    name: 'a reconnect after an error, in one class',
    why: 'What runs only after an error does not repeat each call.',
    path: ['Service.query', 'Service.reconnect'],
    files: {
      'service.ts': `${client}
export class Service {
  private client: ClickHouseClient = createClient();
  async query(query: string): Promise<string> {
    «await this.reconnect(query);→»
    try {
      return await (await this.client.query({ query })).text();
    } catch {
      return this.reconnect(query);
    }
  }
  private async reconnect(query: string): Promise<string> {
    this.client = createClient();
    return this.query(query);
  }
}`,
    },
  },
];
