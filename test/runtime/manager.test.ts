import { describe, expect, it } from 'vitest';
import { ClickHouseConnectionFactory, ClickHouseConnectionManager, loadClickHouseConfig, ManagerClosedError } from '../../runtime/src/index.js';
import { fakeServer } from './fake-server.js';

function managerFor(url: string, options: { maxConcurrentStatements?: number } = {}): ClickHouseConnectionManager {
  return new ClickHouseConnectionManager({ config: loadClickHouseConfig(options, { CLICKHOUSE_URL: url }), factory: new ClickHouseConnectionFactory() });
}

const rows = '{"n":1}\n{"n":2}\n';

describe('the manager', () => {
  it('constructs one client for any number of statements', async () => {
    await using server = await fakeServer((_, response) => response.end(rows));
    const manager = managerFor(server.url);
    await Promise.all(Array.from({ length: 20 }, async () => (await manager.service.query({ query: 'SELECT n', format: 'JSONEachRow' })).json()));
    expect(manager.stats).toMatchObject({ created: 1, granted: 20, inUse: 0 });
    await manager.close();
  });

  it('holds a permit until the body has been read, not until the headers are there', async () => {
    await using server = await fakeServer((_, response) => response.end(rows));
    const manager = managerFor(server.url);
    const result = await manager.service.query({ query: 'SELECT n', format: 'JSONEachRow' });
    expect(manager.stats.inUse).toBe(1);
    expect(await result.json()).toEqual([{ n: 1 }, { n: 2 }]);
    expect(manager.stats.inUse).toBe(0);
    await manager.close();
  });

  it.each(['text', 'stream', 'close'] as const)('gives the permit back after %s()', async (way) => {
    await using server = await fakeServer((_, response) => response.end(rows));
    const manager = managerFor(server.url);
    const result = await manager.service.query({ query: 'SELECT n', format: 'JSONEachRow' });
    if (way === 'text') await result.text();
    else if (way === 'close') result.close();
    else {
      const seen: unknown[] = [];
      for await (const batch of result.stream()) seen.push(...batch.map((row) => row.json()));
      expect(seen).toEqual([{ n: 1 }, { n: 2 }]);
    }
    expect(manager.stats.inUse).toBe(0);
    await manager.close();
  });

  it('gives the permit back when a statement fails', async () => {
    await using server = await fakeServer((_, response) => response.writeHead(500).end('Code: 62. DB::Exception: Syntax error. (SYNTAX_ERROR)'));
    const manager = managerFor(server.url);
    await expect(manager.service.command({ query: 'SELEC' })).rejects.toThrow();
    expect(manager.stats).toMatchObject({ granted: 1, inUse: 0 });
    await manager.close();
  });

  it('lets one statement at a time run where there is one permit, and never creates a client for it', async () => {
    await using server = await fakeServer((_, response) => setTimeout(() => response.end(rows), 5));
    const manager = managerFor(server.url, { maxConcurrentStatements: 1 });
    const first = manager.service.command({ query: 'A' });
    const second = manager.service.command({ query: 'B' });
    expect(manager.stats).toMatchObject({ inUse: 1, waiting: 1 });
    await Promise.all([first, second]);
    expect(manager.stats).toMatchObject({ inUse: 0, waiting: 0, created: 1 });
    await manager.close();
  });

  it('drains: running statements finish, waiting ones and new ones are refused', async () => {
    await using server = await fakeServer((_, response) => setTimeout(() => response.end(rows), 20));
    const manager = managerFor(server.url, { maxConcurrentStatements: 1 });
    const running = manager.service.command({ query: 'A' });
    const waiting = manager.service.command({ query: 'B' });
    await new Promise((resolve) => setTimeout(resolve, 5));
    const drained = manager.drain({ timeoutMs: 5_000 });
    await expect(waiting).rejects.toThrow(ManagerClosedError);
    await expect(manager.service.ping()).rejects.toThrow(ManagerClosedError);
    await expect(running).resolves.toHaveProperty('query_id');
    await drained;
    await manager.drain({ timeoutMs: 0 });
  });

  it('cuts what still runs when the time to drain is over', async () => {
    await using server = await fakeServer(() => undefined);
    const manager = managerFor(server.url);
    const running = manager.service.command({ query: 'A' });
    const outcome = expect(running).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await manager.drain({ timeoutMs: 10 });
    await outcome;
  });
});
