import { describe, expect, it } from 'vitest';
import { ConfigError, createClickHouseService, loadClickHouseConfig, ServerState } from '../../../runtime/src/web.js';

const url = 'https://host:8443';

/** Returns the problems of a configuration. */
function problemsOf(load: () => unknown): ConfigError['problems'] {
  try {
    load();
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('the service without Node.js', () => {
  const config = loadClickHouseConfig({ url });

  it('rejects options that do not exist', () => {
    expect(problemsOf(() => createClickHouseService({ config, ...{ retrys: {} } }))).toMatchObject([
      { key: 'createClickHouseService.retrys', found: 'an unknown option', expected: '"retry"' },
    ]);
    expect(problemsOf(() => createClickHouseService({ config, retry: { maxAttempts: 0 } }))).toMatchObject([{ key: 'retry.maxAttempts' }]);
    expect(problemsOf(() => new ServerState({ breaker: { minimumCalls: 0 } }))).toMatchObject([{ key: 'breaker.minimumCalls' }]);
  });

  it('sends by the fetch of its options, with the user and without keepalive, which would limit a body to 64 KiB', async () => {
    const requests: { readonly url: string; readonly init: RequestInit | undefined }[] = [];
    const send: typeof fetch = (input, init) => {
      requests.push({ url: input instanceof Request ? input.url : String(input), init });
      return Promise.resolve(new Response('{"n":1}\n'));
    };
    const service = createClickHouseService({ config: loadClickHouseConfig({ url, username: 'me', password: 'pw' }), fetch: send });
    const result = await service.query({ query: 'SELECT 1 AS n', format: 'JSONEachRow' });
    expect(await result.json()).toEqual([{ n: 1 }]);
    expect(requests).toMatchObject([{ init: { keepalive: false, headers: { Authorization: `Basic ${btoa('me:pw')}` } } }]);
    expect(requests[0]?.url).toMatch(/^https:\/\/host:8443\/\?query_id=/);
  });

  it('reports a stream as the values of an insert, which this client cannot send, before it sends anything', async () => {
    const send = () => Promise.reject(new Error('nothing may be sent'));
    const service = createClickHouseService({ config, fetch: send });
    const values = [{ id: 1 }];
    const stream = new ReadableStream();
    const insert = service.insert({ table: 't', values: Object.assign(values, { pipeThrough: stream.pipeThrough.bind(stream) }) });
    await expect(insert).rejects.toMatchObject({ kind: 'InvalidArgumentError' });
  });

  it('resolves when a response has no body', async () => {
    const service = createClickHouseService({ config, fetch: () => Promise.resolve(new Response(null)) });
    await expect(service.command({ query: 'CREATE TABLE t (id UInt8) ENGINE = Memory' })).resolves.toMatchObject({ http_status_code: 200 });
  });

  it('takes an empty response of a proxy, such as 204, for no answer of ClickHouse', async () => {
    const service = createClickHouseService({ config, fetch: () => Promise.resolve(new Response(null, { status: 204 })), retry: false });
    await expect(service.query({ query: 'SELECT 1' })).rejects.toMatchObject({ kind: 'GatewayError', httpStatus: 204 });
  });

  it('reads an empty response of ClickHouse as an empty result, also with status 204', async () => {
    const headers = { 'x-clickhouse-query-id': 'a', 'x-clickhouse-format': 'JSONEachRow' };
    const service = createClickHouseService({ config, fetch: () => Promise.resolve(new Response(null, { status: 204, headers })) });
    expect(await (await service.query({ query: 'SELECT 1', format: 'JSONEachRow' })).json()).toEqual([]);
  });

  it('ends a statement whose signal is aborted also if the fetch of its options ignores the signal', async () => {
    const service = createClickHouseService({ config, fetch: () => new Promise(() => undefined) });
    const abort = new AbortController();
    const result = service.query({ query: 'SELECT 1', abort_signal: abort.signal });
    await new Promise(setImmediate);
    abort.abort();
    await expect(result).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('reports an exception that follows the headers of a command', async () => {
    const text = 'Code: 57. DB::Exception: Table t already exists. (TABLE_ALREADY_EXISTS)';
    const service = createClickHouseService({ config, fetch: () => Promise.resolve(new Response(text)) });
    await expect(service.command({ query: 'CREATE TABLE t' })).rejects.toMatchObject({ kind: 'ServerError', clickhouseCode: 57 });
  });

  it('stops an aborted statement on the server', async () => {
    const controller = new AbortController();
    const bodies: unknown[] = [];
    const killed = new Promise<void>((resolve) => {
      const send: typeof fetch = (_input, init) => {
        bodies.push(init?.body);
        if (bodies.length > 1) {
          resolve();
          return Promise.resolve(new Response(''));
        }
        return new Promise((_resolve, reject) => {
          init?.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
          controller.abort();
        });
      };
      const service = createClickHouseService({ config, fetch: send });
      const query = service.query({ query: 'SELECT sleep(3)', query_id: 'mine', abort_signal: controller.signal });
      query.catch(() => undefined);
    });
    await killed;
    expect(bodies).toEqual(['SELECT sleep(3) \nFORMAT JSON', "KILL QUERY WHERE query_id IN ('mine') ASYNC"]);
  });

  it('closes a response that arrives together with an abort', async () => {
    const controller = new AbortController();
    let isCancelled = false;
    const body = new ReadableStream({ cancel: () => void (isCancelled = true) });
    const send = () => {
      controller.abort();
      return Promise.resolve(new Response(body));
    };
    const service = createClickHouseService({ config, fetch: send });
    const query = service.query({ query: 'SELECT 1', abort_signal: controller.signal });
    await expect(query).rejects.toMatchObject({ kind: 'AbortedError' });
    expect(isCancelled).toBe(true);
  });

  it('waits for running statements when it is closed', async () => {
    const service = createClickHouseService({ config, fetch: () => Promise.resolve(new Response('{"n":1}\n')) });
    const result = await service.query({ query: 'SELECT 1 AS n', format: 'JSONEachRow' });
    const closed = service.close();
    expect(await result.json()).toEqual([{ n: 1 }]);
    await closed;
    await expect(service.query({ query: 'SELECT 1' })).rejects.toThrow('createClickHouseService() returns a new one');
  });
});
