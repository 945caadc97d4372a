import { describe, expect, it } from 'vitest';
import {
  AbortedError,
  AcquireTimeoutError,
  AmbiguousWriteError,
  BreakerOpenError,
  ClickHouseSsotError,
  type FailureContext,
  ManagerClosedError,
  NestedAcquireError,
  parseFailure,
  QueueFullError,
  StatementError,
} from '../../../runtime/src/errors/index.js';
import { DeadlineExceededError, StatementTerminatedError } from '../../../runtime/src/errors/interruption.js';
import { classifyEffect, endpointSignal, outcomeOf, retryDecision } from '../../../runtime/src/errors/outcome.js';

function system(code: string, syscall?: string): ClickHouseSsotError {
  return parseFailure(Object.assign(new Error(code), { code, ...(syscall !== undefined && { syscall }) }));
}

function server(code: number): ClickHouseSsotError {
  return parseFailure(new Error(`Code: ${code}. DB::Exception: no. (SOME_TYPE)`));
}

function proxy(httpStatus: number, context?: FailureContext): ClickHouseSsotError {
  return parseFailure(new Error('<html>'), { httpStatus, ...context });
}

const tls = parseFailure(Object.assign(new Error('expired'), { code: 'CERT_HAS_EXPIRED' }));
const timeout = parseFailure(new Error('Timeout error.'));
const broken = parseFailure(new Error('Code: 241. DB::Exception: no. (SOME_TYPE)'), { isStreaming: true });
const cut = parseFailure(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }), { isStreaming: true });

describe('what happened to a statement', () => {
  it.each([
    [system('ECONNREFUSED', 'connect'), 'never-sent'],
    [system('ENOTFOUND', 'getaddrinfo'), 'never-sent'],
    [system('EHOSTUNREACH'), 'never-sent'],
    [tls, 'never-sent'],
    [new BreakerOpenError('http://a', 5), 'never-sent'],
    [new AcquireTimeoutError(5, 1), 'never-sent'],
    [new NestedAcquireError(1, ' at load'), 'never-sent'],
    [new QueueFullError(5), 'never-sent'],
    [new ManagerClosedError(), 'never-sent'],
    [new DeadlineExceededError(5, 'waiting'), 'never-sent'],
    [new DeadlineExceededError(5, 'running'), 'unknown'],
    [new AbortedError('enough', 'while it ran'), 'unknown'],
    [new AbortedError('enough'), 'never-sent'],
    [system('ECONNRESET', 'read'), 'unknown'],
    [system('EPIPE', 'write'), 'unknown'],
    [timeout, 'unknown'],
    [proxy(502), 'unknown'],
    [proxy(503), 'unknown'],
    [server(319), 'unknown'],
    [proxy(429), 'refused'],
    [server(62), 'refused'],
    [server(202), 'refused'],
    [broken, 'failed-mid-stream'],
  ])('%s: %s', (failure, outcome) => {
    expect(outcomeOf(failure)).toBe(outcome);
  });

  it('is clear where the phase says it', () => {
    expect(outcomeOf(new AbortedError('enough'), 'waiting')).toBe('never-sent');
    expect(outcomeOf(server(241), 'streaming')).toBe('failed-mid-stream');
    expect(outcomeOf(undefined, 'done')).toBe('done');
  });
});

