import { closestMatch } from './suggest-similar.js';
import { count, countFromZero, flag, host, milliseconds, pemFile, port, secret, text, urls, type Validator } from './validators.js';

interface KeyDescription {
  /** Suffix of the environment variable `CLICKHOUSE_…`. */
  readonly variable: string;
  readonly validate: Validator<string | number | boolean>;
  /** The default. Absent if the value is undefined by default. */
  readonly fallback?: string | number | boolean;
  /** Names of this key in other tools. They are not read: an error suggests the key instead. */
  readonly aliases?: readonly string[];
}

/** Every configuration key with its environment variable, validator and default. All other lists of keys are derived from this one. */
export const keys = {
  /**
   * The server, as `https://user:password@host:8443/database` or `clickhouse://host/database?secure=1`. Several servers that differ only in
   * host and port are separated by commas; in code, an array is possible as well. The key of a part overrides that part of the URL.
   * Default: none. Variable: `CLICKHOUSE_URL`.
   */
  url: { variable: 'URL', validate: urls, aliases: ['uri', 'dsn'] },
  /** Host name or IP address of the server. Default: none. Variable: `CLICKHOUSE_HOST`. */
  host: { variable: 'HOST', validate: host, aliases: ['hostname'] },
  /**
   * Port of the server's HTTP interface, 1 to 65,535. The usual ports of the native protocol, 9000 and 9440, are rejected.
   * Default: 8443 with `secure`, else 8123. Variable: `CLICKHOUSE_PORT`.
   */
  port: { variable: 'PORT', validate: port, aliases: ['http_port'] },
  /** Name of the ClickHouse user, not empty. Default: `default`. Variable: `CLICKHOUSE_USER`. */
  username: { variable: 'USER', validate: text, fallback: 'default', aliases: ['username', 'user'] },
  /** Password of the user. Default: empty. Variable: `CLICKHOUSE_PASSWORD`. */
  password: { variable: 'PASSWORD', validate: secret, fallback: '', aliases: ['pass'] },
  /** Database of statements that name none, not empty. Default: `default`. Variable: `CLICKHOUSE_DATABASE`. */
  database: { variable: 'DATABASE', validate: text, fallback: 'default', aliases: ['db'] },
  /**
   * Whether the connection uses TLS. As text: `true`, `1`, `yes`, `on` or `false`, `0`, `no`, `off`, in any case.
   * Default: `false`, or as the scheme of the URL says. Variable: `CLICKHOUSE_SECURE`.
   */
  secure: { variable: 'SECURE', validate: flag, fallback: false, aliases: ['tls', 'ssl', 'https'] },
  /**
   * Path of a PEM file with the certificates of trusted authorities. They replace those of Node.js. Needs TLS. The file is read for each new
   * client. Default: none. Variable: `CLICKHOUSE_CA_FILE`.
   */
  caFile: { variable: 'CA_FILE', validate: pemFile('certificate'), aliases: ['ca_cert'] },
  /**
   * Path of a PEM file with the certificate of this client. Needs TLS and `keyFile`. The file is read for each new client.
   * Default: none. Variable: `CLICKHOUSE_CERT_FILE`.
   */
  certFile: { variable: 'CERT_FILE', validate: pemFile('certificate'), aliases: ['client_cert'] },
  /**
   * Path of a PEM file with the private key of `certFile`. Needs TLS and `certFile`. The file is read for each new client.
   * Default: none. Variable: `CLICKHOUSE_KEY_FILE`.
   */
  keyFile: { variable: 'KEY_FILE', validate: pemFile('private-key'), aliases: ['client_cert_key'] },
  /** Whether request bodies are compressed. Text as for `secure`. Default: `false`. Variable: `CLICKHOUSE_COMPRESS_REQUESTS`. */
  compressRequests: { variable: 'COMPRESS_REQUESTS', validate: flag, fallback: false },
  /** Whether the server compresses its responses. Text as for `secure`. Default: `false`. Variable: `CLICKHOUSE_COMPRESS_RESPONSES`. */
  compressResponses: { variable: 'COMPRESS_RESPONSES', validate: flag, fallback: false },
  /**
   * Data folder of the embedded engine. `:memory:` keeps the data in memory until the process ends. Cannot be combined with a server.
   * Default: `:memory:`. Variable: `CLICKHOUSE_DATA_PATH`.
   */
  dataPath: { variable: 'DATA_PATH', validate: text, fallback: ':memory:' },
  /**
   * Maximum number of statements that run at the same time, 1 to 1,000,000. A statement runs until its result is read to the end or closed.
   * Default: 10. Variable: `CLICKHOUSE_MAX_CONCURRENT_STATEMENTS`.
   */
  maxConcurrentStatements: { variable: 'MAX_CONCURRENT_STATEMENTS', validate: count, fallback: 10, aliases: ['max_open_connections'] },
  /**
   * Maximum number of statements in the queue for a permit, 0 to 1,000,000. A further statement fails with QueueFullError. With 0, no
   * statement waits.
   * Default: 1,000. Variable: `CLICKHOUSE_MAX_WAITING_STATEMENTS`.
   */
  maxWaitingStatements: { variable: 'MAX_WAITING_STATEMENTS', validate: countFromZero, fallback: 1000 },
  /**
   * Maximum time in the queue for a permit, in milliseconds, 1 to 86,400,000. After it a statement fails with AcquireTimeoutError.
   * Default: 10,000. Variable: `CLICKHOUSE_ACQUIRE_TIMEOUT_MS`.
   */
  acquireTimeoutMs: { variable: 'ACQUIRE_TIMEOUT_MS', validate: milliseconds, fallback: 10_000 },
  /**
   * Maximum time to connect, TLS included, in milliseconds, 1 to 86,400,000. `requestTimeoutMs` limits it as well. After it a statement fails
   * with ConnectError. Default: 5,000. Variable: `CLICKHOUSE_CONNECT_TIMEOUT_MS`.
   */
  connectTimeoutMs: { variable: 'CONNECT_TIMEOUT_MS', validate: milliseconds, fallback: 5_000, aliases: ['connect_timeout'] },
  /**
   * Maximum time without a byte from the server, in milliseconds, 1 to 86,400,000. After it a statement fails with TimeoutError.
   * Default: 30,000. Variable: `CLICKHOUSE_REQUEST_TIMEOUT_MS`.
   */
  requestTimeoutMs: { variable: 'REQUEST_TIMEOUT_MS', validate: milliseconds, fallback: 30_000, aliases: ['request_timeout'] },
  /**
   * Maximum time of a statement from its call to the end of its result, in milliseconds, 1 to 86,400,000. After it the statement fails with
   * DeadlineExceededError. Default: no limit. Variable: `CLICKHOUSE_DEADLINE_MS`.
   */
  deadlineMs: { variable: 'DEADLINE_MS', validate: milliseconds },
  /**
   * Maximum age of a client, in milliseconds, 1 to 86,400,000. The manager replaces it at 90 to 100 % of this age, so that host names are
   * resolved again and PEM files are read again. Default: no limit. Variable: `CLICKHOUSE_MAX_LIFETIME_MS`.
   */
  maxLifetimeMs: { variable: 'MAX_LIFETIME_MS', validate: milliseconds },
  /**
   * Age at which a permit in use is reported as a leak, with the call that acquired it, in milliseconds, 1 to 86,400,000.
   * Default: no reports, since each captured call costs microseconds. Variable: `CLICKHOUSE_LEAK_DETECTION_THRESHOLD_MS`.
   */
  leakDetectionThresholdMs: { variable: 'LEAK_DETECTION_THRESHOLD_MS', validate: milliseconds },
  /** Name of the application, not empty. The server logs it as the user agent. Default: none. Variable: `CLICKHOUSE_APPLICATION`. */
  application: { variable: 'APPLICATION', validate: text },
} as const satisfies Record<string, KeyDescription>;

