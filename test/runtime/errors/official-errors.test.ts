import { ClickHouseError } from '@clickhouse/client';
import { describe, expect, it } from 'vitest';
import {
  AbortedError,
  AmbiguousWriteError,
  ClickHouseSsotError,
  ConnectionLostError,
  GatewayError,
  parseFailure,
  ServerError,
  StatementError,
  StreamError,
  UnknownStatusError,
} from '../../../runtime/src/index.js';

const answer = 'Code: 60. DB::Exception: Table shop.events does not exist. (UNKNOWN_TABLE) (version 26.7)';

describe('code that handles errors of the official client', () => {
  it('finds the class, the code and the type of an error that ClickHouse answered', () => {
    const error: unknown = parseFailure(new Error(answer));
    if (!(error instanceof ClickHouseError)) throw new Error('It is not a ClickHouseError.');
    expect([error.code, error.type, error.code === '60']).toEqual(['60', 'UNKNOWN_TABLE', true]);
  });

  it('finds the type of an error that the official client has parsed, also of a code without a class of its own', () => {
    const parsed = new ClickHouseError({ code: '60', type: 'UNKNOWN_TABLE', message: 'Table shop.events does not exist. ' });
    expect(parseFailure(parsed)).toMatchObject({
      code: '60',
      type: 'UNKNOWN_TABLE',
      message: 'ClickHouse answered code 60 (UNKNOWN_TABLE): Table shop.events does not exist.',
    });
  });

  it('finds the class of every subclass, and of a class that the user derives', () => {
    class OwnError extends ServerError {}
    const answered = { clickhouseCode: 319, type: undefined, text: 'lost' };
    for (const error of [new UnknownStatusError(answered), new OwnError(answered)])
      expect([error instanceof ClickHouseError, error instanceof ServerError, error instanceof Error, error.code]).toEqual([
        true,
        true,
        true,
        '319',
      ]);
    expect(new OwnError(answered) instanceof OwnError).toBe(true);
    expect(new ServerError(answered) instanceof OwnError).toBe(false);
  });

  it('finds the class in the cause of a write without an answer and of a result that broke off', () => {
    const cause = new UnknownStatusError({ clickhouseCode: 319, type: undefined, text: 'lost' });
    for (const error of [new AmbiguousWriteError(cause), new StreamError(cause, 3)]) {
      expect(error instanceof ClickHouseError).toBe(false);
      expect(error.cause instanceof ClickHouseError).toBe(true);
    }
  });

  it('finds no ClickHouseError where ClickHouse has not answered', () => {
    for (const error of [new ConnectionLostError('ECONNRESET', 'reset'), new GatewayError('<html>'), new AbortedError('stop')])
      expect(error instanceof ClickHouseError).toBe(false);
  });

  it('finds an abort by its name', () => {
    const error = parseFailure(new Error('The user aborted a request.'));
    expect([error.name, error.kind, error.code]).toEqual(['AbortError', 'AbortedError', 'ABORTED']);
  });
});

describe('an error that ClickHouse answered', () => {
  const error = parseFailure(new Error(answer), { sql: "SELECT 'secret' FROM events", queryId: 'q' });

  it('keeps the properties and methods of all its base classes', () => {
    expect([error instanceof StatementError, error instanceof ClickHouseSsotError]).toEqual([true, true]);
    expect(error).toMatchObject({ kind: 'ServerError', name: 'ServerError', clickhouseCode: 60, queryId: 'q', retryable: false });
    expect(error instanceof StatementError && error.revealSql()).toBe("SELECT 'secret' FROM events");
    expect(String(error)).toMatch(/^ServerError: ClickHouse answered code 60 \(UNKNOWN_TABLE\)/);
  });

  it('is logged with its kind, and without SQL and words of the server', () => {
    const logged = JSON.stringify(error);
    expect(JSON.parse(logged)).toMatchObject({ kind: 'ServerError', code: '60', clickhouseCode: 60, type: 'UNKNOWN_TABLE' });
    expect(logged).not.toMatch(/secret|shop/);
  });

  it('of a proxy has a code of its own', () => {
    expect(parseFailure(new Error('no'), { httpStatus: 503 })).toMatchObject({ kind: 'OverloadedError', code: 'PROXY_ERROR' });
  });
});
