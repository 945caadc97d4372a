import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage, type Server } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AppServices } from '../../../runtime/src/http/app-services.js';
import { createIngest } from '../../../runtime/src/ingest.js';
import { assertInserted, createTestService } from '../../../runtime/src/testing.js';
import { shutdownOnSignals } from '../../../runtime/src/http.js';
import { failureResponse } from '../../../runtime/src/http/failure-response.js';
import { clickHouseMiddleware } from '../../../runtime/src/express.js';
import { ConfigError, ManagerClosedError } from '../../../runtime/src/index.js';
import { request } from '../frameworks/http-load.js';
import { deferred } from '../harness/fake-server.js';

/** A process that the test signals. */
function fakeProcess() {
  const listeners: ((name: string, number: number) => void)[] = [];
  const exited = deferred<number>();
  return {
    on: (_signal: NodeJS.Signals, listener: (name: string, number: number) => void) => listeners.push(listener),
    off: () => undefined,
    exit: (code: number) => exited.resolve(code),
    terminate: () => listeners[0]?.('SIGTERM', 15),
    exited: exited.promise,
  };
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

afterEach(() => vi.restoreAllMocks());

it('an application that ends closes the ingests before it drains its connections', async () => {
  const double = createTestService();
  const services = new AppServices({ service: double }).open();
  const ingest = createIngest({ table: 'events', service: double });
  await ingest.add({ id: 1 });
  await services.drain({ timeoutMs: 5_000 });
  assertInserted(double, 'events', [{ id: 1 }]);
});

it('what cannot be closed is rejected at once', () => {
  const application: object = () => undefined;
  for (const target of [application, undefined, {}]) {
    const call = (): unknown => Reflect.apply(shutdownOnSignals, undefined, [target]);
    expect(call).toThrow(ConfigError);
  }
});

describe('a shutdown by a signal', () => {
  it('closes a connection that has carried no request', async () => {
    const warned = vi.spyOn(process, 'emitWarning').mockReturnValue();
    const server = createServer((_request, response) => response.end());
    const target = fakeProcess();
    shutdownOnSignals(server, { process: target });
    const { hostname, port } = new URL(await listen(server));
    const accepted = once(server, 'connection');
    const socket = connect(Number(port), hostname);
    await accepted;
    const closed = once(socket, 'close');
    target.terminate();
    await closed;
    expect(await target.exited).toBe(0);
    expect(warned).not.toHaveBeenCalled();
  });

  it('answers the running request, closes its kept connection, and exits with 0', async () => {
    const arrived = deferred<undefined>();
    const release = deferred<undefined>();
    const server = createServer((_request, response) => {
      arrived.resolve(undefined);
      void release.promise.then(() => response.end('done'));
    });
    const target = fakeProcess();
    shutdownOnSignals(server, { process: target });
    const url = await listen(server);
    const agent = new Agent({ keepAlive: true });
    const answer = request(url, agent);
    await arrived.promise;
    target.terminate();
    release.resolve(undefined);
    expect(await answer).toMatchObject({ status: 200, body: 'done', headers: { connection: 'close' } });
    expect(await target.exited).toBe(0);
    await expect(request(url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('closes a kept connection whose headers were sent before', async () => {
    const release = deferred<undefined>();
    const server = createServer((_request, response) => {
      response.flushHeaders();
      void release.promise.then(() => response.end('done'));
    });
    const target = fakeProcess();
    shutdownOnSignals(server, { process: target });
    const [response]: IncomingMessage[] = await once(get(await listen(server), { agent: new Agent({ keepAlive: true }) }), 'response');
    target.terminate();
    release.resolve(undefined);
    response?.resume();
    expect(await target.exited).toBe(0);
  });

  it('ends requests that run longer than the timeout, and warns', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue(undefined);
    const arrived = deferred<undefined>();
    const server = createServer(() => arrived.resolve(undefined));
    const target = fakeProcess();
    shutdownOnSignals(server, { process: target, timeoutMs: 1 });
    const answer = request(await listen(server)).catch((error: unknown) => error);
    await arrived.promise;
    target.terminate();
    expect(await answer).toMatchObject({ code: 'ECONNRESET' });
    expect(await target.exited).toBe(0);
    expect(warn).toHaveBeenCalledWith(
      expect.stringContaining('Requests were still running 1 ms after the signal'),
      'ClickHouseSsotWarning',
    );
  });

  it('closes an application, and exits with 1 if that fails', async () => {
    vi.spyOn(process, 'emitWarning').mockReturnValue(undefined);
    const target = fakeProcess();
    shutdownOnSignals({ close: () => Promise.reject(new Error('a hook failed')) }, { process: target });
    target.terminate();
    expect(await target.exited).toBe(1);
  });

  it('needs no server that listens', async () => {
    const target = fakeProcess();
    shutdownOnSignals(createServer(), { process: target });
    target.terminate();
    expect(await target.exited).toBe(0);
  });

  it('rejects an option that it does not know', () => {
    expect(() => shutdownOnSignals(createServer(), { timeout: 1 } as object)).toThrow(ConfigError);
  });
});

describe('a report of failures', () => {
  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('no log');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no log'))],
  ])('that %s changes no response, and causes a warning', async (_, report) => {
    const warned = vi.spyOn(process, 'emitWarning').mockReturnValue();
    expect(failureResponse(new ManagerClosedError(), report)).toMatchObject({ status: 503 });
    await vi.waitFor(() => expect(warned).toHaveBeenCalledWith(expect.stringContaining('no log'), 'ClickHouseSsotWarning'));
  });
});

it('a connection cannot have the name of the service without a name', () => {
  const service = createTestService();
  expect(() => clickHouseMiddleware({ service, connections: { default: service } })).toThrow('The name default is that of "service"');
});
