import type { ClickHouseConfig } from './config.js';

export interface ConfigRow {
  readonly key: string;
  /** As text; secrets are redacted. */
  readonly value: string;
  readonly source: string;
}

/** Every value with where it came from, fit for a log. */
export function describeConfig(config: ClickHouseConfig): ConfigRow[] {
  const { engine, environment, provenance } = config;
  const row = (key: string, value: unknown): ConfigRow => ({ key, value: String(value), source: provenance[key] ?? 'default' });
  const { kind, ...parts } = engine;
  const connection = Object.entries(parts)
    .filter(([key, value]) => key !== 'url' && key !== 'endpoints' && value !== undefined)
    .map(([key, value]) => row(key, value));
  const others: ConfigRow[] =
    engine.kind === 'server' && engine.endpoints.length > 1
      ? [{ key: 'endpoints', value: engine.endpoints.join(', '), source: provenance['host'] ?? 'default' }]
      : [];
  const limits = [
    'database',
    'maxConcurrentStatements',
    'maxWaitingStatements',
    'acquireTimeoutMs',
    'connectTimeoutMs',
    'requestTimeoutMs',
    'deadlineMs',
    'maxLifetimeMs',
    'leakAfterMs',
    'application',
  ] as const;
  const settings = limits.filter((key) => config[key] !== undefined).map((key) => row(key, config[key]));
  const because = kind === 'server' ? (provenance['host'] ?? 'default') : `no server is set, and this is ${environment}`;
  const named = config.connection === undefined ? [] : [{ key: 'connection', value: config.connection, source: 'code' }];
  const defaults = Object.entries(config.settings).map(([name, value]) => ({
    key: `settings.${name}`,
    value: String(value) === '[object Object]' ? JSON.stringify(value) : String(value),
    source: 'code',
  }));
  return [
    ...named,
    row('environment', environment),
    { key: 'engine', value: kind, source: because },
    ...connection,
    ...others,
    ...settings,
    ...defaults,
  ];
}
