const brand = Symbol.for('@clickhouse-ssot/runtime/error');

export type ClickHouseErrorCode =
  | 'CONFIG_INVALID'
  | 'DEPENDENCY_FAILED'
  | 'CONNECTION_RECURSION'
  | 'ACQUIRE_TIMEOUT'
  | 'NESTED_ACQUIRE'
  | 'QUEUE_FULL'
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
  | 'UNCLASSIFIED'
  | 'SERVER_ERROR'
  | 'AUTHENTICATION_FAILED'
  | 'PERMISSION_DENIED'
  | 'OVERLOADED'
  | 'RESOURCE_LIMIT'
  | 'SERVER_TIMEOUT'
  | 'SESSION_UNAVAILABLE'
  | 'REPLICA_UNAVAILABLE'
  | 'STATEMENT_CANCELLED'
  | 'STATUS_UNKNOWN';

/**
 * The root of everything that this package throws. Branch on `code`. Known by a brand and not by its class, so that an error
 * of a second copy of this package is recognised by `instanceof` as well.
 */
export class ClickHouseSsotError extends Error {
  static override [Symbol.hasInstance](value: unknown): boolean {
    // A class that somebody derives from ours has no name of its own, and is known as any other class is.
    if (!Object.hasOwn(this, 'kind')) return Function.prototype[Symbol.hasInstance].call(this, value);
    if (typeof value !== 'object' || value === null) return false;
    const kinds: unknown = Reflect.get(value, brand);
    return Array.isArray(kinds) && kinds.includes(this.kind);
  }

  /** The name that instances of this class carry. */
  static readonly kind: string = 'ClickHouseSsotError';

  readonly code: ClickHouseErrorCode;
  /** Is the same call likely to succeed a moment later? Whether it is safe to repeat is another question: see `outcomeOf`. */
  readonly retryable: boolean;

  constructor(
    code: ClickHouseErrorCode,
    message: string,
    { retryable = false, cause }: { readonly retryable?: boolean; readonly cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    // Not enumerable: it is for us to look for, and for nobody to read.
    Object.defineProperty(this, brand, { value: kindsOf(new.target) });
    this.name = new.target.kind;
    this.code = code;
    this.retryable = retryable;
  }

  /** The name of its class, also of that in another copy of this package. */
  get kind(): string {
    return this.name;
  }

  /** Safe to log: no credentials and no SQL. */
  toJSON(): Record<string, unknown> {
    return { name: this.name, code: this.code, retryable: this.retryable, message: this.message };
  }
}

/** The names of a class and of those that it extends. */
function kindsOf(type: object): readonly string[] {
  const kinds: string[] = [];
  for (let ancestor: object | null = type; ancestor; ancestor = Reflect.getPrototypeOf(ancestor)) {
    const kind: unknown = Object.hasOwn(ancestor, 'kind') ? Reflect.get(ancestor, 'kind') : undefined;
    if (typeof kind === 'string') kinds.push(kind);
  }
  return kinds;
}
