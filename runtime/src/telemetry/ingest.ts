/** Numbers and state of an ingest at this moment. The counters start at 0 when the ingest is created. */
export interface IngestStats {
  /**
   * - `opening`: the directory is being opened. Only with a directory.
   * - `open`: rows are accepted, and the last insert did not fail.
   * - `retrying`: rows are accepted. The last insert failed, or the directory cannot be read or changed. It is tried again after a pause.
   * - `stalled`: rows are accepted. ClickHouse refuses the inserts for a reason that time alone does not mend, such as a missing table or a
   *   wrong password. Nothing is dropped; `lastError` says why.
   * - `closing`: `close()` was called, and rows are being delivered.
   * - `closed`: the ingest is closed.
   * - `failed`: the directory could not be opened, or another process has taken it over. `lastError` says why.
   */
  readonly state: 'opening' | 'open' | 'retrying' | 'stalled' | 'closing' | 'closed' | 'failed';
  /** `exactly-once`: the table drops the second copy of a batch. `at-least-once`: it does not. `unknown`: not asked yet. */
  readonly delivery: 'exactly-once' | 'at-least-once' | 'unknown';
  /** Rows that were accepted by `add()`, `tryAdd()` and `writable()`. With a directory, they count once they are written. */
  readonly acceptedRows: number;
  /** Rows found in the directory at the start. 0 without a directory. */
  readonly recoveredRows: number;
  /** Rows that were accepted or recovered, and neither delivered nor set aside. */
  readonly bufferedRows: number;
  /** Bytes of these rows as JSON. With a directory, they are on disk. */
  readonly bufferedBytes: number;
  /** Closed batches that are not delivered, with the one in flight. */
  readonly bufferedBatches: number;
  /** Rows of the insert that runs. 0 if none runs. */
  readonly inFlightRows: number;
  /** Rows that ClickHouse has taken. */
  readonly deliveredRows: number;
  /** Inserts that ClickHouse has taken. */
  readonly deliveredBatches: number;
  /** Rows that were set aside, since ClickHouse refused them or their file was damaged. */
  readonly rejectedRows: number;
  /** Rows that were sent again although an earlier insert may have stored them. Each further attempt counts. So many copies at most are in the table. */
  readonly possiblyDuplicatedRows: number;
  /** Time since the oldest buffered row was accepted, in milliseconds. Undefined without buffered rows. */
  readonly oldestRowAgeMs: number | undefined;
  /** The error of the last insert, of the last write to the directory or of its opening. Undefined after a success. */
  readonly lastError: Error | undefined;
}

/** An ingest as metrics and logs see it. */
export interface ObservedIngest {
  /** The table, as it was passed to `createIngest()`. */
  readonly table: string;
  /** The directory. Undefined for an ingest in memory. */
  readonly directory: string | undefined;
  /** Numbers and state at this moment. */
  readonly stats: IngestStats;
}

/** An insert that ClickHouse has taken. */
export interface IngestDelivery {
  /** The ingest. */
  readonly ingest: ObservedIngest;
  /** Number of rows. */
  readonly rows: number;
  /** Bytes of the rows as JSON. */
  readonly bytes: number;
  /** Number of inserts of this batch, with those that failed. */
  readonly attempts: number;
  /** Time from the first attempt to the success, in milliseconds. */
  readonly durationMs: number;
}

/** A failed insert that is sent again. */
export interface IngestRetry {
  /** The ingest. */
  readonly ingest: ObservedIngest;
  /**
   * - `transient`: nothing was inserted, and the reason passes, such as a lost server or too much load.
   * - `stalled`: the reason needs a change, such as a missing table or right. Rows may have been inserted if a materialized view has failed.
   * - `unknown`: the rows may have been inserted.
   */
  readonly reason: 'transient' | 'stalled' | 'unknown';
  /** Number of rows. */
  readonly rows: number;
  /** The error of the insert. */
  readonly failure: Error;
  /** Time until the next attempt, in milliseconds. */
  readonly pauseMs: number;
}

/** Rows that were set aside. */
export interface IngestRejection {
  /** The ingest. */
  readonly ingest: ObservedIngest;
  /** Number of rows. */
  readonly rows: number;
  /** Why they were set aside. */
  readonly failure: Error;
  /** Path of the file that has the rows. Undefined without a directory. */
  readonly file: string | undefined;
}
