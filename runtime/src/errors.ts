const brand = Symbol.for('@clickhouse-ssot/runtime/error');

export type ClickHouseErrorCode =
  | 'CONFIG_INVALID'
  | 'CONNECTION_RECURSION'
  | 'ACQUIRE_TIMEOUT'
  | 'QUEUE_FULL'
  | 'MANAGER_CLOSED'
  | 'PERMIT_MISUSE'
  | 'ABORTED'
  | 'ENGINE_MISSING';

/**
 * The root of everything that this package throws. Branch on `code`. Known by a brand and not by its class, so that an error
 * of a second copy of this package is recognised by `instanceof` as well.
 */
export class ClickHouseSsotError extends Error {
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (typeof value !== 'object' || value === null || !(brand in value)) return false;
    return this === ClickHouseSsotError || ('name' in value && value.name === this.kind);
  }

  /** The name that instances of this class carry. */
  static readonly kind: string = 'ClickHouseSsotError';

  readonly [brand] = true;
  readonly code: ClickHouseErrorCode;
  /** Is the same call likely to succeed a moment later? */
  readonly retryable: boolean;

  constructor(code: ClickHouseErrorCode, message: string, { retryable = false, cause }: { readonly retryable?: boolean; readonly cause?: unknown } = {}) {
    super(message, cause === undefined ? undefined : { cause });
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
        'What runs while a connection is created must not ask for one. Use the client that the creation hands over, or do this work after the connection is there.',
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
    super('MANAGER_CLOSED', 'The ClickHouse connection manager is closed: it takes no more statements. Ask getClickHouseClient() for a service of the new one.');
  }
}

/** A permit was given back twice. */
export class PermitMisuseError extends ClickHouseSsotError {
  static override readonly kind = 'PermitMisuseError';

  constructor() {
    super('PERMIT_MISUSE', 'This permit was released already: whoever acquires it must release it once.');
  }
}

/** The caller's signal was aborted while the statement waited. `cause` is the signal's reason. */
export class AbortedError extends ClickHouseSsotError {
  static override readonly kind = 'AbortedError';

  constructor(reason: unknown) {
    super('ABORTED', 'The statement was aborted before it was sent.', { cause: reason });
  }
}

/** The embedded engine is wanted and not installed. */
export class EngineMissingError extends ClickHouseSsotError {
  static override readonly kind = 'EngineMissingError';

  constructor(cause: unknown) {
    super('ENGINE_MISSING', 'The embedded ClickHouse engine is not installed. Run `npm install chdb`, or set CLICKHOUSE_URL to use a server.', { cause });
  }
}
