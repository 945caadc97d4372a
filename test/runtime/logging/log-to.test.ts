import { Logger as NestLogger } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type ClickHouseConfigInput,
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  loadClickHouseConfig,
  type ManagerOptions,
} from '../../../runtime/src/index.js';
import { type Logger, type LogOptions, logTo } from '../../../runtime/src/logging.js';
import { collectClickHouseMetrics } from '../../../runtime/src/prometheus.js';
import { publish } from '../../../runtime/src/telemetry/telemetry.js';
import { fakeServer } from '../harness/fake-server.js';

const ok = (response: ServerResponse) => void response.end('{"n":1}\n');
const select = { query: "SELECT 'secret-value' FROM t", format: 'JSONEachRow' } as const;

const managers: ClickHouseConnectionManager[] = [];
const logs: Disposable[] = [];
afterEach(async () => {
  for (const log of logs.splice(0)) log[Symbol.dispose]();
  for (const manager of managers.splice(0)) await manager.close();
  vi.useRealTimers();
});

function managerFor(url: string, input: ClickHouseConfigInput = {}, options: Partial<ManagerOptions> = {}): ClickHouseConnectionManager {
  const config = loadClickHouseConfig({ url, database: 'shop', password: 'p4ssword', ...input }, {});
  const manager = new ClickHouseConnectionManager({ config, factory: new ClickHouseConnectionFactory(), ...options });
  managers.push(manager);
  return manager;
}

interface Line {
  readonly level: string;
  readonly values: readonly unknown[];
}

