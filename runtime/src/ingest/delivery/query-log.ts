import type { ClickHouseSettings } from '@clickhouse/client';
import { type ClickHouseSsotError, parseFailure, UnclassifiedError } from '../../errors/index.js';
import { isServerError } from '../../errors/predicates.js';
import type { ClickHouseService } from '../../statement/service.js';
import { refusesQuestion } from './classify-failure.js';
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
  /** Time of the first attempt, on the clock of the context. A server that has started since then may have lost its log. */
  readonly since: number;
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
  /** Resolves after the pause that follows so many failures in a row. @throws the reason of the signal */
  readonly pauseAfterFailure: (failure: ClickHouseSsotError, failures: number) => Promise<void>;
  readonly now: () => number;
  readonly newId: () => string;
}

/** Time between two looks, in milliseconds. */
const intervalMs = 1_000;
/** Time after which a statement without an entry counts as one that the server does not log, in milliseconds. The log is written each 7.5 s. */
const maxLogDelayMs = 30_000;
/** Time for which a running attempt is waited for, in milliseconds. */
const maxRunMs = 600_000;
/** Time for which a log that cannot be read is tried again while the server answers other statements, in milliseconds. */
const maxUnreadableMs = 600_000;

/** Begins the ids of lookups, after the id of the batch. */
const markerPrefix = 'look-up-';

/** Code of `UNKNOWN_TABLE`. The server creates the log when it writes the first entries. */
const unknownTable = 60;

/**
 * Looks into `system.processes` and `system.query_log`. The log is written with a delay. So each lookup first runs a statement of its own, and
 * the absence of an attempt counts only once that statement is in the log: entries are written in their order. A user with the right to
 * `SYSTEM FLUSH LOGS` need not wait. A lookup without an answer is repeated: during an outage, the log may know the attempts nevertheless.
 * @throws the reason of the signal
 */
export async function lookUpAttempts(lookup: AttemptLookup, context: LookupContext): Promise<AttemptVerdict> {
  const { now, signal, pauseAfterFailure } = context;
  const beganAt = now();
  let unreadableSince: number | undefined;
  for (let failures = 1; ; failures++) {
    let isMarked = false;
    try {
      // A new id for each lookup: the entry of an earlier one says nothing about later entries.
      const markerId = `${lookup.idPrefix}${markerPrefix}${context.newId()}`;
      const isLogged = await mark(markerId, context);
      isMarked = true;
      return await readLog({ ...lookup, markerId, isLogged, beganAt }, context);
    } catch (error) {
      signal.throwIfAborted();
      const failure = parseFailure(error);
      // No log, or no right to read it.
      if (refusesQuestion(failure) || failure instanceof UnclassifiedError) return 'unknown';
      unreadableSince = isMarked ? (unreadableSince ?? now()) : undefined;
      if (unreadableSince !== undefined && now() - unreadableSince > maxUnreadableMs) return 'unknown';
      await pauseAfterFailure(failure, failures);
    }
  }
}

interface MarkedLookup extends AttemptLookup {
  readonly markerId: string;
  /** Whether the server logs each attempt. */
  readonly isLogged: boolean;
  /** Time at which the lookup began. */
  readonly beganAt: number;
}

/** Reads the log until it can tell. @throws every error of a query; the reason of the signal */
async function readLog(lookup: MarkedLookup, context: LookupContext): Promise<AttemptVerdict> {
  const markedAt = context.now();
  const isFlushed = await flushLogs(context);
  for (;;) {
    const now = context.now();
    const verdict = verdictOf(await look(lookup, isFlushed, context), lookup, now, now - markedAt);
    if (verdict !== 'pending') return verdict;
    await context.pause(intervalMs);
  }
}

/** @param delayMs time since the log was marked */
function verdictOf(
  seen: Seen | undefined,
  { since, isOneServer, isLogged, beganAt }: MarkedLookup,
  now: number,
  delayMs: number,
): AttemptVerdict | 'pending' {
  if (seen && seen.finished > 0) return 'inserted';
  if (seen && seen.doubtful > 0) return 'unknown';
  if (seen && seen.running > 0) return now - beganAt > maxRunMs ? 'unknown' : 'pending';
  if (seen && seen.started <= seen.failed && seen.isMarkerLogged)
    // A server that was killed has lost the last entries.
    return isLogged && isOneServer && seen.uptimeMs >= now - since ? 'not-inserted' : 'unknown';
  return delayMs > maxLogDelayMs ? 'unknown' : 'pending';
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
async function look({ idPrefix, since, markerId }: MarkedLookup, isFlushed: boolean, context: LookupContext): Promise<Seen | undefined> {
  const isMarker = `startsWith(query_id, ${literal(markerId)})`;
  const isAttempt = `startsWith(query_id, ${literal(idPrefix)}) AND NOT startsWith(query_id, ${literal(idPrefix + markerPrefix)})`;
  const days = Math.ceil((context.now() - since) / 86_400_000) + 1;
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
