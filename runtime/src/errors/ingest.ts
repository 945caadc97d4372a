import { ClickHouseSsotError } from './base.js';

/**
 * The buffer of an ingest had no space for the rows of `add()` within `addTimeoutMs`. The rows were not accepted.
 * Retryable: yes.
 */
export class IngestFullError extends ClickHouseSsotError {
  static override readonly kind = 'IngestFullError';

  constructor(
    /** The table of the ingest. */
    readonly table: string,
    /** Time that `add()` waited, in milliseconds. */
    readonly waitedMs: number,
    /** The option that limits the buffer, such as `maxBufferedRows`. */
    readonly limit: string,
    /** Number of rows of the call that were accepted before. 0 unless the call had more rows than one batch. */
    readonly acceptedRows = 0,
  ) {
    super(
      'INGEST_FULL',
      `The ingest of ${table} had no space for these rows within ${waitedMs} ms, so ${acceptedRows === 0 ? 'they were not accepted' : `only the first ${acceptedRows} of them were accepted`}. Rows arrive faster than ClickHouse takes them, or it is away: see \`stats.lastError\`. Add fewer rows at once, or raise ${limit}.`,
      { retryable: true },
    );
  }

  override toJSON(): Record<string, unknown> {
    const { table, waitedMs, limit, acceptedRows } = this;
    return { ...super.toJSON(), table, waitedMs, limit, acceptedRows };
  }
}

/**
 * Rows were added to an ingest after `close()` or `closeClickHouse()` was called. The rows were not accepted.
 * Retryable: no.
 */
export class IngestClosedError extends ClickHouseSsotError {
  static override readonly kind = 'IngestClosedError';

  constructor(
    /** The table of the ingest. */
    readonly table: string,
    /** Number of rows of the call that were accepted before. 0 unless the call had more rows than one batch. */
    readonly acceptedRows = 0,
  ) {
    super(
      'INGEST_CLOSED',
      `The ingest of ${table} is closed and accepts no rows: ${acceptedRows === 0 ? 'these rows were not accepted' : `only the first ${acceptedRows} of these rows were accepted`}. Stop the producers before close() and closeClickHouse(), or create another ingest.`,
    );
  }
}

/** A failed operation of an ingest in its directory. */
export interface IngestStoreFailure {
  /** The operation, as the predicate of a sentence: `write to the open segment`. */
  readonly operation: string;
  /** Path of the file or folder. */
  readonly path: string;
  /** The original error. */
  readonly cause: unknown;
}

/** The remedy for each usual error of a disk. */
const advice = new Map([
  ['ENOSPC', 'The disk is full: free space on it.'],
  ['EDQUOT', 'The quota of the disk is used up: raise it, or free space.'],
  ['EFBIG', 'The file exceeds the limit of the process or of the file system: raise it, or lower maxBatchBytes.'],
  ['EROFS', 'The file system is read-only: mount it for writing.'],
  ['EACCES', 'The process may not write there: correct the owner or the mode of the directory.'],
  ['EPERM', 'The process may not write there: correct the owner or the mode of the directory.'],
  ['ENOENT', 'The directory was removed: create it again, and create the ingest again.'],
  ['EIO', 'The disk reports a fault: check the disk and the kernel log.'],
  ['EMFILE', 'The process has too many open files: raise `ulimit -n`.'],
]);

const transientCodes = new Set(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'EAGAIN', 'EBUSY']);

/**
 * The directory of an ingest could not be read or written. Rows of a rejected `add()` were not acknowledged. Rows that were acknowledged before
 * stay in the directory and are delivered. `cause` is the error of Node.js.
 * Retryable: for a full disk or quota and for too many open files.
 */
export class IngestStoreError extends ClickHouseSsotError {
  static override readonly kind = 'IngestStoreError';

  /** Path of the file or folder. */
  readonly path: string;
  /** Error code of Node.js, such as `ENOSPC`. Undefined if there is none. */
  readonly systemCode: string | undefined;
  /** Number of rows of the call that were acknowledged before. 0 unless the call had more rows than one batch. */
  readonly acceptedRows: number;
  readonly #failure: IngestStoreFailure;

