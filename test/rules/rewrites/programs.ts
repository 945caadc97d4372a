import type { Program } from '../../recursion/recursions-of.js';

const client = `import { createClient } from '@clickhouse/client';
export const events = createClient({ url: process.env.CLICKHOUSE_URL });
`;
const plain = `import { createClient } from '@clickhouse/client';
export const events = createClient({ url: 'http://events:8123' });
`;

/** A connection manager that calls the accessor, which asks the manager. */
const getter = (guard: string): string => `import { createClient } from '@clickhouse/client';
import { manager } from './manager.js';
export async function getClient(options = { bypassManager: false }) {
  ${guard}
  return createClient();
}
`;
const manager = (argument: string): string => `import { getClient } from './client.js';
export class ConnectionManager {
  async acquire() { return getClient(${argument}); }
}
export const manager = new ConnectionManager();
`;

/** A pool with one lease for each call of `acquire`. */
const pool = `import { createClient } from '@clickhouse/client';
class Pool {
  free = [createClient(), createClient()];
  async acquire() { return this.free.pop(); }
  release(client) { this.free.push(client); }
}
export const pool = new Pool();
`;

/** A program of several modules, which begin in `main.ts`, and the findings in it. */
export interface RewrittenProgram {
  /** The files that have a finding, by the rule; the neighbour without a finding has none. */
  readonly files: Program;
  readonly neighbor: Program;
  /** A declared type is no part of JavaScript. */
  readonly needsTypes?: boolean;
}

