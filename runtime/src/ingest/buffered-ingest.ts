import type { Writable } from 'node:stream';
import { shutdownGraceMs } from '../concurrency/wait.js';
import { assertOptions } from '../config/validate-options.js';
import { IngestClosedError, IngestUndeliveredError } from '../errors/index.js';
import { drainRules } from '../manager/options.js';
import type { IngestStats } from '../telemetry/ingest.js';
import { type OpenIngest, registerOpenIngest } from '../telemetry/open-ingests.js';
import { Admission } from './admission.js';
import type { BatchStore, StoreEvents } from './batch/store.js';
import { BatchTimer } from './batch-timer.js';
import { BatchWaiters } from './batch-waiters.js';
import { closeDeadline } from './close-deadline.js';
import { Deduplication } from './delivery/deduplication.js';
import { Deliverer, type DeliveryEvents } from './delivery/deliverer.js';
import { holdProcessUntil } from './hold-process.js';
import type { Ingest, IngestCloseOptions, IngestCloseResult, IngestWaitOptions } from './ingest.js';
import type { IngestParts } from './ingest-parts.js';
import { Recorder } from './recorder.js';
import { RowAdder, waitRules } from './row-adder.js';
import { rowWritable } from './row-writable.js';

/** What exists once the store is open. */
interface OpenParts {
  readonly store: BatchStore;
  readonly admission: Admission;
  readonly deliverer: Deliverer;
}

/** Longest pause between two inserts while an ingest in memory is closed, in milliseconds. */
const closingPauseMs = 500;

/** Implements `Ingest`. Connects the store, the admission of rows and the delivery of batches, and counts. */
export class BufferedIngest<Row extends object> implements Ingest<Row>, OpenIngest {
  readonly table: string;
  readonly directory: string | undefined;
  #phase: 'opening' | 'open' | 'closing' | 'closed' | 'failed' = 'opening';
  /** Number of batches that were closed. */
  #sealedBatches = 0;
  #open: OpenParts | undefined;
  #closing: Promise<IngestCloseResult> | undefined;
  readonly #deadline = closeDeadline();
  readonly #opening: Promise<OpenParts>;
  readonly #recorder: Recorder;
  readonly #adder: RowAdder;
  readonly #waiters = new BatchWaiters();
  readonly #timer: BatchTimer;
  readonly #deduplication: Deduplication;
  readonly #unregister: () => void;
  /** Called when an attempt has failed. */
  #onFailedAttempt: () => void = () => undefined;

