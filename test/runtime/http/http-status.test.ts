import { ClickHouseError } from '@clickhouse/client';
import { describe, expect, it } from 'vitest';
import * as runtime from '../../../runtime/src/index.js';
import { httpStatusOf } from '../../../runtime/src/http.js';
import { read } from '../../../scripts/generated.js';

const { StatementError } = runtime;
const endpoint = 'https://secret-host:8443';
const facts = { endpoint, sql: 'SELECT secret_column', queryId: 'secret-id' };
const exception = { clickhouseCode: 60, type: 'UNKNOWN_TABLE', text: 'Table secret_table does not exist for user secret_user' };
const lost = new runtime.ConnectionLostError('ECONNRESET', 'socket hang up', facts);
const timedOut = new DOMException('The operation was aborted due to timeout', 'TimeoutError');

/** Each error class with its status, its code and `Retry-After`. One class may have several rows. */
const rows: readonly (readonly [Error, number, string, string?])[] = [
  [new runtime.ClickHouseSsotError('UNCLASSIFIED', 'secret'), 500, 'INTERNAL_ERROR'],
  [new StatementError('UNCLASSIFIED', 'secret', facts), 500, 'INTERNAL_ERROR'],
  [new runtime.ConfigError([{ key: 'url', found: 'secret', expected: 'a URL' }]), 500, 'INTERNAL_ERROR'],
  [new runtime.DependencyError([]), 500, 'INTERNAL_ERROR'],
  [new runtime.ConnectionRecursionError(['secret()']), 500, 'INTERNAL_ERROR'],
  [new runtime.AcquireTimeoutError(10_000, 10), 503, 'OVERLOADED', '1'],
  [new runtime.CreateTimeoutError(10_000), 503, 'DATABASE_UNAVAILABLE', '1'],
  [new runtime.NestedAcquireError(10, ' at secret'), 500, 'INTERNAL_ERROR'],
  [new runtime.QueueFullError(1_000), 503, 'OVERLOADED', '1'],
  [new runtime.TenantLimitError(100), 503, 'OVERLOADED', '1'],
  [new runtime.BreakerOpenError(endpoint, 4_200), 503, 'DATABASE_UNAVAILABLE', '5'],
  [new runtime.BreakerOpenError(endpoint, undefined), 503, 'DATABASE_UNAVAILABLE', '1'],
  [new runtime.ManagerClosedError(), 503, 'SHUTTING_DOWN', '1'],
  [new runtime.ManagerAlreadySetError(), 500, 'INTERNAL_ERROR'],
  [new runtime.DoubleReleaseError(), 500, 'INTERNAL_ERROR'],
  [new runtime.UnknownBulkheadError('secret', []), 500, 'INTERNAL_ERROR'],
  [new runtime.SessionReleasedError('secret'), 500, 'INTERNAL_ERROR'],
  [new runtime.IngestFullError('secret', 30_000, 'maxBufferedRows'), 503, 'OVERLOADED', '1'],
  [new runtime.IngestClosedError('secret'), 503, 'SHUTTING_DOWN'],
  [new runtime.IngestStoreError({ operation: 'write', path: '/secret', cause: undefined }), 500, 'INTERNAL_ERROR'],
  [new runtime.IngestLockedError('/secret', undefined, false), 500, 'INTERNAL_ERROR'],
  [new runtime.IngestUndeliveredError('secret', ['{}'], false, lost), 500, 'INTERNAL_ERROR'],
  [new runtime.SessionLostError('secret', lost), 503, 'DATABASE_UNAVAILABLE'],
  [new runtime.EngineMissingError('secret'), 500, 'INTERNAL_ERROR'],
  [new runtime.UnsupportedByBackendError('The engine', 'secret', 'secret'), 500, 'INTERNAL_ERROR'],
  [new runtime.AbortedError(new Error('secret'), 'running'), 499, 'CLIENT_CLOSED_REQUEST'],
  [new runtime.AbortedError(timedOut, 'running'), 504, 'TIMED_OUT'],
  [new runtime.DeadlineExceededError(100, 'waiting'), 503, 'OVERLOADED', '1'],
  [new runtime.DeadlineExceededError(100, 'running'), 504, 'TIMED_OUT'],
  [new runtime.StatementTerminatedError('drain'), 503, 'SHUTTING_DOWN'],
  [new runtime.ServerError(exception, facts), 500, 'INTERNAL_ERROR'],
  [new runtime.AuthenticationError(exception, facts), 500, 'INTERNAL_ERROR'],
  [new runtime.PermissionError(exception, facts), 500, 'INTERNAL_ERROR'],
  [new runtime.OverloadedError(exception, { ...facts, retryAfterMs: 7_000 }), 503, 'OVERLOADED', '7'],
  [new runtime.OverloadedError(exception, facts), 503, 'OVERLOADED', '1'],
  [new runtime.ResourceLimitError(exception, facts), 500, 'INTERNAL_ERROR'],
  [new runtime.ServerTimeoutError(exception, facts), 504, 'TIMED_OUT'],
  [new runtime.SessionError(exception, facts), 500, 'INTERNAL_ERROR'],
  [new runtime.ReplicaError(exception, facts), 503, 'DATABASE_UNAVAILABLE', '1'],
  [new runtime.StatementCancelledError(exception, facts), 500, 'INTERNAL_ERROR'],
  [new runtime.UnknownStatusError(exception, facts), 500, 'WRITE_OUTCOME_UNKNOWN'],
  [new runtime.ConnectError('ECONNREFUSED', false, 'connect secret', facts), 503, 'DATABASE_UNAVAILABLE', '1'],
  [new runtime.ConnectError('SELF_SIGNED_CERT', true, 'secret', facts), 502, 'BAD_GATEWAY'],
  [lost, 503, 'DATABASE_UNAVAILABLE', '1'],
  [new runtime.ConnectionLostError('HPE_INVALID', 'secret', { ...facts, retryable: false }), 502, 'BAD_GATEWAY'],
  [new runtime.TimeoutError(facts), 504, 'TIMED_OUT', '1'],
  [new runtime.GatewayError('<html>secret', { ...facts, httpStatus: 502 }), 502, 'BAD_GATEWAY', '1'],
  [new runtime.GatewayError('<html>secret', { ...facts, httpStatus: 404 }), 502, 'BAD_GATEWAY'],
  [new runtime.StreamError(lost, 10), 503, 'DATABASE_UNAVAILABLE', '1'],
  [new runtime.StreamError(new runtime.ServerError(exception, facts), 10), 500, 'INTERNAL_ERROR'],
  [new runtime.AmbiguousWriteError(lost), 500, 'WRITE_OUTCOME_UNKNOWN'],
  [new runtime.InvalidArgumentError(new Error('secret'), facts), 500, 'INTERNAL_ERROR'],
  [new runtime.UnclassifiedError(new Error('secret'), facts), 500, 'INTERNAL_ERROR'],
];

