import { EventEmitter } from 'node:events';
import fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import {
  clickHouse,
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  ClickHouseTenants,
  closeClickHouse,
  ConfigError,
  drainOnSignals,
  getClickHouseClient,
  loadClickHouseConfig,
  type ManagerOptions,
  validateDependencies,
} from '../../../runtime/src/index.js';
import { instrument } from '../../../runtime/src/otel.js';
import { cached, keepCredentialsFresh } from '../../../runtime/src/secrets.js';
import { createTestService } from '../../../runtime/src/testing.js';

const config = loadClickHouseConfig({}, { CLICKHOUSE_URL: 'http://127.0.0.1:9' });
const factory = new ClickHouseConnectionFactory();
const managerOf = (options: object = {}) => new ClickHouseConnectionManager({ config, factory, ...options });
const manager = managerOf({ bulkheads: { reports: {} } });
const source = { get: () => Promise.resolve('secret'), describe: () => 'a secret' };

/** Calls a function as a caller without types does. */
function untyped(run: (options: never) => unknown, options: unknown): unknown {
  return Reflect.apply(run, undefined, [options]);
}

async function problemsOf(run: () => unknown): Promise<unknown> {
  try {
    await run();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return 'no error';
}

const invalid: readonly (readonly [object, key: string, expected: string])[] = [
  [{ retryy: false }, 'retryy', '"retry"'],
  [{ bulkhead: {} }, 'bulkhead', '"bulkheads"'],
  [{ nonsense: 1 }, 'nonsense', 'one of config, factory, retry'],
  [{ retry: { attempts: 2 } }, 'retry.attempts', '"maxAttempts"'],
  [{ retry: true }, 'retry', 'an object or false'],
  [{ retry: null }, 'retry', 'an object or false'],
  [{ retry: { maxAttempts: 2.5 } }, 'retry.maxAttempts', 'a whole number, 1 or more'],
  [{ retry: { maxAttempts: '3' } }, 'retry.maxAttempts', 'a whole number, 1 or more'],
  [{ retry: { maxDelayMs: NaN } }, 'retry.maxDelayMs', 'a number, 0 or more'],
  [{ breaker: true }, 'breaker', 'an object or false'],
  [{ breaker: { openMS: 1 } }, 'breaker.openMS', 'openDurationMs'],
  [{ breaker: { windowMs: 0 } }, 'breaker.windowMs', 'a number, 1 or more'],
  [{ breaker: { halfOpenCalls: 1.5 } }, 'breaker.halfOpenCalls', 'a whole number, 1 or more'],
  [{ bulkheads: { a: { maximum: 2 } } }, 'bulkheads.a.maximum', '"max"'],
  [{ bulkheads: { a: { maxWaiting: 1.5 } } }, 'bulkheads.a.maxWaiting', 'a whole number, 0 or more'],
  [{ bulkheads: { a: { acquireTimeoutMs: '5' } } }, 'bulkheads.a.acquireTimeoutMs', 'a number, 0 or more'],
  [{ bulkheads: { a: { max: '5' } } }, 'bulkheads.a.max', 'a whole number from 1 to 10'],
  [{ bulkheads: { a: 5 } }, 'bulkheads.a', 'an object with guaranteed, max'],
  [{ bulkheads: [] }, 'bulkheads', 'an object'],
  ...[-5, 0, NaN, 1.5, '5'].map(
    (leakDetectionThresholdMs) => [{ leakDetectionThresholdMs }, 'leakDetectionThresholdMs', 'a whole number, 1 or more'] as const,
  ),
  [{ onLeak: true }, 'onLeak', 'a function'],
  [{ detectNestedAcquires: 'yes' }, 'detectNestedAcquires', 'true or false'],
  [{ factory: {} }, 'factory', 'a ClickHouseConnectionFactory'],
  [{ config: undefined }, 'config', 'the result of loadClickHouseConfig()'],
];

describe('options of the manager', () => {
  it.each(invalid)('%j is rejected for %s', async (options, key, expected) => {
    expect(await problemsOf(() => managerOf(options))).toEqual([
      { key, found: expect.any(String) as string, expected: expect.stringContaining(expected) as string },
    ]);
  });

  it('are rejected for the embedded engine as well, which has no breaker', async () => {
    const embedded: ManagerOptions = { config: loadClickHouseConfig({}, {}), factory, breaker: { windowMs: -1 } };
    expect(await problemsOf(() => new ClickHouseConnectionManager(embedded))).toHaveLength(1);
  });

  it('have all their problems in one error', async () => {
    const options = {
      retryy: 1,
      retry: { attempts: 1 },
      breaker: { jitter: -1 },
      bulkheads: { a: { maximum: 1, maxWaiting: -1 } },
      onLeak: 1,
    };
    expect(await problemsOf(() => managerOf(options))).toHaveLength(6);
  });

  it('must have a configuration that was loaded, also for a rotation', async () => {
    const expected = [{ key: 'config', found: 'an object', expected: 'the result of loadClickHouseConfig()' }];
    expect(await problemsOf(() => managerOf({ config: { url: 'http://127.0.0.1:9' } }))).toEqual(expected);
    expect(await problemsOf(() => untyped((input) => manager.rotate(input), { url: 'http://127.0.0.1:9' }))).toEqual([
      { ...expected[0], key: 'rotate.config' },
    ]);
  });

  it('may be undefined, and Infinity where there is no upper bound', () => {
    const options = {
      retry: { maxAttempts: Infinity, maxDelayMs: undefined },
      breaker: undefined,
      bulkheads: { a: { maxWaiting: Infinity } },
    };
    expect(managerOf(options).state).toBe('open');
  });
});

describe('options of a call', () => {
  const calls: readonly (readonly [name: string, run: (options: never) => unknown, options: unknown, key: string, expected: string])[] = [
    ['serviceWith', (options) => manager.serviceWith(options), { bulkheads: 'reports' }, 'serviceWith.bulkheads', '"bulkhead"'],
    ['serviceWith', (options) => manager.serviceWith(options), { deadlineMs: -1 }, 'serviceWith.deadlineMs', 'a number, 0 or more'],
    ['serviceWith', (options) => manager.serviceWith(options), 'reports', 'serviceWith', 'an object with bulkhead, deadlineMs'],
    ['session', (options) => manager.session(options), { idleTimeoutSecond: 5 }, 'session.idleTimeoutSecond', '"idleTimeoutSeconds"'],
    [
      'session',
      (options) => manager.session(options),
      { idleTimeoutSeconds: 1.5 },
      'session.idleTimeoutSeconds',
      'a whole number, 1 or more',
    ],
    ['session', (options) => manager.session(options), { abort_signal: {} }, 'session.abort_signal', 'an AbortSignal'],
    ['drain', (options) => manager.drain(options), { timeout: 5 }, 'drain.timeout', '"timeoutMs"'],
    ['drain', (options) => manager.drain(options), { timeoutMs: '5' }, 'drain.timeoutMs', 'a number, 0 or more'],
    ['drain', (options) => manager.drain(options), 5_000, 'drain', 'an object with timeoutMs'],
    ['rotate', (options) => manager.rotate(undefined, options), { timeoutMs: NaN }, 'rotate.timeoutMs', 'a number, 0 or more'],
    ['closeClickHouse', (options) => closeClickHouse(options), { timeoutMs: -1 }, 'closeClickHouse.timeoutMs', 'a number, 0 or more'],
    ['closeClickHouse', (options) => closeClickHouse(options), { timeout: 5 }, 'closeClickHouse.timeout', '"timeoutMs"'],
    ['drainOnSignals', (options) => drainOnSignals(manager, options), { signal: [] }, 'drainOnSignals.signal', '"signals"'],
    ['drainOnSignals', (options) => drainOnSignals(manager, options), { signals: ['SIGTREM'] }, 'drainOnSignals.signals', 'SIGTERM'],
    ['factory', (options) => new ClickHouseConnectionFactory(options), { oncreate: () => 1 }, 'factory.oncreate', '"onCreate"'],
    ['factory', (options) => new ClickHouseConnectionFactory(options), { onCreateTimeoutMs: -1 }, 'factory.onCreateTimeoutMs', 'a number'],
    ['getClickHouseClient', (options) => getClickHouseClient(options), { conection: 'a' }, 'getClickHouseClient.conection', '"connection"'],
    ['cached', (options) => cached(source, options), { ttl: 5, ttlMs: 5 }, 'cached.ttl', '"ttlMs"'],
    ['cached', (options) => cached(source, options), {}, 'cached.ttlMs', 'a number, 0 or more'],
    [
      'keepCredentialsFresh',
      (options) => keepCredentialsFresh(manager, source, options),
      { pause: 1 },
      'keepCredentialsFresh.pause',
      'Ms"',
    ],
    ['createTestService', (options) => createTestService(options), [{ when: 'a', row: [] }], 'answers[0].row', '"rows"'],
    ['createTestService', (options) => createTestService(options), [{ rows: [] }], 'answers[0].when', 'text or a RegExp'],
    ['instrument', (options) => instrument(options), { tracer: {} }, 'instrument.tracer', '"tracerProvider"'],
    ['validateDependencies', (options) => validateDependencies(manager.service, options), { version: '24' }, 'version', '"minimumVersion"'],
    [
      'validateDependencies',
      (options) => validateDependencies(manager.service, options),
      { tables: { events: { column: {} } } },
      'tables.events.column',
      '"columns"',
    ],
  ];

  it.each(calls)('%s rejects what it does not know', async (_, run, options, key, expected) => {
    expect(await problemsOf(() => untyped(run, options))).toEqual([
      { key, found: expect.any(String) as string, expected: expect.stringContaining(expected) as string },
    ]);
    expect(manager.state).toBe('open');
  });

  it('are not read from what a hook of a framework passes to closeClickHouse', async () => {
    for (const argument of ['SIGTERM', 15, null, fastify(), new EventEmitter(), new Error('an error')])
      await untyped((options) => closeClickHouse(options), argument);
  });

  const url = 'http://user:secret@host:8123';
  const inputs: readonly (readonly [string, (input: never) => unknown])[] = [
    ['clickHouse', (input) => clickHouse(input).command({ query: 'SELECT 1' })],
    ['loadClickHouseConfig', (input) => loadClickHouseConfig(input, {})],
    ['ClickHouseTenants', (input) => new ClickHouseTenants(input)],
    ['for() of ClickHouseTenants', (input) => new ClickHouseTenants().for(input).command({ query: 'SELECT 1' })],
  ];

  it.each(inputs)('of %s must be an object with keys, and are not shown', async (_, run) => {
    for (const [input, found] of [
      [url, 'text'],
      [[url], 'a list'],
      [null, 'null'],
      [new URL(url), 'a URL'],
    ])
      expect(await problemsOf(() => untyped(run, input))).toEqual([
        { key: 'options', found, expected: "an object with keys, as in { url: 'https://host:8443' }" },
      ]);
  });

  it('are not shown if they are text in place of an object', async () => {
    const managerProblems = await problemsOf(() => untyped((options) => new ClickHouseConnectionManager(options), url));
    const clientProblems = await problemsOf(() => untyped((options) => getClickHouseClient(options), url));
    expect(JSON.stringify([managerProblems, clientProblems])).not.toContain('secret');
  });

  it('are not shown if they are long: they may be a secret in the wrong place', async () => {
    const secret = 'x'.repeat(50);
    expect(JSON.stringify(await problemsOf(() => untyped((options) => manager.drain(options), { timeoutMs: secret })))).not.toContain(
      secret,
    );
  });
});
