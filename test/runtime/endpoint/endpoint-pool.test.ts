import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import {
  type ClickHouseConfig,
  type ClickHouseConfigInput,
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  loadClickHouseConfig,
  ManagerClosedError,
} from '../../../runtime/src/index.js';
import { fakeServer, type FakeServer, deferred } from '../harness/fake-server.js';

const select = { query: 'SELECT n', format: 'JSONEachRow' } as const;

function configFor(server: FakeServer, input: ClickHouseConfigInput = {}): ClickHouseConfig {
  return loadClickHouseConfig(input, { CLICKHOUSE_URL: server.url });
}

function managerFor(config: ClickHouseConfig): ClickHouseConnectionManager {
  return new ClickHouseConnectionManager({ config, factory: new ClickHouseConnectionFactory() });
}

/** Responds to requests with this password, and refuses the credentials of all others. */
const requiringPassword = (password: () => string) => (response: ServerResponse, request: IncomingMessage) => {
  const credentials = Buffer.from(String(request.headers.authorization).replace('Basic ', ''), 'base64').toString();
  if (credentials === `default:${password()}`) response.end('{"n":1}\n');
  else response.writeHead(403).end('Code: 516. DB::Exception: default: Authentication failed. (AUTHENTICATION_FAILED)');
};

describe('a rotation', () => {
  it('fault 14: fails no statement, neither those that run nor later ones', async () => {
    const passwords = new Set(['old', 'new']);
    await using server = await fakeServer((response, request) => {
      const credentials = Buffer.from(String(request.headers.authorization).replace('Basic ', ''), 'base64').toString();
      requiringPassword(() => (passwords.has(credentials.slice('default:'.length)) ? credentials.slice('default:'.length) : 'none'))(
        response,
        request,
      );
    });
    const manager = managerFor(configFor(server, { password: 'old' }));
    let isOver = false;
    let reads = 0;
    const readers = Array.from({ length: 8 }, async () => {
      while (!isOver) {
        await (await manager.service.query(select)).json();
        reads++;
      }
    });
    await server.received(20);
    await manager.rotate(configFor(server, { password: 'new' }));
    const sent = server.requests.length;
    await server.received(sent + 20);
    passwords.delete('old');
    await server.received(sent + 60);
    isOver = true;
    await Promise.all(readers);
    expect(reads).toBeGreaterThan(50);
    expect(manager.stats).toMatchObject({ created: 2, inUse: 0 });
    await manager.close();
  });

  it('lets a result be read to its end, on the old client', async () => {
    const first = deferred<ServerResponse>();
    await using server = await fakeServer((response) => {
      if (server.requests.length > 1) return void response.end('{"n":2}\n');
      response.writeHead(200).write('{"n":1}\n');
      first.resolve(response);
    });
    const manager = managerFor(configFor(server));
    const result = await manager.service.query(select);
    await manager.rotate(undefined);
    expect(await (await manager.service.query(select)).json()).toEqual([{ n: 2 }]);
    (await first.promise).end('{"n":3}\n');
    expect(await result.json()).toEqual([{ n: 1 }, { n: 3 }]);
    expect(manager.stats.created).toBe(2);
    await manager.close();
  });

  it('terminates statements that still run on the old client after the timeout', async () => {
    await using server = await fakeServer((response) =>
      server.requests.length > 1 ? void response.end('{"n":2}\n') : void response.writeHead(200).write('{"n":1}\n'),
    );
    const manager = managerFor(configFor(server));
    const result = await manager.service.query(select);
    const terminated = expect(result.json()).rejects.toMatchObject({ code: 'STATEMENT_TERMINATED', by: 'rotation' });
    await manager.rotate(undefined, { timeoutMs: 0 });
    await terminated;
    await manager.close();
  });

  it('waits without limit for statements on the old client by default', async () => {
    const release = deferred<undefined>();
    await using server = await fakeServer((response, request) => {
      if (request.url?.includes('slow')) void release.promise.then(() => response.end('{"n":1}\n'));
      else response.end('{"n":1}\n');
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
    try {
      const manager = managerFor(configFor(server));
      const slow = manager.service.query({ ...select, query_id: 'slow' });
      await server.received(1);
      await manager.rotate();
      await vi.advanceTimersByTimeAsync(3_600_000);
      release.resolve(undefined);
      expect(await (await slow).json()).toEqual([{ n: 1 }]);
      await manager.close();
    } finally {
      vi.useRealTimers();
    }
  });

  it('to a configuration that fails has no effect: the old client serves', async () => {
    await using server = await fakeServer(requiringPassword(() => 'right'));
    const manager = managerFor(configFor(server, { password: 'right' }));
    await manager.service.command({ query: 'A' });
    await expect(manager.rotate(configFor(server, { password: 'wrong' }))).rejects.toThrow('Authentication failed');
    await manager.service.command({ query: 'A' });
    expect(manager.config.engine).toMatchObject({ kind: 'server', password: { isEmpty: false } });
    expect(manager.config.provenance['password']).toBe('code');
    await manager.close();
  });

  it('before the first statement creates one client, which outlives the old endpoint pool', async () => {
    await using server = await fakeServer((response) => response.end('{"n":1}\n'));
    const manager = managerFor(configFor(server));
    await manager.rotate(undefined, { timeoutMs: 0 });
    for (let read = 0; read < 3; read++) expect(await (await manager.service.query(select)).json()).toEqual([{ n: 1 }]);
    expect(manager.stats.created).toBe(1);
    await manager.close();
  });

  it('starts when a client has reached its maximum lifetime', async () => {
    await using server = await fakeServer((response) => response.end('{"n":1}\n'));
    const manager = managerFor(configFor(server, { maxLifetimeMs: 20 }));
    await (await manager.service.query(select)).json();
    await expect.poll(() => manager.stats.created).toBeGreaterThan(2);
    await manager.close();
    const { created } = manager.stats;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(manager.stats.created, 'and not after the close').toBe(created);
  });

  it('waits for the rotation before it, and fails after a drain', async () => {
    await using server = await fakeServer((response) => response.end('{"n":1}\n'));
    const manager = managerFor(configFor(server));
    await Promise.all([manager.rotate(configFor(server, { username: 'a' })), manager.rotate(configFor(server, { username: 'b' }))]);
    expect(manager.config.engine).toMatchObject({ username: 'b' });
    const rotation = expect(manager.rotate()).rejects.toThrow(ManagerClosedError);
    await manager.close();
    await rotation;
    await expect(manager.rotate()).rejects.toThrow(ManagerClosedError);
  });

  it('also gives callers of the factory a new client', async () => {
    await using server = await fakeServer((response) => response.end('{"n":1}\n'));
    const factory = new ClickHouseConnectionFactory();
    const manager = new ClickHouseConnectionManager({ config: configFor(server), factory });
    const before = await factory.create(manager.config);
    await manager.service.ping();
    await manager.rotate();
    expect(await factory.create(manager.config)).not.toBe(before);
    await manager.close();
  });
});

it('two managers with one factory and one configuration share a client, and neither closes it for the other', async () => {
  await using server = await fakeServer((response) => void response.end('{"n":1}\n'));
  const [config, factory] = [configFor(server), new ClickHouseConnectionFactory()];
  const [first, second] = [new ClickHouseConnectionManager({ config, factory }), new ClickHouseConnectionManager({ config, factory })];
  const read = async (manager: ClickHouseConnectionManager) => (await manager.service.query(select)).json();
  await Promise.all([read(first), read(second)]);
  expect(factory.created).toBe(1);
  const unread = await second.service.query(select);
  await first.close();
  expect(await unread.json()).toEqual([{ n: 1 }]);
  expect(await read(second)).toEqual([{ n: 1 }]);
  expect(factory.created).toBe(1);
  await second.rotate();
  expect([await read(second), factory.created]).toEqual([[{ n: 1 }], 2]);
  await second.close();
});