  constructor(failure: IngestStoreFailure, acceptedRows = 0) {
    const { operation, path, cause } = failure;
    const code: unknown = typeof cause === 'object' && cause !== null ? Reflect.get(cause, 'code') : undefined;
    const systemCode = typeof code === 'string' ? code : undefined;
    super(
      'INGEST_STORE_FAILED',
      `The ingest could not ${operation} ${path}${systemCode === undefined ? '' : ` (${systemCode})`}. ${advice.get(systemCode ?? '') ?? 'See the property "cause".'}${systemCode === 'ENOENT' ? '' : ' Rows that were acknowledged before are kept.'}`,
      { retryable: transientCodes.has(systemCode ?? ''), cause },
    );
    this.path = path;
    this.systemCode = systemCode;
    this.acceptedRows = acceptedRows;
    this.#failure = failure;
  }

  /** Returns the error of a call that has this number of rows which were acknowledged before. Other calls of the same write keep theirs. */
  afterRows(acceptedRows: number): IngestStoreError {
    return new IngestStoreError(this.#failure, acceptedRows);
  }

  override toJSON(): Record<string, unknown> {
    const { path, systemCode, acceptedRows } = this;
    return { ...super.toJSON(), path, systemCode, acceptedRows };
  }
}

/** The process that holds the directory of an ingest. */
export interface IngestLockOwner {
  /** Its process id. */
  readonly pid: number;
  /** Name of its host. */
  readonly host: string;
}

/**
 * Another ingest, of this or of another process, uses the directory. The rows of a rejected `add()` were not accepted, except the first
 * `acceptedRows`: the directory was taken over after them.
 * Retryable: no.
 */
export class IngestLockedError extends ClickHouseSsotError {
  static override readonly kind = 'IngestLockedError';
  readonly #isThisProcess: boolean;

  constructor(
    /** The directory. */
    readonly directory: string,
    /** The process that uses it. Undefined if it is unknown. */
    readonly owner: IngestLockOwner | undefined,
    isThisProcess: boolean,
    /** Number of rows of the call that were acknowledged before. 0 unless the call had more rows than one batch. */
    readonly acceptedRows = 0,
  ) {
    super(
      'INGEST_LOCKED',
      `The directory ${directory} is in use by ${owner ? `the process ${owner.pid} on ${owner.host}` : 'another process'}${isThisProcess ? ', which is this process' : ''}. Give each process and each ingest a directory of its own, or stop the other one first.`,
    );
    this.#isThisProcess = isThisProcess;
  }

  /** Returns the error of a call that has this number of rows which were acknowledged before. Other calls keep theirs. */
  afterRows(acceptedRows: number): IngestLockedError {
    return new IngestLockedError(this.directory, this.owner, this.#isThisProcess, acceptedRows);
  }

  override toJSON(): Record<string, unknown> {
    const { directory, owner, acceptedRows } = this;
    return { ...super.toJSON(), directory, owner, acceptedRows };
  }
}

/**
 * An ingest without a directory was closed, and ClickHouse did not take all rows within `timeoutMs`. `cause` is the error of the last insert.
 * Retryable: no.
 */
export class IngestUndeliveredError extends ClickHouseSsotError {
  static override readonly kind = 'IngestUndeliveredError';
  readonly #rows: readonly string[];

  /** Number of rows that were not delivered. */
  readonly rowCount: number;

  /** @param rows the rows as JSON texts, in the order in which they were added */
  constructor(
    /** The table of the ingest. */
    readonly table: string,
    rows: readonly string[],
    /** Whether an insert of some of these rows was sent and not answered, so that they may be in the table. */
    readonly mayBePartial: boolean,
    cause: unknown,
  ) {
    super(
      'INGEST_UNDELIVERED',
      `The ingest of ${table} was closed before ${rows.length} rows were delivered; revealRows() returns them.${mayBePartial ? ' Some of them may be in the table: an insert was not answered.' : ''} Raise the timeoutMs, or set a directory, which keeps rows for the next start.`,
      { cause },
    );
    this.#rows = rows;
    this.rowCount = rows.length;
  }

  /** Returns the rows as JSON texts, in the order in which they were added. They are data: do not log them. */
  revealRows(): readonly string[] {
    return this.#rows;
  }

  override toJSON(): Record<string, unknown> {
    const { table, rowCount, mayBePartial, cause } = this;
    return { ...super.toJSON(), table, rowCount, mayBePartial, ...(cause instanceof ClickHouseSsotError && { cause: cause.toJSON() }) };
  }
}
