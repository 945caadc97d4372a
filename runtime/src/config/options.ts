import { closestMatch } from './suggest-similar.js';
import { count, flag, host, milliseconds, pemFile, port, type Read, secret, text, urls } from './validators.js';

interface KeyDescription {
  /** Suffix of `CLICKHOUSE_…`. */
  readonly variable: string;
  readonly read: Read<string | number | boolean>;
  readonly fallback?: string | number | boolean;
  /** What other tools call it. Never read, so that there is one name, and never overlooked. */
  readonly aliases?: readonly string[];
}

/** Everything that can be set, once: its name, its variable, how it is read, and what it is where nobody says. */
export const keys = {
  url: { variable: 'URL', read: urls, aliases: ['uri', 'dsn'] },
  host: { variable: 'HOST', read: host, aliases: ['hostname'] },
  port: { variable: 'PORT', read: port, aliases: ['http_port'] },
  username: { variable: 'USER', read: text, fallback: 'default', aliases: ['username', 'user'] },
  password: { variable: 'PASSWORD', read: secret, fallback: '', aliases: ['pass'] },
  database: { variable: 'DATABASE', read: text, fallback: 'default', aliases: ['db'] },
  secure: { variable: 'SECURE', read: flag, fallback: false, aliases: ['tls', 'ssl', 'https'] },
  /** In PEM: whom to trust instead of whom Node trusts, and who this client is. They are read anew for each client that is made. */
  caFile: { variable: 'CA_FILE', read: pemFile('certificate'), aliases: ['ca_cert'] },
  certFile: { variable: 'CERT_FILE', read: pemFile('certificate'), aliases: ['client_cert'] },
  keyFile: { variable: 'KEY_FILE', read: pemFile('private key'), aliases: ['client_cert_key'] },
  compressRequests: { variable: 'COMPRESS_REQUESTS', read: flag, fallback: false },
  compressResponses: { variable: 'COMPRESS_RESPONSES', read: flag, fallback: false },
  /** Where the embedded engine keeps its data; `:memory:` ends with the process. */
  dataPath: { variable: 'DATA_PATH', read: text, fallback: ':memory:' },
  maxConcurrentStatements: { variable: 'MAX_CONCURRENT_STATEMENTS', read: count, fallback: 10, aliases: ['max_open_connections'] },
  maxWaitingStatements: { variable: 'MAX_WAITING_STATEMENTS', read: count, fallback: 1000 },
  acquireTimeoutMs: { variable: 'ACQUIRE_TIMEOUT_MS', read: milliseconds, fallback: 10_000 },
  connectTimeoutMs: { variable: 'CONNECT_TIMEOUT_MS', read: milliseconds, fallback: 5_000, aliases: ['connect_timeout'] },
  requestTimeoutMs: { variable: 'REQUEST_TIMEOUT_MS', read: milliseconds, fallback: 30_000, aliases: ['request_timeout'] },
  deadlineMs: { variable: 'DEADLINE_MS', read: milliseconds },
  maxLifetimeMs: { variable: 'MAX_LIFETIME_MS', read: milliseconds },
  leakDetectionThresholdMs: { variable: 'LEAK_DETECTION_THRESHOLD_MS', read: milliseconds },
  /** What `system.query_log` shows as the user agent. */
  application: { variable: 'APPLICATION', read: text },
} as const satisfies Record<string, KeyDescription>;

export type Key = keyof typeof keys;
/** The type of each value, from what reads it. */
export type ValueTypes = { readonly [K in Key]: (typeof keys)[K]['read'] extends Read<infer T> ? T : never };
export type Values = { -readonly [K in Key]?: ValueTypes[K] };
type DefaultedKey = { [K in Key]: (typeof keys)[K] extends { readonly fallback: unknown } ? K : never }[Key];

export const keyNames = Object.keys(keys).filter((name): name is Key => name in keys);

const readers: { readonly [K in Key]: { readonly read: Read<ValueTypes[K]> } } = keys;
const fallbacks: { readonly [K in DefaultedKey]: { readonly fallback: ValueTypes[K] } } = keys;

/** Puts a value where it belongs, if it is one. */
export function readInto<K extends Key>(values: Values, key: K, given: unknown): ReturnType<Read<ValueTypes[K]>> {
  const reading = readers[key].read(given);
  if (reading.ok) values[key] = reading.value;
  return reading;
}

export function valueOf<K extends DefaultedKey>(values: Values, key: K): ValueTypes[K] {
  return values[key] ?? fallbacks[key].fallback;
}

export const prefix = 'CLICKHOUSE_';

/** `CLICKHOUSE_`, or `CLICKHOUSE_ANALYTICS_` of the connection `analytics`. */
export function prefixOf(connection: string | undefined): string {
  return connection === undefined ? prefix : `${prefix}${connection.toUpperCase()}_`;
}

export function variableOf(key: Key, connection?: string): string {
  return prefixOf(connection) + keys[key].variable;
}

/** The key that goes by this name in other tools. */
export function keyOfAlias(name: string): Key | undefined {
  const isOf = ({ aliases }: KeyDescription) => aliases?.includes(name.toLowerCase());
  return keyNames.find((key) => isOf(keys[key]));
}

/** The key that was meant by a name, as code writes keys, or by the suffix of a variable. */
export function suggestedKey(name: string, nameOf: (key: Key) => string): Key | undefined {
  const slip = closestMatch(name, keyNames.map(nameOf));
  return keyOfAlias(name) ?? keyNames.find((key) => nameOf(key) === slip);
}
