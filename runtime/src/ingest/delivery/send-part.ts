import type { ClickHouseSettings } from '@clickhouse/client';
import { raceWithSignal } from '../../concurrency/wait.js';
import { encodedValues } from '../../client/encoded-rows.js';
import { type ClickHouseSsotError, parseFailure } from '../../errors/index.js';
import type { ClickHouseService } from '../../statement/service.js';
import type { IngestEnvironment } from '../batch/environment.js';
import type { UnansweredInserts } from '../batch/progress.js';
import { pauseAfter } from './backoff.js';
import { classifyFailure } from './classify-failure.js';
import type { Deduplication, TableDelivery } from './deduplication.js';
import type { Part } from './part.js';
import { lookUpAttempts } from './query-log.js';
import { hasStoredNothing } from './stored-nothing.js';

/** What the sending of one part resolves with. Every other failure is followed by another attempt. */
export type PartResult =
  | { readonly kind: 'inserted'; readonly attempts: number }
  /** ClickHouse refuses the rows, or the part as too large. */
  | { readonly kind: 'refused'; readonly because: 'rows' | 'size'; readonly failure: ClickHouseSsotError };

/** A failed attempt that is followed by another one. */
export interface FailedAttempt {
  readonly reason: 'transient' | 'stalled' | 'unknown';
  readonly failure: ClickHouseSsotError;
  readonly rows: number;
  readonly pauseMs: number;
}

/** What the sending needs. */
export interface SendContext {
  readonly table: string;
  readonly settings: ClickHouseSettings;
  readonly service: () => ClickHouseService;
  readonly isOneServer: () => boolean;
  readonly deduplication: Deduplication;
  readonly environment: IngestEnvironment;
  /** Distinguishes the attempts of this process from those of earlier ones. */
  readonly runId: string;
  /** Ends the sending. */
  readonly signal: AbortSignal;
  /** Resolves after the pause. It may be shortened. @throws the reason of the signal */
  readonly pause: (ms: number) => Promise<void>;
  /** Records, before an insert, all inserts that will have no answer if the process ends during it. @throws the reason of the signal */
  readonly recordInsert: (inserts: UnansweredInserts) => Promise<void>;
  readonly onFailedAttempt: (attempt: FailedAttempt) => void;
  /** Called before rows are sent again that may be in the table. */
  readonly onRepeat: (rows: number) => void;
}

/**
 * Sends a part until ClickHouse has taken or refused it.
 * @throws the reason of the signal
 */
export async function sendPart(part: Part, context: SendContext): Promise<PartResult> {
  const { environment, deduplication, signal } = context;
  let { unanswered } = part;
  let failures = 0;
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    let inserting: UnansweredInserts | undefined;
    try {
      const delivery = await deduplication.current(signal);
      if (unanswered && !isDropped(unanswered, delivery, environment.now())) {
        if (await isInserted(part, unanswered, context)) return { kind: 'inserted', attempts: attempt };
        unanswered = undefined;
      }
      inserting = {
        path: part.path,
        since: unanswered?.since ?? environment.now(),
        hadToken: delivery.deduplicates && unanswered?.hadToken !== false,
      };
      await context.recordInsert(inserting);
      await insert(part, `${part.id}:${context.runId}-${attempt}`, delivery.settingsFor(part.id), context);
      return { kind: 'inserted', attempts: attempt };
    } catch (error) {
      signal.throwIfAborted();
      const failure = parseFailure(error);
      const means = classifyFailure(failure);
      if (means === 'rows' || means === 'size') {
        // The table may have accepted an earlier insert of the same rows, and have been changed since.
        if (unanswered && (await isInserted(part, unanswered, context))) return { kind: 'inserted', attempts: attempt };
        return { kind: 'refused', because: means, failure };
      }
      // The table may have been replaced, which the next attempt must know.
      if (means !== 'transient') deduplication.expire();
      // A question to the server has inserted nothing.
      const mayBeStored = inserting !== undefined && !hasStoredNothing(failure);
      if (mayBeStored) unanswered = inserting;
      const reason = means === 'stalled' ? means : mayBeStored ? 'unknown' : 'transient';
      const pauseMs = pauseAfter(reason, failure, ++failures, environment.random);
      context.onFailedAttempt({ reason, failure, rows: part.rows, pauseMs });
      await context.pause(pauseMs);
    }
  }
}

/** Whether the table drops a copy of these inserts: each had the token, and the table remembers all of them. */
function isDropped({ since, hadToken }: UnansweredInserts, { rememberedMs }: TableDelivery, now: number): boolean {
  return hadToken && now - since < rememberedMs;
}

/** Looks unanswered inserts up. If no lookup can tell, their rows are counted. */
async function isInserted(part: Part, { since }: UnansweredInserts, context: SendContext): Promise<boolean> {
  const { environment, isOneServer, onRepeat } = context;
  const verdict = await lookUpAttempts(
    { idPrefix: `${part.id}:`, since, isOneServer: isOneServer() },
    {
      ...context,
      now: environment.now,
      newId: environment.newId,
      pauseAfterFailure: async (failure, failures) => {
        const reason = classifyFailure(failure) === 'stalled' ? 'stalled' : 'transient';
        const pauseMs = pauseAfter(reason, failure, failures, environment.random);
        context.onFailedAttempt({ reason, failure, rows: part.rows, pauseMs });
        await context.pause(pauseMs);
      },
    },
  );
  if (verdict === 'unknown') onRepeat(part.rows);
  return verdict === 'inserted';
}

async function insert(part: Part, query_id: string, own: ClickHouseSettings, context: SendContext): Promise<void> {
  const { service, table, settings, signal } = context;
  const inserted = service().insert({
    table,
    format: 'JSONEachRow',
    values: encodedValues(part.bytes),
    clickhouse_settings: { ...settings, ...own },
    query_id,
    abort_signal: signal,
  });
  // A service that ignores the signal must not delay the close.
  await raceWithSignal(signal, inserted);
}
