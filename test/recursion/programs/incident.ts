import type { Pair } from './pair.js';

/** Returns the manager of the incident: three calls of the accessor, one of which (`faulty`) omits the bypass. */
function faultyCall(name: string, faulty: 'open' | 'revive' | 'warm', path: readonly string[]): Pair {
  const args = (call: string) => (call === faulty ? '«→{ bypassManager: true }»' : '{ bypassManager: true }');
  return {
    name,
    why: 'Two of the three calls have the bypass; the third decides.',
    path,
    files: {
      'client.ts': `import { type ClickHouseClient, createClient } from '@clickhouse/client';
import { getConnectionManager } from './manager.js';
export async function getClickHouseClient(options: { bypassManager?: boolean } = {}): Promise<ClickHouseClient> {
  if (!options.bypassManager) return getConnectionManager().getConnection();
  return createClient({ url: 'http://localhost:8123' });
}`,
      'manager.ts': `import type { ClickHouseClient } from '@clickhouse/client';
import { getClickHouseClient } from './client.js';
import { Health } from './health.js';
class ConnectionManager {
  readonly #idle: ClickHouseClient[] = [];
  readonly #health = new Health();
  async getConnection(): Promise<ClickHouseClient> {
    if (this.#idle.length === 0) await this.warm();
    const client = this.#idle.pop() ?? (await this.open());
    return (await this.#health.isAlive(client)) ? client : this.#health.revive();
  }
  async open() {
    return getClickHouseClient(${args('open')});
  }
  async warm() {
    for (let count = 0; count < 2; count++) this.#idle.push(await getClickHouseClient(${args('warm')}));
  }
}
let manager: ConnectionManager | undefined;
export function getConnectionManager(): ConnectionManager {
  return (manager ??= new ConnectionManager());
}`,
      'health.ts': `import type { ClickHouseClient } from '@clickhouse/client';
import { getClickHouseClient } from './client.js';
export class Health {
  async isAlive(client: ClickHouseClient) {
    return (await client.ping()).success;
  }
  async revive() {
    return getClickHouseClient(${args('revive')});
  }
}`,
    },
  };
}

/** The three calls of the accessor that the manager of the incident makes. */
export const incident: readonly Pair[] = [
  faultyCall('the pool opens a connection', 'open', ['getClickHouseClient', 'ConnectionManager.getConnection', 'ConnectionManager.open']),
  faultyCall('the health check revives one', 'revive', ['getClickHouseClient', 'ConnectionManager.getConnection', 'Health.revive']),
  faultyCall('the pool warms up', 'warm', ['getClickHouseClient', 'ConnectionManager.getConnection', 'ConnectionManager.warm']),
  {
    name: 'a query that needs settings',
    why: 'A function of a module that runs statements is an accessor as a method is.',
    path: ['query', 'settingsFor'],
    files: {
      'query.ts': `import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { settingsFor } from './settings.js';
let client: ClickHouseClient | undefined;
export async function query(sql: string): Promise<string> {
  client ??= createClient();
  const settings = await settingsFor(sql);
  return (await client.query({ query: sql, clickhouse_settings: settings })).text();
}
export async function rawQuery(sql: string): Promise<string> { return (await createClient().query({ query: sql })).text(); }`,
      'settings.ts': `import { query, rawQuery } from './query.js';
export const ways = { query, rawQuery };
export async function settingsFor(sql: string): Promise<Record<string, string>> {
  return { log_comment: (await «query→rawQuery»('SELECT value FROM settings')) + sql };
}`,
    },
  },
];
