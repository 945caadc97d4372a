import { createServer } from 'node:http';
import fastify from 'fastify';
import { expect, it } from 'vitest';
import * as express from '../../../runtime/src/express.js';
import { clickHousePlugin } from '../../../runtime/src/fastify.js';
import * as hono from '../../../runtime/src/hono.js';
import { requestSignal, shutdownOnSignals, withSignal } from '../../../runtime/src/http.js';
import { ConfigError, drainOnSignals } from '../../../runtime/src/index.js';
import { clientLoggerClass, logTo } from '../../../runtime/src/logging.js';
import { migrate } from '../../../runtime/src/migrations.js';
import { ClickHouseExceptionFilter, ClickHouseModule, clickHouseToken, InjectClickHouse } from '../../../runtime/src/nestjs.js';
import { collectClickHouseMetrics } from '../../../runtime/src/prometheus.js';
import {
  assertInserted,
  assertNotRan,
  assertRan,
  createTestDatabase,
  createTestService,
  insertedRows,
} from '../../../runtime/src/testing.js';
import { createClickHouseService, describeConfig, loadClickHouseConfig, ServerState } from '../../../runtime/src/web.js';

const service = createTestService();
await service.command({ query: 'SELECT 1' });
const { signal } = new AbortController();

/** Calls with one parameter left. None of the wrong values is valid for it. */
const calls: readonly (readonly [parameter: string, run: (value: never) => unknown])[] = [
  ['createTestDatabase', (value) => createTestDatabase(value)],
  ['journal', (value) => insertedRows(value, 'events')],
  ['table', (value) => insertedRows(service, value)],
  ['journal', (value) => assertInserted(value, 'events', [])],
  ['table', (value) => assertInserted(service, value, [])],
  ['rows', (value) => assertInserted(service, 'events', value)],
  ['journal', (value) => assertRan(value, 'SELECT')],
  ['pattern', (value) => assertRan(service, value)],
  ['times', (value) => assertRan(service, 'SELECT', value)],
  ['journal', (value) => assertNotRan(value, 'SELECT')],
  ['pattern', (value) => assertNotRan(service, value)],
  ['createTestService.answers', (value) => createTestService(value)],
  ['createTestService', (value) => createTestService([], value)],
  ['createTestService.json', (value) => createTestService([], { json: value })],
  ['migrate.service', (value) => migrate(value, { folder: 'migrations' })],
  ['migrate', (value) => migrate(service, value)],
  ['migrate.folder', (value) => migrate(service, { folder: value })],
  ['requestSignal.response', (value) => requestSignal(value)],
  ['target', (value) => shutdownOnSignals(value)],
  ['shutdownOnSignals', (value) => shutdownOnSignals(createServer(), value)],
  ['withSignal.service', (value) => withSignal(value, signal)],
  ['withSignal.signal', (value) => withSignal(service, value)],
  ['clickHouseMiddleware', (value) => express.clickHouseMiddleware(value)],
  ['clickHouseErrorHandler', (value) => express.clickHouseErrorHandler(value)],
  ['clickHouseMiddleware.service', (value) => hono.clickHouseMiddleware({ service: value })],
  ['clickHouseErrorHandler', (value) => hono.clickHouseErrorHandler(value)],
  ['clickHousePlugin.app', (value) => clickHousePlugin(value, {})],
  ['clickHousePlugin', async (value) => await fastify().register(clickHousePlugin, value)],
  ['ClickHouseModule.forRoot', (value) => ClickHouseModule.forRoot(value)],
  ['ClickHouseModule.forRootAsync', (value) => ClickHouseModule.forRootAsync(value)],
  ['clickHouseToken.name', (value) => clickHouseToken(value)],
  ['clickHouseToken.name', (value) => InjectClickHouse(value)],
  ['ClickHouseExceptionFilter.host', (value) => new ClickHouseExceptionFilter(value)],
  ['collectClickHouseMetrics', (value) => collectClickHouseMetrics(value)],
  ['logger', (value) => logTo(value)],
  ['logTo', (value) => logTo(console, value)],
  ['logger', (value) => clientLoggerClass(value)],
  ['clientLoggerClass', (value) => clientLoggerClass(console, value)],
  ['clientLoggerClass.arguments', (value) => clientLoggerClass(console, { arguments: value })],
  ['options', (value) => loadClickHouseConfig(value)],
  ['env', (value) => loadClickHouseConfig({ url: 'http://localhost' }, value)],
  ['createClickHouseService', (value) => createClickHouseService(value)],
  ['createClickHouseService.config', (value) => createClickHouseService({ config: value })],
  ['ServerState', (value) => new ServerState(value)],
  ['config', (value) => describeConfig(value)],
  ['drainOnSignals', (value) => drainOnSignals(value)],
];

/** Returns the keys that the error gives, or the error if it is another one than ConfigError. */
async function failureOf(run: (value: never) => unknown, value: unknown): Promise<unknown> {
  try {
    const result: unknown = await Reflect.apply(run, undefined, [value]);
    for (const dispose of [Symbol.dispose, Symbol.asyncDispose]) {
      const method: unknown = Reflect.get(Object(result), dispose);
      if (typeof method === 'function') await Reflect.apply(method, result, []);
    }
  } catch (error) {
    return error instanceof ConfigError ? error.problems.map(({ key }) => key) : error;
  }
  return 'no error';
}

it.each(calls)('%s: null and a value of another type are a ConfigError', async (parameter, run) => {
  for (const value of [null, true, parameter.includes('.') || parameter === 'times' ? -1 : 5])
    // Fastify gives a plugin an object in place of null.
    if (value !== null || parameter !== 'clickHousePlugin') expect(await failureOf(run, value), String(value)).toEqual([parameter]);
});

it.each(calls)('%s: an empty object and undefined are accepted, or a ConfigError', async (_, run) => {
  for (const value of [{}, undefined]) expect(['no error', [expect.any(String) as string]]).toContainEqual(await failureOf(run, value));
});
