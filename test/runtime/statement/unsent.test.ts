import { describe, expect, it } from 'vitest';
import {
  AbortedError,
  type ClickHouseConfigInput,
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  type ClickHouseService,
  InvalidArgumentError,
  loadClickHouseConfig,
  outcomeOf,
  parseFailure,
} from '../../../runtime/src/index.js';
import { fakeServer } from '../harness/fake-server.js';

function managerAt(url: string | undefined, input: ClickHouseConfigInput = {}): ClickHouseConnectionManager {
  const config = loadClickHouseConfig({ ...(url !== undefined && { url }), ...input }, {});
  return new ClickHouseConnectionManager({ config, factory: new ClickHouseConnectionFactory() });
}

const rows = [{ a: 1 }];
const insert = (service: ClickHouseService, more: object) => service.insert({ table: 't', values: rows, format: 'JSONEachRow', ...more });
const failing = (error: unknown) => ({
  toJSON() {
    throw error;
  },
});
const update = 'ALTER TABLE t DELETE WHERE a = {a:String}';

/** Parameters of a caller without types. */
function untyped(json: string): { query: string } {
  const value: { query: string } = JSON.parse(json);
  return value;
}

const rejected: [string, (service: ClickHouseService) => Promise<unknown>][] = [
  ['a token with a line feed', (service) => insert(service, { auth: { access_token: 'jwt\n' } })],
  ['a header value with a line feed', (service) => insert(service, { http_headers: { 'X-Trace': 'a\nb' } })],
  ['a header name with a space', (service) => insert(service, { http_headers: { 'X Trace': 'a' } })],
  ['a header that is no text', (service) => insert(service, { http_headers: { 'X-Trace': undefined } })],
  ['a row whose toJSON throws an error', (service) => insert(service, { values: [failing(new Error('mine'))] })],
  ['a row whose toJSON throws a text', (service) => insert(service, { values: [failing('mine')] })],
  ['a row whose toJSON throws an error without a text', (service) => insert(service, { values: [failing(new Error(''))] })],
  [
    'a row whose toJSON throws an error like one of the network',
    (service) => insert(service, { values: [failing(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }))] }),
  ],
  [
    'a row whose toJSON throws an error like one of ClickHouse',
    (service) => insert(service, { values: [failing(new Error('Code: 62. DB::Exception: no. (SYNTAX_ERROR)'))] }),
  ],
  [
    'a row whose getter throws an error',
    (service) =>
      insert(service, {
        values: [
          {
            get a() {
              throw new TypeError('mine');
            },
          },
        ],
      }),
  ],
  ['a BigInt', (service) => insert(service, { values: [{ a: 1n }] })],
  ['values that are a text', (service) => insert(service, { values: 'text' })],
  ['a Symbol as a parameter', (service) => service.command({ query: update, query_params: { a: Symbol('x') } })],
  ['a function as a parameter', (service) => service.command({ query: update, query_params: { a: () => 1 } })],
  ['no SQL', (service) => service.command(untyped('{}'))],
  ['SQL that is a number', (service) => service.command(untyped('{ "query": 5 }'))],
  ['a body that is a number', (service) => service.exec(untyped('{ "query": "INSERT INTO t FORMAT CSV", "values": 5 }'))],
];

describe('a call that the client or Node.js rejects', () => {
  it.each(rejected)('is never sent, and an InvalidArgumentError with its cause: %s', async (_, call) => {
    await using server = await fakeServer((response) => void response.end());
    const manager = managerAt(server.url);
    const failure: unknown = await call(manager.service).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InvalidArgumentError);
    expect(failure).toHaveProperty('cause');
    expect([outcomeOf(parseFailure(failure)), server.requests]).toEqual(['never-sent', []]);
    await manager.close();
  });

  it('never reaches the embedded engine', async () => {
    const manager = managerAt(undefined);
    await expect(insert(manager.service, { values: [failing(new Error('mine'))] })).rejects.toBeInstanceOf(InvalidArgumentError);
    await manager.close();
  });

  it('does not count for the breaker, and does not stop a statement with the same query id', async () => {
    await using server = await fakeServer((response) => void response.end());
    const manager = managerAt(server.url);
    const same = { query_id: 'same' };
    const calls = Array.from({ length: 30 }, (_, index) =>
      insert(manager.service, index % 2 ? same : { ...same, http_headers: { 'a b': '' } }),
    );
    const results = await Promise.allSettled(calls);
    expect(results.map(({ status }) => status)).toEqual(calls.map((_, index) => (index % 2 ? 'fulfilled' : 'rejected')));
    expect(server.requests).toHaveLength(15);
    expect(manager.health().status).toBe('ready');
    await manager.close();
  });
});

describe('a statement that is aborted before a byte of it was sent', () => {
  it('was never sent', async () => {
    await using server = await fakeServer((response) => void response.end());
    const manager = managerAt(server.url);
    await manager.warmUp();
    const before = server.requests.length;
    const controller = new AbortController();
    const failure = insert(manager.service, { abort_signal: controller.signal }).catch((error: unknown) => error);
    controller.abort('reason');
    expect(await failure).toMatchObject({ code: 'ABORTED', phase: 'waiting', cause: 'reason' });
    expect(outcomeOf(parseFailure(await failure))).toBe('never-sent');
    await manager.service.command({ query: 'SELECT 1' });
    expect(server.requests).toHaveLength(before + 1);
    await manager.close();
  });

  it('may have run once its request has arrived', async () => {
    await using server = await fakeServer(() => undefined);
    const manager = managerAt(server.url);
    const controller = new AbortController();
    const failure = insert(manager.service, { abort_signal: controller.signal }).catch((error: unknown) => error);
    await server.received(1);
    controller.abort('reason');
    expect(await failure).toBeInstanceOf(AbortedError);
    expect(outcomeOf(parseFailure(await failure))).toBe('unknown');
    await manager.close();
  });
});

describe('the failure of a hook of the factory', () => {
  it('stays as it is, also with a code of the network', async () => {
    const cause = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' });
    const factory = new ClickHouseConnectionFactory({ onCreate: () => Promise.reject(cause) });
    const manager = new ClickHouseConnectionManager({
      config: loadClickHouseConfig({ url: 'http://127.0.0.1:9' }, {}),
      factory,
      retry: false,
    });
    await expect(insert(manager.service, {})).rejects.toBe(cause);
    await manager.close();
  });
});
