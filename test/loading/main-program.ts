/**
 * A program for Node.js, Bun and Deno, as an ES module. It uses the main entry against the servers of `webProgram`, whose addresses are its
 * argument, and prints what happened as one line of JSON.
 */
export const mainProgram = `
import { Readable } from 'node:stream';
import {
  ClickHouseConnectionFactory, ClickHouseConnectionManager, loadClickHouseConfig, observe, outcomeOf,
} from '@clickhouse-ssot/runtime';
import { fileSecret } from '@clickhouse-ssot/runtime/secrets';

const { fake, front, away, name, secretFile } = JSON.parse(process.argv[2]);
const factory = new ClickHouseConnectionFactory();
const managerAt = (url, input = {}, options = {}) =>
  new ClickHouseConnectionManager({ config: loadClickHouseConfig({ url, ...input }, false), factory, ...options });
const at = (...parameters) => managerAt(...parameters).service;
const rowsOf = async (result) => (await result).json();
const failureOf = (promise) => promise.then(() => 'no failure', (error) => error);

const scenarios = {
  async 'queries'() {
    return rowsOf(at(front).query({ query: 'SELECT number AS n FROM numbers(2)', format: 'JSONEachRow' }));
  },
  async 'inserts of arrays and of streams, with compressed requests'() {
    const service = at(front, { compressRequests: true, compressResponses: true });
    await service.command({ query: 'CREATE TABLE ' + name + ' (id UInt32) ENGINE = MergeTree ORDER BY id' });
    await service.insert({ table: name, values: [{ id: 1 }], format: 'JSONEachRow' });
    await service.insert({ table: name, values: Readable.from([{ id: 2 }, { id: 3 }]), format: 'JSONEachRow' });
    const rows = await rowsOf(service.query({ query: 'SELECT count() AS n FROM ' + name, format: 'JSONEachRow' }));
    await service.command({ query: 'DROP TABLE ' + name });
    return rows.map(({ n }) => Number(n));
  },
  async 'streamed rows'() {
    const result = await at(front).query({ query: 'SELECT number AS n FROM numbers(100000)', format: 'JSONEachRow' });
    let rows = 0;
    for await (const part of result.stream()) rows += part.length;
    return rows;
  },
  async 'a wrong password'() {
    const failure = await failureOf(at(front, { username: 'guarded', password: 'wrong' }).query({ query: 'SELECT 1' }));
    return [failure.kind, outcomeOf(failure)];
  },
  async 'a write to a server that is away counts as never sent'() {
    const failure = await failureOf(at(away, {}, { retry: false }).insert({ table: 't', values: [{ id: 1 }], format: 'JSONEachRow' }));
    return [failure.kind, outcomeOf(failure)];
  },
  async 'the status of a response decides about a retry'() {
    const failure = await failureOf(at(fake).insert({ table: 'busy', values: [{ id: 1 }], format: 'JSONEachRow' }));
    return [failure.kind, failure.httpStatus, failure.cause?.kind];
  },
  async 'an abort of a running statement'() {
    const controller = new AbortController();
    const failure = failureOf(at(fake).query({ query: 'SELECT hang', abort_signal: controller.signal }));
    controller.abort(new Error('the user left'));
    return (await failure).kind;
  },
  async 'a deadline'() {
    return (await failureOf(at(fake, { deadlineMs: 50 }).query({ query: 'SELECT hang' }))).kind;
  },
  async 'an exception after rows'() {
    const failure = await failureOf(rowsOf(at(fake).query({ query: 'SELECT exception', format: 'JSONEachRow' })));
    return [failure.kind, failure.cause?.code];
  },
  async 'a connection that is lost after rows'() {
    return (await failureOf(rowsOf(at(fake).query({ query: 'SELECT cut', format: 'JSONEachRow' })))).kind;
  },
  async '100 statements under 5 permits'() {
    const service = at(fake, { maxConcurrentStatements: 5 });
    return (await Promise.all(Array.from({ length: 100 }, () => rowsOf(service.query({ query: 'SELECT five', format: 'JSONEachRow' }))))).length;
  },
  async 'sessions'() {
    const session = await managerAt(front).session();
    await session.command({ query: 'CREATE TEMPORARY TABLE t (id UInt8)' });
    const rows = await rowsOf(session.query({ query: 'SELECT count() AS n FROM t', format: 'JSONEachRow' }));
    await session.release();
    return rows.map(({ n }) => Number(n));
  },
  async 'connections of three statements in a row, by their events'() {
    let opened = 0;
    const observer = observe('clickhouse-ssot:connection:open', () => opened++);
    const service = at(front, { application: name });
    for (let i = 0; i < 3; i++) await rowsOf(service.query({ query: 'SELECT 1 AS n', format: 'JSONEachRow' }));
    observer[Symbol.dispose]();
    return opened;
  },
  async 'events'() {
    const seen = [];
    const observer = observe('clickhouse-ssot:statement:end', ({ operation, endpoint }) => seen.push([operation, endpoint === fake]));
    await rowsOf(at(fake).query({ query: 'SELECT 1', format: 'JSONEachRow' }));
    observer[Symbol.dispose]();
    return seen;
  },
  async 'a drain'() {
    const manager = managerAt(fake);
    await rowsOf(manager.service.query({ query: 'SELECT 1', format: 'JSONEachRow' }));
    await manager.drain();
    return manager.state;
  },
  async 'secrets of files'() {
    return fileSecret(secretFile).get();
  },
  async 'the embedded engine'() {
    return rowsOf(at(undefined, { environment: 'test' }).query({ query: 'SELECT 1 AS n', format: 'JSONEachRow' }));
  },
};

const outcomes = {};
for (const [title, scenario] of Object.entries(scenarios))
  outcomes[title] = await scenario().catch((error) => 'threw ' + String(error?.stack ?? error).slice(0, 300));
console.log(JSON.stringify(outcomes));
process.exit(0);
`;
