import { onAbort } from '../concurrency/abort-listeners.js';
import { AbortedError, type ClickHouseSsotError, IngestClosedError, IngestFullError } from '../errors/index.js';
import { type RowChunk, totalOf } from './batch/encode-rows.js';
import type { IngestEnvironment } from './batch/environment.js';
import type { BatchStore } from './batch/store.js';

/** How long a caller waits for space. */
export interface AdmissionOptions {
  readonly table: string;
  readonly timeoutMs: number;
  readonly store: BatchStore;
  readonly environment: Pick<IngestEnvironment, 'after' | 'holdProcess' | 'now'>;
}

/** A call of `add()` whose rows may be several chunks. */
export interface AddCall {
  /** Ends the wait. */
  readonly signal: AbortSignal | undefined;
  /** Rows that were accepted so far. */
  acceptedRows: number;
  /** Time that its chunks have waited for space so far, in milliseconds. */
  waitedMs: number;
}

interface Waiter {
  readonly chunk: RowChunk;
  readonly call: AddCall;
  readonly admit: () => void;
  readonly refuse: (error: ClickHouseSsotError) => void;
}

/** Accepts chunks in the order of the calls. A chunk without space waits, and those behind it wait as well. */
export class Admission {
  readonly #waiters = new Set<Waiter>();
  #isClosed = false;
  /** Whether the store is closing a batch that was closed for space. */
  #isSealing = false;

  constructor(private readonly options: AdmissionOptions) {}

  /** Returns the promises of the store if there is space for all chunks at once. Undefined if not. */
  tryAccept(chunks: readonly RowChunk[]): readonly (Promise<void> | undefined)[] | undefined {
    const { store } = this.options;
    if (this.#isClosed || store.failure) return undefined;
    if (this.#waiters.size > 0 || store.fullFor(totalOf(chunks)) !== undefined) {
      this.#sealIfAlone();
      return undefined;
    }
    return chunks.map((chunk) => store.append(chunk));
  }

  /**
   * Accepts a chunk as soon as there is space. Returns undefined if it is stored already.
   * @param call the call, if the chunk is a part of it or has a signal
   * @throws IngestClosedError, IngestFullError, AbortedError, IngestStoreError (by the promise)
   */
  accept(chunk: RowChunk, call?: AddCall): Promise<void> | undefined {
    if (call?.signal?.aborted) throw new AbortedError(call.signal.reason);
    if (this.#isClosed) throw new IngestClosedError(this.options.table, call?.acceptedRows);
    const { store } = this.options;
    if (this.#waiters.size === 0 && store.fullFor(chunk) === undefined) return store.append(chunk);
    this.#sealIfAlone();
    return this.#wait(chunk, call ?? { signal: undefined, acceptedRows: 0, waitedMs: 0 });
  }

  /** Closes the open batch if there is no other one whose delivery makes space: it would take its time to be sent. */
  #sealIfAlone(): void {
    const { store } = this.options;
    if (this.#isSealing || store.usage.batches > 0) return;
    this.#isSealing = true;
    const end = (): void => void (this.#isSealing = false);
    store.seal().then(end, end);
  }

  /** Accepts waiting chunks for which there is space now. */
  release(): void {
    if (this.#isClosed) return;
    for (const waiter of this.#waiters) {
      if (this.options.store.fullFor(waiter.chunk) !== undefined) return this.#sealIfAlone();
      waiter.admit();
    }
  }

  /** Refuses the chunks that wait, and all later ones. */
  close(): void {
    this.#isClosed = true;
    for (const waiter of this.#waiters) waiter.refuse(new IngestClosedError(this.options.table, waiter.call.acceptedRows));
  }

  #wait(chunk: RowChunk, call: AddCall): Promise<void> {
    const { table, timeoutMs, store, environment } = this.options;
    const { signal, acceptedRows } = call;
    return new Promise((resolve, reject) => {
      const beganAt = environment.now();
      const leave = (): void => {
        call.waitedMs += environment.now() - beganAt;
        this.#waiters.delete(waiter);
        release();
        cancel();
        stopListening();
      };
      const waiter: Waiter = {
        chunk,
        call,
        admit: () => {
          leave();
          resolve(store.append(chunk));
        },
        refuse: (error) => {
          leave();
          reject(error);
          this.release();
        },
      };
      this.#waiters.add(waiter);
      const release = environment.holdProcess();
      const stopListening = signal ? onAbort(signal, () => waiter.refuse(new AbortedError(signal.reason))) : () => undefined;
      const refuse = (): void =>
        waiter.refuse(new IngestFullError(table, timeoutMs, store.fullFor(chunk) ?? 'maxBufferedRows', acceptedRows));
      const cancel = timeoutMs === Infinity ? () => undefined : environment.after(Math.max(0, timeoutMs - call.waitedMs), refuse);
    });
  }
}
