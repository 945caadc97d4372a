import { describe, expect, it } from 'vitest';
import {
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  type FactoryOptions,
  loadClickHouseConfig,
  type ManagerOptions,
} from '../../../runtime/src/index.js';
import { type FakeServer, fakeServer } from '../harness/fake-server.js';

/** A port where nothing listens. */
const nowhere = 'http://127.0.0.1:9';

function managerOf(
  url: string | readonly string[],
  options: Partial<ManagerOptions> = {},
  factoryOptions: FactoryOptions = {},
): ClickHouseConnectionManager {
  const factory = new ClickHouseConnectionFactory(factoryOptions);
  return new ClickHouseConnectionManager({ config: loadClickHouseConfig({ url }, {}), factory, retry: false, ...options });
}

const ok = (): Promise<FakeServer> => fakeServer((response) => void response.end('Ok.\n'));

/** A server that answers each statement with this code of ClickHouse. */
const answering = (status: number, code: string): Promise<FakeServer> =>
  fakeServer(
    (response) => void response.writeHead(status, { 'x-clickhouse-exception-code': code }).end(`Code: ${code}. DB::Exception: No.`),
  );

describe('the health of a manager is', () => {
  it('unknown before the first statement', async () => {
    await using manager = disposable(managerOf(nowhere));
    expect(manager.health()).toEqual({
      status: 'unknown',
      endpoints: [{ url: nowhere, status: 'unknown', breaker: 'closed', isReady: true }],
    });
  });

  it('unknown on the embedded engine too, and ready after the first statement', async () => {
    const factory = new ClickHouseConnectionFactory();
    await using manager = disposable(new ClickHouseConnectionManager({ config: loadClickHouseConfig({}, {}), factory }));
    expect(manager.health().status).toBe('unknown');
    await manager.service.ping();
    expect(manager.health().status).toBe('ready');
  });

  it('not ready by what needs no credentials: a ping without a query, and an insert without rows', async () => {
    await using server = await fakeServer((response, { url = '' }) => {
      if (url.startsWith('/ping')) response.end('Ok.\n');
      else response.writeHead(403, { 'x-clickhouse-exception-code': '516' }).end('Code: 516. DB::Exception: Wrong password.');
    });
    await using manager = disposable(managerOf(server.url));
    await expect(manager.service.ping()).resolves.toEqual({ success: true });
    await manager.service.insert({ table: 'events', values: [], format: 'JSONEachRow' });
    expect(manager.health().status).toBe('unknown');
    await expect(manager.service.ping({ select: true })).resolves.toMatchObject({ success: false, error: { code: '516' } });
    await manager.service.ping();
    expect(manager.health().status).toBe('down');
  });

  it('ready after a ping with a query', async () => {
    await using server = await ok();
    await using manager = disposable(managerOf(server.url));
    await manager.service.ping({ select: true });
    expect(manager.health().status).toBe('ready');
  });

  it.each<[string, Partial<ManagerOptions>]>([
    ['with breakers', {}],
    ['without breakers', { breaker: false }],
  ])('down after a failed warm-up until something works, %s', async (_, options) => {
    let isUp = false;
    await using server = await fakeServer((response) => (isUp ? response.end('Ok.\n') : response.destroy()));
    await using manager = disposable(managerOf(server.url, options));
    await expect(manager.warmUp()).rejects.toThrow();
    expect(manager.health()).toMatchObject({ status: 'down', endpoints: [{ status: 'down', breaker: 'closed' }] });
    isUp = true;
    await manager.service.command({ query: 'SELECT 1' });
    expect(manager.health()).toMatchObject({ status: 'ready', endpoints: [{ status: 'ready' }] });
  });

  it('ready after a warm-up that succeeds, also after one that failed', async () => {
    let isUp = false;
    await using server = await fakeServer((response) => (isUp ? response.end('Ok.\n') : response.destroy()));
    await using manager = disposable(managerOf(server.url));
    await expect(manager.warmUp()).rejects.toThrow();
    isUp = true;
    await manager.warmUp();
    expect(manager.health().status).toBe('ready');
  });

  it('down after a warm-up whose hook fails', async () => {
    await using server = await ok();
    const onCreate = (): never => {
      throw new Error('migration 7 failed');
    };
    await using manager = disposable(managerOf(server.url, {}, { onCreate }));
    await expect(manager.warmUp()).rejects.toThrow('migration 7 failed');
    expect(manager.health().status).toBe('down');
  });

  it('down if the first statement cannot reach the server', async () => {
    await using manager = disposable(managerOf(nowhere, { breaker: false }));
    await expect(manager.service.command({ query: 'SELECT 1' })).rejects.toThrow();
    expect(manager.health().status).toBe('down');
  });

  it('down if the server refuses the credentials of the first statement', async () => {
    await using server = await answering(403, '516');
    await using manager = disposable(managerOf(server.url));
    await expect(manager.service.command({ query: 'SELECT 1' })).rejects.toMatchObject({ kind: 'AuthenticationError', code: '516' });
    expect(manager.health().status).toBe('down');
  });

  it('ready if the server answers with an error of the statement', async () => {
    await using server = await answering(400, '62');
    await using manager = disposable(managerOf(server.url));
    await expect(manager.service.command({ query: 'SELEC 1' })).rejects.toMatchObject({ clickhouseCode: 62 });
    expect(manager.health().status).toBe('ready');
  });

  it('still unknown after a statement that was aborted before it was sent', async () => {
    await using manager = disposable(managerOf(nowhere));
    await expect(manager.service.command({ query: 'SELECT 1', abort_signal: AbortSignal.abort() })).rejects.toThrow();
    expect(manager.health().status).toBe('unknown');
  });

  it('ready after the first success, although a later statement fails and the breaker stays closed', async () => {
    const answers = ['Ok.\n', undefined];
    await using server = await fakeServer((response) => {
      const answer = answers.shift();
      if (answer === undefined) response.destroy();
      else response.end(answer);
    });
    await using manager = disposable(managerOf(server.url));
    await manager.service.command({ query: 'SELECT 1' });
    await expect(manager.service.command({ query: 'SELECT 1' })).rejects.toThrow();
    expect(manager.health().status).toBe('ready');
  });

  it('ready if one of two servers works and the other one was not used yet', async () => {
    await using one = await ok();
    await using two = await ok();
    await using manager = disposable(managerOf([one.url, two.url]));
    await manager.service.command({ query: 'SELECT 1' });
    expect(manager.health()).toMatchObject({ status: 'ready', endpoints: [{ status: 'ready' }, { status: 'unknown' }] });
  });

  it('degraded if the warm-up reaches only one of two servers', async () => {
    await using one = await ok();
    await using manager = disposable(managerOf([one.url, nowhere]));
    await manager.warmUp();
    await expect.poll(() => manager.health().status).toBe('degraded');
    expect(manager.health().endpoints).toMatchObject([{ status: 'ready' }, { status: 'down', isReady: true }]);
  });

  it('down while the only server is isolated, and draining after a drain', async () => {
    await using server = await ok();
    const manager = managerOf(server.url);
    await manager.warmUp();
    const isolation = manager.isolate(server.url);
    expect(manager.health()).toMatchObject({ status: 'down', endpoints: [{ status: 'down', breaker: 'isolated', isReady: false }] });
    isolation[Symbol.dispose]();
    expect(manager.health().status).toBe('ready');
    await manager.close();
    expect(manager.health().status).toBe('draining');
  });
});

function disposable(manager: ClickHouseConnectionManager): ClickHouseConnectionManager & AsyncDisposable {
  return Object.assign(manager, { [Symbol.asyncDispose]: () => manager.close() });
}
