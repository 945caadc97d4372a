import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  AbortedError,
  AcquireTimeoutError,
  AmbiguousWriteError,
  BreakerOpenError,
  ClickHouseSsotError,
  type FailureContext,
  IngestFullError,
  ManagerClosedError,
  NestedAcquireError,
  parseFailure,
  QueueFullError,
  StatementError,
  UnsupportedByBackendError,
} from '../../../runtime/src/errors/index.js';
import {
  DeadlineExceededError,
  SessionLostError,
  SessionReleasedError,
  StatementTerminatedError,
  UnknownBulkheadError,
} from '../../../runtime/src/errors/interruption.js';
import { repository } from '../../places.js';
import { oneOfEachClass } from './one-of-each-class.js';
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
const failedResult = parseFailure(new Error('Code: 241. DB::Exception: no. (SOME_TYPE)'), { isStreaming: true });
const lostResult = parseFailure(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }), { isStreaming: true });

/** Returns the kinds of all error classes of the runtime, exported or not, without the base classes, which have no instances of their own. */
function kindsInSource(): string[] {
  const folder = join(repository, 'runtime/src');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [...readFileSync(join(folder, file), 'utf8').matchAll(/static override readonly kind(?:: \w+)? = '(\w+)'/g)])
    .map(([, kind = '']) => kind)
    .filter((kind) => kind !== 'StatementError');
}

describe('the outcome of a statement', () => {
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
    [new SessionLostError('id', 'aborted'), 'never-sent'],
    [new SessionReleasedError('id'), 'never-sent'],
    [new UnknownBulkheadError('reports', []), 'never-sent'],
    [new UnsupportedByBackendError('The embedded engine', 'sessions', 'Use a server.'), 'never-sent'],
    [new DeadlineExceededError(5, 'waiting'), 'never-sent'],
    [new DeadlineExceededError(5, 'running'), 'unknown'],
    [new AbortedError('reason', 'running'), 'unknown'],
    [new AbortedError('reason'), 'never-sent'],
    [system('ECONNRESET', 'read'), 'unknown'],
    [system('EPIPE', 'write'), 'unknown'],
    [timeout, 'unknown'],
    [proxy(502), 'unknown'],
    [proxy(503), 'unknown'],
    [server(319), 'unknown'],
    [proxy(429), 'refused'],
    [server(62), 'refused'],
    [server(202), 'refused'],
    [failedResult, 'failed-mid-stream'],
  ])('%s: %s', (failure, outcome) => {
    expect(outcomeOf(failure)).toBe(outcome);
  });

  it.each(oneOfEachClass)('is decided for each error class: %s is %s', (failure, outcome) => {
    expect(outcomeOf(failure)).toBe(outcome);
  });

  it('is tested for every error class of the runtime', () => {
    expect(oneOfEachClass.map(([{ kind }]) => kind).sort()).toEqual(kindsInSource().sort());
  });

  it('depends on the phase', () => {
    expect(outcomeOf(new AbortedError('reason'), 'waiting')).toBe('never-sent');
    expect(outcomeOf(server(241), 'streaming')).toBe('failed-mid-stream');
    expect(outcomeOf(undefined, 'done')).toBe('done');
  });
});

describe('the retry decision for a failed statement', () => {
  it.each([
    // failure; decision for: read, write, deduplicated write, streamed write
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
    [parseFailure(new Error('unknown')), 'fail', 'ambiguous', 'fail', 'ambiguous'],
    [failedResult, 'fail', 'ambiguous', 'fail', 'ambiguous'],
    // A retry would exceed the limit that ended the statement.
    [new DeadlineExceededError(5, 'running'), 'fail', 'fail', 'fail', 'fail'],
    [new AbortedError('reason', 'running'), 'fail', 'fail', 'fail', 'fail'],
    [new StatementTerminatedError('drain'), 'fail', 'fail', 'fail', 'fail'],
    [new QueueFullError(5), 'fail', 'fail', 'fail', 'fail'],
    [new BreakerOpenError('http://a', 5), 'fail', 'fail', 'fail', 'fail'],
  ] as const)('%s: read %s, write %s, deduplicated %s, streamed %s', (failure, ...decisions) => {
    expect((['read', 'write', 'deduplicated-write', 'streamed-write'] as const).map((effect) => retryDecision(failure, effect))).toEqual(
      decisions,
    );
  });
});

describe('the health of an endpoint after a failure', () => {
  it.each([
    [system('ECONNREFUSED', 'connect'), 'failing'],
    [system('ECONNRESET', 'read'), 'failing'],
    [timeout, 'failing'],
    // The deadline is a choice of the caller.
    [new DeadlineExceededError(5, 'running'), 'none'],
    [proxy(502), 'failing'],
    [server(242), 'failing'],
    [lostResult, 'failing'],
    [server(62), 'healthy'],
    [server(516), 'healthy'],
    [failedResult, 'healthy'],
    [server(202), 'none'],
    [new AbortedError('reason', 'running'), 'none'],
    [new DeadlineExceededError(5, 'waiting'), 'none'],
    [new QueueFullError(5), 'none'],
  ])('%s: %s', (failure, signal) => {
    expect(endpointSignal(failure)).toBe(signal);
  });

  it('follows from the cause of an AmbiguousWriteError', () => {
    expect(timeout instanceof StatementError && endpointSignal(new AmbiguousWriteError(timeout))).toBe('failing');
  });
});

describe('the effect of a statement', () => {
  it.each([
    'SELECT 1',
    '  select 1',
    '-- INSERT\n(SELECT 1)',
    '/* INSERT\n */ WITH 1 AS x SELECT x',
    'SHOW TABLES',
    'DESCRIBE t',
    'DESC t',
    'EXISTS t',
    'EXPLAIN SELECT 1',
    'CHECK TABLE t',
  ])('is `read`: %s', (sql) => {
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
  ])('is `write`: %s', (sql) => {
    expect(classifyEffect({ sql }, { insert_deduplication_token: 'x' })).toBe('write');
  });

  it('of an insert depends on its token and its values', () => {
    expect(classifyEffect({ values: [] })).toBe('write');
    expect(classifyEffect({ values: [] }, { insert_deduplication_token: '' })).toBe('write');
    expect(classifyEffect({ values: [] }, { insert_deduplication_token: 'batch-7' })).toBe('deduplicated-write');
    expect(classifyEffect({ values: { pipe: () => undefined } }, { insert_deduplication_token: 'batch-7' })).toBe('streamed-write');
  });
});

it('the outcome of an ingest that has accepted the first rows of a call is unknown', () => {
  expect(outcomeOf(new IngestFullError('events', 5, 'maxBufferedRows', 10))).toBe('unknown');
});
