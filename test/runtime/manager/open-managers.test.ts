import { afterEach, describe, expect, it } from 'vitest';
import {
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  closeClickHouse,
  drainOnSignals,
  loadClickHouseConfig,
  ManagerClosedError,
} from '../../../runtime/src/index.js';
import { fakeServer } from '../harness/fake-server.js';

afterEach(() => closeClickHouse({ timeoutMs: 0 }));

function managerOf(url: string): ClickHouseConnectionManager {
  return new ClickHouseConnectionManager({ config: loadClickHouseConfig({ url }, {}), factory: new ClickHouseConnectionFactory() });
}

describe('a manager that code has constructed', () => {
  it('is drained by closeClickHouse(), after its running statements', async () => {
    const responses: (() => void)[] = [];
    await using server = await fakeServer((response) => void responses.push(() => response.end('Ok.\n')));
    const managers = [managerOf(server.url), managerOf(server.url)];
    const running = managers.map((manager) => manager.service.command({ query: 'A' }));
    await server.received(2);
    const closed = closeClickHouse();
    await expect(managers[0]?.service.command({ query: 'B' })).rejects.toThrow(ManagerClosedError);
    for (const respond of responses) respond();
    await Promise.all([...running, closed]);
    expect(managers.map(({ state }) => state)).toEqual(['closed', 'closed']);
    expect(managers.map(({ stats }) => stats.sockets)).toEqual([
      { busy: 0, idle: 0 },
      { busy: 0, idle: 0 },
    ]);
  });

  it('is drained by drainOnSignals() without a manager', async () => {
    const manager = managerOf('http://127.0.0.1:9');
    const listeners: ((name: string, number: number) => void)[] = [];
    const exited = new Promise((exit) => {
      const signalled = {
        on: (_: string, listener: (name: string, number: number) => void) => listeners.push(listener),
        off: () => undefined,
        exit,
      };
      drainOnSignals({ process: signalled, signals: ['SIGTERM'] });
    });
    for (const listener of listeners) listener('SIGTERM', 15);
    expect(await exited).toBe(0);
    expect(manager.state).toBe('closed');
  });
});
