const brand = Symbol.for('@clickhouse-ssot/runtime/error');

/**
 * The code of an error. README.md lists the codes of the classes. An error that ClickHouse answered has the code of `system.errors` as text,
 * such as `'60'`, as the errors of the official client do. `PROXY_ERROR`: a proxy answered in its place.
 */
export type ClickHouseErrorCode =
  | 'CONFIG_INVALID'
  | 'DEPENDENCY_FAILED'
  | 'CONNECTION_RECURSION'
  | 'ACQUIRE_TIMEOUT'
  | 'CREATE_TIMEOUT'
  | 'NESTED_ACQUIRE'
  | 'QUEUE_FULL'
  | 'TENANT_LIMIT'
  | 'MANAGER_CLOSED'
  | 'MANAGER_ALREADY_SET'
  | 'DOUBLE_RELEASE'
  | 'BREAKER_OPEN'
  | 'ABORTED'
  | 'DEADLINE_EXCEEDED'
  | 'STATEMENT_TERMINATED'
  | 'SESSION_LOST'
  | 'SESSION_RELEASED'
  | 'UNKNOWN_BULKHEAD'
  | 'ENGINE_MISSING'
  | 'UNSUPPORTED_BY_BACKEND'
  | 'CONNECT_FAILED'
  | 'CONNECTION_LOST'
  | 'TIMED_OUT'
  | 'GATEWAY_FAILED'
  | 'STREAM_FAILED'
  | 'AMBIGUOUS_WRITE'
  | 'INVALID_ARGUMENT'
  | 'MIGRATION_FAILED'
  | 'INGEST_FULL'
  | 'INGEST_CLOSED'
  | 'INGEST_STORE_FAILED'
  | 'INGEST_LOCKED'
  | 'INGEST_UNDELIVERED'
  | 'UNCLASSIFIED'
  | 'PROXY_ERROR'
  | `${number}`;

/** The kind of an error: the name of its class, for a `switch`. */
export type ClickHouseErrorKind =
  | 'ClickHouseSsotError'
  | 'StatementError'
  | 'ConfigError'
  | 'DependencyError'
  | 'ConnectionRecursionError'
  | 'AcquireTimeoutError'
  | 'NestedAcquireError'
  | 'QueueFullError'
  | 'BreakerOpenError'
  | 'ManagerClosedError'
  | 'TenantLimitError'
  | 'CreateTimeoutError'
  | 'ManagerAlreadySetError'
  | 'DoubleReleaseError'
  | 'UnknownBulkheadError'
  | 'SessionReleasedError'
  | 'EngineMissingError'
  | 'UnsupportedByBackendError'
  | 'AbortedError'
  | 'DeadlineExceededError'
  | 'StatementTerminatedError'
  | 'SessionLostError'
  | 'ServerError'
  | 'AuthenticationError'
  | 'PermissionError'
  | 'OverloadedError'
  | 'ResourceLimitError'
  | 'ServerTimeoutError'
  | 'SessionError'
  | 'ReplicaError'
  | 'StatementCancelledError'
  | 'UnknownStatusError'
  | 'ConnectError'
  | 'ConnectionLostError'
  | 'TimeoutError'
  | 'GatewayError'
  | 'StreamError'
  | 'AmbiguousWriteError'
  | 'InvalidArgumentError'
  | 'MigrationError'
  | 'IngestFullError'
  | 'IngestClosedError'
  | 'IngestStoreError'
  | 'IngestLockedError'
  | 'IngestUndeliveredError'
  | 'UnclassifiedError';

/**
 * The base class of all errors of this package. Branch on `kind`, on a class, or with the predicates.
 * `instanceof` compares a brand and not the class, so that it also recognises an error of a second copy of this package.
 */
export class ClickHouseSsotError extends Error {
  static override [Symbol.hasInstance](value: unknown): boolean {
    // A class that the user derives has no `kind` of its own. It gets the default behaviour.
    if (!Object.hasOwn(this, 'kind')) return Function.prototype[Symbol.hasInstance].call(this, value);
    if (typeof value !== 'object' || value === null) return false;
    const kinds: unknown = Reflect.get(value, brand);
    return Array.isArray(kinds) && kinds.includes(this.kind);
  }

  /** The name of the class, the same in every copy of this package. Instances carry it as `kind`. */
  static readonly kind: ClickHouseErrorKind = 'ClickHouseSsotError';

  readonly #kind: ClickHouseErrorKind;
  /** The code of the error. It is stable. For an error that ClickHouse answered, the code of `system.errors` as text: `'60'`. */
  readonly code: ClickHouseErrorCode;
  /** Whether the same call is likely to succeed a moment later. It does not say whether a repetition is safe: see `outcomeOf`. */
  readonly retryable: boolean;

  constructor(
    code: ClickHouseErrorCode,
    message: string,
    { retryable = false, cause }: { readonly retryable?: boolean | undefined; readonly cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    // Not enumerable, so that a log does not show it.
    Object.defineProperty(this, brand, { value: kindsOf(new.target) });
    this.#kind = new.target.kind;
    this.name = new.target.kind;
    this.code = code;
    this.retryable = retryable;
  }

  /** The name of the error's class, the same in every copy of this package. `name` differs for an AbortedError: it is `AbortError`. */
  get kind(): ClickHouseErrorKind {
    return this.#kind;
  }

  /** Returns the fields of the error for a log: no credentials, no SQL, no stack. */
  toJSON(): Record<string, unknown> {
    return { name: this.name, kind: this.kind, code: this.code, retryable: this.retryable, message: this.message };
  }
}

/** Returns the kinds of a class and of its base classes. */
function kindsOf(type: object): readonly string[] {
  const kinds: string[] = [];
  for (let ancestor: object | null = type; ancestor; ancestor = Reflect.getPrototypeOf(ancestor)) {
    const kind: unknown = Object.hasOwn(ancestor, 'kind') ? Reflect.get(ancestor, 'kind') : undefined;
    if (typeof kind === 'string') kinds.push(kind);
  }
  return kinds;
}
