import { ConfigError, type ConfigProblem } from '../errors.js';
import { type DetectedEnvironment, detectEnvironment, type Environment, type EnvironmentVariables } from './environment.js';
import { type Key, keyElsewhere, keyNames, keys, meantKey, prefix, variableOf } from './keys.js';
import { Secret } from './secret.js';
import { readUrls } from './url.js';
import { readValue, type Value } from './values.js';

/** A real server, or the engine inside this process. */
export type Engine =
  | {
      readonly kind: 'server';
      /** Host, port and security in one, without credentials: `https://host:8443`. */
      readonly url: string;
      /** All servers that are equal but for host and port, `url` the first of them. */
      readonly endpoints: readonly string[];
      readonly host: string;
      readonly port: number;
      readonly secure: boolean;
      readonly username: string;
      readonly password: Secret;
    }
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

interface Sourced {
  readonly value: Value;
  readonly source: string;
}

/**
 * Reads the one configuration: what code says, then the environment, then the parts of a URL, then the defaults.
 * @throws ConfigError with every problem at once, and no secret in it.
 */
export function loadClickHouseConfig(input: ClickHouseConfigInput = {}, env: EnvironmentVariables = process.env): ClickHouseConfig {
  const detected = detectEnvironment(env);
  const problems: ConfigProblem[] = detected.problem ? [detected.problem] : [];
  const explicit = readExplicit(input, problems);
  const variables = readVariables(env, problems);
  const values = new Map<Key, Sourced>([...defaults(), ...variables.fromUrl, ...variables.own, ...explicit.fromUrl, ...explicit.own]);
  problems.push(...slips(env, values));
  // Whoever named a server and made a mistake in it hears of the mistake, and not that there is no server.
  const isNamed = (['url', 'host'] as const).some((key) => input[key] !== undefined || env[variableOf(key)]);
  if (values.has('host') || !isNamed) problems.push(...contradictions(values, detected));
  if (problems.length > 0) throw new ConfigError(problems);

  const text = (key: Key) => String(values.get(key)?.value ?? '');
  const number = (key: Key) => Number(text(key));
  const provenance = Object.fromEntries([...values].filter(([key]) => key !== 'url').map(([key, { source }]) => [key, source]));
  return Object.freeze({
    environment: detected.environment,
    engine: Object.freeze(values.has('host') ? server(values, text) : { kind: 'embedded', dataPath: text('dataPath') }),
    database: text('database'),
    maxConcurrentStatements: number('maxConcurrentStatements'),
    maxWaitingStatements: number('maxWaitingStatements'),
    acquireTimeoutMs: number('acquireTimeoutMs'),
    requestTimeoutMs: number('requestTimeoutMs'),
    provenance: Object.freeze({ ...provenance, environment: detected.evidence }),
  });
}

function server(values: ReadonlyMap<Key, Sourced>, text: (key: Key) => string): Engine {
  const secure = values.get('secure')?.value === true;
  const host = text('host');
  const port = Number(values.get('port')?.value ?? (secure ? 8443 : 8123));
  const origin = (address: string) => `${secure ? 'https' : 'http'}://${/:\d+$/.test(address) ? address : `${address}:${secure ? 8443 : 8123}`}`;
  const url = origin(`${host}:${port}`);
  // Whoever names one host beside a URL of several means this one.
  const others = values.get('url')?.source === values.get('host')?.source ? text('url').split(',').filter((address) => address !== '') : [];
  return { kind: 'server', url, endpoints: Object.freeze([url, ...others.map(origin)]), host, port, secure, username: text('username'), password: new Secret(text('password')) };
}

/** What each value allows, and all together do not. */
function* contradictions(values: ReadonlyMap<Key, Sourced>, { environment, evidence }: DetectedEnvironment): Iterable<ConfigProblem> {
  const given = (key: Key) => {
    const source = values.get(key)?.source ?? 'default';
    return source === 'default' ? undefined : source === 'code' ? key : source;
  };
  if (values.has('host')) {
    const dataPath = given('dataPath');
    if (dataPath !== undefined) yield { key: dataPath, found: `a data folder for the embedded engine, beside the server of ${String(given('host'))}`, expected: 'one of the two' };
  } else if (environment === 'production' || environment === 'staging')
    yield { key: 'CLICKHOUSE_URL', found: 'nothing', expected: `the URL of a server, because this is ${environment} (${evidence}); CLICKHOUSE_HOST with CLICKHOUSE_PORT and CLICKHOUSE_SECURE will do as well` };
  else
    for (const key of ['port', 'secure', 'username', 'password'] as const) {
      const name = given(key);
      if (name !== undefined) yield { key: name, found: 'a value for a server, and no server', expected: 'CLICKHOUSE_HOST or CLICKHOUSE_URL beside it; the embedded engine has no use for it' };
    }
}

/** Variables that nobody reads and somebody meant. Other tools have variables of this prefix too: they stay unmentioned. */
function* slips(env: EnvironmentVariables, values: ReadonlyMap<Key, Sourced>): Iterable<ConfigProblem> {
  const known = new Set([...keyNames.map(variableOf), `${prefix}ENV`]);
  for (const name of Object.keys(env)) {
    if (!name.startsWith(prefix) || known.has(name)) continue;
    const suffix = name.slice(prefix.length);
    const key = meantKey(suffix, (candidate) => keys[candidate].variable);
    if (key === undefined || env[variableOf(key)] !== undefined) continue;
    // The name of another tool, for something that is set: that tool's business.
    if (keyElsewhere(suffix) && (values.get(key)?.source ?? 'default') !== 'default') continue;
    yield { key: name, found: 'a variable that nobody reads', expected: `"${variableOf(key)}"` };
  }
}

interface SourceReading {
  readonly own: Map<Key, Sourced>;
  readonly fromUrl: Map<Key, Sourced>;
}

function readExplicit(input: ClickHouseConfigInput, problems: ConfigProblem[]): SourceReading {
  for (const name of Object.keys(input)) {
    if (keyNames.some((key) => key === name)) continue;
    const meant = meantKey(name, (key) => key);
    problems.push({ key: name, found: 'a key that does not exist', expected: meant === undefined ? `one of ${keyNames.join(', ')}` : `"${meant}"` });
  }
  return readKeys((key) => input[key], (key) => key, () => 'code', problems);
}

function readVariables(env: EnvironmentVariables, problems: ConfigProblem[]): SourceReading {
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
      const parts = readUrls(String(reading.value), nameOf(key));
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
