import { describe, expect, it } from 'vitest';
import {
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  CreateTimeoutError,
  type FactoryOptions,
  loadClickHouseConfig,
  outcomeOf,
} from '../../../runtime/src/index.js';
import { deferred, fakeServer } from '../harness/fake-server.js';

const never = () => new Promise<void>(() => undefined);

function managerFor(url: string, options: FactoryOptions): ClickHouseConnectionManager {
  return new ClickHouseConnectionManager({
    config: loadClickHouseConfig({ url, acquireTimeoutMs: 20 }, {}),
    factory: new ClickHouseConnectionFactory(options),
  });
}

describe('an onCreate that never settles', () => {
  it('fails all statements that wait for it, and nothing was sent', async () => {
    await using server = await fakeServer((response) => response.end());
    const manager = managerFor(server.url, { onCreate: never });
    const statements = [1, 2, 3].map(() => manager.service.insert({ table: 't', values: [{ a: 1 }], format: 'JSONEachRow' }));
    for (const result of await Promise.allSettled(statements)) {
      const failure: unknown = result.status === 'rejected' ? result.reason : undefined;
      expect(failure).toMatchObject({ timeoutMs: 20, message: expect.stringContaining('onCreateTimeoutMs') as string });
      expect(failure instanceof CreateTimeoutError && outcomeOf(failure)).toBe('never-sent');
    }
    expect(manager.stats.inUse).toBe(0);
    await manager.drain();
    expect(server.requests).toEqual([]);
  });

  it('does not prevent a new creation by the next statement', async () => {
    await using server = await fakeServer((response) => response.end());
    let calls = 0;
    const manager = managerFor(server.url, { onCreate: () => (++calls === 1 ? never() : undefined) });
    await expect(manager.service.command({ query: 'SELECT 1' })).rejects.toBeInstanceOf(CreateTimeoutError);
    await manager.service.command({ query: 'SELECT 1' });
    expect(calls).toBe(2);
    await manager.close();
  });

  it('leaves no client open when it settles late', async () => {
    const late = deferred<undefined>();
    let closed = 0;
    const manager = managerFor('http://127.0.0.1:9', {
      onCreate: (client) => {
        client.close = async () => {
          closed++;
        };
        return late.promise;
      },
    });
    await expect(manager.warmUp()).rejects.toBeInstanceOf(CreateTimeoutError);
    expect(closed).toBe(1);
    late.resolve(undefined);
    await new Promise(setImmediate);
    expect(closed).toBe(2);
    await manager.close();
  });

  it('does not delay a drain', async () => {
    const manager = managerFor('http://127.0.0.1:9', { onCreate: never, onCreateTimeoutMs: Infinity });
    const statement = manager.service.command({ query: 'SELECT 1' });
    const result = expect(statement).rejects.toMatchObject({ code: 'MANAGER_CLOSED' });
    await manager.drain({ timeoutMs: 0 });
    await result;
  });
});

describe('onCreateTimeoutMs', () => {
  it('replaces the limit of the configuration', async () => {
    await using server = await fakeServer((response) => response.end());
    const onCreate = () => new Promise<void>((resolve) => setTimeout(resolve, 60));
    await using slow = managerFor(server.url, { onCreate, onCreateTimeoutMs: 60_000 }).service;
    await expect(slow.command({ query: 'SELECT 1' })).resolves.toHaveProperty('query_id');
    const strict = managerFor(server.url, { onCreate: never, onCreateTimeoutMs: 0 });
    await expect(strict.warmUp()).rejects.toMatchObject({ code: 'CREATE_TIMEOUT', timeoutMs: 0 });
    await strict.close();
  });
});
