import type { ClickHouseSettings } from '@clickhouse/client';
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineConnection } from './embedded.js';
import { ManagerClosedError, UnsupportedByBackendError } from './errors.js';
import { unlessInterrupted } from './patience.js';

/** What a statement may ask of a server and the engine would silently ignore. */
const unsupported = ['session_id', 'auth', 'role'];

/** A statement that has only just begun is not there yet to be killed. */
const killAgainMs = 50;

interface Params {
  readonly query_id?: string | undefined;
  readonly clickhouse_settings?: ClickHouseSettings | undefined;
  readonly abort_signal?: AbortSignal | undefined;
  readonly values?: unknown;
}

export interface Lane {
  run<Given extends Params, Result>(params: Given, send: (params: Given) => Promise<Result>): Promise<Result>;
  /** Ends what runs, refuses what waits, and closes the connection after that: the engine does not look whether it is in use. */
  close(): Promise<void>;
}

/**
 * The engine runs one statement of a connection after the other. It keeps the settings of each for all that follow, so they are taken back
 * before the next one; and it goes on with one that was aborted, so that is killed, by the comment in which each carries its id.
 */
export function laneOf(connection: EngineConnection, connect: () => EngineConnection): Lane {
  let kept: readonly string[] = [];
  let last: Promise<unknown> = Promise.resolve();
  let running: string | undefined;
  let isClosed = false;

  /** By another connection, since this one is busy. */
  async function kill(mark: string): Promise<void> {
    while (running === mark) {
      try {
        const other = connect();
        await other
          .command({
            query: "KILL QUERY WHERE Settings['log_comment'] = {mark:String} ASYNC",
            query_params: { mark },
            query_id: `kill ${mark}`,
          })
          .finally(() => other.close());
      } catch {
        // What cannot be killed is waited for.
      }
      await Promise.race([last, sleep(killAgainMs)]);
    }
  }

  async function turn<Given extends Params, Result>(params: Given, send: (params: Given) => Promise<Result>): Promise<Result> {
    const {
      abort_signal: signal,
      clickhouse_settings: { log_comment: comment, ...settings } = {},
      query_id = randomUUID(),
      values,
    } = supported(params);
    if (isClosed) throw new ManagerClosedError();
    signal?.throwIfAborted();
    const foreign = kept.filter((name) => !Object.hasOwn(settings, name) && /^\w+$/.test(name));
    kept = Object.keys(settings);
    if (foreign.length > 0) await connection.command({ query: `SET ${foreign.map((name) => `${name} = DEFAULT`).join(', ')}`, query_id });
    signal?.throwIfAborted();
    const mark = comment === undefined ? query_id : `${comment} ${query_id}`;
    const abort = (): void => {
      // It reads all of them before it begins.
      if (values instanceof Readable) values.destroy();
      void kill(mark);
    };
    running = mark;
    signal?.addEventListener('abort', abort, { once: true });
    try {
      // Without the signal: the engine would have us believe that the statement has ended.
      return await send({ ...params, query_id, clickhouse_settings: { ...settings, log_comment: mark }, abort_signal: undefined });
    } finally {
      running = undefined;
      signal?.removeEventListener('abort', abort);
    }
  }

  return {
    run(params, send) {
      const ended = last.then(() => turn(params, send));
      last = ended.catch(() => undefined);
      return params.abort_signal ? unlessInterrupted(params.abort_signal, ended) : ended;
    },
    async close() {
      isClosed = true;
      if (running !== undefined) await kill(running);
      await last;
      await connection.close();
    },
  };
}

function supported<Given extends Params>(params: Given): Given {
  const asked = new Map<string, unknown>(Object.entries(params));
  for (const feature of unsupported)
    if (asked.get(feature) !== undefined)
      throw new UnsupportedByBackendError('The embedded engine', feature, 'Set CLICKHOUSE_URL to run this on a server.');
  return params;
}
