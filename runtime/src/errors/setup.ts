import { ClickHouseSsotError } from './base.js';

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

/** Another manager was to replace one that is open. */
export class ManagerAlreadySetError extends ClickHouseSsotError {
  static override readonly kind = 'ManagerAlreadySetError';

  constructor() {
    super(
      'MANAGER_ALREADY_SET',
      'This process has an open ClickHouse connection manager, and a second one would be a second way in. Call useClickHouseConnectionManager() before the first getter, or after `await closeClickHouse()`.',
    );
  }
}

/** The embedded engine is wanted, and is not there or cannot be used. `cause` says why. */
export class EngineMissingError extends ClickHouseSsotError {
  static override readonly kind = 'EngineMissingError';

  constructor(found: string, cause?: unknown) {
    super(
      'ENGINE_MISSING',
      `The embedded ClickHouse engine cannot be used: ${found}. Run \`npm install chdb@^3.4.0\`, or set CLICKHOUSE_URL to use a server.`,
      { cause },
    );
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
