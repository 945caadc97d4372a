import type { ServerResponse } from 'node:http';
import { Counter, register, Registry } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type ClickHouseConfigInput,
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  loadClickHouseConfig,
  type ManagerOptions,
} from '../../../runtime/src/index.js';
import { collectClickHouseMetrics, type PrometheusOptions } from '../../../runtime/src/prometheus.js';
import { deferred, fakeServer } from '../harness/fake-server.js';

const ok = (response: ServerResponse) => void response.end('{"n":1}\n');
const select = { query: 'SELECT secret FROM t', format: 'JSONEachRow' } as const;

const managers: ClickHouseConnectionManager[] = [];
const collectors: Disposable[] = [];
afterEach(async () => {
  for (const collector of collectors.splice(0)) collector[Symbol.dispose]();
  for (const manager of managers.splice(0)) await manager.close();
});

function managerFor(url: string, input: ClickHouseConfigInput = {}, options: Partial<ManagerOptions> = {}): ClickHouseConnectionManager {
  const config = loadClickHouseConfig({ url, database: 'shop', ...input }, {});
  const manager = new ClickHouseConnectionManager({ config, factory: new ClickHouseConnectionFactory(), ...options });
  managers.push(manager);
  return manager;
}

function collectInto(registry: Registry, options: PrometheusOptions = {}): Disposable {
  const collector = collectClickHouseMetrics({ registry, ...options });
  collectors.push(collector);
  return collector;
}

/** Returns the lines of one metric, without its prefix. */
async function linesOf(registry: Registry, name: string): Promise<string[]> {
  const text = await registry.metrics();
  return [...text.matchAll(new RegExp(`^clickhouse_client_(${name}(?:[{ ].*))$`, 'gm'))].map(([, line = '']) => line);
}

describe('the metrics in a registry', () => {
  it('count the statements by pool, operation, outcome and error', async () => {
    await using server = await fakeServer((response) => {
      if (server.requests.length === 1) ok(response);
      else if (server.requests.length === 2) response.writeHead(404).end('Code: 60. DB::Exception: no. (UNKNOWN_TABLE)');
      else response.writeHead(400).end('Code: 123456. DB::Exception: a code of another server.');
    });
    const registry = new Registry();
    collectInto(registry);
    const manager = managerFor(server.url);
    await (await manager.service.query(select)).json();
    for (const query of ['DROP TABLE t', 'attackervalue'])
      await expect(manager.service.command({ query })).rejects.toThrow('ClickHouse answered');
    const pool = `pool="${new URL(server.url).host}/shop"`;
    expect(await linesOf(registry, 'statements_total')).toEqual([
      `statements_total{${pool},operation="SELECT",outcome="done",error=""} 1`,
      `statements_total{${pool},operation="DROP",outcome="refused",error="60"} 1`,
      `statements_total{${pool},operation="OTHER",outcome="refused",error="other"} 1`,
    ]);
    expect(await linesOf(registry, 'statement_duration_seconds_count')).toContain(
      `statement_duration_seconds_count{${pool},operation="SELECT"} 1`,
    );
    expect(await linesOf(registry, 'permit_wait_seconds_count')).toEqual([`permit_wait_seconds_count{${pool}} 3`]);
    expect(await registry.metrics()).not.toContain('secret');
  });

  it('show the permits in use, the waiting statements and the sockets', async () => {
    const first = deferred<ServerResponse>();
    await using server = await fakeServer((response) => (server.requests.length === 1 ? first.resolve(response) : ok(response)));
    const registry = new Registry();
    collectInto(registry);
    const manager = managerFor(server.url, { maxConcurrentStatements: 1 });
    const calls = [manager.service.command({ query: 'A' }), manager.service.command({ query: 'B' })];
    const response = await first.promise;
    const pool = `pool="${new URL(server.url).host}/shop"`;
    expect(await linesOf(registry, 'permits_max')).toEqual([`permits_max{${pool}} 1`]);
    expect(await linesOf(registry, 'permits_in_use')).toEqual([`permits_in_use{${pool}} 1`]);
    expect(await linesOf(registry, 'statements_waiting')).toEqual([`statements_waiting{${pool}} 1`]);
    expect(await linesOf(registry, 'sockets')).toEqual([`sockets{${pool},state="busy"} 1`, `sockets{${pool},state="idle"} 0`]);
    response.end();
    await Promise.all(calls);
    expect(await linesOf(registry, 'permits_in_use')).toEqual([`permits_in_use{${pool}} 0`]);
    expect(await linesOf(registry, 'connect_duration_seconds_count')).toEqual([`connect_duration_seconds_count{${pool}} 1`]);
  });

  it('count retries by the error of the attempt before', async () => {
    await using server = await fakeServer((response) =>
      server.requests.length === 1 ? void response.writeHead(502).end('<html>') : ok(response),
    );
    const registry = new Registry();
    collectInto(registry);
    await (await managerFor(server.url).service.query(select)).json();
    expect(await linesOf(registry, 'retries_total')).toEqual([
      `retries_total{pool="${new URL(server.url).host}/shop",operation="SELECT",error="GATEWAY_FAILED"} 1`,
    ]);
  });

  it('show the state of each breaker, count its changes, and count sockets that could not be connected', async () => {
    const registry = new Registry();
    collectInto(registry);
    const manager = managerFor('http://127.0.0.1:1', {}, { retry: false, breaker: { minimumCalls: 1, openDurationMs: 1e6 } });
    await manager.service.ping();
    const labels = 'pool="127.0.0.1:1/shop",endpoint="http://127.0.0.1:1"';
    expect(await linesOf(registry, 'breaker_state')).toEqual([
      `breaker_state{${labels},state="closed"} 0`,
      `breaker_state{${labels},state="open"} 1`,
      `breaker_state{${labels},state="half-open"} 0`,
      `breaker_state{${labels},state="isolated"} 0`,
    ]);
    expect(await linesOf(registry, 'breaker_transitions_total')).toEqual([
      'breaker_transitions_total{endpoint="http://127.0.0.1:1",to="open"} 1',
    ]);
    await expect.poll(() => linesOf(registry, 'connect_failures_total')).toEqual(['connect_failures_total{pool="127.0.0.1:1/shop"} 1']);
  });

  it('count rotations', async () => {
    await using server = await fakeServer((response) => void response.end('1\n'));
    const registry = new Registry();
    collectInto(registry);
    const manager = managerFor(server.url);
    await manager.rotate();
    await expect(manager.rotate(loadClickHouseConfig({ url: 'http://127.0.0.1:1', database: 'shop' }, {}))).rejects.toThrow();
    const pool = `pool="${new URL(server.url).host}/shop"`;
    await expect
      .poll(() => linesOf(registry, 'rotations_total'))
      .toEqual([`rotations_total{${pool},result="success"} 1`, `rotations_total{${pool},result="failure"} 1`]);
  });

  it('count permits that are held for too long', async () => {
    await using server = await fakeServer(ok);
    const registry = new Registry();
    collectInto(registry);
    const manager = managerFor(server.url, { leakDetectionThresholdMs: 1 }, { onLeak: () => undefined });
    const result = await manager.service.query(select);
    await expect.poll(() => linesOf(registry, 'permit_leaks_total')).toEqual(['permit_leaks_total 1']);
    await result.json();
  });

  it('have one pool for each connection, and the limit of pools groups all others', async () => {
    await using server = await fakeServer(ok);
    const registry = new Registry();
    collectInto(registry, { maxPools: 2 });
    for (const [index, connection] of ['analytics', 'billing', 'search', 'mail'].entries())
      await managerFor(server.url, { connection, maxConcurrentStatements: index + 1 }).service.ping();
    const target = `${new URL(server.url).host}/shop`;
    expect(await linesOf(registry, 'permits_max')).toEqual([
      `permits_max{pool="analytics@${target}"} 1`,
      `permits_max{pool="billing@${target}"} 2`,
      'permits_max{pool="other"} 7',
    ]);
  });

  it('of a closed manager have no gauges, and keep their counts', async () => {
    await using server = await fakeServer(ok);
    const registry = new Registry();
    collectInto(registry);
    const manager = managerFor(server.url);
    await manager.service.ping();
    await manager.close();
    expect(await linesOf(registry, 'permits_max')).toEqual([]);
    expect(await linesOf(registry, 'statements_total')).toHaveLength(1);
  });
});

