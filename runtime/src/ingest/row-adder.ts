import { nextTurn } from '../concurrency/wait.js';
import { assertOptions, objectWith, type OptionRules } from '../config/validate-options.js';
import { AbortedError, IngestLockedError, IngestStoreError, parseFailure } from '../errors/index.js';
import type { AddCall, Admission } from './admission.js';
import { assertStorable, encodeRow, encodeRows, type RowChunk, type RowEncoding } from './batch/encode-rows.js';
import { CallQueue } from './call-queue.js';
import type { IngestWaitOptions } from './ingest.js';
import type { Recorder } from './recorder.js';

/** The parts of an ingest that accept rows. */
export interface RowAdderOptions {
  readonly encoding: RowEncoding;
  /** Undefined until the store is open. */
  readonly admission: () => Admission | undefined;
  /** Resolves when the store is open. @throws AbortedError; the error of its opening */
  readonly whenOpen: (signal: AbortSignal | undefined) => Promise<Admission>;
  readonly recorder: Recorder;
}

/** Of `add()` and `flush()`. */
export const waitRules: OptionRules<IngestWaitOptions> = {
  abort_signal: objectWith('an AbortSignal', 'addEventListener', 'throwIfAborted'),
};

/** Rows that are accepted in one turn of the event loop. A loop of `await add(row)` would not let a batch be sent meanwhile. */
const rowsPerTurn = 1_000;

/** The result of each call whose rows are accepted at once. */
const accepted = Promise.resolve();

/** Encodes rows and passes them to the admission. */
export class RowAdder {
  #rowsInTurn = 0;
  /** The calls that wait for the store to open. */
  readonly #early = new CallQueue();

  constructor(private readonly options: RowAdderOptions) {}

  /** See `Ingest.add()`. */
  add(rows: unknown, wait: IngestWaitOptions | undefined): Promise<void> {
    const admission = this.options.admission();
    if (!admission || wait || Array.isArray(rows) || !this.#early.isEmpty) return this.#addChunks(rows, wait);
    // One row is the most frequent call, and an asynchronous function has a price.
    try {
      return admission.accept(encodeRow(rows, this.options.encoding)) ?? this.#takeTurn(1) ?? accepted;
    } catch (error) {
      return Promise.reject(parseFailure(error));
    }
  }

  /** See `Ingest.tryAdd()`. */
  tryAdd(rows: unknown): boolean {
    const { admission, recorder, encoding } = this.options;
    const chunks = this.#encode(rows);
    assertStorable(chunks, encoding);
    const stored = this.#early.isEmpty ? admission()?.tryAccept(chunks) : undefined;
    if (!stored) return false;
    for (const [index, { rows, text }] of chunks.entries())
      stored[index]?.catch((error: unknown) => {
        recorder.accepted(rows);
        recorder.rejected({ rows, text, error: parseFailure(error), file: undefined });
      });
    return true;
  }

  async #addChunks(rows: unknown, wait: IngestWaitOptions | undefined): Promise<void> {
    if (wait) assertOptions('add', waitRules, wait);
    const chunks = this.#encode(rows);
    const call: AddCall = { signal: wait?.abort_signal, acceptedRows: 0, waitedMs: 0 };
    const admission = this.options.admission();
    if (admission && this.#early.isEmpty) return this.#accept(chunks, call, admission);
    let added: Promise<void> | undefined;
    try {
      await this.#early.enter(this.options.whenOpen(call.signal), (opened) => {
        added = this.#accept(chunks, call, opened);
      });
    } catch (error) {
      throw afterRows(error, 0);
    }
    return added;
  }

  async #accept(chunks: readonly RowChunk[], call: AddCall, admission: Admission): Promise<void> {
    for (const chunk of chunks) {
      try {
        // Without a wait, no other call comes between the chunks.
        const stored = admission.accept(chunk, call) ?? this.#takeTurn(chunk.rows);
        if (stored) await stored;
      } catch (error) {
        throw afterRows(error, call.acceptedRows);
      }
      call.acceptedRows += chunk.rows;
    }
  }

  /** Counts rows that were accepted without a wait. Returns a promise if other work is to have its turn. */
  #takeTurn(rows: number): Promise<void> | undefined {
    this.#rowsInTurn += rows;
    if (this.#rowsInTurn < rowsPerTurn) return undefined;
    this.#rowsInTurn = 0;
    return nextTurn();
  }

  #encode(rows: unknown): readonly RowChunk[] {
    const { encoding } = this.options;
    return Array.isArray(rows) ? encodeRows(rows, encoding) : [encodeRow(rows, encoding)];
  }
}

/** Returns the error of a call that has this number of rows which were accepted before. */
function afterRows(error: unknown, acceptedRows: number): unknown {
  if (error instanceof AbortedError) error.acceptedRows = acceptedRows;
  const isShared = error instanceof IngestStoreError || error instanceof IngestLockedError;
  return isShared && acceptedRows > 0 ? error.afterRows(acceptedRows) : error;
}
