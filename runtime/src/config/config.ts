import { ConfigError, type ConfigProblem } from '../errors.js';
import { detectEnvironment, type Environment, type EnvironmentVariables } from './environment.js';
import { type Key, keyNames, keys, variableOf } from './keys.js';
import { nearest } from './nearest.js';
import { Secret } from './secret.js';
import { readUrl } from './url.js';
import { readValue, type Value } from './values.js';

/** A real server, or the engine inside this process. */
export type Engine =
  | { readonly kind: 'server'; /** Without credentials: `https://host:8443`. */ readonly url: string; readonly username: string; readonly password: Secret }
  | { readonly kind: 'embedded'; readonly dataPath: string };

/** Frozen, and complete: nobody downstream reads the environment or has a default of its own. */
export interface ClickHouseConfig {
  readonly environment: Environment;
  readonly engine: Engine;
  readonly database: string;
  /** How many statements may run at once. */
  readonly maxConcurrentStatements: number;
  /** How many may wait for their turn before more are refused. */
  readonly maxWaitingStatements: number;
  readonly acquireTimeoutMs: number;
  readonly requestTimeoutMs: number;
  /** Where each value came from: `code`, `CLICKHOUSE_HOST`, `CLICKHOUSE_URL`, `default`. */
  readonly provenance: Readonly<Record<string, string>>;
}

/** What code may say. Anything left out comes from the environment, from a URL, or from the defaults, in this order. */
export type ClickHouseConfigInput = { readonly [K in Key]?: (typeof keys)[K]['kind'] extends 'port' | 'count' | 'milliseconds' ? number : (typeof keys)[K]['kind'] extends 'flag' ? boolean : string };

const prefix = 'CLICKHOUSE_';

interface Sourced {
  readonly value: Value;
  readonly source: string;
}

/**
 * Reads the one configuration: what code says, then the environment, then a URL's parts, then the defaults.
 * @throws ConfigError with every problem at once, and no secret in it.
 */
export function loadClickHouseConfig(input: ClickHouseConfigInput = {}, env: EnvironmentVariables = process.env): ClickHouseConfig {
  const detected = detectEnvironment(env);
  const problems: ConfigProblem[] = detected.problem ? [detected.problem] : [];
  const explicit = readExplicit(input, problems);
  const variables = readVariables(env, problems);
  const values = new Map<Key, Sourced>([...defaults(), ...variables.fromUrl, ...variables.own, ...explicit.fromUrl, ...explicit.own]);
  const server = serverUrl(values);
  const mustHaveServer = detected.environment === 'production' || detected.environment === 'staging';
  if (!server && mustHaveServer)
    problems.push({ key: 'CLICKHOUSE_URL', found: 'nothing', expected: `the URL of a server, because this is ${detected.environment} (${detected.evidence}); CLICKHOUSE_HOST with CLICKHOUSE_PORT and CLICKHOUSE_SECURE will do as well` });
  if (problems.length > 0) throw new ConfigError(problems);

  const text = (key: Key) => String(values.get(key)?.value ?? '');
  const engine: Engine = server ? { kind: 'server', url: server, username: text('username'), password: new Secret(text('password')) } : { kind: 'embedded', dataPath: text('dataPath') };
  const provenance = Object.fromEntries([...values].filter(([key]) => key !== 'url').map(([key, { source }]) => [key, source]));
  return Object.freeze({
    environment: detected.environment,
    engine: Object.freeze(engine),
    database: text('database'),
    maxConcurrentStatements: Number(text('maxConcurrentStatements')),
    maxWaitingStatements: Number(text('maxWaitingStatements')),
    acquireTimeoutMs: Number(text('acquireTimeoutMs')),
    requestTimeoutMs: Number(text('requestTimeoutMs')),
    provenance: Object.freeze({ ...provenance, environment: detected.evidence }),
  });
}

interface SourceReading {
  readonly own: Map<Key, Sourced>;
  readonly fromUrl: Map<Key, Sourced>;
}

function readExplicit(input: ClickHouseConfigInput, problems: ConfigProblem[]): SourceReading {
  for (const name of Object.keys(input)) {
    if (keyNames.some((key) => key === name)) continue;
    const meant = nearest(name, keyNames);
    problems.push({ key: name, found: 'a key that does not exist', expected: meant === undefined ? `one of ${keyNames.join(', ')}` : `"${meant}"` });
  }
  return readKeys((key) => input[key], (key) => key, () => 'code', problems);
}

function readVariables(env: EnvironmentVariables, problems: ConfigProblem[]): SourceReading {
  const known = keyNames.map(variableOf);
  for (const name of Object.keys(env)) {
    if (!name.startsWith(prefix) || name === 'CLICKHOUSE_ENV' || known.includes(name)) continue;
    // Other tools have variables of this prefix: only a slip of the pen, for a variable that is missing, is a mistake.
    const meant = nearest(name.slice(prefix.length), known.map((variable) => variable.slice(prefix.length)));
    if (meant !== undefined && env[prefix + meant] === undefined) problems.push({ key: name, found: 'a variable that does not exist', expected: `"${prefix}${meant}"` });
  }
  // An empty variable is how shells and compose files say "not set".
  return readKeys((key) => (env[variableOf(key)] === '' ? undefined : env[variableOf(key)]), variableOf, variableOf, problems);
}

function readKeys(given: (key: Key) => unknown, nameOf: (key: Key) => string, sourceOf: (key: Key) => string, problems: ConfigProblem[]): SourceReading {
  const own = new Map<Key, Sourced>();
  const fromUrl = new Map<Key, Sourced>();
  for (const key of keyNames) {
    const value = given(key);
    if (value === undefined) continue;
    const reading = readValue(key, value, nameOf(key));
    if (!reading.ok) problems.push(reading.problem);
    else if (key === 'url') {
      const parts = readUrl(String(reading.value), nameOf(key));
      problems.push(...parts.problems);
      for (const [part, partValue] of parts.values) fromUrl.set(part, { value: partValue, source: key === nameOf(key) ? 'code (url)' : nameOf(key) });
    } else own.set(key, { value: reading.value, source: sourceOf(key) });
  }
  return { own, fromUrl };
}

function* defaults(): Iterable<[Key, Sourced]> {
  for (const key of keyNames) {
    const description = keys[key];
    if ('fallback' in description) yield [key, { value: description.fallback, source: 'default' }];
  }
}

function serverUrl(values: ReadonlyMap<Key, Sourced>): string | undefined {
  const host = values.get('host')?.value;
  if (host === undefined) return undefined;
  const secure = values.get('secure')?.value === true;
  const port = values.get('port')?.value ?? (secure ? 8443 : 8123);
  return `${secure ? 'https' : 'http'}://${String(host)}:${String(port)}`;
}