const kindOf = (error: Error): string => (error instanceof runtime.ClickHouseSsotError ? error.kind : error.name);

describe('the HTTP response to a failure', () => {
  it.each(rows.map(([error, status, code, retryAfter]) => ({ kind: kindOf(error), error, status, code, retryAfter })))(
    '$kind is $status $code, Retry-After: $retryAfter',
    ({ error, status, code, retryAfter }) => {
      const response = httpStatusOf(error);
      expect(response).toMatchObject({ status, body: { status, code } });
      expect(response.headers['retry-after']).toBe(retryAfter);
      expect(JSON.stringify(response)).not.toMatch(/secret|ClickHouse|SELECT|8443/i);
    },
  );

  it('is defined for every exported error class', () => {
    const classes = Object.values<unknown>(runtime).filter(
      (value): value is typeof runtime.ClickHouseSsotError => typeof value === 'function' && 'kind' in value,
    );
    expect(classes.length).toBeGreaterThan(30);
    expect([...new Set(rows.map(([error]) => kindOf(error)))].sort()).toEqual(classes.map(({ kind }) => kind).sort());
  });

  it('is that of the parsed error, for errors of the official client and of Node.js', () => {
    const official = new ClickHouseError({ message: 'secret', code: '241', type: 'MEMORY_LIMIT_EXCEEDED' });
    expect(httpStatusOf(official)).toMatchObject({ status: 500 });
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' });
    expect(httpStatusOf(refused)).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    expect(httpStatusOf('a text')).toMatchObject({ status: 500 });
  });

  it('is in the table of the page, for every class', () => {
    const page = read('docs/runtime/frameworks.md');
    for (const [error, status, code] of rows) {
      const line = page.split('\n').find((each) => each.startsWith(`| ${status} `) && each.includes(`\`${code}\``));
      expect(line, `${status} ${code}`).toContain(`\`${kindOf(error)}\``);
    }
  });
});
