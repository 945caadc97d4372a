import type { RowChunk } from './encode-rows.js';
import type { Progress } from './progress.js';

/** A closed batch. Its rows and their order never change, so that ClickHouse can recognise a second copy. */
export interface Batch {
  /** Deduplication token, and the base of the query ids. Unique, also across processes. */
  readonly id: string;
  readonly rows: number;
  /** Length of the rows in bytes. */
  readonly bytes: number;
  /** The progress that was recorded last. */
  readonly progress: Progress;
}

/** Rows of a batch that ClickHouse refused for good. */
export interface RejectedRows {
  /** Id of the batch, or of the part of it. */
  readonly id: string;
  readonly rows: number;
  /** The rows as lines of JSON. */
  readonly bytes: Buffer;
  readonly failure: Error;
}

/** Sizes of what is stored. */
export interface StoreUsage {
  /** Rows that are neither delivered nor set aside. */
  readonly rows: number;
  readonly bytes: number;
  /** Closed batches. */
  readonly batches: number;
  /** Time at which the oldest stored row was accepted, on the clock of the environment. Undefined without rows. */
  readonly oldestAt: number | undefined;
}

/** What a store reports. */
export interface StoreEvents {
  /** Rows were stored, so that their calls can be answered. */
  readonly accepted: (rows: number) => void;
  /** A batch was begun. */
  readonly opened: () => void;
  /** A batch was closed, so that it can be sent. */
  readonly sealed: () => void;
  /** Rows could not be stored, and were refused. */
  readonly refused: (failure: unknown) => void;
  /** The store takes and gives no rows any more. */
  readonly failed: (failure: Error) => void;
  /** There may be space for more rows. */
  readonly freed: () => void;
  /** A stored batch is damaged, and was set aside as a whole. `file` is undefined if it was removed. */
  readonly damaged: (rows: number, failure: Error, file: string | undefined) => void;
}

/** When a batch is full. */
export interface BatchLimits {
  readonly maxBatchRows: number;
  readonly maxBatchBytes: number;
}

/** Keeps accepted rows in batches until they are delivered. */
export interface BatchStore {
  readonly usage: StoreUsage;
  /** Why the store takes and gives no rows any more. Undefined while it does, and in memory. */
  readonly failure?: Error | undefined;
  /** Returns the option that leaves no space for the chunk, or undefined if there is space. An empty store has space for any chunk. */
  fullFor(chunk: RowSize): string | undefined;
  /** Accepts the chunk. Returns undefined if that is done, else a promise of it. @throws IngestStoreError (by the promise) */
  append(chunk: RowChunk): Promise<void> | undefined;
  /** Closes the open batch, if it has rows. */
  seal(): Promise<void>;
  /** The oldest closed batch. */
  readonly first: Batch | undefined;
  /** Returns all rows of the batch as lines of JSON, or undefined if they are damaged and were set aside. @throws IngestStoreError */
  read(batch: Batch): Promise<Buffer | undefined>;
  /** Records the progress, so that a later delivery of the batch begins there. Its path never goes back. @throws IngestStoreError */
  record(batch: Batch, progress: Progress): Promise<void>;
  /** Sets rows of a batch aside. Resolves with the path of their file, or undefined if they are in memory. @throws IngestStoreError */
  reject(rows: RejectedRows): Promise<string | undefined>;
  /** Removes a batch whose rows were all delivered or set aside. @throws IngestStoreError */
  remove(batch: Batch): Promise<void>;
  /** Releases what the store holds. Resolves with the rows that nothing keeps, as JSON texts. */
  close(): Promise<readonly string[]>;
}

/** Number and length of rows. */
export interface RowSize {
  readonly rows: number;
  readonly bytes: number;
}

/** Whether a batch with these rows has no space for a chunk. */
export function exceeds(batch: RowSize, chunk: RowSize, limits: BatchLimits): boolean {
  return batch.rows > 0 && (batch.rows + chunk.rows > limits.maxBatchRows || batch.bytes + chunk.bytes > limits.maxBatchBytes);
}

/** Whether a batch takes no further row. */
export function isFull(batch: RowSize, limits: BatchLimits): boolean {
  return batch.rows >= limits.maxBatchRows || batch.bytes >= limits.maxBatchBytes;
}
