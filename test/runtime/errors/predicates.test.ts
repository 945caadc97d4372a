import { ClickHouseError } from '@clickhouse/client';
import { describe, expect, it, vi } from 'vitest';
import {
  AbortedError,
  AcquireTimeoutError,
  CreateTimeoutError,
  AmbiguousWriteError,
  parseFailure,
  QueueFullError,
  StatementError,
} from '../../../runtime/src/errors/index.js';
import { DeadlineExceededError } from '../../../runtime/src/errors/interruption.js';
import * as predicates from '../../../runtime/src/errors/predicates.js';

const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' });
const reset = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
const answered = (code: number) => new ClickHouseError({ code: String(code), type: 'X', message: 'no' });
const timeout = new Error('Timeout error.');

function ambiguous(error: unknown): unknown {
  const failure = parseFailure(error);
  return failure instanceof StatementError ? new AmbiguousWriteError(failure) : undefined;
}

describe('a predicate', () => {
  it.each([
    ['a refused connection of Node', refused, ['isConnectError', 'isRetryable']],
    ['a connection reset of Node', reset, ['isRetryable']],
    ['a timeout of the client', timeout, ['isTimeout', 'isRetryable']],
    ['the reason of AbortSignal.timeout()', new DOMException('too late', 'TimeoutError'), ['isTimeout', 'isRetryable']],
    ['an abort of the client', new Error('The user aborted a request.'), ['isAborted']],
    ['a wrong password, as an error of the client', answered(516), ['isAuthenticationError', 'isServerError']],
    ['an overload, as an error of the client', answered(202), ['isOverloaded', 'isServerError', 'isRetryable']],
    ['a timeout on the server, as an error of the client', answered(159), ['isServerError', 'isTimeout']],
    ['a killed statement', answered(394), ['isAborted', 'isServerError']],
    ['an insert of unknown status', answered(319), ['isAmbiguousWrite', 'isServerError', 'isRetryable']],
    ['a syntax error', answered(62), ['isServerError']],
    ['AbortedError', new AbortedError('reason'), ['isAborted']],
    ['CreateTimeoutError', new CreateTimeoutError(1), ['isTimeout', 'isRetryable']],
    ['AcquireTimeoutError', new AcquireTimeoutError(1, 1), ['isTimeout', 'isRetryable']],
    ['DeadlineExceededError', new DeadlineExceededError(1, 'running'), ['isTimeout']],
    ['QueueFullError', new QueueFullError(1), ['isRetryable']],
    ['AmbiguousWriteError after a timeout', ambiguous(timeout), ['isAmbiguousWrite', 'isTimeout']],
    ['StreamError after a memory limit', parseFailure(answered(241), { isStreaming: true }), ['isServerError']],
    ['an error of other code', new TypeError('x is not a function'), []],
    ['no error', undefined, []],
  ])('matches %s', (_, error, expected) => {
    expect(
      Object.entries(predicates)
        .flatMap(([name, is]) => (is(error) ? [name] : []))
        .sort(),
    ).toEqual([...expected].sort());
  });

  it('matches one code of the server', () => {
    expect([
      predicates.isServerError(answered(62), 62),
      predicates.isServerError(answered(62), 60),
      predicates.isServerError(parseFailure(answered(241), { isStreaming: true }), 241),
    ]).toEqual([true, false, true]);
  });

  it('matches an error of another copy of this package', async () => {
    vi.resetModules();
    const copy = await import('../../../runtime/src/errors/index.js');
    expect(copy.parseFailure).not.toBe(parseFailure);
    expect([
      predicates.isConnectError(copy.parseFailure(refused)),
      predicates.isServerError(copy.parseFailure(answered(516)), 516),
      predicates.isAuthenticationError(copy.parseFailure(answered(516))),
    ]).toEqual([true, true, true]);
  });
});