export type Key = keyof typeof keys;
/** The type of each value, from its validator. */
export type ValueTypes = { readonly [K in keyof typeof keys]: (typeof keys)[K]['validate'] extends Validator<infer T> ? T : never };
export type Values = { -readonly [K in keyof typeof keys]?: ValueTypes[K] };
type DefaultedKey = { [K in Key]: (typeof keys)[K] extends { readonly fallback: unknown } ? K : never }[Key];

export const keyNames = Object.keys(keys).filter((name): name is Key => name in keys);

const validators: { readonly [K in Key]: { readonly validate: Validator<ValueTypes[K]> } } = keys;
const fallbacks: { readonly [K in DefaultedKey]: { readonly fallback: ValueTypes[K] } } = keys;

/** Validates the input of a key and, if it is valid, stores the value. Returns the result of the validation. */
export function validateInto<K extends Key>(values: Values, key: K, input: unknown): ReturnType<Validator<ValueTypes[K]>> {
  const result = validators[key].validate(input);
  if (result.ok) values[key] = result.value;
  return result;
}

/** Returns the value of a key, or its default. */
export function valueOf<K extends DefaultedKey>(values: Values, key: K): ValueTypes[K] {
  return values[key] ?? fallbacks[key].fallback;
}

/** Prefix of all environment variables of this package. */
export const prefix = 'CLICKHOUSE_';

/** Returns the prefix of a connection's variables: `CLICKHOUSE_ANALYTICS_` for `analytics`, `CLICKHOUSE_` without a connection. */
export function prefixOf(connection: string | undefined): string {
  return connection === undefined ? prefix : `${prefix}${connection.toUpperCase()}_`;
}

/** Returns the environment variable of a key, such as `CLICKHOUSE_ANALYTICS_PORT`. */
export function variableOf(key: Key, connection?: string): string {
  return prefixOf(connection) + keys[key].variable;
}

/** Returns the key that has this name in another tool, or undefined. */
export function keyOfAlias(name: string): Key | undefined {
  const isOf = ({ aliases }: KeyDescription) => aliases?.includes(name.toLowerCase());
  return keyNames.find((key) => isOf(keys[key]));
}

/**
 * Returns the key that an unknown name probably means, or undefined.
 * @param nameOf returns the name of a key in the same notation: the key itself, or the suffix of its variable
 */
export function suggestedKey(name: string, nameOf: (key: Key) => string): Key | undefined {
  const match = closestMatch(name, keyNames.map(nameOf));
  return keyOfAlias(name) ?? keyNames.find((key) => nameOf(key) === match);
}
