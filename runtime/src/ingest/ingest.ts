import type { Writable } from 'node:stream';
import type { ObservedIngest } from '../telemetry/ingest.js';

/** Options of `add()` and `flush()`. */
export interface IngestWaitOptions {
  /** Ends the wait. Rows that were accepted before stay accepted. Default: none. */
  readonly abort_signal?: AbortSignal | undefined;
}

/** Options of `close()`. */
export interface IngestCloseOptions {
  /** Maximum time for the delivery, in milliseconds. Default: 10,000. */
  readonly timeoutMs?: number | undefined;
}

/** What `close()` resolves with. */
export interface IngestCloseResult {
  /** Rows that stay in the directory. The next ingest with this directory delivers them. Always 0 without a directory. */
  readonly undeliveredRows: number;
}

/** Collects rows in batches and inserts them in the background. */
export interface Ingest<Row extends object = object> extends ObservedIngest, AsyncDisposable {
  /**
   * Accepts one row or an array. Waits while the buffer is full. Resolves when the rows are accepted: in memory, or in the directory.
   * @throws InvalidArgumentError if a row cannot be encoded, before any row is accepted; IngestFullError after `addTimeoutMs`;
   * IngestClosedError; IngestStoreError if the directory cannot be written; AbortedError; the error of `ready()`
   */
  add(rows: Row | readonly Row[], options?: IngestWaitOptions): Promise<void>;
  /**
   * Accepts one row or an array at once, all or none. Returns false if there is no space, if the directory is not open yet, and after `close()`.
   * With a directory, the rows are written next. If that fails, `onRejected` receives them.
   * @throws InvalidArgumentError if a row cannot be encoded, or if the array exceeds a limit of the buffer, so that it could never be accepted
   */
  tryAdd(rows: Row | readonly Row[]): boolean;
  /** Returns a new stream of rows in object mode. It finishes when all its rows are accepted. An error of `add()` destroys it. */
  writable(): Writable;
  /** Resolves when rows can be accepted. @throws IngestLockedError, IngestStoreError or ConfigError if the directory cannot be opened */
  ready(): Promise<void>;
  /**
   * Resolves when all rows that were accepted so far are delivered or set aside. It has no time limit.
   * @throws AbortedError; IngestClosedError if the ingest was closed before; the error of `ready()`
   */
  flush(options?: IngestWaitOptions): Promise<void>;
  /**
   * Accepts no further rows, delivers those that were accepted, and closes. `closeClickHouse()` calls it. With a directory, rows that ClickHouse
   * does not take stay there, and the first failed insert ends the wait. Each further call returns the same promise, and its `timeoutMs` counts
   * if it ends earlier.
   * @throws IngestUndeliveredError with the rows, if there is no directory and they were not delivered in time
   */
  close(options?: IngestCloseOptions): Promise<IngestCloseResult>;
}
