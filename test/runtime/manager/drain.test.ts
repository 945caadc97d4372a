import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import {
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  type FactoryOptions,
  loadClickHouseConfig,
  ManagerClosedError,
  StatementTerminatedError,
} from '../../../runtime/src/index.js';
import { fakeServer, type FakeServer, deferred } from '../harness/fake-server.js';

interface BusyManager extends AsyncDisposable {
  readonly manager: ClickHouseConnectionManager;
  readonly server: FakeServer;
  readonly running: Promise<unknown>;
  readonly waiting: Promise<unknown>;
  readonly respond: () => void;
}

/** A manager with one permit, a running statement and a waiting one. */
async function busyManager(): Promise<BusyManager> {
  const responses: ServerResponse[] = [];
  const server = await fakeServer((response) => responses.push(response));
  const config = loadClickHouseConfig({ maxConcurrentStatements: 1 }, { CLICKHOUSE_URL: server.url });
  const manager = new ClickHouseConnectionManager({ config, factory: new ClickHouseConnectionFactory() });
  const running = manager.service.command({ query: 'A' });
  const waiting = manager.service.command({ query: 'B' });
  for (const statement of [running, waiting]) statement.catch(() => undefined);
  await server.received(1);
  return {
    manager,
    server,
    running,
    waiting,
    respond: () => responses[0]?.end(),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

describe('draining', () => {
  it('lets the running statement finish, and rejects waiting and new ones', async () => {
    await using busy = await busyManager();
    const drained = busy.manager.drain();
    await expect(busy.waiting).rejects.toThrow(ManagerClosedError);
    await expect(busy.manager.service.command({ query: 'SELECT 1' })).rejects.toThrow(ManagerClosedError);
    expect(busy.manager.state).toBe('draining');
    busy.respond();
    await expect(busy.running).resolves.toHaveProperty('query_id');
    await drained;
    expect(busy.manager.state).toBe('closed');
  });

  it('terminates running statements after the timeout', async () => {
    await using busy = await busyManager();
    await busy.manager.drain({ timeoutMs: 0 });
    await expect(busy.running).rejects.toThrow(StatementTerminatedError);
    await expect.poll(() => busy.manager.stats.inUse).toBe(0);
  });

  it('accepts an infinite timeout', async () => {
    await using busy = await busyManager();
    const drained = busy.manager.drain({ timeoutMs: Infinity });
    busy.respond();
    await expect(busy.running).resolves.toHaveProperty('query_id');
    await drained;
  });

  it('fault 30: may be repeated, also with a shorter timeout', async () => {
    await using busy = await busyManager();
    const drained = busy.manager.drain({ timeoutMs: Infinity });
    await busy.manager.close();
    await drained;
    await busy.manager.close();
    await expect(busy.running).rejects.toThrow();
  });

  it('is started by close() of the service', async () => {
    await using busy = await busyManager();
    const closed = busy.manager.service.close();
    busy.respond();
    await expect(busy.running).resolves.toHaveProperty('query_id');
    await closed;
    expect(busy.manager.state).toBe('closed');
  });

  it('fault 30: waits for no creation that hangs, and rejects its statement', async () => {
    const onCreate: FactoryOptions['onCreate'] = () => deferred<undefined>().promise;
    const manager = new ClickHouseConnectionManager({
      config: loadClickHouseConfig({}, { CLICKHOUSE_URL: 'http://127.0.0.1:9' }),
      factory: new ClickHouseConnectionFactory({ onCreate }),
    });
    const statement = expect(manager.service.command({ query: 'SELECT 1' })).rejects.toThrow(ManagerClosedError);
    await manager.drain({ timeoutMs: 0 });
    await statement;
  });
});
