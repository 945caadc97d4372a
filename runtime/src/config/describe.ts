import { loadedConfig } from './assert-input.js';
import type { BaseConfig, Engine } from './resolved-config.js';
import { keyNames } from './options.js';
import { assertParameter } from './validate-options.js';

/** One line of `describeConfig`. */
export interface ConfigRow {
  /** The configuration key, such as `port` or `settings.max_execution_time`. */
  readonly key: string;
  /** The value as text. A secret is `<redacted>`. */
  readonly value: string;
  /** The source: `code`, an environment variable, `default`, a secret source, or a reason. */
  readonly source: string;
}

/** A configuration of any run time. */
export interface DescribedConfig extends BaseConfig {
  /** The server, or the embedded engine. */
  readonly engine: Engine;
  /** Options of the official client. */
  readonly client: object;
}

/** Returns each value of the configuration that is set, with its source, for a log. Secrets are redacted; `url` is left out for its parts. @throws ConfigError if the configuration is not loaded */
export function describeConfig(config: DescribedConfig): ConfigRow[] {
  assertParameter('config', loadedConfig, config);
  const { connection, environment, engine, settings, provenance } = config;
  const row = (key: string, value: unknown, source = provenance[key] ?? 'default'): ConfigRow => ({ key, value: asText(value), source });
  const engineSource = engine.kind === 'server' ? provenance['host'] : `no server is set and the environment is ${environment}`;
  const values: Readonly<Record<string, unknown>> = { ...config, ...engine };
  const hasToken = engine.kind === 'server' && engine.accessToken !== undefined;
  const isReplaced = (key: string) => hasToken && (key === 'username' || key === 'password');
  const isSet = (key: string) => key !== 'url' && values[key] !== undefined && !isReplaced(key);
  return [
    ...(connection === undefined ? [] : [row('connection', connection, 'code')]),
    row('environment', environment),
    row('engine', engine.kind, engineSource),
    ...(engine.kind === 'server' && engine.endpoints.length > 1 ? [row('endpoints', engine.endpoints.join(', '), engineSource)] : []),
    ...keyNames.filter(isSet).map((key) => row(key, values[key])),
    ...Object.entries(settings).map(([name, value]) => row(`settings.${name}`, value, provenance[`settings.${name}`] ?? 'code')),
    ...Object.entries(config.client).flatMap(([name, value]: readonly [string, unknown]) => clientRows(`client.${name}`, value)),
  ];
}

/** Returns a row for each value in an option of the client. The value of a header may be a secret. */
function clientRows(key: string, value: unknown): ConfigRow[] {
  if (typeof value === 'function') return [{ key, value: `function ${value.name}`.trimEnd(), source: 'code' }];
  if (key === 'client.http_agent') return [{ key, value: 'an agent of the caller', source: 'code' }];
  if (typeof value !== 'object' || value === null) return [{ key, value: asText(value), source: 'code' }];
  const isSecret = key === 'client.http_headers';
  return Object.entries(value).flatMap(([name, inner]: readonly [string, unknown]) =>
    clientRows(`${key}.${name}`, isSecret ? '<redacted>' : inner),
  );
}

/** A `SettingsMap` of the client has a `toString` of its own. Other objects become JSON. */
function asText(value: unknown): string {
  const text = String(value);
  return text === '[object Object]' ? JSON.stringify(value) : text;
}
