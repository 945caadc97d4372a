import type { ClickHouseService } from '../../statement/service.js';
import { literal } from './table-name.js';

/**
 * What the server knows of the attempts of a batch.
 * - `inserted`: one of them has finished.
 * - `not-inserted`: all of them have failed, or none has arrived.
 * - `unknown`: the server has no log, the user may not read it, or it lacks the time of the attempts.
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
  readonly service: () => ClickHouseService;
  readonly signal: AbortSignal;
  readonly pause: (ms: number) => Promise<void>;
  readonly now: () => number;
}

/** Time between two looks, in milliseconds. */
const intervalMs = 1_000;
/** Time after which a statement without an entry counts as one that the server does not log, in milliseconds. The log is written each 7.5 s. */
const maxLogDelayMs = 30_000;
/** Time for which a running attempt is waited for, in milliseconds. */
const maxRunMs = 600_000;

/**
 * Looks into `system.processes` and `system.query_log`. The log is written with a delay. So each look is itself a statement with an id, and
 * the absence of an attempt counts only once the first look is in the log: entries are written in their order.
 */
export async function lookUpAttempts(lookup: AttemptLookup, context: LookupContext): Promise<AttemptVerdict> {
  const { idPrefix, sinceMs, isOneServer } = lookup;
  const startedAt = context.now();
  const markerId = `${idPrefix}look-up`;
  try {
    const marker = await context
      .service()
      .query({ query: 'SELECT 1', query_id: markerId, format: 'JSONEachRow', abort_signal: context.signal });
    await marker.json();
    for (;;) {
      const elapsedMs = context.now() - startedAt;
      const seen = await look(lookup, markerId, context);
      if (seen.finished > 0) return 'inserted';
      if (seen.running > 0) {
        if (elapsedMs > maxRunMs) return 'unknown';
      } else if (seen.started <= seen.failed && seen.isMarkerLogged) {
        // A server that was killed has lost the last entries.
        return isOneServer && seen.uptimeMs >= sinceMs + elapsedMs ? 'not-inserted' : 'unknown';
      } else if (elapsedMs > maxLogDelayMs) return 'unknown';
      await context.pause(intervalMs);
    }
  } catch (error) {
    if (context.signal.aborted) throw error;
    // No log, no right to read it, or no server: the caller sends again in any case.
    return 'unknown';
  }
}

interface Seen {
  readonly started: number;
  readonly finished: number;
  readonly failed: number;
  readonly running: number;
  readonly isMarkerLogged: boolean;
  readonly uptimeMs: number;
}

async function look({ idPrefix, sinceMs }: AttemptLookup, markerId: string, { service, signal }: LookupContext): Promise<Seen> {
  const isMarker = `startsWith(query_id, ${literal(markerId)})`;
  const isAttempt = `startsWith(query_id, ${literal(idPrefix)}) AND NOT ${isMarker}`;
  const days = Math.ceil(sinceMs / 86_400_000) + 1;
  // The types are 1 for the start, 2 for the end, 3 and 4 for failures.
  const query = `SELECT
    countIf(toInt8(type) = 1 AND ${isAttempt}) AS started,
    countIf(toInt8(type) = 2 AND ${isAttempt}) AS finished,
    countIf(toInt8(type) >= 3 AND ${isAttempt}) AS failed,
    countIf(${isMarker}) AS marker,
    uptime() AS up,
    (SELECT count() FROM system.processes WHERE ${isAttempt}) AS running
    FROM system.query_log WHERE event_date >= today() - ${days} AND startsWith(query_id, ${literal(idPrefix)})`;
  const result = await service().query({ query, format: 'JSONEachRow', abort_signal: signal });
  const [row = {}] = await result.json<Record<string, unknown>>();
  const number = (name: string): number => Number(row[name] ?? 0);
  return {
    started: number('started'),
    finished: number('finished'),
    failed: number('failed'),
    running: number('running'),
    isMarkerLogged: number('marker') > 0,
    uptimeMs: number('up') * 1000,
  };
}
