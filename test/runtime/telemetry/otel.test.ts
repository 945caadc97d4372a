import { type Attributes, context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import {
  type DataPoint,
  InMemoryMetricExporter,
  AggregationTemporality,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { ServerResponse } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { ClickHouseConnectionFactory, ClickHouseConnectionManager, loadClickHouseConfig } from '../../../runtime/src/index.js';
import { instrument } from '../../../runtime/src/otel.js';
import { fakeServer, held } from '../harness/fake-server.js';

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

/** The real SDK, which exports into memory. */
function instrumented() {
  const spans = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2 ** 30 });
  const meterProvider = new MeterProvider({ readers: [reader] });
  const instrumentation = instrument({ tracerProvider, meterProvider });
  return {
    instrumentation,
    tracerProvider,
    spans: () => spans.getFinishedSpans(),
    /** Of each metric, by name: its points as they are now. */
    async points(): Promise<Record<string, readonly DataPoint<unknown>[]>> {
      const { resourceMetrics } = await reader.collect();
      return Object.fromEntries(
        resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints])),
      );
    },
    async [Symbol.asyncDispose]() {
      instrumentation[Symbol.dispose]();
      await meterProvider.shutdown();
      await tracerProvider.shutdown();
    },
  };
}

describe('a span', () => {
  it("is the client's part of one statement, by the conventions, until its answer has been read", async () => {
    await using server = await fakeServer(ok);
    await using given = instrumented();
    const manager = managerFor(server.url);
    const result = await manager.service.query(select);
    expect(given.spans()).toEqual([]);
    await result.json();
    const [span] = given.spans();
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
    await using given = instrumented();
    const manager = managerFor(server.url);
    await manager.service.insert({ table: 'orders', values: [{ id: 1 }], format: 'JSONEachRow' });
    expect(given.spans()).toMatchObject([
      { name: 'INSERT orders', attributes: { 'db.collection.name': 'orders', 'db.operation.name': 'INSERT' } },
    ]);
    await manager.close();
  });

  it.each<[string, (response: ServerResponse) => void, Attributes]>([
    [
      "ClickHouse's code, as a string",
      (response) => void response.writeHead(404).end('Code: 60. DB::Exception: Table t does not exist. (UNKNOWN_TABLE)'),
      { 'db.response.status_code': '60', 'error.type': '60' },
    ],
    [
      "ClickHouse's code, where it broke off a result that had begun",
      (response) => void response.end('{"n":1}\nCode: 241. DB::Exception: Memory limit exceeded. (MEMORY_LIMIT_EXCEEDED)\n'),
      { 'db.response.status_code': '241', 'error.type': '241' },
    ],
    [
      'our code where ClickHouse has said nothing',
      (response) => void response.writeHead(502).end('<html>'),
      { 'error.type': 'GATEWAY_FAILED' },
    ],
  ])('of a failure has %s', async (_name, answer, attributes) => {
    await using server = await fakeServer(answer);
    await using given = instrumented();
    const manager = managerFor(server.url);
    await manager.service.query(select).catch(() => undefined);
    expect(given.spans()).toMatchObject([{ status: { code: SpanStatusCode.ERROR }, attributes }]);
    expect(JSON.stringify(given.spans()[0]?.attributes)).not.toContain('secret');
    await manager.close();
  });

  it('holds all attempts of its statement, each repetition an event', async () => {
    await using server = await fakeServer((response) =>
      server.requests.length === 1 ? void response.writeHead(502).end('<html>') : ok(response),
    );
    await using given = instrumented();
    const manager = managerFor(server.url);
    await (await manager.service.query(select)).json();
    expect(given.spans()).toHaveLength(1);
    expect(given.spans()[0]).toMatchObject({
      status: { code: SpanStatusCode.UNSET },
      events: [{ name: 'retry', attributes: { attempt: 2, 'error.type': 'GATEWAY_FAILED' } }],
    });
    await manager.close();
  });

  it('has for its parent the span in which it was called', async () => {
    await using server = await fakeServer(ok);
    await using given = instrumented();
    const tracer = given.tracerProvider.getTracer('the application');
    const manager = managerFor(server.url);
    const parent = tracer.startSpan('request');
    // Without a context manager the API keeps no context, so this test is one for as long as a call lasts.
    const active = vi.spyOn(context, 'active').mockReturnValue(trace.setSpan(context.active(), parent));
    const call = manager.service.ping();
    active.mockRestore();
    await call;
    expect(given.spans()[0]?.parentSpanContext?.spanId).toBe(parent.spanContext().spanId);
    await manager.close();
  });
});

