import { type Attributes, context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { DataPoint } from '@opentelemetry/sdk-metrics';
import type { ServerResponse } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { ClickHouseConnectionFactory, ClickHouseConnectionManager, loadClickHouseConfig } from '../../../runtime/src/index.js';
import { fakeServer, deferred } from '../harness/fake-server.js';
import { instrumentInMemory } from './instrument-in-memory.js';

const select = { query: 'SELECT secret FROM t', format: 'JSONEachRow' } as const;
const ok = (response: ServerResponse) => void response.end('{"n":1}\n');

function managerFor(url: string, max = 10, connection?: string): ClickHouseConnectionManager {
  return new ClickHouseConnectionManager({
    config: loadClickHouseConfig(
      { url, database: 'shop', maxConcurrentStatements: max, ...(connection !== undefined && { connection }) },
      {},
    ),
    factory: new ClickHouseConnectionFactory(),
  });
}

describe('a span', () => {
  it('covers one statement until its result has been read, with the attributes of the conventions', async () => {
    await using server = await fakeServer(ok);
    await using telemetry = instrumentInMemory();
    const manager = managerFor(server.url);
    const result = await manager.service.query(select);
    expect(telemetry.spans()).toEqual([]);
    await result.json();
    const [span] = telemetry.spans();
    expect(span).toMatchObject({ name: 'SELECT shop', kind: SpanKind.CLIENT, status: { code: SpanStatusCode.UNSET } });
    expect(span?.attributes).toEqual({
      'db.system.name': 'clickhouse',
      'db.namespace': 'shop',
      'db.operation.name': 'SELECT',
      'server.address': '127.0.0.1',
      'server.port': Number(new URL(server.url).port),
    });
    await manager.close();
  });

  it('names the table of an insert', async () => {
    await using server = await fakeServer(ok);
    await using telemetry = instrumentInMemory();
    const manager = managerFor(server.url);
    await manager.service.insert({ table: 'orders', values: [{ id: 1 }], format: 'JSONEachRow' });
    expect(telemetry.spans()).toMatchObject([
      { name: 'INSERT orders', attributes: { 'db.collection.name': 'orders', 'db.operation.name': 'INSERT' } },
    ]);
    await manager.close();
  });

  it.each<[string, (response: ServerResponse) => void, Attributes]>([
    [
      'the ClickHouse code, as a string',
      (response) => void response.writeHead(404).end('Code: 60. DB::Exception: Table t does not exist. (UNKNOWN_TABLE)'),
      { 'db.response.status_code': '60', 'error.type': '60' },
    ],
    [
      'the ClickHouse code, if the server broke off a result',
      (response) => void response.end('{"n":1}\nCode: 241. DB::Exception: Memory limit exceeded. (MEMORY_LIMIT_EXCEEDED)\n'),
      { 'db.response.status_code': '241', 'error.type': '241' },
    ],
    [
      'the code of the runtime, if there is no ClickHouse code',
      (response) => void response.writeHead(502).end('<html>'),
      { 'error.type': 'GATEWAY_FAILED' },
    ],
  ])('of a failed statement has %s', async (_name, respond, attributes) => {
    await using server = await fakeServer(respond);
    await using telemetry = instrumentInMemory();
    const manager = managerFor(server.url);
    await manager.service.query(select).catch(() => undefined);
    expect(telemetry.spans()).toMatchObject([{ status: { code: SpanStatusCode.ERROR }, attributes }]);
    expect(JSON.stringify(telemetry.spans()[0]?.attributes)).not.toContain('secret');
    await manager.close();
  });

  it('covers all attempts of its statement, with an event for each retry', async () => {
    await using server = await fakeServer((response) =>
      server.requests.length === 1 ? void response.writeHead(502).end('<html>') : ok(response),
    );
    await using telemetry = instrumentInMemory();
    const manager = managerFor(server.url);
    await (await manager.service.query(select)).json();
    expect(telemetry.spans()).toHaveLength(1);
    expect(telemetry.spans()[0]).toMatchObject({
      status: { code: SpanStatusCode.UNSET },
      events: [{ name: 'retry', attributes: { attempt: 2, 'error.type': 'GATEWAY_FAILED' } }],
    });
    await manager.close();
  });

  it('has the active span of the call as its parent', async () => {
    await using server = await fakeServer(ok);
    await using telemetry = instrumentInMemory();
    const tracer = telemetry.tracerProvider.getTracer('the application');
    const manager = managerFor(server.url);
    const parent = tracer.startSpan('request');
    // Without a context manager the API has no context: the mock is active during the call.
    const active = vi.spyOn(context, 'active').mockReturnValue(trace.setSpan(context.active(), parent));
    const ping = manager.service.ping();
    active.mockRestore();
    await ping;
    expect(telemetry.spans()[0]?.parentSpanContext?.spanId).toBe(parent.spanContext().spanId);
    await manager.close();
  });
});

describe('metrics', () => {
  it('have the duration and the outcome of operations', async () => {
    await using server = await fakeServer((response) =>
      server.requests.length === 1 ? ok(response) : void response.writeHead(404).end('Code: 60. DB::Exception: no. (UNKNOWN_TABLE)'),
    );
    await using telemetry = instrumentInMemory();
    const manager = managerFor(server.url);
    await manager.service.command({ query: 'DROP TABLE t' });
    await manager.service.command({ query: 'DROP TABLE t' }).catch(() => undefined);
    const { 'db.client.operation.duration': durations = [] } = await telemetry.points();
    expect(durations).toMatchObject([
      {
        attributes: { 'db.operation.name': 'DROP', 'db.namespace': 'shop' },
        value: { count: 1, buckets: { boundaries: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10] } },
      },
      { attributes: { 'db.response.status_code': '60', 'error.type': '60' }, value: { count: 1 } },
    ]);
    expect(durations[0]?.attributes).not.toHaveProperty('error.type');
    await manager.close();
  });

  it('count permits as connections: used, idle, pending, with wait times and use times', async () => {
    const first = deferred<ServerResponse>();
    await using server = await fakeServer((response) => (server.requests.length === 1 ? first.resolve(response) : ok(response)));
    await using telemetry = instrumentInMemory();
    const manager = managerFor(server.url, 1);
    const calls = [manager.service.command({ query: 'A' }), manager.service.command({ query: 'B' })];
    const response = await first.promise;
    const pool = { 'db.client.connection.pool.name': `${new URL(server.url).host}/shop` };
    const value = (points: readonly DataPoint<unknown>[] = []) => points.map(({ attributes, value }) => ({ ...attributes, value }));
    const during = await telemetry.points();
    expect(value(during['db.client.connection.count'])).toEqual([
      { ...pool, 'db.client.connection.state': 'used', value: 1 },
      { ...pool, 'db.client.connection.state': 'idle', value: 0 },
    ]);
    expect(value(during['db.client.connection.max'])).toEqual([{ ...pool, value: 1 }]);
    expect(value(during['db.client.connection.pending_requests'])).toEqual([{ ...pool, value: 1 }]);
    expect(value(during['db.client.connection.timeouts'])).toEqual([{ ...pool, value: 0 }]);
    response.end();
    await Promise.all(calls);
    const after = await telemetry.points();
    for (const time of ['wait_time', 'use_time'])
      expect(after[`db.client.connection.${time}`]).toMatchObject([{ attributes: pool, value: { count: 2 } }]);
    expect(after['db.client.connection.create_time']).toMatchObject([{ attributes: pool, value: { count: 1 } }]);
    await manager.close();
  });
});

