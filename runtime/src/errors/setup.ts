import { ClickHouseSsotError } from './base.js';

/** One mistake in the configuration or in an option. It never contains a secret. */
export interface ConfigProblem {
  /** The key in code, such as `port`, or the environment variable, such as `CLICKHOUSE_PORT`. */
  readonly key: string;
  /** The value, or a description of a value that must not be shown. */
  readonly found: string;
  /** A description of the values that are valid here, with their range. */
  readonly expected: string;
}

/**
 * The configuration is invalid. Thrown at load, by the options of the manager, and for a TLS file that became unreadable.
 * No statement was sent. Retryable: no.
 */
export class ConfigError extends ClickHouseSsotError {
  static override readonly kind = 'ConfigError';

  constructor(
    /** Every mistake that was found, in the order of detection. */
    readonly problems: readonly ConfigProblem[],
  ) {
    const lines = problems.map(({ key, found, expected }) => `  ${key}: found ${found}, expected ${expected}`);
    super('CONFIG_INVALID', `The ClickHouse configuration is invalid:\n${lines.join('\n')}`);
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), problems: this.problems };
  }
}

/**
 * The creation of a connection requested the connection that is being created.
 * No statement was sent. Retryable: no.
 */
export class ConnectionRecursionError extends ClickHouseSsotError {
  static override readonly kind = 'ConnectionRecursionError';

  constructor(
    /** The chain of calls, outermost first. The last call requested the connection that the first one creates. */
    readonly path: readonly string[],
  ) {
    super(
      'CONNECTION_RECURSION',
      `The creation of a ClickHouse connection requested that same connection:\n${path.map((step, index) => `  ${index === 0 ? '' : '-> '}${step}`).join('\n')}\n` +
        'Remove the last of these calls: use the client that onCreate receives, or do this work after the connection is created. ' +
        'bypassManager does not help here: it requests the same connection.',
    );
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), path: this.path };
  }
}

/**
 * `useClickHouseConnectionManager()` was called while another manager of this process is open.
 * No statement was sent. Retryable: no.
 */
export class ManagerAlreadySetError extends ClickHouseSsotError {
  static override readonly kind = 'ManagerAlreadySetError';

  /** @param call the call that sets the manager. Default: `useClickHouseConnectionManager()`. */
  constructor(call = 'useClickHouseConnectionManager()') {
    super(
      'MANAGER_ALREADY_SET',
      `This connection already has an open ClickHouse connection manager, and it can have only one. Call ${call} before the code that uses the connection, or after \`await closeClickHouse()\`.`,
    );
  }
}

/**
 * The configuration selects the embedded engine, and `chdb` is missing or does not work. `cause` is the original error, if there is one.
 * No statement was sent. Retryable: no.
 */
export class EngineMissingError extends ClickHouseSsotError {
  static override readonly kind = 'EngineMissingError';

  constructor(found: string, cause?: unknown, remedy = 'Run `npm install chdb@^3.4.0`') {
    super('ENGINE_MISSING', `The embedded ClickHouse engine cannot be used: ${found}. ${remedy}, or set CLICKHOUSE_URL to use a server.`, {
      cause,
    });
  }
}

/**
 * The statement needs a feature that the embedded engine or the test double does not have. Without this error the feature would be ignored.
 * The statement was not sent. Retryable: no.
 */
export class UnsupportedByBackendError extends ClickHouseSsotError {
  static override readonly kind = 'UnsupportedByBackendError';

  constructor(
    /** The backend, as the subject of a sentence: `The embedded engine`. */
    readonly backend: string,
    /** The missing feature: a parameter such as `role`, or a noun phrase. */
    readonly feature: string,
    remedy: string,
    cause?: unknown,
  ) {
    super('UNSUPPORTED_BY_BACKEND', `${backend} does not support ${feature}. ${remedy}`, { cause });
  }
}