describe('metrics', () => {
  it('tell how long operations took, and how they ended', async () => {
    await using server = await fakeServer((response) =>
      server.requests.length === 1 ? ok(response) : void response.writeHead(404).end('Code: 60. DB::Exception: no. (UNKNOWN_TABLE)'),
    );
    await using given = instrumented();
    const manager = managerFor(server.url);
    await manager.service.command({ query: 'DROP TABLE t' });
    await manager.service.command({ query: 'DROP TABLE t' }).catch(() => undefined);
    const { 'db.client.operation.duration': durations = [] } = await given.points();
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

  it('tell of permits as of connections: used, idle, waited for, and for how long', async () => {
    const first = held<ServerResponse>();
    await using server = await fakeServer((response) => (server.requests.length === 1 ? first.resolve(response) : ok(response)));
    await using given = instrumented();
    const manager = managerFor(server.url, 1);
    const calls = [manager.service.command({ query: 'A' }), manager.service.command({ query: 'B' })];
    const response = await first.promise;
    const pool = { 'db.client.connection.pool.name': `${new URL(server.url).host}/shop` };
    const value = (points: readonly DataPoint<unknown>[] = []) => points.map(({ attributes, value }) => ({ ...attributes, value }));
    const during = await given.points();
    expect(value(during['db.client.connection.count'])).toEqual([
      { ...pool, 'db.client.connection.state': 'used', value: 1 },
      { ...pool, 'db.client.connection.state': 'idle', value: 0 },
    ]);
    expect(value(during['db.client.connection.max'])).toEqual([{ ...pool, value: 1 }]);
    expect(value(during['db.client.connection.pending_requests'])).toEqual([{ ...pool, value: 1 }]);
    expect(value(during['db.client.connection.timeouts'])).toEqual([{ ...pool, value: 0 }]);
    response.end();
    await Promise.all(calls);
    const after = await given.points();
    for (const time of ['wait_time', 'use_time'])
      expect(after[`db.client.connection.${time}`]).toMatchObject([{ attributes: pool, value: { count: 2 } }]);
    expect(after['db.client.connection.create_time']).toMatchObject([{ attributes: pool, value: { count: 1 } }]);
    await manager.close();
  });
});

it('a socket that did not come about is none that was created', async () => {
  await using given = instrumented();
  const manager = managerFor('http://127.0.0.1:1');
  await manager.service.ping();
  expect((await given.points())['db.client.connection.create_time'] ?? []).toEqual([]);
  await manager.close();
});

describe('the name of a pool', () => {
  /** Of each pool, how many permits it has. */
  async function maxima(given: ReturnType<typeof instrumented>): Promise<Record<string, unknown>> {
    const points = (await given.points())['db.client.connection.max'] ?? [];
    return Object.fromEntries(points.map(({ attributes, value }) => [String(attributes['db.client.connection.pool.name']), value]));
  }

  it('is that of no other manager, whether they have names or not', async () => {
    await using server = await fakeServer(ok);
    await using given = instrumented();
    const managers = [managerFor(server.url, 1), managerFor(server.url, 2), managerFor(server.url, 3, 'analytics')];
    for (const manager of managers) await manager.service.ping();
    const place = `${new URL(server.url).host}/shop`;
    expect(await maxima(given)).toEqual({ [place]: 1, [`${place}#2`]: 2, [`analytics@${place}`]: 3 });
    const { 'db.client.connection.use_time': times = [] } = await given.points();
    expect(times.map(({ attributes }) => attributes['db.client.connection.pool.name'])).toEqual([
      place,
      `${place}#2`,
      `analytics@${place}`,
    ]);
    for (const manager of managers) await manager.close();
  });

  it('goes to whoever comes in the place of a manager that was closed', async () => {
    await using server = await fakeServer(ok);
    await using given = instrumented();
    const first = managerFor(server.url, 1);
    await first.service.ping();
    await first.close();
    const second = managerFor(server.url, 2);
    await second.service.ping();
    expect(await maxima(given)).toEqual({ [`${new URL(server.url).host}/shop`]: 2 });
    await second.close();
  });
});

it('who disposes of the instrumentation gets no more spans and no more points', async () => {
  await using server = await fakeServer(ok);
  await using given = instrumented();
  const manager = managerFor(server.url);
  await manager.service.ping();
  given.instrumentation[Symbol.dispose]();
  await manager.service.ping();
  expect(given.spans()).toHaveLength(1);
  const points = await given.points();
  expect(points['db.client.operation.duration']).toMatchObject([{ value: { count: 1 } }]);
  expect(points['db.client.connection.max'] ?? []).toEqual([]);
  await manager.close();
});
