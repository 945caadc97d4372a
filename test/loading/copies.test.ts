import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { serviceWith, writeFiles } from './app.js';

const folder = serviceWith({});
afterAll(() => rmSync(folder, { recursive: true }));

/** Start of a program that loads both formats, and a server that answers 503 to inserts, and 200 with an exception to those into `broken`. */
const prelude = `
  import { createRequire } from 'node:module';
  import { createServer } from 'node:http';
  import * as esm from '@clickhouse-ssot/runtime';
  const cjs = createRequire(import.meta.url)('@clickhouse-ssot/runtime');
  const server = createServer((request, response) => {
    request.resume();
    if (request.url.includes('broken')) return response.end('Code: 395. DB::Exception: no. (FUNCTION_THROW_IF_VALUE_IS_NON_ZERO)');
    if (request.url.includes('INSERT')) response.writeHead(503, { 'retry-after': '7' });
    response.end('{"n":1}\\n');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const config = esm.loadClickHouseConfig({ url: 'http://127.0.0.1:' + server.address().port }, {});
  const select = { query: 'SELECT 1 AS n', format: 'JSONEachRow' };
  const insert = { table: 't', values: [{ n: 1 }], format: 'JSONEachRow' };
`;

/** Runs a program with both formats, and returns the JSON that it printed. */
function run(code: string): unknown {
  writeFiles(folder, { 'main.mjs': `${prelude}${code}\nserver.close();` });
  const { stdout, stderr } = spawnSync(process.execPath, [join(folder, 'main.mjs')], { cwd: folder, encoding: 'utf8' });
  return stderr === '' ? JSON.parse(stdout) : stderr;
}

describe('the ES module and the CommonJS module in one process', () => {
  it('are two copies', () => {
    expect(run(`console.log(esm.ClickHouseConnectionManager !== cjs.ClickHouseConnectionManager);`)).toBe(true);
  });

  it('share one manager, and list both files', () => {
    const result = run(`
      const [factory, state] = [new esm.ClickHouseConnectionFactory(), Symbol.for('@clickhouse-ssot/runtime')];
      esm.useClickHouseConnectionManager(new esm.ClickHouseConnectionManager({ config, factory }), factory);
      const rows = await (await (await cjs.getClickHouseClient()).query(select)).json();
      const isSame = esm.getClickHouseConnectionManager() === cjs.getClickHouseConnectionManager();
      const files = globalThis[state].copies.map(({ path }) => path.slice(path.lastIndexOf('/') + 1));
      await cjs.closeClickHouse();
      console.log(JSON.stringify({ rows, isSame, files }));
    `);
    const files = [/^\w+\.js$/, /^\w+\.cjs$/].map((name) => expect.stringMatching(name) as string);
    expect(result).toEqual({ rows: [{ n: 1 }], isSame: true, files });
  });

  it('recognise each other’s errors', () => {
    const result = run(`
      const error = new cjs.ManagerClosedError();
      console.log(JSON.stringify([error instanceof esm.ManagerClosedError, error instanceof esm.QueueFullError, esm.outcomeOf(error)]));
    `);
    expect(result).toEqual([true, false, 'never-sent']);
  });

  it.each([
    ['esm', 'cjs'],
    ['cjs', 'esm'],
  ])('the manager of %s sees status and pause of an error response that a factory of %s received', (manager, factory) => {
    const result = run(`
      const factory = new ${factory}.ClickHouseConnectionFactory();
      const manager = new ${manager}.ClickHouseConnectionManager({ config, factory, retry: { maxAttempts: 1 } });
      const error = await manager.service.insert(insert).catch((error) => error);
      await manager.close();
      console.log(JSON.stringify([error.code, error.httpStatus, error.retryAfterMs]));
    `);
    expect(result).toEqual([expect.any(String), 503, 7000]);
  });

  it.each([
    ['esm', 'cjs'],
    ['cjs', 'esm'],
  ])('the manager of %s knows what a client of %s has not sent, and what the server has not accepted', (manager, factory) => {
    const result = run(`
      import { Readable } from 'node:stream';
      const factory = new ${factory}.ClickHouseConnectionFactory();
      const manager = new ${manager}.ClickHouseConnectionManager({ config, factory });
      const failures = [];
      for (const more of [
        { http_headers: { 'a b': '' } },
        { values: () => Readable.from([{ n: 1n }]) },
        { table: 'broken' },
        { table: 'broken', values: Readable.from([{ n: 1 }]) },
      ])
        await manager.service.insert({ ...insert, ...more }).catch(({ code }) => failures.push(code));
      await manager.close();
      console.log(JSON.stringify(failures));
    `);
    expect(result).toEqual(['INVALID_ARGUMENT', 'INVALID_ARGUMENT', '395', '395']);
  });

  it('clients of one configuration are one client, whatever format read it', () => {
    const result = run(`
      const factory = new esm.ClickHouseConnectionFactory();
      const other = cjs.loadClickHouseConfig({ url: config.engine.url }, {});
      const isSame = (await factory.create(config)) === (await factory.create(other));
      await factory.close();
      console.log(JSON.stringify([isSame, factory.created]));
    `);
    expect(result).toEqual([true, 1]);
  });

  it.each([
    ['esm', 'cjs'],
    ['cjs', 'esm'],
  ])('a creation of %s that requests the same connection of %s is a recursion, and the path names both calls', (outer, inner) => {
    const result = run(`
      const second = new ${inner}.ClickHouseConnectionFactory();
      const first = new ${outer}.ClickHouseConnectionFactory({ onCreate: async () => void (await second.create(config)) });
      const error = await first.create(config).catch((error) => error);
      console.log(JSON.stringify([error.code, error.path]));
    `);
    expect(result).toEqual(['CONNECTION_RECURSION', [expect.stringContaining('main.mjs'), expect.stringContaining('main.mjs')]]);
  });

  it('observers of one receive the events of the other', () => {
    const result = run(`
      const operations = [];
      const observer = esm.observe('clickhouse-ssot:statement:end', ({ operation }) => operations.push(operation));
      const manager = new cjs.ClickHouseConnectionManager({ config, factory: new cjs.ClickHouseConnectionFactory() });
      await (await manager.service.query(select)).json();
      await manager.close();
      observer[Symbol.dispose]();
      console.log(JSON.stringify(operations));
    `);
    expect(result).toEqual(['SELECT']);
  });
});
