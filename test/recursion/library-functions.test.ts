import { describe, expect, it } from 'vitest';
import { recursionsOf } from './recursions-of.js';

const accessor = `import { createClient } from '@clickhouse/client';
import { getManager } from './manager.js';
export async function getClickHouseClient(options: { bypassManager?: boolean } = {}) {
  if (!options.bypassManager) return getManager().getConnection();
  return createClient();
}`;

/** Returns a program whose manager has this method `getConnection`. */
function managerWith(body: string, imports = ''): Record<string, string> {
  return {
    'src/clickhouse.ts': accessor,
    'src/manager.ts': `import { createClient } from '@clickhouse/client';
import { getClickHouseClient } from './clickhouse.js';
${imports}
export class ConnectionManager { async getConnection() { ${body} return createClient(); } }
const instance = new ConnectionManager();
export function getManager() { return instance; }`,
  };
}

const recursive: Readonly<Record<string, Record<string, string>>> = {
  'a timer whose callback settles an awaited promise': managerWith(
    'await new Promise<void>((resolve) => setTimeout(() => getClickHouseClient().then(() => resolve()), 10));',
  ),
  'a callback that p-retry runs': managerWith('await pRetry(() => getClickHouseClient());', "import pRetry from 'p-retry';"),
  'a memoized function that is called': managerWith(
    'await load();',
    "import memoize from 'lodash/memoize';\nconst load = memoize(async () => getClickHouseClient());",
  ),
  'a function of React cache that is called': managerWith(
    'await load();',
    "import { cache } from 'react';\nconst load = cache(async () => getClickHouseClient());",
  ),
  'a debounced function that is awaited': managerWith(
    'await load();',
    "import _ from 'lodash';\nconst load = _.debounce(async () => getClickHouseClient(), 5);",
  ),
  'an instance that ModuleRef creates': managerWith(
    'await (await modules.create(Loader)).load();',
    "import { ModuleRef } from '@nestjs/core';\nclass Loader { load() { return getClickHouseClient(); } }\ndeclare const modules: ModuleRef;",
  ),
};
const finite: Readonly<Record<string, Record<string, string>>> = {
  'a job that node-cron runs later': managerWith(
    "cron.schedule('* * * * *', () => getClickHouseClient());",
    "import cron from 'node-cron';",
  ),
  'a job of croner': managerWith(
    "const job = new Cron('* * * * *', () => getClickHouseClient()); job.stop();",
    "import { Cron } from 'croner';",
  ),
  'a gauge that is collected later': managerWith(
    "const gauge = new Gauge({ name: 'n', help: 'h', async collect() { await getClickHouseClient(); } }); gauge.inc();",
    "import { Gauge } from 'prom-client';",
  ),
  'a worker of BullMQ': managerWith(
    "const worker = new Worker('jobs', async () => { await getClickHouseClient(); }); worker.run();",
    "import { Worker } from 'bullmq';",
  ),
  'a timer that no code waits for': managerWith('setTimeout(() => getClickHouseClient(), 10);'),
  'a debounced function that is only made': managerWith(
    'debounce(() => getClickHouseClient(), 5);',
    "import { debounce } from 'lodash-es';",
  ),
  'a class that another package receives': managerWith(
    'const app = registry.create(Loader); await app.load();',
    "import { registry } from 'some-registry';\nclass Loader { load() { return getClickHouseClient(); } }",
  ),
};

const found = recursionsOf([...Object.values(recursive), ...Object.values(finite)]);

describe('functions of packages', () => {
  it.each(Object.keys(recursive).map((name, index) => ({ name, index })))('report $name', ({ index }) => {
    expect(found[index]).not.toEqual([]);
  });

  it.each(Object.keys(finite).map((name, index) => ({ name, index })))('do not report $name', ({ index }) => {
    expect(found[Object.keys(recursive).length + index]).toEqual([]);
  });
});