describe('the registration', () => {
  it('uses the global registry by default', async () => {
    collectors.push(collectClickHouseMetrics());
    expect(await register.metrics()).toContain('clickhouse_client_statements_total');
  });

  it('is shared by all calls with the same options, and counts each statement once', async () => {
    await using server = await fakeServer(ok);
    const registry = new Registry();
    const [first, second] = [collectInto(registry), collectInto(registry)];
    await managerFor(server.url).service.ping();
    expect(await linesOf(registry, 'statements_total')).toEqual([expect.stringMatching(/ 1$/)]);
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    expect(await linesOf(registry, 'statements_total')).toHaveLength(1);
    second[Symbol.dispose]();
    expect(await registry.metrics()).toBe('\n');
  });

  it('with other options is refused', () => {
    const registry = new Registry();
    collectInto(registry);
    expect(() => collectInto(registry, { buckets: [1] })).toThrow(
      /found \{"buckets":\[1\],"maxPools":100\}, expected the options of the earlier/,
    );
  });

  it('with another prefix is one of its own', async () => {
    await using server = await fakeServer(ok);
    const registry = new Registry();
    collectInto(registry);
    collectInto(registry, { prefix: 'shop_clickhouse_' });
    await managerFor(server.url).service.ping();
    expect(await registry.metrics()).toMatch(/^shop_clickhouse_statements_total\{.*\} 1$/m);
  });

  it('adds nothing if the registry has a metric of the same name, and leaves that metric', async () => {
    const registry = new Registry();
    new Counter({ name: 'clickhouse_client_statements_total', help: 'Of the user.', registers: [registry] });
    expect(() => collectInto(registry)).toThrow(/clickhouse_client_statements_total already, expected a prefix whose names are free/);
    expect(registry.getMetricsAsArray().map(({ name }) => name)).toEqual(['clickhouse_client_statements_total']);
  });

  it('starts anew after the registry was cleared', async () => {
    await using server = await fakeServer(ok);
    const registry = new Registry();
    collectInto(registry);
    registry.clear();
    collectInto(registry);
    await managerFor(server.url).service.ping();
    expect(await linesOf(registry, 'statements_total')).toEqual([expect.stringMatching(/ 1$/)]);
  });

  it('refuses unknown options, and values that prom-client would not accept', () => {
    const options = { prefix: '1-shop', buckets: [2, 1], maxPools: 0, buckts: [1] };
    expect(() => collectClickHouseMetrics(options)).toThrow(
      /prefix: found "1-shop"[^]*buckets: found a list, expected a list of ascending[^]*maxPools[^]*buckts: found an unknown option, expected "buckets"/,
    );
    expect(() => collectClickHouseMetrics({ buckets: [1, Infinity] })).toThrow(
      /buckets: found a list, expected a list of ascending, finite/,
    );
    const noRegistry: PrometheusOptions = JSON.parse('{ "registry": {} }');
    expect(() => collectClickHouseMetrics(noRegistry)).toThrow(/registry: found an object, expected a Registry of prom-client/);
  });
});
