import { createServer, type RequestListener } from 'node:http';
import { runInNewContext } from 'node:vm';
import { ClickHouseError, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { assert, describe, expect, it } from 'vitest';
import * as runtime from '../../runtime/src/index.js';
import { nameOfCode } from '../../runtime/src/errors/server-code-names.js';
import { type FailureKind, knownFailures, knownTexts } from '../../src/model/error-texts/known-texts.js';
import { clientRemedy, errorRemedies, runtimeRemedy } from '../../src/rule/error-remedy.js';

/** Returns the expressions of a remedy, which are its parts in backquotes. */
function expressionsOf(remedy: string): string[] {
  return [...remedy.matchAll(/`([^`]*)`/g)].map(([, text = '']) => text).filter((text) => /[(=]| instanceof /.test(text));
}

/** Whether an expression of a remedy is true for an error. */
function isTrue(expression: string, error: unknown, signal?: AbortSignal): boolean {
  const answer: unknown = runInNewContext(`(${expression})`, { ...runtime, ClickHouseError, RangeError, error, signal });
  return answer === true;
}

/** Sends a statement to a server that answers like this, and returns the error of the official client. */
async function errorFrom(
  answer: RequestListener,
  options: { readonly request_timeout?: number; readonly abort_signal?: AbortSignal } = {},
) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert(typeof address === 'object' && address !== null);
  const { request_timeout, abort_signal } = options;
  const client = createClient({
    url: `http://127.0.0.1:${address.port}`,
    log: { level: ClickHouseLogLevel.OFF },
    ...(request_timeout === undefined ? {} : { request_timeout }),
  });
  try {
    await client.command({ query: 'OPTIMIZE TABLE visits', ...(abort_signal ? { abort_signal } : {}) });
    return undefined;
  } catch (error) {
    return error;
  } finally {
    await client.close();
    server.closeAllConnections();
    server.close();
  }
}

function answerOf(code: number, name: string): RequestListener {
  return (_, response) => {
    response.writeHead(500, { 'x-clickhouse-exception-code': String(code) });
    response.end(`Code: ${code}. DB::Exception: Words of the server. (${name}) (version 26.7.1.1)`);
  };
}

const servers = knownFailures.filter((failure) => failure.kind === 'server');

it('the table has 40 failures at least', () => {
  expect(knownFailures.length).toBeGreaterThanOrEqual(40);
});

describe('an answer of the server', () => {
  it.each(servers)('$name has this code', ({ code, name }) => {
    expect(nameOfCode(code)).toBe(name);
  });

  it.each(servers)('$name: each remedy is true for the error of the client, and for that of the runtime', async (failure) => {
    const error = await errorFrom(answerOf(failure.code, failure.name));
    const expressions = expressionsOf(clientRemedy(failure));
    expect(expressions).toHaveLength(2);
    for (const expression of [...expressions, ...expressionsOf(runtimeRemedy(failure))])
      for (const thrown of [error, runtime.parseFailure(error)])
        expect([expression, isTrue(expression, thrown)]).toEqual([expression, true]);
  });

  it('is a ClickHouseError, and an error of the server for the runtime', async () => {
    const error = await errorFrom(answerOf(999_999, 'NOT_YET_KNOWN'));
    const kind: FailureKind = { kind: 'any-server' };
    for (const remedy of [clientRemedy(kind), runtimeRemedy(kind)]) expect(isTrue(expressionsOf(remedy)[0] ?? '', error)).toBe(true);
  });

  it('has neither its code nor its name in the message', async () => {
    const error = await errorFrom(answerOf(60, 'UNKNOWN_TABLE'));
    expect(String(error)).not.toMatch(/Code: 60|UNKNOWN_TABLE|DB::Exception/);
  });
});

