import { ClickHouseSsotError, GatewayError, InvalidArgumentError, ServerError, StatementError } from '../errors/index.js';
import { outcomeOf } from '../errors/outcome.js';
import { type AcquireRecord, type PermitOptions, recordAcquire, waitForPermit, watchPermit } from './acquire-permit.js';
import type { NodePlatform, Platform } from './platform.js';
import type { StatementParams, StatementRequest } from './request.js';
import { sendWithRetry, type SendOptions } from './send-with-retry.js';
import { Statement } from './statement.js';

/** What all statements of one service or session share. */
export interface ExecutorOptions<On extends Platform = NodePlatform> extends PermitOptions, SendOptions<On> {
  /** Time for the wait and the run of each statement together, in milliseconds. Undefined: no limit. */
  readonly deadlineMs: number | undefined;
  /** Registers the results, so that a drain waits for their readers. */
  readonly results: On['results'];
}

/**
 * Runs a statement: acquires a permit, selects an endpoint, sends with retry, tracks the result, and releases the permit when the statement
 * has ended. Each statement takes this path: without a wait and a retry it has two promises, this one and that of `sendWithRetry`.
 * @throws every error of a statement; `runtime/README.md` lists them
 */
export async function executeStatement<Params extends StatementParams, Result, On extends Platform = NodePlatform>(
  request: StatementRequest<Params, Result, On>,
  options: ExecutorOptions<On>,
): Promise<Result> {
  const statement = new Statement(request.params.abort_signal, options.deadlineMs);
  const record = recordAcquire(options, request.entryPoints);
  statement.calledAt = record?.acquiredAt ?? record?.holding?.acquiredAt;
  try {
    // Before the wait: a statement inside the creation of its own client would wait for the permit of the statement that needs the client.
    options.currentEndpoints().assertNotRecursive(request.entryPoints);
    const permit = options.permits.tryAcquire() ?? (await waitForPermit(statement, record, options));
    statement.setPermit(watchPermit(permit, record, options));
    // After the wait: a rotation may have replaced the endpoints.
    const endpoints = options.currentEndpoints();
    endpoints.admit(statement);
    const result = await sendWithRetry(request, statement, endpoints, options);
    return trackResult(result, request, statement, record, options.results);
  } catch (error) {
    statement.end(isServerDone(error), error);
    throw errorForCaller(error, statement);
  }
}

/** Returns the result for the caller. A statement without `onResult` has no body and ends here. */
function trackResult<Params extends StatementParams, Result, On extends Platform>(
  result: Result,
  { onResult }: StatementRequest<Params, Result, On>,
  statement: Statement,
  record: AcquireRecord | undefined,
  results: On['results'],
): Result {
  if (!onResult) {
    statement.end(true);
    return result;
  }
  const holding = record?.holding;
  if (holding) holding.isHeld = true;
  const tracked = onResult(result, statement, results);
  if (holding) holding.body = statement.body;
  if (statement.failure) throw statement.failure;
  return tracked;
}

/**
 * Whether the server has finished a statement with this error: ClickHouse answered with an error code, a proxy refused the request, or the
 * client did not send it.
 */
export function isServerDone(error: unknown): boolean {
  if (error instanceof GatewayError) return outcomeOf(error) === 'refused';
  return error instanceof InvalidArgumentError || (error instanceof ServerError && error.clickhouseCode !== undefined);
}

/** Returns the error that the caller gets. */
function errorForCaller(error: unknown, statement: Statement): unknown {
  if (statement.failure) return statement.failure;
  // An error without an endpoint comes from the creation of a client, such as its hook. The caller gets it unchanged.
  if (error instanceof StatementError && error.endpoint === undefined && isForeign(error.cause)) return error.cause;
  return statement.withAttempts(error);
}

/** Whether there is a cause that is no error of this package. */
function isForeign(cause: unknown): boolean {
  return cause !== undefined && !(cause instanceof ClickHouseSsotError);
}