describe('a statement that failed', () => {
  it.each([
    // failure, of a read, of a write, of a write that the server deduplicates, of a write whose body is gone
    [system('ECONNREFUSED', 'connect'), 'retry', 'retry', 'retry', 'fail'],
    [tls, 'fail', 'fail', 'fail', 'fail'],
    [system('ECONNRESET', 'read'), 'retry', 'ambiguous', 'retry', 'ambiguous'],
    [timeout, 'retry', 'ambiguous', 'retry', 'ambiguous'],
    [proxy(502), 'retry', 'ambiguous', 'retry', 'ambiguous'],
    [proxy(503), 'retry', 'ambiguous', 'retry', 'ambiguous'],
    [proxy(429), 'retry', 'retry', 'retry', 'fail'],
    [server(202), 'retry', 'retry', 'retry', 'fail'],
    [server(252), 'retry', 'fail', 'retry', 'fail'],
    [server(242), 'retry', 'fail', 'retry', 'fail'],
    [server(319), 'retry', 'ambiguous', 'retry', 'ambiguous'],
    [server(62), 'fail', 'fail', 'fail', 'fail'],
    [server(516), 'fail', 'fail', 'fail', 'fail'],
    [parseFailure(new Error('who knows')), 'fail', 'ambiguous', 'fail', 'ambiguous'],
    [broken, 'fail', 'ambiguous', 'fail', 'ambiguous'],
    // These say themselves what may have happened, or that waiting is over.
    [new DeadlineExceededError(5, 'running'), 'fail', 'fail', 'fail', 'fail'],
    [new AbortedError('enough', 'while it ran'), 'fail', 'fail', 'fail', 'fail'],
    [new StatementTerminatedError('drain'), 'fail', 'fail', 'fail', 'fail'],
    [new QueueFullError(5), 'fail', 'fail', 'fail', 'fail'],
    [new BreakerOpenError('http://a', 5), 'fail', 'fail', 'fail', 'fail'],
  ] as const)('%s: read %s, write %s, deduplicated %s, streamed %s', (failure, ...verdicts) => {
    expect((['read', 'write', 'deduplicated-write', 'streamed-write'] as const).map((effect) => retryDecision(failure, effect))).toEqual(
      verdicts,
    );
  });
});

describe('an endpoint', () => {
  it.each([
    [system('ECONNREFUSED', 'connect'), 'failing'],
    [system('ECONNRESET', 'read'), 'failing'],
    [timeout, 'failing'],
    // How long a caller cares to wait is his own affair.
    [new DeadlineExceededError(5, 'running'), 'none'],
    [proxy(502), 'failing'],
    [server(242), 'failing'],
    [cut, 'failing'],
    [server(62), 'healthy'],
    [server(516), 'healthy'],
    [broken, 'healthy'],
    [server(202), 'none'],
    [new AbortedError('enough', 'while it ran'), 'none'],
    [new DeadlineExceededError(5, 'waiting'), 'none'],
    [new QueueFullError(5), 'none'],
  ])('%s: %s', (failure, health) => {
    expect(endpointSignal(failure)).toBe(health);
  });

  it('is judged by what left a write in doubt', () => {
    expect(timeout instanceof StatementError && endpointSignal(new AmbiguousWriteError(timeout))).toBe('failing');
  });
});

describe('a statement only reads', () => {
  it.each([
    'SELECT 1',
    '  select 1',
    '-- INSERT\n(SELECT 1)',
    '/* INSERT\n */ WITH 1 AS x SELECT x',
    'SHOW TABLES',
    'DESCRIBE t',
    'EXISTS t',
    'EXPLAIN SELECT 1',
  ])('%s', (sql) => {
    expect(classifyEffect({ sql })).toBe('read');
  });

  it.each([
    'INSERT INTO t SELECT 1',
    'WITH 1 AS x\nINSERT INTO t SELECT x',
    'ALTER TABLE t DELETE WHERE 1',
    '-- SELECT\nDROP TABLE t',
    'SELECTED',
    'SYSTEM RELOAD CONFIG',
    '',
  ])('and this may write: %s', (sql) => {
    expect(classifyEffect({ sql }, { insert_deduplication_token: 'x' })).toBe('write');
  });

  it('and an insert writes: once, with a token, or from a stream that flows only once', () => {
    expect(classifyEffect({ values: [] })).toBe('write');
    expect(classifyEffect({ values: [] }, { insert_deduplication_token: '' })).toBe('write');
    expect(classifyEffect({ values: [] }, { insert_deduplication_token: 'batch-7' })).toBe('deduplicated-write');
    expect(classifyEffect({ values: { pipe: () => undefined } }, { insert_deduplication_token: 'batch-7' })).toBe('streamed-write');
  });
});
