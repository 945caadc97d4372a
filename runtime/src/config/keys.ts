import { nearest } from './nearest.js';

export type Kind = 'text' | 'secret' | 'host' | 'port' | 'flag' | 'count' | 'milliseconds' | 'url' | 'file';

interface KeyDescription {
  /** Suffix of `CLICKHOUSE_…`. */
  readonly variable: string;
  readonly kind: Kind;
  readonly fallback?: string | number | boolean;
  /** What other tools call it. Never read, so that there is one name, and never overlooked. */
  readonly elsewhere?: readonly string[];
}

/** Everything that can be set, once: its name, its variable, how it is read, and what it is where nobody says. */
export const keys = {
  url: { variable: 'URL', kind: 'url', elsewhere: ['uri', 'dsn'] },
  host: { variable: 'HOST', kind: 'host', elsewhere: ['hostname'] },
  port: { variable: 'PORT', kind: 'port', elsewhere: ['http_port'] },
  username: { variable: 'USER', kind: 'text', fallback: 'default', elsewhere: ['username', 'user'] },
  password: { variable: 'PASSWORD', kind: 'secret', fallback: '', elsewhere: ['pass'] },
  database: { variable: 'DATABASE', kind: 'text', fallback: 'default', elsewhere: ['db'] },
  secure: { variable: 'SECURE', kind: 'flag', fallback: false, elsewhere: ['tls', 'ssl', 'https'] },
  /** In PEM: whom to trust instead of whom Node trusts, and who this client is. They are read anew for each client that is made. */
  caFile: { variable: 'CA_FILE', kind: 'file', elsewhere: ['ca_cert'] },
  certFile: { variable: 'CERT_FILE', kind: 'file', elsewhere: ['client_cert'] },
  keyFile: { variable: 'KEY_FILE', kind: 'file', elsewhere: ['client_cert_key'] },
  compressRequests: { variable: 'COMPRESS_REQUESTS', kind: 'flag', fallback: false },
  compressResponses: { variable: 'COMPRESS_RESPONSES', kind: 'flag', fallback: false },
  /** Where the embedded engine keeps its data; `:memory:` ends with the process. */
  dataPath: { variable: 'DATA_PATH', kind: 'text', fallback: ':memory:' },
  maxConcurrentStatements: { variable: 'MAX_CONCURRENT_STATEMENTS', kind: 'count', fallback: 10, elsewhere: ['max_open_connections'] },
  maxWaitingStatements: { variable: 'MAX_WAITING_STATEMENTS', kind: 'count', fallback: 1000 },
  acquireTimeoutMs: { variable: 'ACQUIRE_TIMEOUT_MS', kind: 'milliseconds', fallback: 10_000 },
  connectTimeoutMs: { variable: 'CONNECT_TIMEOUT_MS', kind: 'milliseconds', fallback: 5_000, elsewhere: ['connect_timeout'] },
  requestTimeoutMs: { variable: 'REQUEST_TIMEOUT_MS', kind: 'milliseconds', fallback: 30_000, elsewhere: ['request_timeout'] },
  deadlineMs: { variable: 'DEADLINE_MS', kind: 'milliseconds' },
  maxLifetimeMs: { variable: 'MAX_LIFETIME_MS', kind: 'milliseconds' },
  leakAfterMs: { variable: 'LEAK_AFTER_MS', kind: 'milliseconds' },
  /** What `system.query_log` shows as the user agent. */
  application: { variable: 'APPLICATION', kind: 'text' },
} as const satisfies Record<string, KeyDescription>;

export type Key = keyof typeof keys;

export const keyNames = Object.keys(keys).filter((name): name is Key => name in keys);

export const prefix = 'CLICKHOUSE_';

/** `CLICKHOUSE_`, or `CLICKHOUSE_ANALYTICS_` of the connection `analytics`. */
export function prefixOf(connection: string | undefined): string {
  return connection === undefined ? prefix : `${prefix}${connection.toUpperCase()}_`;
}

export function variableOf(key: Key, connection?: string): string {
  return prefixOf(connection) + keys[key].variable;
}

/** The key that goes by this name in other tools. */
export function keyElsewhere(name: string): Key | undefined {
  return keyNames.find((key) => {
    const description: KeyDescription = keys[key];
    return description.elsewhere?.includes(name.toLowerCase());
  });
}

/** The key that was meant by a name, as code writes keys, or by the suffix of a variable. */
export function meantKey(name: string, nameOf: (key: Key) => string): Key | undefined {
  const slip = nearest(name, keyNames.map(nameOf));
  return keyElsewhere(name) ?? keyNames.find((key) => nameOf(key) === slip);
}
