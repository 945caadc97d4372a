import type { ClickHouseSettings } from '@clickhouse/client';
import { isServerError } from '../../errors/predicates.js';
import type { ClickHouseService } from '../../statement/service.js';
import { isAlwaysLogged, loggingSettingNames, loggingSettingsOf } from './log-settings.js';
import { hasStoredNothingInLog } from './stored-nothing.js';
import { literal } from './table-name.js';

/**
 * What the server knows of the attempts of a batch.
 * - `inserted`: one of them has finished.
 * - `not-inserted`: all of them have failed and stored nothing, or none has arrived.
 * - `unknown`: one of them has failed and may have stored rows. Or the server has no log, the user may not read it, it lacks the time of the
 *   attempts, or their settings keep them out of it.
 */
export type AttemptVerdict = 'inserted' | 'not-inserted' | 'unknown';

/** Looks the attempts of a batch up. */
export interface AttemptLookup {
  /** The query ids of all attempts begin with this. */
  readonly idPrefix: string;
  /** Time since the first attempt, in milliseconds. A server that has started since then may have lost its log. */
  readonly sinceMs: number;
  /** Whether there is one server. The log of one says nothing about the others. */
  readonly isOneServer: boolean;
}

/** What the lookup needs. */
export interface LookupContext {
  /** Settings of the attempts. */
  readonly settings: ClickHouseSettings;
  readonly service: () => ClickHouseService;
  readonly signal: AbortSignal;
  readonly pause: (ms: number) => Promise<void>;
  readonly now: () => number;
  readonly newId: () => string;
}

/** Time between two looks, in milliseconds. */
const intervalMs = 1_000;
/** Time after which a statement without an entry counts as one that the server does not log, in milliseconds. The log is written each 7.5 s. */
const maxLogDelayMs = 30_000;
/** Time for which a running attempt is waited for, in milliseconds. */
const maxRunMs = 600_000;

/** Begins the ids of lookups, after the id of the batch. */
const markerPrefix = 'look-up-';

/** Code of `UNKNOWN_TABLE`. The server creates the log when it writes the first entries. */
const unknownTable = 60;

/**
 * Looks into `system.processes` and `system.query_log`. The log is written with a delay. So each lookup first runs a statement of its own, and
 * the absence of an attempt counts only once that statement is in the log: entries are written in their order. A user with the right to
 * `SYSTEM FLUSH LOGS` need not wait.
 */
export async function lookUpAttempts(lookup: AttemptLookup, context: LookupContext): Promise<AttemptVerdict> {
  const startedAt = context.now();
  // A new one for each lookup: that of an earlier one says nothing about later entries.
  const markerId = `${lookup.idPrefix}${markerPrefix}${context.newId()}`;
  try {
    const isLogged = await mark(markerId, context);
    const isFlushed = await flushLogs(context);
    for (;;) {
      const elapsedMs = context.now() - startedAt;
      const verdict = verdictOf(await look(lookup, markerId, isFlushed, context), lookup, elapsedMs, isLogged);
      if (verdict !== 'pending') return verdict;
      await context.pause(intervalMs);
    }
  } catch (error) {
    if (context.signal.aborted) throw error;
    // No log, no right to read it, or no server: the caller sends again in any case.
    return 'unknown';
  }
}

/** @param isLogged whether the server logs each attempt */
function verdictOf(
  seen: Seen | undefined,
  { sinceMs, isOneServer }: AttemptLookup,
  elapsedMs: number,
  isLogged: boolean,
): AttemptVerdict | 'pending' {
  if (seen && seen.finished > 0) return 'inserted';
  if (seen && seen.doubtful > 0) return 'unknown';
  if (seen && seen.running > 0) return elapsedMs > maxRunMs ? 'unknown' : 'pending';
  if (seen && seen.started <= seen.failed && seen.isMarkerLogged)
    // A server that was killed has lost the last entries.
    return isLogged && isOneServer && seen.uptimeMs >= sinceMs + elapsedMs ? 'not-inserted' : 'unknown';
  return elapsedMs > maxLogDelayMs ? 'unknown' : 'pending';
}

/** Runs the statement that marks the log, with the settings of the attempts. Returns whether the server logs each statement with these. */
async function mark(markerId: string, context: LookupContext): Promise<boolean> {
  const own = loggingSettingsOf(context.settings);
  const names = loggingSettingNames.map(literal).join(', ');
  // The user or the connection may have other values than the default of the server.
  const rows = await rowsOf(`SELECT name, value FROM system.settings WHERE name IN (${names})`, context, {
    query_id: markerId,
    clickhouse_settings: own,
  });
  return isAlwaysLogged({ ...Object.fromEntries(rows.map(({ name, value }) => [String(name), value])), ...own });
}

/** Returns whether the server has written its logs. */
async function flushLogs({ service, signal }: LookupContext): Promise<boolean> {
  return service()
    .command({ query: 'SYSTEM FLUSH LOGS', abort_signal: signal })
    .then(
      () => true,
      () => false,
    );
}

interface Seen {
  readonly started: number;
  readonly finished: number;
  readonly failed: number;
  /** Failed ones that may have stored rows. */
  readonly doubtful: number;
  readonly running: number;
  readonly isMarkerLogged: boolean;
  readonly uptimeMs: number;
}

/** Returns undefined if the log does not exist yet. @throws every other error of the query */
async function look(
  { idPrefix, sinceMs }: AttemptLookup,
  markerId: string,
  isFlushed: boolean,
  context: LookupContext,
): Promise<Seen | undefined> {
  const isMarker = `startsWith(query_id, ${literal(markerId)})`;
  const isAttempt = `startsWith(query_id, ${literal(idPrefix)}) AND NOT startsWith(query_id, ${literal(idPrefix + markerPrefix)})`;
  const days = Math.ceil(sinceMs / 86_400_000) + 1;
  // The types are 1 for the start, 2 for the end, 3 and 4 for failures.
  const query = `SELECT
    countIf(toInt8(type) = 1 AND ${isAttempt}) AS started,
    countIf(toInt8(type) = 2 AND ${isAttempt}) AS finished,
    countIf(toInt8(type) >= 3 AND ${isAttempt}) AS failed,
    countIf(toInt8(type) >= 3 AND ${isAttempt} AND NOT ${hasStoredNothingInLog}) AS doubtful,
    countIf(${isMarker}) AS marker,
    uptime() AS up,
    (SELECT count() FROM system.processes WHERE ${isAttempt}) AS running
    FROM system.query_log WHERE event_date >= today() - ${days} AND startsWith(query_id, ${literal(idPrefix)})`;
  try {
    const [row = {}] = await rowsOf(query, context);
    const number = (name: string): number => Number(row[name] ?? 0);
    return {
      started: number('started'),
      finished: number('finished'),
      failed: number('failed'),
      doubtful: number('doubtful'),
      running: number('running'),
      isMarkerLogged: number('marker') > 0,
      uptimeMs: number('up') * 1000,
    };
  } catch (error) {
    if (!isFlushed && isServerError(error, unknownTable)) return undefined;
    throw error;
  }
}

async function rowsOf(
  query: string,
  { service, signal }: LookupContext,
  params: { readonly query_id?: string; readonly clickhouse_settings?: ClickHouseSettings } = {},
): Promise<readonly Record<string, unknown>[]> {
  const result = await service().query({ query, format: 'JSONEachRow', abort_signal: signal, ...params });
  return result.json<Record<string, unknown>>();
}
