import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  type ClickHouseService,
  loadClickHouseConfig,
  outcomeOf,
  parseFailure,
} from '../../../runtime/src/index.js';
import { type RawServer, rawServer } from '../harness/raw-server.js';

/** What the server does with a connection, and what that says about its health. */
const faults = {
  answer: 'healthy',
  'refuse the request': 'healthy',
  'answer with an exception': 'healthy',
  'answer 502': 'failing',
  'answer invalid HTTP': 'none',
  'reset after the first bytes': 'failing',
  'reset before the first byte': 'failing',
} as const;
type Fault = keyof typeof faults;
const faultNames: readonly Fault[] = [
  'answer',
  'refuse the request',
  'answer with an exception',
  'answer 502',
  'answer invalid HTTP',
  'reset after the first bytes',
  'reset before the first byte',
];

const answers: Readonly<Record<string, string>> = {
  answer: 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
  'refuse the request': 'HTTP/1.1 414 URI Too Long\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
  'answer with an exception':
    'HTTP/1.1 500 Error\r\nX-ClickHouse-Exception-Code: 62\r\nConnection: close\r\nContent-Length: 27\r\n\r\nCode: 62. DB::Exception: no',
  'answer 502': 'HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\nContent-Length: 6\r\n\r\n<html>',
  'answer invalid HTTP': '220 smtp at your service\r\n',
};

/** What the caller does. `ok`: nothing is wrong with it. */
const callers = ['ok', 'a header that HTTP does not allow', 'a row that cannot be encoded', 'a stream that fails at once'] as const;
const bodies = ['an array', 'a stream', 'a function', 'a query'] as const;
type Caller = (typeof callers)[number];

function send(service: ClickHouseService, body: (typeof bodies)[number], caller: Caller): Promise<unknown> {
  const headers = caller === 'a header that HTTP does not allow' ? { http_headers: { 'a b': 'c' } } : {};
  if (body === 'a query') return service.command({ query: 'SELECT 1', ...headers });
  const rows: { a: unknown }[] = caller === 'a row that cannot be encoded' ? [{ a: 1n }] : [{ a: 1 }, { a: 2 }];
  const stream = (): Readable => {
    if (caller !== 'a stream that fails at once') return Readable.from(rows);
    const failing = new Readable({ objectMode: true, read: () => void failing.destroy(new Error('mine')) });
    return failing;
  };
  const values = { 'an array': rows, 'a stream': stream(), 'a function': stream }[body];
  return service.insert({ table: 't', format: 'JSONEachRow', values, ...headers });
}

/** Whether the caller's mistake applies to this kind of body. */
function isMistaken(body: (typeof bodies)[number], caller: Caller): boolean {
  if (caller === 'a row that cannot be encoded') return body !== 'a query';
  return caller === 'a stream that fails at once' ? body === 'a stream' || body === 'a function' : caller !== 'ok';
}

it('outcome and breaker follow from what the server received and from the origin of the fault', async () => {
  let fault: Fault = 'answer';
  const respond = (socket: Socket): void => {
    const answer = answers[fault];
    if (answer === undefined) socket.resetAndDestroy();
    else if (socket.writable) socket.end(answer);
  };
  const reset = (socket: Socket): void => {
    if (fault === 'reset before the first byte') socket.resetAndDestroy();
  };
  await using server: RawServer = await rawServer(respond, reset);
  const steps = fc.array(
    fc.record({ fault: fc.constantFrom(...faultNames), body: fc.constantFrom(...bodies), caller: fc.constantFrom(...callers) }),
    { minLength: 1, maxLength: 15 },
  );
  await fc.assert(
    fc.asyncProperty(steps, async (script) => {
      const manager = new ClickHouseConnectionManager({
        config: loadClickHouseConfig({ url: server.url }, {}),
        factory: new ClickHouseConnectionFactory(),
        retry: false,
        // Only failures in a row open it.
        breaker: { minimumCalls: 4, windowMs: 1, failureRate: 1, openDurationMs: 1e6, maxOpenDurationMs: 1e6 },
      });
      let failedInARow = 0;
      let contact: 'unknown' | 'ready' | 'down' = 'unknown';
      for (const { body, caller, ...step } of script) {
        ({ fault } = step);
        const before = server.receivedBytes;
        const failure = await send(manager.service, body, caller).then(
          () => undefined,
          (error: unknown) => parseFailure(error),
        );
        const isReceived = server.receivedBytes > before;
        // A reset that follows the connection at once may come before or after the bytes, which are then lost on the way.
        if (fault !== 'reset before the first byte') expect(failure !== undefined && outcomeOf(failure) === 'never-sent').toBe(!isReceived);
        else expect(failure === undefined).toBe(false);
        // A stream is read when the connection opens, so either may fail first.
        const isRace = fault === 'reset before the first byte' && (body === 'a stream' || body === 'a function');
        if (isMistaken(body, caller) && !(isRace && failure?.code === 'CONNECT_FAILED'))
          expect(failure).toMatchObject({ code: 'INVALID_ARGUMENT' });
        else if (faults[fault] === 'failing') {
          failedInARow++;
          // After a success, only the breaker decides.
          if (contact === 'unknown') contact = 'down';
        } else if (faults[fault] === 'healthy') {
          failedInARow = 0;
          contact = 'ready';
        }
        expect(manager.health().status).toBe(failedInARow >= 4 ? 'down' : contact);
        if (failedInARow >= 4) break;
      }
      expect(manager.stats).toMatchObject({ inUse: 0, waiting: 0 });
      await manager.close();
    }),
    { numRuns: 60 },
  );
});
