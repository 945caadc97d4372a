import type { ServerResponse } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import {
  AcquireTimeoutError,
  type ClickHouseConfigInput,
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  ConfigError,
  loadClickHouseConfig,
  type ManagerOptions,
} from '../../../runtime/src/index.js';
import { fakeServer } from '../harness/fake-server.js';

function managerFor(url: string, input: ClickHouseConfigInput = {}, options: Partial<ManagerOptions> = {}): ClickHouseConnectionManager {
  const config = loadClickHouseConfig(input, { CLICKHOUSE_URL: url });
  return new ClickHouseConnectionManager({ config, factory: new ClickHouseConnectionFactory(), ...options });
}

/** A server that holds each response until the test ends it. */
async function holdingServer() {
  const responses: ServerResponse[] = [];
  const server = await fakeServer((response) => responses.push(response));
  return { server, responses };
}

describe('the manager', () => {
  it('is open, draining and closed', async () => {
    const { server, responses } = await holdingServer();
    const manager = managerFor(server.url);
    expect(manager.state).toBe('open');
    const statement = manager.service.command({ query: 'A' });
    await server.received(1);
    const drain = manager.drain();
    expect(manager.state).toBe('draining');
    responses[0]?.end();
    await statement;
    await drain;
    expect(manager.state).toBe('closed');
    await server[Symbol.asyncDispose]();
  });

  it('has the new configuration after a rotation, and keeps it frozen', async () => {
    await using server = await fakeServer((response) => response.end('1\n'));
    const manager = managerFor(server.url);
    const config = loadClickHouseConfig({ url: server.url, username: 'other' }, {});
    await manager.rotate(config);
    expect(manager.config).toBe(config);
    expect(Object.isFrozen(manager.config)).toBe(true);
    await manager.close();
  });

  it('counts permits, waits and clients', async () => {
    const { server, responses } = await holdingServer();
    const manager = managerFor(server.url, { maxConcurrentStatements: 1, acquireTimeoutMs: 20 });
    const statement = manager.service.command({ query: 'A' });
    await server.received(1);
    const late = manager.service.command({ query: 'B' });
    expect(manager.stats).toMatchObject({
      max: 1,
      inUse: 1,
      waiting: 1,
      granted: 1,
      timedOut: 0,
      created: 1,
      sockets: { busy: 1, idle: 0 },
    });
    await expect(late).rejects.toThrow(AcquireTimeoutError);
    responses[0]?.end();
    await statement;
    expect(manager.stats).toMatchObject({ inUse: 0, waiting: 0, granted: 1, timedOut: 1 });
    await manager.close();
    await server[Symbol.asyncDispose]();
  });

  it('runs as many statements at once as there are permits, since the client has no limit of its own', async () => {
    const { server, responses } = await holdingServer();
    const manager = managerFor(server.url, { maxConcurrentStatements: 40 });
    const statements = Array.from({ length: 40 }, () => manager.service.command({ query: 'A' }));
    await server.received(40);
    for (const response of responses) response.end();
    await Promise.all(statements);
    await manager.close();
    await server[Symbol.asyncDispose]();
  });

  it('isolate() rejects a server that is not configured, and a manager without breakers', () => {
    const url = 'http://127.0.0.1:9';
    expect(() => managerFor(url).isolate('http://127.0.0.1:10')).toThrow(ConfigError);
    expect(() => managerFor(url, {}, { breaker: false }).isolate(url)).toThrow(ConfigError);
  });

  it('terminates statements ten seconds after the start of a drain by default', async () => {
    const { server } = await holdingServer();
    const manager = managerFor(server.url);
    const failure = manager.service.command({ query: 'A' }).catch((error: unknown) => error);
    await server.received(1);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const drain = manager.drain();
      let isDrained = false;
      void drain.then(() => (isDrained = true));
      await vi.advanceTimersByTimeAsync(9_990);
      expect([manager.state, manager.stats.inUse, isDrained]).toEqual(['draining', 1, false]);
      await vi.advanceTimersByTimeAsync(20);
      vi.useRealTimers();
      expect(await failure).toMatchObject({ kind: 'StatementTerminatedError' });
      await drain;
    } finally {
      vi.useRealTimers();
      await server[Symbol.asyncDispose]();
    }
  });
});
