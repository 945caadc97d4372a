import { parseFailure } from '../errors/index.js';
import type { IngestDelivery, IngestStats, ObservedIngest } from '../telemetry/ingest.js';
import { publish } from '../telemetry/telemetry.js';
import type { FailedAttempt } from './delivery/send-part.js';
import { hasStoredNothing } from './delivery/stored-nothing.js';
import { type RejectionReport, type RejectionTarget, reportRejection } from './rejection-report.js';

type Counters = Pick<
  IngestStats,
  'acceptedRows' | 'recoveredRows' | 'deliveredRows' | 'deliveredBatches' | 'rejectedRows' | 'possiblyDuplicatedRows'
>;

/** Counts what happens to the rows of an ingest, keeps its last error, and publishes its events. */
export class Recorder {
  readonly #counters = {
    acceptedRows: 0,
    recoveredRows: 0,
    deliveredRows: 0,
    deliveredBatches: 0,
    rejectedRows: 0,
    possiblyDuplicatedRows: 0,
  };
  #trouble: 'retrying' | 'stalled' | undefined;
  #lastError: Error | undefined;
  #isDoubtful = false;
  #isStoreBlocked = false;

  constructor(
    private readonly ingest: ObservedIngest,
    private readonly target: RejectionTarget,
  ) {}

  get counters(): Counters {
    return this.#counters;
  }

  /** What the last attempt says about the next one. Undefined after a success. */
  get trouble(): 'retrying' | 'stalled' | undefined {
    return this.#trouble ?? (this.#isStoreBlocked ? 'retrying' : undefined);
  }

  get lastError(): Error | undefined {
    return this.#lastError;
  }

  /** Whether an attempt may have inserted rows that are still stored. */
  get isDoubtful(): boolean {
    return this.#isDoubtful;
  }

  accepted(rows: number): void {
    this.#counters.acceptedRows += rows;
  }

  recovered(rows: number): void {
    this.#counters.recoveredRows += rows;
  }

  inserted(delivery: Omit<IngestDelivery, 'ingest'>): void {
    this.#trouble = this.#lastError = undefined;
    this.#isDoubtful = false;
    this.#counters.deliveredRows += delivery.rows;
    this.#counters.deliveredBatches++;
    publish('clickhouse-ssot:ingest:delivered', () => ({ ingest: this.ingest, ...delivery }));
  }

  attemptFailed(attempt: FailedAttempt): void {
    this.#trouble = attempt.reason === 'stalled' ? 'stalled' : 'retrying';
    this.#lastError = attempt.failure;
    this.#isDoubtful ||= attempt.reason !== 'transient' && !hasStoredNothing(attempt.failure);
    publish('clickhouse-ssot:ingest:retry', () => ({ ingest: this.ingest, ...attempt }));
  }

  /** Rows are sent again that may be in the table. */
  repeated(rows: number): void {
    this.#counters.possiblyDuplicatedRows += rows;
  }

  /** An insert was aborted whose rows are still stored. */
  aborted(): void {
    this.#isDoubtful = true;
  }

  /** The delivery cannot continue, since the store has failed. The operation is repeated. */
  storeBlocked(error: unknown): void {
    this.#isStoreBlocked = true;
    this.storeFailed(error);
  }

  /** The operation that was repeated has succeeded. */
  storeRecovered(): void {
    this.#isStoreBlocked = false;
    this.#lastError = undefined;
  }

  /** The store has failed: at its opening, or at a write. */
  storeFailed(error: unknown): void {
    this.#lastError = parseFailure(error);
  }

  rejected(report: Omit<RejectionReport, 'table'>): void {
    const { rows, error: failure, file } = report;
    // An attempt without an answer was one of these rows.
    this.#isDoubtful = false;
    this.#counters.rejectedRows += rows;
    publish('clickhouse-ssot:ingest:rejected', () => ({ ingest: this.ingest, rows, failure, file }));
    reportRejection({ ...report, table: this.ingest.table }, this.target);
  }
}
