/** Everything that can be set, once: its name, its variable, how it is read, and what it is where nobody says. */
export type Kind = 'text' | 'secret' | 'port' | 'flag' | 'count' | 'milliseconds' | 'url';

interface KeyDescription {
  /** Suffix of `CLICKHOUSE_…`; undefined where only code may say. */
  readonly variable?: string;
  readonly kind: Kind;
  readonly fallback?: string | number | boolean;
}

export const keys = {
  url: { variable: 'URL', kind: 'url' },
  host: { variable: 'HOST', kind: 'text' },
  port: { variable: 'PORT', kind: 'port' },
  username: { variable: 'USER', kind: 'text', fallback: 'default' },
  password: { variable: 'PASSWORD', kind: 'secret', fallback: '' },
  database: { variable: 'DATABASE', kind: 'text', fallback: 'default' },
  secure: { variable: 'SECURE', kind: 'flag', fallback: false },
  /** Where the embedded engine keeps its data; `:memory:` ends with the process. */
  dataPath: { variable: 'DATA_PATH', kind: 'text', fallback: ':memory:' },
  maxConcurrentStatements: { variable: 'MAX_CONCURRENT_STATEMENTS', kind: 'count', fallback: 10 },
  maxWaitingStatements: { variable: 'MAX_WAITING_STATEMENTS', kind: 'count', fallback: 1000 },
  acquireTimeoutMs: { variable: 'ACQUIRE_TIMEOUT_MS', kind: 'milliseconds', fallback: 10_000 },
  requestTimeoutMs: { variable: 'REQUEST_TIMEOUT_MS', kind: 'milliseconds', fallback: 30_000 },
} as const satisfies Record<string, KeyDescription>;

export type Key = keyof typeof keys;

export const keyNames = Object.keys(keys).filter((name): name is Key => name in keys);

export function variableOf(key: Key): string {
  return `CLICKHOUSE_${keys[key].variable}`;
}
