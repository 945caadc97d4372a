import { ClickHouseError } from '@clickhouse/client';
import { describe, expect, it, vi } from 'vitest';
import {
  AbortedError,
  AcquireTimeoutError,
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

function inDoubt(error: unknown): unknown {
  const failure = parseFailure(error);
  return failure instanceof StatementError ? new AmbiguousWriteError(failure) : undefined;
}

describe('one can ask any failure', () => {
  it.each([
    ['the refusal that Node throws', refused, ['isConnectError', 'isRetryable']],
    ['a reset that Node throws', reset, ['isRetryable']],
    ["the client's own timeout", timeout, ['isTimeout', 'isRetryable']],
    ['the reason that AbortSignal.timeout() gives', new DOMException('too late', 'TimeoutError'), ['isTimeout', 'isRetryable']],
    ["the client's own abort", new Error('The user aborted a request.'), ['isAborted']],
    ['a wrong password, as the client has it', answered(516), ['isAuthenticationError', 'isServerError']],
    ['an overload, as the client has it', answered(202), ['isOverloaded', 'isServerError', 'isRetryable']],
    ['a timeout on the server, as the client has it', answered(159), ['isServerError', 'isTimeout']],
    ['somebody who killed it', answered(394), ['isAborted', 'isServerError']],
    ['an insert of which the server knows nothing', answered(319), ['isAmbiguousWrite', 'isServerError', 'isRetryable']],
    ['a mistake in the SQL', answered(62), ['isServerError']],
    ['ours: aborted', new AbortedError('enough'), ['isAborted']],
    ['ours: no permit in time', new AcquireTimeoutError(1, 1), ['isTimeout', 'isRetryable']],
    ['ours: a deadline', new DeadlineExceededError(1, 'running'), ['isTimeout']],
    ['ours: a full queue', new QueueFullError(1), ['isRetryable']],
    ['ours: a write in doubt, since it timed out', inDoubt(timeout), ['isAmbiguousWrite', 'isTimeout']],
    ['ours: a result that broke off, since memory was short', parseFailure(answered(241), { isStreaming: true }), ['isServerError']],
    ['no failure of a statement', new TypeError('x is not a function'), []],
    ['no error at all', undefined, []],
  ])('what it is: %s', (_, error, expected) => {
    expect(
      Object.entries(predicates)
        .flatMap(([name, is]) => (is(error) ? [name] : []))
        .sort(),
    ).toEqual([...expected].sort());
  });

  it('for one code of the server', () => {
    expect([
      predicates.isServerError(answered(62), 62),
      predicates.isServerError(answered(62), 60),
      predicates.isServerError(parseFailure(answered(241), { isStreaming: true }), 241),
    ]).toEqual([true, false, true]);
  });

  it('of another copy of this package', async () => {
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