/** A violation of each rule, and the neighbour that is right, in code that each rewrite of `rewrites.ts` applies to. */
export const programs: Readonly<Record<string, RewrittenProgram>> = {
  'no-direct-client': {
    files: {
      'clickhouse.ts': client,
      'report.ts': `import { createClient } from '@clickhouse/client';\nexport function report() { return createClient({ database: 'reports' }); }\n`,
      'main.ts': `import { events } from './clickhouse.js';\nimport { report } from './report.js';\nexport const all = [events, report()];\n`,
    },
    neighbor: {
      'clickhouse.ts': client,
      'report.ts': `import { events } from './clickhouse.js';\nexport function report() { return events; }\n`,
      'main.ts': `import { events } from './clickhouse.js';\nimport { report } from './report.js';\nexport const all = [events, report()];\n`,
    },
  },
  'no-connection-recursion': {
    files: {
      'client.ts': getter(`if (!options.bypassManager) return manager.acquire();`),
      'manager.ts': manager(''),
      'main.ts': `import { getClient } from './client.js';\nexport const all = getClient();\n`,
    },
    neighbor: {
      'client.ts': getter(`if (!options.bypassManager) return manager.acquire();`),
      'manager.ts': manager('{ bypassManager: true }'),
      'main.ts': `import { getClient } from './client.js';\nexport const all = getClient();\n`,
    },
  },
  'no-possible-connection-recursion': {
    files: {
      'client.ts': getter(`if (!options.bypassManager) return manager.acquire();`),
      'manager.ts': `import { complete } from 'options';\n${manager('complete({ bypassManager: false })')}`,
      'main.ts': `import { getClient } from './client.js';\nexport const all = getClient();\n`,
    },
    neighbor: {
      'client.ts': getter(`if (!options.bypassManager) return manager.acquire();`),
      'manager.ts': `import { complete } from 'options';\n${manager('{ ...complete({ bypassManager: false }), bypassManager: true }')}`,
      'main.ts': `import { getClient } from './client.js';\nexport const all = getClient();\n`,
    },
  },
  'require-manager-bypass': {
    files: {
      'client.ts': getter(`if (!options.bypassManager) return manager.acquire();`),
      'manager.ts': manager('{}'),
      'main.ts': `import { getClient } from './client.js';\nexport const all = getClient();\n`,
    },
    neighbor: {
      'client.ts': getter(`if (!options.bypassManager) return manager.acquire();`),
      'manager.ts': manager('{ bypassManager: true }'),
      'main.ts': `import { getClient } from './client.js';\nexport const all = getClient();\n`,
    },
  },
  'no-connection-import-cycle': {
    files: {
      'client.ts': getter(`if (!options.bypassManager) return manager.acquire();`),
      'manager.ts': manager('{ bypassManager: true }'),
      'main.ts': `import { getClient } from './client.js';\nexport const all = getClient();\n`,
    },
    neighbor: {
      'create.ts': plain,
      'client.ts': `import { manager } from './manager.js';
export async function getClient() { return manager.acquire(); }
`,
      'manager.ts': `import { events } from './create.js';
export class ConnectionManager {
  async acquire() { return events; }
}
export const manager = new ConnectionManager();
`,
      'main.ts': `import { getClient } from './client.js';\nexport const all = getClient();\n`,
    },
  },
  'no-nested-acquire': {
    files: {
      'pool.ts': pool,
      'count.ts': `import { pool } from './pool.js';
export async function count() {
  const client = await pool.acquire();
  try { return await client.ping(); } finally { pool.release(client); }
}
`,
      'report.ts': `import { count } from './count.js';
import { pool } from './pool.js';
export async function report() {
  const client = await pool.acquire();
  try { return [await client.ping(), await count()]; } finally { pool.release(client); }
}
`,
      'main.ts': `import { report } from './report.js';\nexport const all = report();\n`,
    },
    neighbor: {
      'pool.ts': pool,
      'count.ts': `export async function count(client) { return client.ping(); }
`,
      'report.ts': `import { count } from './count.js';
import { pool } from './pool.js';
export async function report() {
  const client = await pool.acquire();
  try { return [await client.ping(), await count(client)]; } finally { pool.release(client); }
}
`,
      'main.ts': `import { report } from './report.js';\nexport const all = report();\n`,
    },
  },
  'require-release': {
    files: {
      'clickhouse.ts': plain,
      'report.ts': `import { createClient } from '@clickhouse/client';
export async function report() {
  const own = createClient({ database: 'reports' });
  const rows = await (await own.query({ query: 'SELECT 1' })).json();
  return rows;
}
`,
      'main.ts': `import { events } from './clickhouse.js';\nimport { report } from './report.js';\nexport const all = async () => [await events.ping(), await report()];\n`,
    },
    neighbor: {
      'clickhouse.ts': plain,
      'report.ts': `import { createClient } from '@clickhouse/client';
export async function report() {
  const own = createClient({ database: 'reports' });
  try {
    return await (await own.query({ query: 'SELECT 1' })).json();
  } finally {
    await own.close();
  }
}
`,
      'main.ts': `import { events } from './clickhouse.js';\nimport { report } from './report.js';\nexport const all = async () => [await events.ping(), await report()];\n`,
    },
  },
  'single-client-per-purpose': {
    files: {
      'clickhouse.ts': plain,
      'report.ts': plain.replace('events =', 'reports ='),
      'main.ts': `import { events } from './clickhouse.js';\nimport { reports } from './report.js';\nexport const all = [events, reports];\n`,
    },
    neighbor: {
      'clickhouse.ts': plain,
      'report.ts': plain.replace('events =', 'reports =').replace('{ url', `{ username: 'reader', url`),
      'main.ts': `import { events } from './clickhouse.js';\nimport { reports } from './report.js';\nexport const all = [events, reports];\n`,
    },
  },
  'single-config-source': {
    files: {
      'clickhouse.ts': client,
      'report.ts': `import { events } from './clickhouse.js';\nexport function report() { return [events, process.env.CLICKHOUSE_DATABASE]; }\n`,
      'main.ts': `import { report } from './report.js';\nexport const all = report();\n`,
    },
    neighbor: {
      'clickhouse.ts': `${client}export const database = process.env.CLICKHOUSE_DATABASE;\n`,
      'report.ts': `import { database, events } from './clickhouse.js';\nexport function report() { return [events, database]; }\n`,
      'main.ts': `import { report } from './report.js';\nexport const all = report();\n`,
    },
  },
  'no-undrained-result': {
    files: {
      'clickhouse.ts': plain,
      'report.ts': `import { events } from './clickhouse.js';\nexport async function report() { await events.exec({ query: 'SELECT 1' }); }\n`,
      'main.ts': `import { report } from './report.js';\nexport const all = report();\n`,
    },
    neighbor: {
      'clickhouse.ts': plain,
      'report.ts': `import { events } from './clickhouse.js';\nexport async function report() { await events.command({ query: 'OPTIMIZE TABLE a' }); }\n`,
      'main.ts': `import { report } from './report.js';\nexport const all = report();\n`,
    },
  },
  'no-swallowed-error': {
    files: {
      'clickhouse.ts': plain,
      'rows.ts': `import { events } from './clickhouse.js';
export async function rows() { const result = await events.query({ query: 'SELECT 1' }); return result.json(); }
`,
      'report.ts': `import { rows } from './rows.js';
export async function report() {
  try {
    return await rows();
  } catch {
    return [];
  }
}
`,
      'main.ts': `import { report } from './report.js';\nexport const all = report();\n`,
    },
    neighbor: {
      'clickhouse.ts': plain,
      'rows.ts': `import { events } from './clickhouse.js';
export async function rows() { const result = await events.query({ query: 'SELECT 1' }); return result.json(); }
`,
      'report.ts': `import { rows } from './rows.js';
export async function report() {
  try {
    return await rows();
  } catch (error) {
    throw new Error('no rows', { cause: error });
  }
}
`,
      'main.ts': `import { report } from './report.js';\nexport const all = report();\n`,
    },
  },
  'no-error-text-matching': {
    files: {
      'clickhouse.ts': plain,
      'report.ts': `import { events } from './clickhouse.js';
export async function report() {
  try {
    await events.command({ query: 'CREATE TABLE a (b Int8) ENGINE = Memory' });
  } catch (error) {
    if (String(error).includes('TABLE_ALREADY_EXISTS')) return;
    throw error;
  }
}
`,
      'main.ts': `import { report } from './report.js';\nexport const all = report();\n`,
    },
    neighbor: {
      'clickhouse.ts': plain,
      'report.ts': `import { ClickHouseError } from '@clickhouse/client';
import { events } from './clickhouse.js';
export async function report() {
  try {
    await events.command({ query: 'CREATE TABLE a (b Int8) ENGINE = Memory' });
  } catch (error) {
    if (error instanceof ClickHouseError && error.type === 'TABLE_ALREADY_EXISTS') return;
    throw error;
  }
}
`,
      'main.ts': `import { report } from './report.js';\nexport const all = report();\n`,
    },
  },
  'no-raw-http': {
    files: {
      'settings.ts': `export const url = process.env.CLICKHOUSE_URL;\n`,
      'report.ts': `import { url } from './settings.js';
export async function report() { return fetch(url + '/?query=SELECT+1', { method: 'POST' }); }
`,
      'main.ts': `import { report } from './report.js';\nexport const all = report();\n`,
    },
    neighbor: {
      'settings.ts': `export const url = process.env.CLICKHOUSE_URL;\nexport const hook = process.env.REPORT_HOOK;\n`,
      'report.ts': `import { hook, url } from './settings.js';
export async function report() { return fetch(hook, { method: 'POST', body: String(url === undefined) }); }
`,
      'main.ts': `import { report } from './report.js';\nexport const all = report();\n`,
    },
  },
  'no-adhoc-mock': {
    files: {
      'clickhouse.ts': plain,
      'report.ts': `import { events } from './clickhouse.js';\nexport function report() { return events.ping(); }\n`,
      'main.test.ts': `import { vi } from 'vitest';\nimport { report } from './report.js';\nvi.mock('@clickhouse/client', () => ({ createClient: () => ({ ping: () => ({ success: true }) }) }));\nexport const all = report();\n`,
    },
    neighbor: {
      'clickhouse.ts': plain,
      'report.ts': `import { events } from './clickhouse.js';\nexport function report() { return events.ping(); }\n`,
      'main.test.ts': `import { vi } from 'vitest';\nimport { report } from './report.js';\nvi.mock('node:fs', () => ({ readFileSync: () => '' }));\nexport const all = report();\n`,
    },
  },
  'use-service-interface': {
    needsTypes: true,
    files: {
      'report.ts': `import { clickHouse } from '@clickhouse-ssot/runtime';
import type { ClickHouseClient } from '@clickhouse/client';
export const events = clickHouse();
export function report(client: ClickHouseClient) { return client.ping(); }
`,
      'main.ts': `import { events, report } from './report.js';\nexport const all = report(events as never);\n`,
    },
    neighbor: {
      'report.ts': `import { clickHouse, type ClickHouseService } from '@clickhouse-ssot/runtime';
export const events = clickHouse();
export function report(client: ClickHouseService) { return client.ping(); }
`,
      'main.ts': `import { events, report } from './report.js';\nexport const all = report(events);\n`,
    },
  },
};
