import type { FailureKind } from '../model/error-texts/known-texts.js';

/** At most this many remedies are named. */
const maxRemedies = 3;

/** Returns what to ask instead of the text of an error, with or without the runtime: one expression for each failure. */
export function errorRemedies(failures: readonly FailureKind[], usesRuntime: boolean): string {
  const remedyOf = usesRuntime ? runtimeRemedy : clientRemedy;
  const remedies = [...new Set(failures.map(remedyOf))].slice(0, maxRemedies);
  if (remedies.length > 0) return listed(remedies);
  return usesRuntime
    ? 'a predicate of `@clickhouse-ssot/runtime`, such as `isServerError(error, 60)`, `isTimeout(error)` or `isRetryable(error)`'
    : '`error.code` or `error.type` of a `ClickHouseError`, or `error.code` of an error of Node.js';
}

function listed(remedies: readonly string[]): string {
  const last = remedies.at(-1) ?? '';
  return remedies.length === 1 ? last : `${remedies.slice(0, -1).join(', ')} or ${last}`;
}

/** Codes of Node.js for which the runtime knows that nothing was sent. */
const connectCodes: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

const authenticationCodes: ReadonlySet<number> = new Set([192, 193, 194, 516]);

/** The predicates and classes of `@clickhouse-ssot/runtime`. */
export function runtimeRemedy(failure: FailureKind): string {
  switch (failure.kind) {
    case 'server':
      return authenticationCodes.has(failure.code) ? '`isAuthenticationError(error)`' : `\`isServerError(error, ${failure.code})\``;
    case 'any-server':
      return '`isServerError(error)`, with a code as its second argument';
    case 'socket':
      if (failure.code === 'ETIMEDOUT') return '`isConnectError(error) || isTimeout(error)`';
      return connectCodes.has(failure.code) ? '`isConnectError(error)`' : '`error instanceof ConnectionLostError`';
    case 'timeout':
      return '`isTimeout(error)`';
    case 'abort':
      return '`isAborted(error)`';
    case 'too-long':
      return '`error.cause instanceof RangeError`';
  }
}

/** The properties of the errors of `@clickhouse/client` and of Node.js. */
export function clientRemedy(failure: FailureKind): string {
  switch (failure.kind) {
    case 'server':
      return `\`error.code === '${failure.code}'\` or \`error.type === '${failure.name}'\` of a \`ClickHouseError\``;
    case 'any-server':
      return '`error instanceof ClickHouseError`, with its `code` and `type`';
    case 'socket':
      return `\`error.code === '${failure.code}'\``;
    case 'timeout':
      return '`signal.aborted` of an `AbortSignal.timeout(…)` that is passed as `abort_signal`, since the timeout of the client has no code';
    case 'abort':
      return '`signal.aborted` of the signal that is passed as `abort_signal`';
    case 'too-long':
      return '`error instanceof RangeError`';
  }
}
