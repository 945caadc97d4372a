import type { ClickHouseSettings } from '@clickhouse/client';
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { EngineConnection } from './connection.js';
import { ManagerClosedError, UnsupportedByBackendError } from '../errors/index.js';
import { StatementTerminatedError } from '../errors/interruption.js';
import { eventLoop } from '../telemetry/event-loop-monitor.js';
import { onAbort } from '../concurrency/abort-listeners.js';
import { raceWithSignal, waitAtMost } from '../concurrency/wait.js';
import { deliveryOf } from '../resilience/delivery.js';
import { formatParams } from './format-params.js';
import { assertSingleStatement } from './single-statement.js';
import { sessionKeyword } from './sql-tokens.js';

/** Parameters that a server supports and the engine would silently ignore. */
const unsupported = ['session_id', 'auth', 'role', 'ignore_error_response'];

/** Statements that would change all later statements of the connection, and what to do instead. */
const persistentStatements = {
  SET: 'give each statement its `clickhouse_settings`',
  USE: 'name the database with the table, or configure it',
} as const;

/** Pause between two kills, in milliseconds, at first and at most. A kill has no effect on a statement that has only just begun. */
const [minKillPauseMs, maxKillPauseMs] = [50, 1_000];

/** Time for a killed statement to end, in milliseconds. The engine looks for a kill between two blocks of rows only. */
export const closeTimeoutMs = 2_000;

interface Params {
  readonly query?: string;
  readonly query_id?: string | undefined;
  readonly query_params?: Record<string, unknown> | undefined;
  readonly clickhouse_settings?: ClickHouseSettings | undefined;
  readonly abort_signal?: AbortSignal | undefined;
  readonly values?: unknown;
}

/** Opens connections to the engine. */
export interface Engine {
  /** Returns a further connection, in the database `default`. */
  readonly connect: () => EngineConnection;
  /** Resolves with a further connection, in the configured database. */
  readonly open: () => Promise<EngineConnection>;
}

/** A connection that runs one statement at a time. */
export interface SerialConnection {
  /**
   * Runs `send` when all earlier statements have ended.
   * @throws UnsupportedByBackendError; ClickHouseError 62 for several statements in one text; Error for a query parameter that the official
   * client rejects; ManagerClosedError; the reason of the statement's signal; the error of `send`
   */
  run<Input extends Params, Result>(params: Input, send: (connection: EngineConnection, params: Input) => Promise<Result>): Promise<Result>;
  /**
   * Kills the running statement, rejects the queue, and closes the connection when the statement has ended. Waits for it for
   * `closeTimeoutMs` at most. After that, a warning says what still runs, and its caller gets StatementTerminatedError.
   */
  close(): Promise<void>;
}

/**
 * Wraps a connection so that statements do not affect each other. The engine runs one statement of a connection after the other, and:
 * - keeps the settings of a statement for all later ones. They are reset before the next statement.
 * - keeps the rows of a failed statement, and returns them before the rows of the next one. They are discarded first.
 * - goes on with an aborted statement. It is killed, and identified by its `log_comment`, which contains its query id.
 */
