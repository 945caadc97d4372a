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
  const row = (key: string, value: unknown, from = key): ConfigRow => ({ key, value: String(value), source: provenance[from] ?? 'default' });
  const connection =
    engine.kind === 'server'
      ? [row('server', engine.url, 'host'), row('username', engine.username), row('password', engine.password)]
      : [{ key: 'server', value: 'embedded engine', source: `no server is set, and this is ${environment}` }, row('dataPath', engine.dataPath)];
  return [
    row('environment', environment),
    ...connection,
    row('database', config.database),
    row('maxConcurrentStatements', config.maxConcurrentStatements),
    row('maxWaitingStatements', config.maxWaitingStatements),
    row('acquireTimeoutMs', config.acquireTimeoutMs),
    row('requestTimeoutMs', config.requestTimeoutMs),
  ];
}
