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
import { fakeServer, type FakeServer, held } from '../harness/fake-server.js';

interface Busy extends AsyncDisposable {
  readonly manager: ClickHouseConnectionManager;
  readonly server: FakeServer;
  readonly running: Promise<unknown>;
  readonly waiting: Promise<unknown>;
  readonly answer: () => void;
}

/** A manager of one permit, with a statement that runs and one that waits. */
async function busy(): Promise<Busy> {
  const answers: ServerResponse[] = [];
  const server = await fakeServer((response) => answers.push(response));
  const config = loadClickHouseConfig({ maxConcurrentStatements: 1 }, { CLICKHOUSE_URL: server.url });
  const manager = new ClickHouseConnectionManager({ config, factory: new ClickHouseConnectionFactory() });
  const running = manager.service.command({ query: 'A' });
  const waiting = manager.service.command({ query: 'B' });
  for (const statement of [running, waiting]) statement.catch(() => undefined);
  await server.received(1);
  return { manager, server, running, waiting, answer: () => answers[0]?.end(), [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

describe('draining', () => {
  it('lets the running statement finish, and refuses those that wait and those that come', async () => {
    await using given = await busy();
    const drained = given.manager.drain();
    await expect(given.waiting).rejects.toThrow(ManagerClosedError);
    await expect(given.manager.service.ping()).rejects.toThrow(ManagerClosedError);
    expect(given.manager.state).toBe('draining');
    given.answer();
    await expect(given.running).resolves.toHaveProperty('query_id');
    await drained;
    expect(given.manager.state).toBe('closed');
  });

  it('cuts what still runs when its time is over', async () => {
    await using given = await busy();
    await given.manager.drain({ timeoutMs: 0 });
    await expect(given.running).rejects.toThrow(StatementTerminatedError);
    await expect.poll(() => given.manager.stats.inUse).toBe(0);
  });

  it('may be asked for as long as it takes', async () => {
    await using given = await busy();
    const drained = given.manager.drain({ timeoutMs: Infinity });
    given.answer();
    await expect(given.running).resolves.toHaveProperty('query_id');
    await drained;
  });

  it('fault 30: again is harmless, and may be less patient', async () => {
    await using given = await busy();
    const drained = given.manager.drain({ timeoutMs: Infinity });
    await given.manager.close();
    await drained;
    await given.manager.close();
    await expect(given.running).rejects.toThrow();
  });

  it('is what close() of the service does', async () => {
    await using given = await busy();
    const closed = given.manager.service.close();
    given.answer();
    await expect(given.running).resolves.toHaveProperty('query_id');
    await closed;
    expect(given.manager.state).toBe('closed');
  });

  it('fault 30: does not wait for a connection that never gets created, and neither does the statement', async () => {
    const onCreate: FactoryOptions['onCreate'] = () => held<undefined>().promise;
    const manager = new ClickHouseConnectionManager({
      config: loadClickHouseConfig({}, { CLICKHOUSE_URL: 'http://127.0.0.1:9' }),
      factory: new ClickHouseConnectionFactory({ onCreate }),
    });
    const statement = expect(manager.service.ping()).rejects.toThrow(ManagerClosedError);
    await manager.drain({ timeoutMs: 0 });
    await statement;
  });
});
