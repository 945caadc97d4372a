import type { ClickHouseConfig } from './config.js';
import { keyNames } from './options.js';

export interface ConfigRow {
  readonly key: string;
  /** As text; secrets are redacted. */
  readonly value: string;
  readonly source: string;
}

/** Every value with where it came from, fit for a log. */
export function describeConfig(config: ClickHouseConfig): ConfigRow[] {
  const { connection, environment, engine, settings, provenance } = config;
  const row = (key: string, value: unknown, source = provenance[key] ?? 'default'): ConfigRow => ({ key, value: asText(value), source });
  const because = engine.kind === 'server' ? provenance['host'] : `no server is set, and this is ${environment}`;
  const values: Readonly<Record<string, unknown>> = { ...config, ...engine };
  const isSaid = (key: string) => key !== 'url' && values[key] !== undefined;
  return [
    ...(connection === undefined ? [] : [row('connection', connection, 'code')]),
    row('environment', environment),
    row('engine', engine.kind, because),
    ...(engine.kind === 'server' && engine.endpoints.length > 1 ? [row('endpoints', engine.endpoints.join(', '), because)] : []),
    ...keyNames.filter(isSaid).map((key) => row(key, values[key])),
    ...Object.entries(settings).map(([name, value]) => row(`settings.${name}`, value, 'code')),
  ];
}

/** A map of the client's own class says itself how it is sent; others have no words but JSON. */
function asText(value: unknown): string {
  const text = String(value);
  return text === '[object Object]' ? JSON.stringify(value) : text;
}
