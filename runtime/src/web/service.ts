import type { ClickHouseClient } from '@clickhouse/client-web';
import { loadedConfig } from '../config/assert-input.js';
import { Semaphore } from '../concurrency/semaphore.js';
import { shutdownGraceMs, waitAtMost } from '../concurrency/wait.js';
import {
  anyFunction,
  assertOptions,
  completeOptions,
  objectOrFalse,
  objectWith,
  type OptionRules,
  type SomeOptions,
} from '../config/validate-options.js';
import { type FailureContext, ManagerClosedError, parseFailure } from '../errors/index.js';
import { isError } from '../errors/is-error.js';
import { noRetry, retryDefaults, type RetryPolicy, retryRules } from '../resilience/retry.js';
import { executeStatement, type ExecutorOptions } from '../statement/execute.js';
import { whenKillsSettled } from '../statement/kill-query.js';
import { withoutProgressHeaders } from '../statement/progress-headers.js';
import { failureOfWrite } from '../statement/write-failure.js';
import type { StatementParams, StatementRequest } from '../statement/request.js';
import type { WebConfig } from './config.js';
import { WebEndpoints, type WebPlatform } from './endpoints.js';
import { readToEnd } from './read-body.js';
import { trackBody } from './result-body.js';
import { trackResultSet } from './result-set.js';
import { ServerState } from './server-state.js';

/**
 * The operations of ClickHouse, with the signatures of `@clickhouse/client-web`. Use it as the type of parameters: a fake in a test needs only
 * these methods.
 */
export type WebClickHouseService = Pick<ClickHouseClient, 'query' | 'insert' | 'command' | 'exec' | 'ping' | 'close'> & AsyncDisposable;

/** Options of `createClickHouseService`. */
export interface WebServiceOptions {
  /** The configuration, of `loadClickHouseConfig()`. */
  readonly config: WebConfig;
  /** When a failed statement is sent again, if that is safe. Keys that are left out have their defaults. `false`: never. Default: `{}`. */
  readonly retry?: SomeOptions<RetryPolicy> | false | undefined;
  /**
   * What is known of the servers, shared by several services: a Worker keeps it at module scope. Default: a state of the service's own, with
   * the defaults of its options.
   */
  readonly servers?: ServerState | undefined;
  /** Sends the requests, for example by a service binding: `(input, init) => env.TUNNEL.fetch(input, init)`. Default: the global `fetch`. */
  readonly fetch?: typeof fetch | undefined;
}

const rules: OptionRules<WebServiceOptions> = {
  config: { ...loadedConfig, isRequired: true },
  retry: objectOrFalse,
  servers: objectWith('a ServerState', 'serverAt'),
  fetch: anyFunction,
};

/** The message of a statement after `close()`. */
const closed = 'The ClickHouse service is closed and accepts no statements. createClickHouseService() returns a new one.';

/** Time that running statements get in `close()`, in milliseconds. */
const drainTimeoutMs = 10_000;

/**
 * Returns a service that runs every statement under a permit, until its result is read. It has no connection and no timer as long as no
 * statement waits or runs, so a Worker creates one for each request: a Worker must not use one request's I/O in another one.
 * @throws ConfigError if an option is unknown or invalid
 */
export function createClickHouseService(options: WebServiceOptions): WebClickHouseService {
  assertOptions('createClickHouseService', rules, options);
  const { config, retry, servers = new ServerState(), fetch: send = globalFetch } = options;
  const { maxConcurrentStatements: max, maxWaitingStatements: maxWaiting, acquireTimeoutMs, settings } = config;
  const permits = new Semaphore({ max, maxWaiting, acquireTimeoutMs });
  const endpoints = new WebEndpoints(config, servers, send);
  const executor: ExecutorOptions<WebPlatform> = {
    permits,
    leaks: undefined,
    nested: undefined,
    currentEndpoints: () => endpoints,
    retry: retry === false ? noRetry : completeOptions('retry', retryRules, retryDefaults, retry),
    deadlineMs: config.deadlineMs,
    results: undefined,
  };
  const run = <Params extends StatementParams, Result>(
    request: Omit<StatementRequest<Params, Result, WebPlatform>, 'entryPoints'>,
  ): Promise<Result> => executeStatement({ ...request, entryPoints: [] }, executor);

  const close = async (): Promise<void> => {
    permits.close(() => new ManagerClosedError(closed));
    await waitAtMost(drainTimeoutMs, permits.whenIdle());
    if (permits.inUse === 0) return;
    endpoints.terminate('drain');
    await waitAtMost(shutdownGraceMs, whenKillsSettled());
  };

  return {
    query: (params) =>
      run({
        params,
        send: (client, attempt) => client.query(attempt),
        onResult: (result, statement) =>
          trackResultSet(result, statement, { headers: textsOf(result.response_headers), format: params.format ?? 'JSON' }),
      }),
    exec: (params) =>
      run({
        params,
        send: (client, attempt) => client.exec(attempt),
        onResult: (result, statement) => ({
          ...result,
          stream: trackBody(result.stream, statement, { headers: textsOf(result.response_headers) }),
        }),
      }),
    insert: (params) => run({ params: withoutProgressHeaders(params, settings), send: (client, attempt) => client.insert(attempt) }),
    command: (params) =>
      run({
        params,
        // The client would discard the body, and with it an error that follows the headers.
        send: async (client, attempt, statement) => {
          const { stream, ...result } = await client.exec(attempt);
          const headers = textsOf(result.response_headers);
          const text = await readToEnd(stream, statement.signal, { ...statement.facts, headers });
          const failure = failureOfWrite({ httpStatus: result.http_status_code ?? 200, headers }, text, statement.facts);
          if (failure) throw failure;
          return result;
        },
      }),
    ping: (params) =>
      run({
        params: { ...(params?.abort_signal && { abort_signal: params.abort_signal }) },
        // The path `/ping` of a server allows no browser of another origin, and checks no credentials.
        send: async (client, attempt, statement) => {
          const { stream, response_headers } = await client.exec({ ...attempt, query: 'SELECT 1 FORMAT TabSeparated' });
          await readToEnd(stream, statement.signal, { ...statement.facts, headers: textsOf(response_headers) });
          return { success: true } as const;
        },
      }).catch((error: unknown) => ({ success: false, error: isError(error) ? error : parseFailure(error) })),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The global one, whose call needs no `this`: some run times check it. */
const globalFetch: typeof fetch = (input, init) => fetch(input, init);

/** Returns the headers that are texts, as the client declares them. */
function textsOf(headers: Readonly<Record<string, unknown>> = {}): NonNullable<FailureContext['headers']> {
  const entries = Object.entries(headers).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(entries);
}