describe('an error of a socket', () => {
  const sockets = knownFailures.filter((failure) => failure.kind === 'socket');

  it.each(sockets)('$code: each remedy is true', (failure) => {
    const { code } = failure;
    const error = Object.assign(new Error(code === 'ECONNRESET' ? 'socket hang up' : `failed ${code}`), { code });
    expect(isTrue(clientRemedy(failure).replaceAll('`', ''), error)).toBe(true);
    expect(isTrue(runtimeRemedy(failure).replaceAll('`', ''), runtime.parseFailure(error))).toBe(true);
  });

  it('that hangs up has the code ECONNRESET', async () => {
    const error = await errorFrom((request) => void request.socket.destroy());
    expect(isTrue("error.code === 'ECONNRESET'", error)).toBe(true);
    expect(isTrue('error instanceof ConnectionLostError', runtime.parseFailure(error))).toBe(true);
  });
});

describe('a statement that ends early', () => {
  it('by the request timeout has no code, and the runtime knows it', async () => {
    const error = await errorFrom(() => undefined, { request_timeout: 50 });
    assert(error instanceof Error);
    expect(knownTexts(error.message)).toEqual([{ failure: { kind: 'timeout' }, isShared: false }]);
    expect('code' in error).toBe(false);
    expect(isTrue(expressionsOf(runtimeRemedy({ kind: 'timeout' }))[0] ?? '', error)).toBe(true);
  });

  it.each(['timeout', 'abort'] as const)('by a signal: the signal tells of the %s, and the runtime too', async (kind) => {
    const signal = AbortSignal.timeout(50);
    const error = await errorFrom(() => undefined, { abort_signal: signal });
    assert(error instanceof Error);
    expect(clientRemedy({ kind })).toMatch(/^`signal\.aborted`/);
    expect(isTrue('signal.aborted', error, signal)).toBe(true);
    expect(error.name).toBe('Error');
    expect(isTrue(expressionsOf(runtimeRemedy({ kind: 'abort' }))[0] ?? '', error)).toBe(true);
    expect(isTrue("error.name === 'AbortError'", runtime.parseFailure(error))).toBe(true);
  });
});

it('values that are too long for a string are a RangeError, and its cause in the runtime', () => {
  const error = new RangeError('Invalid string length');
  expect(isTrue(clientRemedy({ kind: 'too-long' }).replaceAll('`', ''), error)).toBe(true);
  const parsed = runtime.parseFailure(error);
  expect(isTrue(runtimeRemedy({ kind: 'too-long' }).replaceAll('`', ''), parsed)).toBe(true);
});

describe('a text is known', () => {
  it.each<[string, string]>([
    ['MEMORY_LIMIT_EXCEEDED', '241'],
    ['Code: 60', '60'],
    ['econnreset', 'ECONNRESET'],
    ['/Code: (\\d+)/', 'any-server'],
    ['/Code: 252\\b/', '252'],
    ['/memory\\s+limit/i', '241'],
    ['Memory limit (total) exceeded', '241'],
    ['/Unknown table expression|ECONNREFUSED/', 'ECONNREFUSED'],
    ['/too many parts|socket hang up/i', '252 ECONNRESET'],
    ['Timeout error.', 'timeout'],
    ['The user aborted a request.', 'abort'],
    ['DB::Exception', 'any-server'],
    ['refund', 'nothing'],
  ])('%s: %s', (text, expected) => {
    const found = knownTexts(text).map(({ failure }) => ('code' in failure ? failure.code : failure.kind));
    expect(found.length === 0 ? 'nothing' : found.join(' ')).toBe(expected);
  });

  it.each(['timeout', 'table not found', 'aborted', 'ACCESS_DENIED', 'already exists', 'Authentication failed'])(
    'and is also a word of other systems: %s',
    (text) => {
      expect(new Set(knownTexts(text).map(({ isShared }) => isShared))).toEqual(new Set([true]));
    },
  );
});

it('names three remedies at most, and what fits any text otherwise', () => {
  const failures = ['ECONNRESET', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN'].map((code): FailureKind => ({ kind: 'socket', code }));
  expect(errorRemedies(failures, false)).toBe("`error.code === 'ECONNRESET'`, `error.code === 'EPIPE'` or `error.code === 'ENOTFOUND'`");
  expect(errorRemedies(failures, true)).toBe('`error instanceof ConnectionLostError` or `isConnectError(error)`');
  expect(errorRemedies([], false)).toContain('ClickHouseError');
  expect(errorRemedies([], true)).toContain('isServerError(error, 60)');
});
