import { type ClickHouseSsotError, parseFailure } from '../../errors/index.js';
import type { IngestEnvironment } from '../batch/environment.js';
import type { UnansweredInserts } from '../batch/progress.js';
import type { Batch, BatchStore, RejectedRows } from '../batch/store.js';
import { pauseAfter } from './backoff.js';
import { deliverBatch } from './deliver-batch.js';
import { joinUnanswered, type Part } from './part.js';
import { Pause } from './pause.js';
import { RefusalStreak } from './refusal-streak.js';
import { type PartResult, type SendContext, sendPart } from './send-part.js';

/** What the deliverer reports. */
export interface DeliveryEvents extends Pick<SendContext, 'onFailedAttempt' | 'onRepeat'> {
  /** A part was inserted. */
  readonly onInserted: (delivery: {
    readonly rows: number;
    readonly bytes: number;
    readonly attempts: number;
    readonly durationMs: number;
  }) => void;
  /** Rows were set aside. `file` is undefined in memory. */
  readonly onRejected: (rows: RejectedRows, file: string | undefined) => void;
  /** The store could not be read or written. It is tried again. */
  readonly onStoreFailure: (failure: Error) => void;
  /** The store works again. */
  readonly onStoreRecovery: () => void;
  /** All rows of a batch were inserted or set aside. */
  readonly onBatchEnd: () => void;
}

/** What the deliverer needs. */
export interface DelivererOptions extends Pick<SendContext, 'table' | 'settings' | 'service' | 'isOneServer' | 'deduplication'> {
  readonly store: BatchStore;
  readonly environment: IngestEnvironment;
  readonly events: DeliveryEvents;
}

/** Sends the closed batches, one after the other, in the order in which they were closed. */
export class Deliverer {
  readonly #stop = new AbortController();
  readonly #pause: Pause;
  readonly #runId: string;
  readonly #streak = new RefusalStreak();
  #running: Promise<void> | undefined;
  #inFlightRows = 0;

  constructor(private readonly options: DelivererOptions) {
    this.#pause = new Pause(options.environment, this.#stop.signal);
    this.#runId = options.environment.newId().slice(0, 8);
  }

  /** Rows of the part that is being sent. */
  get inFlightRows(): number {
    return this.#inFlightRows;
  }

  /** Whether an attempt has failed, and the next one is not due yet. */
  get isPausing(): boolean {
    return this.#pause.isRunning;
  }

  /** Sends what there is, unless it is being sent already. */
  wake(): void {
    if (this.#running || this.#stop.signal.aborted || !this.options.store.first) return;
    this.#running = this.#run();
  }

  /** Tries again at once, and makes no pause longer than this. */
  hurry(maxPauseMs: number): void {
    this.#pause.limit(maxPauseMs);
  }

  /** Ends the sending. The insert that runs is aborted. Resolves when nothing runs any more. */
  async stop(): Promise<void> {
    this.#stop.abort(new Error('The ingest is closed.'));
    await this.#running;
  }

  async #run(): Promise<void> {
    const { store } = this.options;
    try {
      for (let batch = store.first; batch; batch = store.first) await this.#deliver(batch);
    } catch (error) {
      // A stop ends the sending, whatever it interrupts. There is no other error: see `#store`.
      if (!this.#stop.signal.aborted) throw error;
    } finally {
      // In the same turn as the last look: a batch that is closed later wakes it again.
      this.#running = undefined;
    }
  }

  async #deliver(batch: Batch): Promise<void> {
    this.#stop.signal.throwIfAborted();
    const { store, events } = this.options;
    const bytes = await this.#store(() => store.read(batch));
    if (bytes !== undefined) {
      await deliverBatch(batch, bytes, {
        send: (part, first, later) => this.#send(batch, part, first, later),
        reject: async (rows) => events.onRejected(rows, await this.#store(() => store.reject(rows))),
        stall: (rows, failure, attempt) => this.#stall(rows, failure, attempt),
        onRepeat: events.onRepeat,
        streak: this.#streak,
        advance: (progress) => this.#store(() => store.record(batch, progress)),
      });
      await this.#store(() => store.remove(batch));
    }
    events.onBatchEnd();
  }

  /** Repeats an operation of the store until it succeeds, so that rows which were inserted are not sent again. @throws the reason of a stop */
  async #store<Result>(operation: () => Promise<Result>): Promise<Result> {
    const { events, environment } = this.options;
    for (let attempt = 1; ; attempt++) {
      try {
        const result = await operation();
        if (attempt > 1) events.onStoreRecovery();
        return result;
      } catch (error) {
        const failure = parseFailure(error);
        events.onStoreFailure(failure);
        await this.#pause.wait(pauseAfter('transient', failure, attempt, environment.random));
      }
    }
  }

  /** Waits for a change of the table or of a proxy. @throws the reason of a stop */
  async #stall(rows: number, failure: ClickHouseSsotError, attempt: number): Promise<void> {
    const { environment, events, deduplication } = this.options;
    // The table may have been replaced, which the next attempt must know.
    deduplication.expire();
    const pauseMs = pauseAfter('stalled', failure, attempt, environment.random);
    events.onFailedAttempt({ reason: 'stalled', failure, rows, pauseMs });
    await this.#pause.wait(pauseMs);
  }

  async #send(batch: Batch, part: Part, first: Part, later: UnansweredInserts | undefined): Promise<PartResult> {
    const { store, environment, events, table, settings, service, isOneServer, deduplication } = this.options;
    const startedAt = environment.now();
    this.#inFlightRows = part.rows;
    try {
      const result = await sendPart(part, {
        table,
        settings,
        service,
        isOneServer,
        deduplication,
        environment,
        runId: this.#runId,
        signal: this.#stop.signal,
        pause: (ms) => this.#pause.wait(ms),
        // A crash during this insert begins again with the rows that are held back.
        recordInsert: (unanswered) =>
          this.#store(() => store.record(batch, { path: first.path, unanswered: joinUnanswered(unanswered, later) })),
        onFailedAttempt: events.onFailedAttempt,
        onRepeat: events.onRepeat,
      });
      const durationMs = environment.now() - startedAt;
      if (result.kind === 'inserted')
        events.onInserted({ rows: part.rows, bytes: part.bytes.length, attempts: result.attempts, durationMs });
      return result;
    } finally {
      this.#inFlightRows = 0;
    }
  }
}