  constructor(private readonly parts: IngestParts) {
    const { table, directory, limits, connection, environment } = parts;
    this.table = table;
    this.directory = directory;
    this.#recorder = new Recorder(this, { onRejected: parts.onRejected, warn: environment.warn });
    this.#adder = new RowAdder({
      encoding: parts.encoding,
      admission: () => this.#open?.admission,
      whenOpen: async (signal) => (await this.#whenOpen(signal)).admission,
      recorder: this.#recorder,
    });
    this.#timer = new BatchTimer(
      limits.maxBatchAgeMs,
      environment,
      () => void this.#open?.store.seal().catch((error: unknown) => this.#recorder.storeFailed(error)),
    );
    this.#deduplication = new Deduplication(table, () => connection.service, environment.now);
    this.#unregister = registerOpenIngest(this);
    const store = parts.openStore(this.#storeEvents());
    this.#opening = store instanceof Promise ? store.then((opened) => this.#start(opened)) : Promise.resolve(this.#start(store));
    this.#opening.catch((error: unknown) => {
      this.#phase = 'failed';
      this.#recorder.storeFailed(error);
      this.#unregister();
    });
  }

  get stats(): IngestStats {
    const { store, deliverer } = this.#open ?? {};
    const { rows = 0, bytes = 0, batches = 0, oldestAt } = store?.usage ?? {};
    const { counters, trouble, lastError } = this.#recorder;
    const known = this.#deduplication.known?.deduplicates;
    return {
      ...counters,
      state: this.#phase === 'open' ? (store?.failure ? 'failed' : (trouble ?? 'open')) : this.#phase,
      delivery: known === undefined ? 'unknown' : known ? 'exactly-once' : 'at-least-once',
      bufferedRows: rows,
      bufferedBytes: bytes,
      bufferedBatches: batches,
      inFlightRows: deliverer?.inFlightRows ?? 0,
      oldestRowAgeMs: oldestAt === undefined ? undefined : Math.max(0, this.parts.environment.now() - oldestAt),
      lastError: store?.failure ?? lastError,
    };
  }

  add(rows: Row | readonly Row[], options?: IngestWaitOptions): Promise<void> {
    return this.#adder.add(rows, options);
  }

  tryAdd(rows: Row | readonly Row[]): boolean {
    return this.#adder.tryAdd(rows);
  }

  writable(): Writable {
    return rowWritable((rows, abort_signal) => this.#adder.add(rows, { abort_signal }));
  }

  async ready(): Promise<void> {
    await this.#whenOpen(undefined);
  }

  async flush(options: IngestWaitOptions = {}): Promise<void> {
    assertOptions('flush', waitRules, options);
    const { abort_signal } = options;
    const { store } = await this.#whenOpen(abort_signal);
    if (this.#phase === 'closed') throw new IngestClosedError(this.table);
    if (store.failure) throw store.failure;
    const delivered = store.seal().then(() => this.#waiters.whenEnded(this.#sealedBatches));
    await holdProcessUntil(delivered, abort_signal, this.parts.environment);
  }

  close(options: IngestCloseOptions = {}): Promise<IngestCloseResult> {
    assertOptions('close', drainRules, options);
    const { timeoutMs = 10_000 } = options;
    this.#deadline.shorten(timeoutMs);
    return (this.#closing ??= this.#close().finally(this.#deadline.clear));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<IngestCloseResult> {
    this.#open?.admission.close();
    if (this.#phase !== 'failed') this.#phase = 'closing';
    await this.#deadline.wait(this.#opening.catch(() => undefined));
    const open = this.#open;
    if (!open) return this.#closeUnopened();
    const { store, admission, deliverer } = open;
    this.#phase = 'closing';
    admission.close();
    this.#timer.cancel();
    // What cannot be closed stays in the open batch, on the disk.
    await this.#deadline.wait(store.seal().catch((error: unknown) => this.#recorder.storeFailed(error)));
    if (!store.failure) await this.#deadline.wait(this.#whenDelivered(deliverer).catch(() => undefined));
    if (deliverer.inFlightRows > 0 && !deliverer.isPausing) this.#recorder.aborted();
    // A disk that does not answer must not delay the end.
    await this.#deadline.wait(deliverer.stop(), shutdownGraceMs);
    const undeliveredRows = store.usage.rows;
    let lost: readonly string[] = [];
    await this.#deadline.wait(
      store.close().then((rows) => (lost = rows)),
      shutdownGraceMs,
    );
    this.#phase = 'closed';
    this.#unregister();
    this.#waiters.fail(new IngestClosedError(this.table));
    if (lost.length > 0) throw new IngestUndeliveredError(this.table, lost, this.#recorder.isDoubtful, this.#recorder.lastError);
    if (undeliveredRows > 0)
      this.parts.environment.warn(
        `The ingest of ${this.table} was closed with ${undeliveredRows} rows in ${this.directory ?? 'its directory'}. The next ingest with this directory delivers them.`,
      );
    return { undeliveredRows };
  }

  /** Ends an ingest whose directory was not opened: by a failure, or in time. It has accepted no rows. */
  #closeUnopened(): IngestCloseResult {
    if (this.#phase !== 'failed') {
      this.#phase = 'closed';
      this.#unregister();
      this.parts.environment.warn(
        `The ingest of ${this.table} was closed before its directory was open. Rows that are in ${this.directory ?? 'it'} stay there.`,
      );
      // It may open later, and its lock must not stay.
      void this.#opening.then(({ store, deliverer }) => deliverer.stop().then(() => store.close())).catch(() => undefined);
    }
    return { undeliveredRows: 0 };
  }

  /** Resolves when all rows are delivered. With a directory, a failed attempt is enough: the rows are safe. @throws the error of `#fail()` */
  async #whenDelivered(deliverer: Deliverer): Promise<void> {
    const failed = new Promise<void>((resolve) => (this.#onFailedAttempt = resolve));
    deliverer.hurry(closingPauseMs);
    const whenAll = this.#waiters.whenEnded(this.#sealedBatches);
    await (this.directory === undefined ? whenAll : Promise.race([whenAll, failed]));
  }

  #start(store: BatchStore): OpenParts {
    const { table, limits, connection, environment } = this.parts;
    const admission = new Admission({ table, timeoutMs: limits.addTimeoutMs, store, environment });
    const deliverer = new Deliverer({
      table,
      settings: limits.settings,
      service: () => connection.service,
      isOneServer: connection.isOneServer,
      deduplication: this.#deduplication,
      store,
      environment,
      events: this.#deliveryEvents(),
    });
    const { rows, batches } = store.usage;
    this.#recorder.recovered(rows);
    this.#sealedBatches = batches;
    this.#open = { store, admission, deliverer };
    if (this.#phase === 'opening') this.#phase = 'open';
    // A close that has not waited for the directory is over.
    if (this.#phase === 'closed') admission.close();
    else deliverer.wake();
    return this.#open;
  }

  async #whenOpen(signal: AbortSignal | undefined): Promise<OpenParts> {
    return holdProcessUntil(this.#opening, signal, this.parts.environment);
  }

  #storeEvents(): StoreEvents {
    return {
      accepted: (rows) => this.#recorder.accepted(rows),
      opened: () => this.#timer.start(),
      sealed: () => {
        this.#timer.cancel();
        this.#sealedBatches++;
        this.#open?.deliverer.wake();
      },
      refused: (failure) => this.#recorder.storeFailed(failure),
      failed: (failure) => this.#fail(failure),
      freed: () => this.#open?.admission.release(),
      damaged: (rows, error, file) => this.#recorder.rejected({ rows, text: undefined, error, file }),
    };
  }

  /** Another process has the directory. It delivers the rows that are there. */
  #fail(failure: Error): void {
    this.#waiters.fail(failure);
    this.#open?.admission.release();
    void this.#open?.deliverer.stop();
  }

  #deliveryEvents(): DeliveryEvents {
    const recorder = this.#recorder;
    return {
      onInserted: (delivery) => recorder.inserted(delivery),
      onRejected: ({ rows, bytes, failure }, file) => recorder.rejected({ rows, text: bytes.toString(), error: failure, file }),
      onFailedAttempt: (attempt) => {
        recorder.attemptFailed(attempt);
        this.#onFailedAttempt();
      },
      onRepeat: (rows) => recorder.repeated(rows),
      onStoreFailure: (failure) => {
        recorder.storeBlocked(failure);
        this.#onFailedAttempt();
      },
      onStoreRecovery: () => recorder.storeRecovered(),
      onBatchEnd: () => this.#waiters.end(),
    };
  }
}