it('a socket that could not be connected has no create time', async () => {
  await using telemetry = instrumentInMemory();
  const manager = managerFor('http://127.0.0.1:1');
  await manager.service.ping();
  expect((await telemetry.points())['db.client.connection.create_time'] ?? []).toEqual([]);
  await manager.close();
});

describe('the name of a pool', () => {
  /** Returns the maximum number of permits of each pool. */
  async function maxima(telemetry: ReturnType<typeof instrumentInMemory>): Promise<Record<string, unknown>> {
    const points = (await telemetry.points())['db.client.connection.max'] ?? [];
    return Object.fromEntries(points.map(({ attributes, value }) => [String(attributes['db.client.connection.pool.name']), value]));
  }

  it('is unique for each manager, with or without a connection name', async () => {
    await using server = await fakeServer(ok);
    await using telemetry = instrumentInMemory();
    const managers = [managerFor(server.url, 1), managerFor(server.url, 2), managerFor(server.url, 3, 'analytics')];
    for (const manager of managers) await manager.service.ping();
    const target = `${new URL(server.url).host}/shop`;
    expect(await maxima(telemetry)).toEqual({ [target]: 1, [`${target}#2`]: 2, [`analytics@${target}`]: 3 });
    const { 'db.client.connection.use_time': times = [] } = await telemetry.points();
    expect(times.map(({ attributes }) => attributes['db.client.connection.pool.name'])).toEqual([
      target,
      `${target}#2`,
      `analytics@${target}`,
    ]);
    for (const manager of managers) await manager.close();
  });

  it('of a closed manager is reused by its successor', async () => {
    await using server = await fakeServer(ok);
    await using telemetry = instrumentInMemory();
    const first = managerFor(server.url, 1);
    await first.service.ping();
    await first.close();
    const second = managerFor(server.url, 2);
    await second.service.ping();
    expect(await maxima(telemetry)).toEqual({ [`${new URL(server.url).host}/shop`]: 2 });
    await second.close();
  });
});

it('after its disposal, the instrumentation creates no spans and no points', async () => {
  await using server = await fakeServer(ok);
  await using telemetry = instrumentInMemory();
  const manager = managerFor(server.url);
  await manager.service.ping();
  telemetry.instrumentation[Symbol.dispose]();
  await manager.service.ping();
  expect(telemetry.spans()).toHaveLength(1);
  const points = await telemetry.points();
  expect(points['db.client.operation.duration']).toMatchObject([{ value: { count: 1 } }]);
  expect(points['db.client.connection.max'] ?? []).toEqual([]);
  await manager.close();
});
