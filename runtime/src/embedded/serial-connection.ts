import type { ClickHouseSettings } from '@clickhouse/client';
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineConnection } from './connection.js';
import { ManagerClosedError, UnsupportedByBackendError } from '../errors/index.js';
import { raceWithSignal } from '../concurrency/wait.js';

/** What a statement may ask of a server and the engine would silently ignore. */
const unsupported = ['session_id', 'auth', 'role'];

/** What would hold for all that follow, and what to do instead. */
const persistentStatements: ReadonlyMap<string, string> = new Map([
  ['SET', 'give each statement its `clickhouse_settings`'],
  ['USE', 'name the database with the table, or configure it'],
]);

/** A statement that has only just begun is not there yet to be killed. */
const killAgainMs = 50;

interface Params {
  readonly query?: string;
  readonly query_id?: string | undefined;
  readonly clickhouse_settings?: ClickHouseSettings | undefined;
  readonly abort_signal?: AbortSignal | undefined;
  readonly values?: unknown;
}

export interface Engine {
  /** A further connection to it. */
  readonly connect: () => EngineConnection;
  /** One that is in the database that is configured. */
  readonly open: () => Promise<EngineConnection>;
}

export interface SerialConnection {
  run<Given extends Params, Result>(params: Given, send: (connection: EngineConnection, params: Given) => Promise<Result>): Promise<Result>;
  /** Ends what runs, refuses what waits, and closes the connection after that: the engine does not look whether it is in use. */
  close(): Promise<void>;
}

/**
 * The engine runs one statement of a connection after the other. It keeps the settings of each for all that follow, so they are taken back
 * before the next one; it keeps the rows that a failed one had by then and puts them before those of the next answer, so they are taken out
 * first; and it goes on with one that was aborted, so that is killed, by the comment in which each carries its id.
 */
export function serialize(first: EngineConnection, { connect, open }: Engine): SerialConnection {
  let connection = first;
  let kept: readonly string[] = [];
  let isStained = false;
  let last: Promise<unknown> = Promise.resolve();
  let running: string | undefined;
  let killing: Promise<void> = Promise.resolve();
  let isClosed = false;

  /** By another connection, since this one is busy; and without parameters, since statements with parameters wait for one another. */
  async function killOnce(mark: string): Promise<void> {
    try {
      const other = connect();
      const query = `KILL QUERY WHERE Settings['log_comment'] = '${escaped(mark).replaceAll("'", "''")}' ASYNC`;
      await other.command({ query, query_id: `kill ${mark}` }).finally(() => other.close());
    } catch {
      // What cannot be killed is waited for.
    }
  }

  async function kill(mark: string): Promise<void> {
    while (running === mark) {
      killing = killing.then(() => killOnce(mark));
      await killing;
      await Promise.race([last, sleep(killAgainMs)]);
    }
  }

  async function takeBack(settings: readonly string[]): Promise<void> {
    const names = settings.filter((name) => /^\w+$/.test(name));
    if (names.length > 0)
      await connection.command({ query: `SET ${names.map((name) => `${name} = DEFAULT`).join(', ')}`, query_id: randomUUID() });
  }

  /**
   * Any statement that succeeds takes the rows out, and one that fails does not. Temporary tables live through that. They do not where it
   * fails, and the connection is replaced: better no temporary table than the rows of somebody else.
   */
  async function clean(): Promise<void> {
    if (!isStained) return;
    try {
      await takeBack(kept);
      await connection.command({ query: 'SELECT 1', query_id: randomUUID() });
    } catch {
      const stained = connection;
      connection = await open();
      await stained.close();
    }
    kept = [];
    isStained = false;
  }

  async function turn<Given extends Params, Result>(
    params: Given,
    send: (connection: EngineConnection, params: Given) => Promise<Result>,
  ): Promise<Result> {
    const {
      abort_signal: signal,
      clickhouse_settings: { log_comment: comment, ...settings } = {},
      query_id = randomUUID(),
      values,
    } = supported(params);
    if (isClosed) throw new ManagerClosedError();
    signal?.throwIfAborted();
    await clean();
    // While it is read-only, the comment of the next one is refused as well.
    const foreign = kept.filter((name) => name === 'readonly' || !Object.hasOwn(settings, name));
    const mark = comment === undefined ? query_id : `${comment} ${query_id}`;
    const abort = (): void => {
      // It reads all of them before it begins.
      if (values instanceof Readable) values.destroy();
      void kill(mark);
    };
    try {
      await takeBack(foreign);
      kept = Object.keys(settings);
      signal?.throwIfAborted();
      running = mark;
      signal?.addEventListener('abort', abort, { once: true });
      // Without the signal: the engine would have us believe that the statement has ended.
      return await send(connection, {
        ...params,
        query_id,
        clickhouse_settings: inOrder({ log_comment: mark, ...settings }),
        abort_signal: undefined,
      });
    } catch (error) {
      isStained = true;
      throw error;
    } finally {
      running = undefined;
      signal?.removeEventListener('abort', abort);
      // It would hit what runs next under this comment.
      await killing;
    }
  }

  return {
    run(params, send) {
      const ended = last.then(() => turn(params, send));
      // At once, for it may be much; and again before the next one where that fails.
      last = ended.catch(clean).catch(() => undefined);
      return params.abort_signal ? raceWithSignal(params.abort_signal, ended) : ended;
    },
    async close() {
      isClosed = true;
      if (running !== undefined) await kill(running);
      await last;
      await connection.close();
    },
  };
}

/** They are set one after the other: behind `readonly` none is accepted any more. */
function inOrder({ readonly, ...others }: ClickHouseSettings): ClickHouseSettings {
  const settings = Object.entries(readonly === undefined ? others : { ...others, readonly });
  return Object.fromEntries(settings.map(([name, value]) => [name, typeof value === 'string' ? escaped(value) : value]));
}

/** The engine reads a backslash as the beginning of something, and chDB does not know. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\');
}

function supported<Given extends Params>(params: Given): Given {
  const asked = new Map<string, unknown>(Object.entries(params));
  for (const feature of unsupported)
    if (asked.get(feature) !== undefined)
      throw new UnsupportedByBackendError('The embedded engine', feature, 'Set CLICKHOUSE_URL to run this on a server.');
  const keyword = keywordOf(params.query ?? '');
  const instead = persistentStatements.get(keyword);
  if (instead !== undefined)
    throw new UnsupportedByBackendError(
      'The embedded engine',
      `${keyword} as a statement`,
      `It would hold for everybody from then on, where a server forgets it at once: ${instead}.`,
    );
  return params;
}

/** What the engine skips in front of a word. Each match is one of a kind, so that there is one way to read it. */
const skipped = /[\s\u0085\u180e\u200b-\u200d\u2060]+|(?:--|\/\/|#[ !])[^\n]*|\/\*/y;

function keywordOf(sql: string): string {
  let at = 0;
  for (let found = textAt(skipped, sql, at); found !== ''; found = textAt(skipped, sql, at))
    at = found === '/*' ? endOfComment(sql, at) : at + found.length;
  return textAt(/\w+/y, sql, at).toUpperCase();
}

/** They nest. */
function endOfComment(sql: string, start: number): number {
  let depth = 0;
  for (const { 0: mark, index } of sql.slice(start).matchAll(/\/\*|\*\//g)) {
    depth += mark === '/*' ? 1 : -1;
    if (depth === 0) return start + index + mark.length;
  }
  return sql.length;
}

function textAt(sticky: RegExp, text: string, at: number): string {
  sticky.lastIndex = at;
  return sticky.exec(text)?.[0] ?? '';
}