/** A logger that keeps its lines. */
function memoryLogger(): Logger & { readonly lines: readonly Line[] } {
  const lines: Line[] = [];
  const keep =
    (level: string) =>
    (...values: unknown[]) =>
      void lines.push({ level, values });
  return { lines, debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') };
}

/** Logs to memory until the end of the test. Returns the lines. */
function logged(options: LogOptions = {}): readonly Line[] {
  const logger = memoryLogger();
  logs.push(logTo(logger, options));
  return logger.lines;
}

describe('a line of the log', () => {
  it('shows a table function without its arguments, which may be credentials', async () => {
    await using server = await fakeServer(
      (response) =>
        void response.writeHead(500, { 'x-clickhouse-exception-code': '60' }).end('Code: 60. DB::Exception: x. (UNKNOWN_TABLE)'),
    );
    const lines = logged();
    const table = "FUNCTION remote('host', 'shop', 'events', 'writer', 'p4ssword')";
    const insert = managerFor(server.url).service.insert({ table, values: [{ id: 1 }], format: 'JSONEachRow' });
    await expect(insert).rejects.toThrow('UNKNOWN_TABLE');
    expect(JSON.stringify(lines)).toContain('"table":"FUNCTION remote"');
    expect(JSON.stringify(lines)).not.toContain('p4ssword');
  });

  it('says which statement failed, why and where, without SQL and secrets', async () => {
    await using server = await fakeServer(
      (response) => void response.writeHead(404).end("Code: 60. DB::Exception: Unknown table in 'SELECT secret-value'. (UNKNOWN_TABLE)"),
    );
    const lines = logged();
    await expect(managerFor(server.url).service.query({ ...select, query_id: 'q-1' })).rejects.toThrow('secret-value');
    expect(lines).toEqual([
      {
        level: 'error',
        values: [
          'ClickHouse statement failed: SELECT. ClickHouse answered code 60 (UNKNOWN_TABLE).',
          {
            event: 'clickhouse.statement.failed',
            pool: `${new URL(server.url).host}/shop`,
            operation: 'SELECT',
            endpoint: server.url,
            queryId: 'q-1',
            attempts: 1,
            durationMs: expect.any(Number) as number,
            waitedMs: expect.any(Number) as number,
            error: expect.objectContaining({ kind: 'ServerError', code: '60', type: 'UNKNOWN_TABLE' }) as object,
          },
        ],
      },
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/secret-value|p4ssword/);
  });

  it('says which statement was slow', async () => {
    await using server = await fakeServer(ok);
    const lines = logged({ slowStatementMs: 0 });
    await managerFor(server.url).service.insert({ table: 'orders', values: [{ id: 1 }], format: 'JSONEachRow' });
    expect(lines).toMatchObject([
      {
        level: 'warn',
        values: [
          expect.stringMatching(/^ClickHouse statement was slow: INSERT took \d+ ms$/),
          { event: 'clickhouse.statement.slow', operation: 'INSERT', table: 'orders', queryId: expect.any(String) as string },
        ],
      },
    ]);
  });

  it('has the same pool name as the metrics', async () => {
    await using server = await fakeServer(ok);
    const [first, second] = [managerFor(server.url), managerFor(server.url)];
    const registry = new Registry();
    logs.push(collectClickHouseMetrics({ registry }));
    await first.service.ping();
    await second.service.ping();
    const lines = logged({ slowStatementMs: 0 });
    await second.service.ping();
    await first.service.ping();
    const pools = [`${new URL(server.url).host}/shop#2`, `${new URL(server.url).host}/shop`];
    expect(lines).toMatchObject(pools.map((pool) => ({ values: [expect.any(String), { pool }] })));
    for (const pool of pools) expect(await registry.metrics()).toContain(`permits_max{pool="${pool}"} 10`);
  });

  it('is not written for a statement that is neither slow nor failed', async () => {
    await using server = await fakeServer(ok);
    const lines = logged({ slowStatementMs: Infinity });
    await (await managerFor(server.url).service.query(select)).json();
    expect(lines).toEqual([]);
  });

  it('says that a statement was sent again', async () => {
    await using server = await fakeServer((response) =>
      server.requests.length === 1 ? void response.writeHead(502).end('<html>') : ok(response),
    );
    const lines = logged();
    await (await managerFor(server.url).service.query(select)).json();
    expect(lines).toMatchObject([
      {
        level: 'warn',
        values: [
          expect.stringContaining('ClickHouse statement is sent again: SELECT, attempt 2.'),
          { event: 'clickhouse.statement.retry', attempts: 2, pauseMs: expect.any(Number) as number, error: { code: 'GATEWAY_FAILED' } },
        ],
      },
    ]);
  });

  it('says that a caller aborted its statement', async () => {
    await using server = await fakeServer(() => undefined);
    const lines = logged();
    const controller = new AbortController();
    const statement = managerFor(server.url).service.query({ ...select, abort_signal: controller.signal });
    controller.abort();
    await expect(statement).rejects.toMatchObject({ name: 'AbortError' });
    expect(lines).toMatchObject([
      { level: 'info', values: ['ClickHouse statement was aborted: SELECT', { error: { kind: 'AbortedError' } }] },
    ]);
  });

  it('says that a connection failed and a circuit breaker opened', async () => {
    const lines = logged({ levels: { 'statement.failed': false } });
    const manager = managerFor('http://127.0.0.1:1', {}, { retry: false, breaker: { minimumCalls: 1, openDurationMs: 1e6 } });
    await manager.service.ping();
    // The breaker probes the server as well.
    await expect
      .poll(() => lines.map(({ level, values: [message] }) => `${level}: ${String(message)}`))
      .toEqual(
        expect.arrayContaining([
          'error: ClickHouse circuit breaker is open: http://127.0.0.1:1',
          'warn: ClickHouse connection failed: http://127.0.0.1:1. No connection to http://127.0.0.1:1, so the statement was not sent. (ECONNREFUSED)',
        ]),
      );
  });

  it('says that a permit is held for too long, with the call that acquired it', async () => {
    await using server = await fakeServer(ok);
    const lines = logged();
    const manager = managerFor(server.url, { leakDetectionThresholdMs: 1 }, { onLeak: () => undefined });
    const result = await manager.service.query(select);
    await expect.poll(() => lines.length).toBe(1);
    await result.json();
    expect(lines).toMatchObject([
      {
        level: 'warn',
        values: [expect.stringContaining('has been held for'), { acquiredAt: expect.stringContaining('log-to.test.ts') as string }],
      },
      { level: 'info', values: [expect.stringContaining('was returned after'), { event: 'clickhouse.permit.returned' }] },
    ]);
  });

  it('says that a rotation ended or failed', async () => {
    await using server = await fakeServer((response) => void response.end('1\n'));
    const lines = logged({ levels: { 'connection.failed': false } });
    const manager = managerFor(server.url);
    await manager.rotate();
    await expect(manager.rotate(loadClickHouseConfig({ url: 'http://127.0.0.1:1' }, {}))).rejects.toThrow();
    await expect
      .poll(() => lines)
      .toMatchObject([
        { level: 'info', values: [expect.any(String), { event: 'clickhouse.rotation.done' }] },
        { level: 'error', values: [expect.any(String), { event: 'clickhouse.rotation.failed', error: { code: 'CONNECT_FAILED' } }] },
      ]);
  });

  it('says that the event loop was blocked', () => {
    const lines = logged();
    publish('clickhouse-ssot:event-loop:stall', () => ({ stalledMs: 700.4 }));
    expect(lines).toMatchObject([{ level: 'warn', values: [expect.stringContaining('700 ms'), { stalledMs: 700 }] }]);
  });
});

describe('a logger', () => {
  /** One line of information. */
  const say = () => publish('clickhouse-ssot:breaker:transition', () => ({ endpoint: 'http://ch:8123', from: 'open', to: 'closed' }));
  const message = 'ClickHouse circuit breaker is closed: http://ch:8123';

  it('of pino gets the fields first', () => {
    const lines: unknown[] = [];
    logs.push(logTo(pino({ base: null, timestamp: false }, { write: (line) => void lines.push(JSON.parse(line)) })));
    say();
    expect(lines).toEqual([
      { level: 30, event: 'clickhouse.breaker.changed', endpoint: 'http://ch:8123', from: 'open', to: 'closed', msg: message },
    ]);
  });

  it('such as the console gets the message first', () => {
    const info = vi.spyOn(console, 'info').mockReturnValue();
    logs.push(logTo(console));
    say();
    expect(info.mock.calls).toEqual([[message, expect.objectContaining({ to: 'closed' })]]);
    info.mockRestore();
  });

  it('of NestJS gets one object, and its method log gets information', () => {
    const written: unknown[] = [];
    const keep = (...values: unknown[]) => void written.push(values);
    NestLogger.overrideLogger({ log: keep, warn: keep, error: keep });
    logs.push(logTo(new NestLogger('ClickHouse'), { arguments: 'fields-only' }));
    say();
    expect(written).toEqual([[expect.objectContaining({ message, to: 'closed' }), 'ClickHouse']]);
    NestLogger.overrideLogger(true);
  });

  it('that throws changes no statement, and causes one warning', async () => {
    await using server = await fakeServer(ok);
    const warnings: string[] = [];
    const onWarning = ({ message: text }: Error) => void warnings.push(text);
    process.on('warning', onWarning);
    const fail = () => {
      throw new Error('disk full');
    };
    logs.push(logTo({ info: fail, warn: fail, error: fail }, { slowStatementMs: 0 }));
    const manager = managerFor(server.url);
    for (let count = 0; count < 2; count++) expect(await manager.service.ping()).toMatchObject({ success: true });
    await expect.poll(() => warnings).toEqual(['The logger threw an error; its further errors are ignored: Error: disk full']);
    process.off('warning', onWarning);
  });

  it('that returns a rejected promise does not end the process, and causes one warning', async () => {
    await using server = await fakeServer(ok);
    const warnings: string[] = [];
    const onWarning = ({ message }: Error) => void warnings.push(message);
    process.on('warning', onWarning);
    const fail = () => Promise.reject(new Error('transport down'));
    logs.push(logTo({ info: fail, warn: fail, error: fail }, { slowStatementMs: 0 }));
    const manager = managerFor(server.url);
    for (let count = 0; count < 2; count++) expect(await manager.service.ping()).toMatchObject({ success: true });
    // Vitest fails the run for a rejection without a handler.
    await expect.poll(() => warnings).toEqual(['The logger threw an error; its further errors are ignored: Error: transport down']);
    process.off('warning', onWarning);
  });

  it('gets nothing after the disposal', () => {
    const logger = memoryLogger();
    logTo(logger)[Symbol.dispose]();
    say();
    expect(logger.lines).toEqual([]);
  });

  it('without a method for a level is refused', () => {
    const nothing = () => undefined;
    expect(() => logTo({ warn: nothing, error: nothing })).toThrow('logger: found no method info, expected a logger with the method info');
    const none: Logger = JSON.parse('{}');
    expect(() => logTo(none)).toThrow('logger: found an object, expected a logger with the methods warn and error');
  });

  it('with unknown options is refused', () => {
    const unknown: LogOptions = JSON.parse('{ "slowMs": 5 }');
    expect(() => logTo(memoryLogger(), unknown)).toThrow('logTo.slowMs: found an unknown option');
    const levels: LogOptions = JSON.parse('{ "levels": { "statement.slow": "loud", "breaker.open": "info" } }');
    expect(() => logTo(memoryLogger(), levels)).toThrow(
      /levels\.statement\.slow: found "loud", expected one of debug, info, warn, error, false[^]*levels\.breaker\.open: .* expected "breaker\.opened"/,
    );
  });
});

describe('lines that repeat each other', () => {
  beforeEach(() => void vi.useFakeTimers());

  const say = (endpoint: string) => publish('clickhouse-ssot:breaker:transition', () => ({ endpoint, from: 'half-open', to: 'open' }));

  it('are limited, and the number of those that were left out is written at the end of the interval', () => {
    const lines = logged({ maxRepeats: 2, repeatIntervalMs: 10_000 });
    for (let count = 0; count < 100; count++) say('http://ch-1');
    say('http://ch-2');
    expect(lines).toHaveLength(3);
    vi.advanceTimersByTime(10_000);
    expect(lines).toHaveLength(4);
    expect(lines[3]).toMatchObject({
      level: 'error',
      values: [
        '98 further lines like this were left out, at most 2 in 10 s are written. The last one: ClickHouse circuit breaker is open: http://ch-1',
        { event: 'clickhouse.breaker.opened', endpoint: 'http://ch-1', suppressedLines: 98 },
      ],
    });
    say('http://ch-1');
    expect(lines).toHaveLength(5);
  });

  it('that were left out are written at the disposal', () => {
    const logger = memoryLogger();
    const log = logTo(logger, { maxRepeats: 1 });
    for (let count = 0; count < 3; count++) say('http://ch-1');
    log[Symbol.dispose]();
    expect(logger.lines).toMatchObject([{}, { values: [expect.stringMatching(/^2 further lines/), {}] }]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('are all written without a limit', () => {
    const lines = logged({ maxRepeats: Infinity });
    for (let count = 0; count < 100; count++) say('http://ch-1');
    expect(lines).toHaveLength(100);
  });

  it('do not fill the log while a server is away', async () => {
    vi.useRealTimers();
    const lines = logged();
    const manager = managerFor('http://127.0.0.1:1', { maxConcurrentStatements: 50 }, { retry: false });
    await Promise.all(Array.from({ length: 500 }, () => manager.service.ping()));
    // Refused connections, failed statements, the breaker, and statements that the breaker rejects.
    await expect.poll(() => new Set(lines.map(({ values: [, fields] }) => JSON.stringify(fields, ['event']))).size).toBe(3);
    expect(lines.length).toBeLessThanOrEqual(5 + 5 + 1 + 5);
  });
});
