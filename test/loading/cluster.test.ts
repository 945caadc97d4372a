import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { serviceWith } from './app.js';

/** Two workers run a statement each. The primary process prints the metrics of both. */
const program = `
  import cluster from 'node:cluster';
  import { createServer } from 'node:http';
  import { once } from 'node:events';
  import { AggregatorRegistry } from 'prom-client';
  import { clickHouse } from '@clickhouse-ssot/runtime';
  import { collectClickHouseMetrics } from '@clickhouse-ssot/runtime/prometheus';

  if (cluster.isPrimary) {
    const server = createServer((request, response) => response.end('Ok.\\n')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const registry = new AggregatorRegistry();
    const workers = [0, 1].map(() => cluster.fork({ SERVER_URL: 'http://127.0.0.1:' + server.address().port }));
    await Promise.all(workers.map((worker) => new Promise((resolve) => worker.on('message', (text) => text === 'ready' && resolve()))));
    console.log(await registry.clusterMetrics());
    for (const worker of workers) worker.kill();
    server.close();
  } else {
    // Makes the worker answer to the primary process.
    new AggregatorRegistry();
    collectClickHouseMetrics();
    await clickHouse({ url: process.env.SERVER_URL, maxConcurrentStatements: 5, env: false }).ping();
    process.send('ready');
  }
`;

const folder = serviceWith({ 'main.mjs': program });
afterAll(() => rmSync(folder, { recursive: true }));

it('the metrics of the workers of a cluster are added up', () => {
  const { stdout, stderr } = spawnSync(process.execPath, [join(folder, 'main.mjs')], { cwd: folder, encoding: 'utf8' });
  const valueOf = (name: string, label: string) =>
    new RegExp(`^clickhouse_client_${name}\\{[^}]*${label}[^}]*\\} (\\d+)$`, 'm').exec(stdout)?.[1];
  expect([valueOf('permits_max', 'pool='), valueOf('statements_total', 'operation="PING"')], stdout + stderr).toEqual(['10', '2']);
  expect([valueOf('breaker_state', 'state="closed"'), valueOf('breaker_state', 'state="open"')]).toEqual(['2', '0']);
});
