import { expect, it } from 'vitest';
import { outcomeOf } from '../../../runtime/src/web.js';
import { parseFetchFailure } from '../../../runtime/src/web/fetch-failure.js';

/** What `fetch` of each run time rejects with, as `test/loading/run-times.test.ts` meets it. */
const rejections: readonly (readonly [string, Error, string, string])[] = [
  ['Node.js, refused', failed('fetch failed', coded('connect ECONNREFUSED 127.0.0.1:1', 'ECONNREFUSED')), 'ConnectError', 'never-sent'],
  ['Node.js, reset', failed('fetch failed', coded('read ECONNRESET', 'ECONNRESET')), 'ConnectionLostError', 'unknown'],
  ['Bun, refused', coded('ECONNREFUSED: Unable to connect.', 'ECONNREFUSED'), 'ConnectError', 'never-sent'],
  ['Bun, reset', coded('ECONNRESET: The socket connection was closed unexpectedly.', 'ECONNRESET'), 'ConnectionLostError', 'unknown'],
  ['Bun, TLS', coded('EPROTO: The TLS handshake failed.', 'EPROTO'), 'ConnectError', 'never-sent'],
  [
    'Deno, refused',
    failed('fetch failed', new Error('error sending request for url (http://host/): client error (Connect): tcp connect error')),
    'ConnectError',
    'never-sent',
  ],
  ['Deno, reset', failed('fetch failed', new Error('Connection reset by peer (os error 104)')), 'ConnectionLostError', 'unknown'],
  ['Workers', new Error('Network connection lost.'), 'ConnectionLostError', 'unknown'],
  ['Chromium', new TypeError('Failed to fetch'), 'ConnectionLostError', 'unknown'],
];

it.each(rejections)('%s', (_, error, kind, outcome) => {
  const failure = parseFetchFailure(error, { endpoint: 'https://host:8443' });
  expect([failure.kind, outcomeOf(failure)]).toEqual([kind, outcome]);
  expect(failure.retryable).toBe(!error.message.includes('TLS'));
});

function coded(message: string, code: string): Error {
  return Object.assign(new TypeError(message), { code });
}

function failed(message: string, cause: Error): Error {
  return new TypeError(message, { cause });
}
