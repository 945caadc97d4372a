import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import {
  type ClickHouseClientOptions,
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  loadClickHouseConfig,
} from '../../../runtime/src/index.js';

/** Starts a server that keeps its sockets, and records their ports and the type of each body. */
async function socketServer() {
  const ports: (number | undefined)[] = [];
  const types: (string | undefined)[] = [];
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    ports.push(request.socket.remotePort);
    types.push(request.headers['content-type']);
    request.resume().on('end', () => response.end('{"n":1}\n'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // The server listens on a port.
  const { port } = server.address() as AddressInfo;
  const managerFor = (client: ClickHouseClientOptions) =>
    new ClickHouseConnectionManager({
      config: loadClickHouseConfig({ url: `http://127.0.0.1:${port}`, client }, {}),
      factory: new ClickHouseConnectionFactory(),
    });
  return {
    ports,
    types,
    managerFor,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const select = { query: 'SELECT {a: String}', format: 'JSONEachRow' } as const;

describe('an idle socket', () => {
  it('is kept for the next statement by default', async () => {
    await using server = await socketServer();
    const manager = server.managerFor({});
    for (const query of ['A', 'B']) await manager.service.command({ query });
    expect(new Set(server.ports).size).toBe(1);
    expect(manager.stats.sockets).toEqual({ busy: 0, idle: 1 });
    await manager.close();
  });

  it.each<[string, ClickHouseClientOptions, ageMs: number, sockets: number]>([
    ['kept if it is too old', { keep_alive: { idle_socket_ttl: 60_000 } }, 60_001, 1],
    ['closed first', { keep_alive: { idle_socket_ttl: 60_000, eagerly_destroy_stale_sockets: true } }, 60_001, 2],
    ['kept for 2.5 seconds by default', { keep_alive: { eagerly_destroy_stale_sockets: true } }, 2_000, 1],
    ['closed after 2.5 seconds by default', { keep_alive: { eagerly_destroy_stale_sockets: true } }, 2_600, 2],
  ])('whose timer is late, as in a process that is busy, is %s', async (_, client, ageMs, sockets) => {
    await using server = await socketServer();
    const manager = server.managerFor(client);
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      await manager.service.command({ query: 'A' });
      expect(manager.stats.sockets).toEqual({ busy: 0, idle: 1 });
      vi.setSystemTime(Date.now() + ageMs);
      await manager.service.command({ query: 'B' });
    } finally {
      vi.useRealTimers();
    }
    expect(new Set(server.ports).size).toBe(sockets);
    await manager.close();
  });
});

it('use_multipart_params_auto sends long parameters in the body, and short ones in the URL', async () => {
  await using server = await socketServer();
  const manager = server.managerFor({ use_multipart_params_auto: true });
  for (const a of ['x', 'x'.repeat(20_000)]) await (await manager.service.query({ ...select, query_params: { a } })).json();
  expect(server.types.map((type) => type?.startsWith('multipart/form-data') ?? false)).toEqual([false, true]);
  await manager.close();
});
