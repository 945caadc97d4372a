import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  AbortedError,
  AmbiguousWriteError,
  AuthenticationError,
  BreakerOpenError,
  ClickHouseSsotError,
  ConfigError,
  ConnectError,
  ConnectionRecursionError,
  EngineMissingError,
  ManagerClosedError,
  OverloadedError,
  QueueFullError,
  ServerError,
  StatementError,
} from '../../../runtime/src/errors/index.js';

describe('an error', () => {
  it('is an instance of its class and of the base classes only', () => {
    const error = new QueueFullError(3);
    expect([
      error instanceof QueueFullError,
      error instanceof ClickHouseSsotError,
      error instanceof Error,
      error instanceof ManagerClosedError,
    ]).toEqual([true, true, true, false]);
  });

  it('is not an instance of a class that the user derives', () => {
    class OwnError extends ConfigError {}
    expect(new ConfigError([]) instanceof OwnError).toBe(false);
    expect(new OwnError([]) instanceof OwnError).toBe(true);
    expect(new OwnError([]) instanceof ConfigError).toBe(true);
  });

  it('is an instance of every class between its own and the root', () => {
    const error = new AuthenticationError({ clickhouseCode: 516, type: undefined, text: 'no' });
    expect(
      [AuthenticationError, ServerError, StatementError, ClickHouseSsotError, OverloadedError, ConnectError].map(
        (type) => error instanceof type,
      ),
    ).toEqual([true, true, true, true, false, false]);
  });

  it.each([{ name: 'ConfigError' }, null, 'ConfigError', new Error('ConfigError')])('is not an error of this package: %s', (value) => {
    expect((value as unknown) instanceof ClickHouseSsotError).toBe(false);
  });

  it.each([
    [new ConfigError([{ key: 'port', found: '"x"', expected: 'a port' }]), { code: 'CONFIG_INVALID', problems: [{ key: 'port' }] }],
    [new ConnectionRecursionError(['a', 'b']), { code: 'CONNECTION_RECURSION', path: ['a', 'b'] }],
    [new QueueFullError(3), { code: 'QUEUE_FULL', retryable: true }],
    [new BreakerOpenError('http://a:8123', 700), { code: 'BREAKER_OPEN', endpoint: 'http://a:8123', retryAfterMs: 700 }],
  ])('has its own properties in a log: %s', (error, logged) => {
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ name: error.name, message: error.message, ...logged });
  });

  it.each([
    ['waiting', 'before it was sent', 'waiting'],
    ['running', 'while it ran', 'running'],
    ['between-attempts', 'between two attempts', 'running'],
  ] as const)('says when the statement was aborted: %s', (moment, sentence, phase) => {
    const error = new AbortedError('reason', moment);
    expect(error).toMatchObject({ message: `The statement was aborted ${sentence}.`, phase });
  });

  it('keeps its cause', () => {
    expect(new AbortedError('reason').cause).toBe('reason');
    expect(new EngineMissingError('chdb is not installed').message).toContain('npm install chdb');
  });

  it('shows no symbol of this package when it is printed', () => {
    expect(inspect(new QueueFullError(3))).not.toContain('Symbol(');
  });
});

describe('an error of a statement', () => {
  const sql = "SELECT 'card 4242'";
  const error = new ServerError(
    { clickhouseCode: 47, type: 'UNKNOWN_IDENTIFIER', text: `Missing column in ${sql}` },
    { sql, endpoint: 'http://a:8123', queryId: 'q-1', httpStatus: 404 },
  );

  it('quotes the server in its message, and not in a log', () => {
    expect(error.message).toBe(`ClickHouse answered code 47 (UNKNOWN_IDENTIFIER): Missing column in ${sql}`);
    expect(error.toJSON()).toEqual({
      name: 'ServerError',
      kind: 'ServerError',
      code: '47',
      retryable: false,
      message: 'ClickHouse answered code 47 (UNKNOWN_IDENTIFIER).',
      endpoint: 'http://a:8123',
      queryId: 'q-1',
      httpStatus: 404,
      attempts: 1,
      clickhouseCode: 47,
      type: 'UNKNOWN_IDENTIFIER',
    });
  });

  it('truncates a long message, such as the page of a proxy', () => {
    expect(new ServerError({ clickhouseCode: 62, type: undefined, text: 'x'.repeat(100_000) }).message.length).toBeLessThan(5_000);
  });

  it('shows its SQL only on request', () => {
    const refused = new ConnectError('ECONNREFUSED', false, 'connect ECONNREFUSED', { sql });
    expect(refused.revealSql()).toBe(sql);
    expect(inspect(refused, { showHidden: true })).not.toContain('4242');
  });

  it('passes its context to an error that wraps it', () => {
    const ambiguous = new AmbiguousWriteError(error);
    expect(ambiguous).toMatchObject({ cause: error, endpoint: 'http://a:8123', queryId: 'q-1' });
    expect(ambiguous.revealSql()).toBe(sql);
    expect(ambiguous.toJSON()).toMatchObject({ code: 'AMBIGUOUS_WRITE', cause: { clickhouseCode: 47 } });
    expect(JSON.stringify(ambiguous)).not.toContain('4242');
  });
});
