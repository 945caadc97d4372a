const brand = Symbol.for('@clickhouse-ssot/runtime/error');

export type ClickHouseErrorCode =
  | 'CONFIG_INVALID'
  | 'CONNECTION_RECURSION'
  | 'ACQUIRE_TIMEOUT'
  | 'QUEUE_FULL'
  | 'MANAGER_CLOSED'
  | 'MANAGER_IN_USE'
  | 'PERMIT_MISUSE'
  | 'ABORTED'
  | 'DEADLINE_EXCEEDED'
  | 'STATEMENT_CUT'
  | 'SESSION_LOST'
  | 'SESSION_RELEASED'
  | 'UNKNOWN_BULKHEAD'
  | 'ENGINE_MISSING'
  | 'UNSUPPORTED_BY_BACKEND';

/**
 * The root of everything that this package throws. Branch on `code`. Known by a brand and not by its class, so that an error
 * of a second copy of this package is recognised by `instanceof` as well.
 */
export class ClickHouseSsotError extends Error {
  static override [Symbol.hasInstance](value: unknown): boolean {
    // A class that somebody derives from ours has no name of its own, and is known as any other class is.
    if (!Object.hasOwn(this, 'kind')) return Function.prototype[Symbol.hasInstance].call(this, value);
    if (typeof value !== 'object' || value === null || !(brand in value)) return false;
    return this === ClickHouseSsotError || ('name' in value && value.name === this.kind);
  }

  /** The name that instances of this class carry. */
  static readonly kind: string = 'ClickHouseSsotError';

  readonly code: ClickHouseErrorCode;
  /** Is the same call likely to succeed a moment later? */
  readonly retryable: boolean;

  constructor(code: ClickHouseErrorCode, message: string, { retryable = false, cause }: { readonly retryable?: boolean; readonly cause?: unknown } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    // Not enumerable: it is for us to look for, and for nobody to read.
    Object.defineProperty(this, brand, { value: true });
    this.name = new.target.kind;
    this.code = code;
    this.retryable = retryable;
  }

  /** Safe to log: no credentials and no SQL. */
  toJSON(): Record<string, unknown> {
    return { name: this.name, code: this.code, retryable: this.retryable, message: this.message };
  }
}

/** One mistake in the configuration. `found` never holds a secret. */
export interface ConfigProblem {
  readonly key: string;
  readonly found: string;
  readonly expected: string;
}

/** Every mistake in the configuration at once. */
export class ConfigError extends ClickHouseSsotError {
  static override readonly kind = 'ConfigError';

  constructor(readonly problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ key, found, expected }) => `  ${key}: found ${found}, expected ${expected}`);
    super('CONFIG_INVALID', `The ClickHouse configuration cannot be used:\n${lines.join('\n')}`);
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), problems: this.problems };
  }
}

/** Creating a connection asked for the connection that is being created. */
export class ConnectionRecursionError extends ClickHouseSsotError {
  static override readonly kind = 'ConnectionRecursionError';

  /** `path`: who asked whom, outermost first; the last one asked for what the first is creating. */
  constructor(readonly path: readonly string[]) {
    super(
      'CONNECTION_RECURSION',
      `Creating a ClickHouse connection asked for the connection that is being created:\n${path.map((step, index) => `  ${index === 0 ? '' : '-> '}${step}`).join('\n')}\n` +
        'Take the last of these calls away: use the client that onCreate is given, or do this work once the connection is there. ' +
        'bypassManager does not help here: it asks for the same connection.',
    );
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), path: this.path };
  }
}

/** No permit came free in time. The statement was not sent. */
export class AcquireTimeoutError extends ClickHouseSsotError {
  static override readonly kind = 'AcquireTimeoutError';

  constructor(
    readonly waitedMs: number,
    readonly inUse: number,
  ) {
    super('ACQUIRE_TIMEOUT', `No permit to run a statement came free within ${waitedMs} ms: all ${inUse} are in use. Look for results that nobody reads to the end, or raise maxConcurrentStatements.`, {
      retryable: true,
    });
  }
}

/** The queue for permits is full. The statement was not sent. */
export class QueueFullError extends ClickHouseSsotError {
  static override readonly kind = 'QueueFullError';

  constructor(readonly waiting: number) {
    super('QUEUE_FULL', `${waiting} statements wait for a permit already, and maxWaitingStatements allows no more.`, { retryable: true });
  }
}

/** The manager was drained or closed before the statement could run. */
export class ManagerClosedError extends ClickHouseSsotError {
  static override readonly kind = 'ManagerClosedError';

  constructor() {
    super('MANAGER_CLOSED', 'The ClickHouse connection manager is closed and takes no more statements: this one was not sent. Once it is drained, getClickHouseClient() gives the service of a new one.');
  }
}

/** Another manager was to replace one that is open. */
export class ManagerInUseError extends ClickHouseSsotError {
  static override readonly kind = 'ManagerInUseError';

  constructor() {
    super('MANAGER_IN_USE', 'This process has an open ClickHouse connection manager, and a second one would be a second way in. Call useClickHouseConnectionManager() before the first getter, or after `await closeClickHouse()`.');
  }
}

/** A permit was given back twice. */
export class PermitMisuseError extends ClickHouseSsotError {
  static override readonly kind = 'PermitMisuseError';

  constructor() {
    super('PERMIT_MISUSE', 'This permit was released already: whoever acquires it must release it once.');
  }
}

/** The caller's signal was aborted. `cause` is the signal's reason. */
export class AbortedError extends ClickHouseSsotError {
  static override readonly kind = 'AbortedError';

  constructor(reason: unknown, when: 'before it was sent' | 'while it ran' = 'before it was sent') {
    super('ABORTED', `The statement was aborted ${when}.`, { cause: reason });
  }
}

/** The embedded engine is wanted, and is not there or cannot be used. `cause` says why. */
export class EngineMissingError extends ClickHouseSsotError {
  static override readonly kind = 'EngineMissingError';

  constructor(found: string, cause?: unknown) {
    super('ENGINE_MISSING', `The embedded ClickHouse engine cannot be used: ${found}. Run \`npm install chdb@^3.4.0\`, or set CLICKHOUSE_URL to use a server.`, { cause });
  }
}

/** A statement asked for something that the backend behind the service does not have, and would silently go without. */
export class UnsupportedByBackendError extends ClickHouseSsotError {
  static override readonly kind = 'UnsupportedByBackendError';

  constructor(
    readonly backend: string,
    readonly feature: string,
    remedy: string,
    cause?: unknown,
  ) {
    super('UNSUPPORTED_BY_BACKEND', `${backend} does not support ${feature}. ${remedy}`, { cause });
  }
}