export function serialize(first: EngineConnection, { connect, open }: Engine): SerialConnection {
  let connection = first;
  /** Names of the settings of the previous statement, which are still in effect. */
  let activeSettings: readonly string[] = [];
  /** The connection holds rows of a failed statement. */
  let hasStaleRows = false;
  let last: Promise<unknown> = Promise.resolve();
  /** The `log_comment` of the running statement, and the function that stops it. */
  let running: { readonly comment: string; readonly stop: () => void } | undefined;
  let killing: Promise<void> = Promise.resolve();
  /** Aborted when the connection is closed. The reason is for the statements in the queue. */
  const closed = new AbortController();
  /** Aborted when the running statement has not ended in time after that. */
  const abandoned = new AbortController();

  /** Uses another connection, since this one is busy, and no query parameters, since the engine queues statements that have some. */
  async function killOnce(comment: string): Promise<void> {
    try {
      const other = connect();
      const query = `KILL QUERY WHERE Settings['log_comment'] = '${escapeBackslashes(comment).replaceAll("'", "''")}' ASYNC`;
      await other.command({ query, query_id: `kill ${comment}` }).finally(() => other.close());
    } catch {
      // If the kill fails, the queue waits for the statement to end.
    }
  }

  async function kill(comment: string): Promise<void> {
    for (let pauseMs = minKillPauseMs; running?.comment === comment; pauseMs = Math.min(2 * pauseMs, maxKillPauseMs)) {
      killing = killing.then(() => killOnce(comment));
      await killing;
      await waitAtMost(pauseMs, last);
    }
  }

  async function resetSettings(settings: readonly string[]): Promise<void> {
    const names = settings.filter((name) => /^\w+$/.test(name));
    if (names.length > 0)
      await connection.command({ query: `SET ${names.map((name) => `${name} = DEFAULT`).join(', ')}`, query_id: randomUUID() });
  }

  /**
   * Discards the rows of a failed statement. Any statement that succeeds discards them, and temporary tables survive it. If it fails, the
   * connection is replaced: losing the temporary tables is better than returning the rows of another statement.
   */
  async function clean(): Promise<void> {
    if (!hasStaleRows) return;
    try {
      await resetSettings(activeSettings);
      await connection.command({ query: 'SELECT 1', query_id: randomUUID() });
    } catch {
      const stale = connection;
      connection = await open();
      await stale.close();
    }
    activeSettings = [];
    hasStaleRows = false;
  }

  async function runNext<Input extends Params, Result>(
    params: Input,
    send: (connection: EngineConnection, params: Input) => Promise<Result>,
  ): Promise<Result> {
    const {
      abort_signal: signal,
      clickhouse_settings: { log_comment: callerComment, ...settings } = {},
      query_id = randomUUID(),
      values,
    } = params;
    signal?.throwIfAborted();
    await clean();
    // `readonly` is always reset: while it is set, the engine rejects the `log_comment` of the next statement.
    const foreign = activeSettings.filter((name) => name === 'readonly' || !Object.hasOwn(settings, name));
    const comment = callerComment === undefined ? query_id : `${callerComment} ${query_id}`;
    const stop = (): void => {
      // The engine reads the whole stream before it starts the statement.
      if (values instanceof Readable) values.destroy();
      void kill(comment);
    };
    let stopListening: (() => void) | undefined;
    try {
      await resetSettings(foreign);
      activeSettings = Object.keys(settings);
      signal?.throwIfAborted();
      running = { comment, stop };
      stopListening = signal && onAbort(signal, stop);
      deliveryOf(query_id)?.handedOver();
      // Without the signal: with it, the engine's promise settles before the statement has ended.
      return await send(connection, {
        ...params,
        query_id,
        clickhouse_settings: orderSettings({ log_comment: comment, ...settings }),
        abort_signal: undefined,
      });
    } catch (error) {
      hasStaleRows = true;
      throw error;
    } finally {
      running = undefined;
      stopListening?.();
      // A late kill would hit a later statement with the same comment.
      await killing;
    }
  }

  return {
    async run(params, send) {
      // Before the wait: what is rejected is never sent, and a later change of a value has no effect.
      const prepared = prepare(params);
      const previous = last;
      const ended = raceWithSignal(closed.signal, previous).then(() => runNext(prepared, send));
      // Cleans at once, since the rows may take much memory. If it fails, the next statement cleans again.
      last = previous
        .then(() => ended)
        .catch(clean)
        .catch(() => undefined);
      const bounded = raceWithSignal(abandoned.signal, ended);
      return params.abort_signal ? raceWithSignal(params.abort_signal, bounded) : bounded;
    },
    async close() {
      closed.abort(new ManagerClosedError());
      running?.stop();
      const progress = { hasEnded: false };
      const closing = last.then(() => eventLoop.expectStall(() => connection.close())).finally(() => (progress.hasEnded = true));
      await waitAtMost(closeTimeoutMs, closing);
      if (progress.hasEnded) return;
      process.emitWarning(
        `The embedded ClickHouse engine still runs a statement ${closeTimeoutMs} ms after it was killed. Its connection is closed when it ends. Until then it uses memory and processor time of this process.`,
        'ClickHouseSsotWarning',
      );
      closing.catch(() => undefined);
      abandoned.abort(new StatementTerminatedError('drain'));
    },
  };
}

/** Moves `readonly` to the end: the engine applies settings in order and rejects all after it. Escapes the values. */
function orderSettings({ readonly, ...others }: ClickHouseSettings): ClickHouseSettings {
  const settings = Object.entries(readonly === undefined ? others : { ...others, readonly });
  return Object.fromEntries(settings.map(([name, value]) => [name, typeof value === 'string' ? escapeBackslashes(value) : value]));
}

/** The engine reads a backslash as the start of an escape sequence, and chDB does not escape it. */
function escapeBackslashes(text: string): string {
  return text.replaceAll('\\', '\\\\');
}

/** Returns the parameters as the engine needs them. @throws the errors of `SerialConnection.run` for parameters that are rejected */
function prepare<Input extends Params>(params: Input): Input {
  const { query = '', query_params } = params;
  const input = new Map<string, unknown>(Object.entries(params));
  for (const feature of unsupported)
    if ((input.get(feature) ?? false) !== false)
      throw new UnsupportedByBackendError('The embedded engine', feature, 'Set CLICKHOUSE_URL to run this on a server.');
  assertSingleStatement(query);
  const keyword = sessionKeyword(query);
  if (keyword !== undefined)
    throw new UnsupportedByBackendError(
      'The embedded engine',
      `${keyword} as a statement`,
      `It would apply to all later statements of this process, while a server drops it after the request. Instead, ${persistentStatements[keyword]}.`,
    );
  return query_params ? { ...params, query_params: formatParams(query_params) } : params;
}
