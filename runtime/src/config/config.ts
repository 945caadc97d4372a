import type { ClickHouseSettings } from '@clickhouse/client';
import { ConfigError, type ConfigProblem } from '../errors.js';
import { isConnectionName, withoutForeign } from './connections.js';
import { type DetectedEnvironment, detectEnvironment, type Environment, type EnvironmentVariables } from './environment.js';
import { type Key, keyNames, keys, meantKey, variableOf } from './keys.js';
import { nearest } from './nearest.js';
import { Secret } from './secret.js';
import { frozenCopy } from './settings.js';
import { slips } from './slips.js';
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
      /** Paths, of PEM files. */
      readonly caFile: string | undefined;
      readonly certFile: string | undefined;
      readonly keyFile: string | undefined;
      readonly compressRequests: boolean;
      readonly compressResponses: boolean;
    }
  | { readonly kind: 'embedded'; readonly dataPath: string };

/** Frozen, and complete: nobody downstream reads the environment or has a default of its own. */
export interface ClickHouseConfig {
  /** Its name, where it has one. */
  readonly connection?: string;
  readonly environment: Environment;
  readonly engine: Engine;
  readonly database: string;
  /** How many statements may run at once. */
  readonly maxConcurrentStatements: number;
  /** How many may wait for their turn before more are refused. */
  readonly maxWaitingStatements: number;
  readonly acquireTimeoutMs: number;
  /** How long a connection to a server may take to come about. */
  readonly connectTimeoutMs: number;
  /** How long a server may be silent. */
  readonly requestTimeoutMs: number;
  /** How long a statement may take, from its call to the end of its answer. No limit where nobody says. */
  readonly deadlineMs: number | undefined;
  /** A client is replaced when it is about so old, so that names are looked up anew. Never where nobody says. */
  readonly maxLifetimeMs: number | undefined;
  /** A permit that is held for longer is reported, with the call that acquired it. Never where nobody says: capturing calls costs microseconds. */
  readonly leakAfterMs: number | undefined;
  readonly application: string | undefined;
  /** Of every statement that does not say otherwise. */
  readonly settings: Readonly<ClickHouseSettings>;
  /** Where each value came from: `code`, `CLICKHOUSE_HOST`, `CLICKHOUSE_URL`, `default`. */
  readonly provenance: Readonly<Record<string, string>>;
}

/** What code may say. Anything left out comes from the environment, from a URL, or from the defaults, in this order. */
export type ClickHouseConfigInput = {
  readonly [K in Key]?:
    | ((typeof keys)[K]['kind'] extends 'port' | 'count' | 'milliseconds'
        ? number
        : (typeof keys)[K]['kind'] extends 'flag'
          ? boolean
          : (typeof keys)[K]['kind'] extends 'url'
            ? string | readonly string[]
            : string)
    | undefined;
} & {
  /** Lower-case name of a connection with variables of its own: `analytics` reads `CLICKHOUSE_ANALYTICS_URL`. */
  readonly connection?: string | undefined;
  /** ClickHouse settings of every statement; its own go before them. */
  readonly settings?: Readonly<ClickHouseSettings> | undefined;
};

interface Sourced {
  readonly value: Value;
  readonly source: string;
}

/**
 * Reads the one configuration: what code says, then the environment, then the parts of a URL, then the defaults. A named connection has
 * variables of its own, `CLICKHOUSE_ANALYTICS_URL` say, and takes from the common ones what these do not set and what is meant for it as well.
 * @throws ConfigError with every problem at once, and no secret in it.
 */
export function loadClickHouseConfig(input: ClickHouseConfigInput = {}, env: EnvironmentVariables = process.env): ClickHouseConfig {
  return configOf(readConfig(input, env));
}

/** What the sources say, before it is judged as a whole. */
export interface ConfigReading {
  readonly connection: string | undefined;
  readonly values: ReadonlyMap<Key, Sourced>;
  readonly problems: readonly ConfigProblem[];
  readonly detected: DetectedEnvironment;
  /** What anybody has said something of, rightly or wrongly. */
  readonly said: ReadonlySet<Key>;
  readonly settings: Readonly<ClickHouseSettings>;
}

export function readConfig({ connection, settings = {}, ...input }: ClickHouseConfigInput, env: EnvironmentVariables): ConfigReading {
  const detected = detectEnvironment(env);
  const problems: ConfigProblem[] = detected.problem ? [detected.problem] : [];
  if (connection !== undefined && !isConnectionName(connection))
    problems.push({
      key: 'connection',
      found: JSON.stringify(connection),
      expected: 'a lower-case name of letters, digits and single underscores, as in "analytics"',
    });
  const explicit = readExplicit(input, problems);
  const read = (name: string | undefined) => withoutForeignUrl(readVariables(env, name, problems), explicit, variableOf('url', name));
  const common = read(undefined);
  const own = connection === undefined ? new Map<Key, Sourced>() : new Map([...read(connection), ...explicit]);
  const values = new Map<Key, Sourced>([
    ...defaults(),
    ...(connection === undefined ? common : withoutForeign(common, own)),
    ...own,
    ...explicit,
  ]);
  problems.push(...slips(env, connection, (key) => (values.get(key)?.source ?? 'default') !== 'default'));
  const said = new Set(
    keyNames.filter((key) => [input[key], env[variableOf(key)], env[variableOf(key, connection)]].some((given) => (given ?? '') !== '')),
  );
  for (const [name, value] of Object.entries<unknown>(settings))
    if (value === null || typeof value === 'function')
      problems.push({ key: `settings.${name}`, found: String(value), expected: 'the value of a ClickHouse setting' });
  return { connection, values, problems, detected, said, settings };
}

/** @throws ConfigError */
export function configOf({ connection, values, problems: found, detected, said, settings }: ConfigReading): ClickHouseConfig {
  // Whoever named a server and made a mistake in it hears of the mistake, and not that there is no server.
  const isNamed = said.has('url') || said.has('host');
  const problems = values.has('host') || !isNamed ? [...found, ...contradictions(values, said, detected, connection)] : found;
  if (problems.length > 0) throw new ConfigError(problems);

  const text = (key: Key) => String(values.get(key)?.value ?? '');
  const number = (key: Key) => Number(text(key));
  const provenance = Object.fromEntries([...values].filter(([key]) => key !== 'url').map(([key, { source }]) => [key, source]));
  return Object.freeze({
    ...(connection !== undefined && { connection }),
    environment: detected.environment,
    engine: Object.freeze(values.has('host') ? server(values, text) : { kind: 'embedded', dataPath: text('dataPath') }),
    database: text('database'),
    maxConcurrentStatements: number('maxConcurrentStatements'),
    maxWaitingStatements: number('maxWaitingStatements'),
    acquireTimeoutMs: number('acquireTimeoutMs'),
    connectTimeoutMs: number('connectTimeoutMs'),
    requestTimeoutMs: number('requestTimeoutMs'),
    deadlineMs: values.has('deadlineMs') ? number('deadlineMs') : undefined,
    maxLifetimeMs: values.has('maxLifetimeMs') ? number('maxLifetimeMs') : undefined,
    leakAfterMs: values.has('leakAfterMs') ? number('leakAfterMs') : undefined,
    application: values.has('application') ? text('application') : undefined,
    settings: frozenCopy(settings),
    provenance: Object.freeze({ ...provenance, environment: detected.evidence }),
  });
}

function server(values: ReadonlyMap<Key, Sourced>, text: (key: Key) => string): Engine {
  const flag = (key: Key) => values.get(key)?.value === true;
  const path = (key: Key) => (values.has(key) ? text(key) : undefined);
  const endpoints = Object.freeze(serversOf(values));
  const secure = flag('secure');
  return {
    kind: 'server',
    url: endpoints[0] ?? '',
    endpoints,
    host: text('host'),
    port: Number(values.get('port')?.value ?? (secure ? 8443 : 8123)),
    secure,
    username: text('username'),
    password: new Secret(text('password')),
    caFile: path('caFile'),
    certFile: path('certFile'),
    keyFile: path('keyFile'),
    compressRequests: flag('compressRequests'),
    compressResponses: flag('compressResponses'),
  };
}

/** The first of them is the one that `host` names. */
function serversOf(values: ReadonlyMap<Key, Sourced>): readonly string[] {
  const text = (key: Key) => String(values.get(key)?.value ?? '');
  const secure = values.get('secure')?.value === true;
  const origin = (address: string) =>
    `${secure ? 'https' : 'http'}://${/:\d+$/.test(address) ? address : `${address}:${secure ? 8443 : 8123}`}`.toLowerCase();
  // Whoever names one host beside a URL of several means this one.
  const others = values.get('url')?.source === values.get('host')?.source ? text('url').split(',') : [];
  const port = values.has('port') ? `:${text('port')}` : '';
  return [...new Set([`${text('host')}${port}`, ...others.filter((address) => address !== '')].map(origin))];
}

/** What each value allows, and all together do not. */
function* contradictions(
  values: ReadonlyMap<Key, Sourced>,
  said: ReadonlySet<Key>,
  { environment, evidence }: DetectedEnvironment,
  connection: string | undefined,
): Iterable<ConfigProblem> {
  const given = (key: Key) => {
    const source = values.get(key)?.source ?? 'default';
    return source === 'default' ? undefined : source === 'code' ? key : source;
  };
  if (values.has('host')) {
    const dataPath = given('dataPath');
    const [several, port] = [values.get('url'), given('port')];
    if (
      several !== undefined &&
      several.source === values.get('host')?.source &&
      port !== undefined &&
      values.get('port')?.source !== several.source
    )
      yield {
        key: port,
        found: `a port beside the several servers of ${String(given('host'))}`,
        expected: 'a port with each host, in the URL',
      };
    if (dataPath !== undefined)
      yield {
        key: dataPath,
        found: `a data folder for the embedded engine, beside the server of ${String(given('host'))}`,
        expected: 'one of the two',
      };
    for (const key of ['caFile', 'certFile', 'keyFile'] as const) {
      const name = given(key);
      if (name !== undefined && values.get('secure')?.value !== true)
        yield {
          key: name,
          found: 'a file for TLS, and a server without',
          expected: `https:// in the URL, or ${variableOf('secure', connection)}`,
        };
    }
    const [cert, key] = [given('certFile'), given('keyFile')];
    if (cert !== undefined && !said.has('keyFile'))
      yield { key: cert, found: 'a certificate without its key', expected: `${variableOf('keyFile', connection)} beside it` };
    if (key !== undefined && !said.has('certFile'))
      yield { key, found: 'a key without its certificate', expected: `${variableOf('certFile', connection)} beside it` };
  } else if (environment === 'production' || environment === 'staging')
    yield {
      key: variableOf('url', connection),
      found: 'nothing',
      expected: `the URL of a server, because this is ${environment} (${evidence}); ${variableOf('host', connection)} with ${variableOf('port', connection)} and ${variableOf('secure', connection)} will do as well`,
    };
  else
    for (const key of [
      'port',
      'secure',
      'username',
      'password',
      'caFile',
      'certFile',
      'keyFile',
      'compressRequests',
      'compressResponses',
    ] as const) {
      const name = given(key);
      if (name !== undefined)
        yield {
          key: name,
          found: 'a value for a server, and no server',
          expected: `${variableOf('host', connection)} or ${variableOf('url', connection)} beside it; the embedded engine has no use for it`,
        };
    }
}

/** What code alone may say. */
const unkeyed = ['connection', 'settings'];

/** What the official client has by names of its own, in another form. */
const officially: ReadonlyMap<string, string> = new Map([
  ['clickhouse_settings', '"settings"'],
  ['compression', '"compressRequests" or "compressResponses"'],
]);

function readExplicit(input: ClickHouseConfigInput, problems: ConfigProblem[]): ReadonlyMap<Key, Sourced> {
  for (const name of Object.keys(input)) {
    if (keyNames.some((key) => key === name)) continue;
    const meant = meantKey(name, (key) => key) ?? nearest(name, unkeyed);
    problems.push({
      key: name,
      found: 'a key that does not exist',
      expected: officially.get(name) ?? (meant === undefined ? `one of ${[...keyNames, ...unkeyed].join(', ')}` : `"${meant}"`),
    });
  }
  // A list of URLs is what a variable says with commas.
  return readKeys(
    (key) => (key === 'url' && Array.isArray(input.url) ? input.url.join(',') : input[key]),
    (key) => key,
    () => 'code',
    problems,
  );
}

function readVariables(env: EnvironmentVariables, connection: string | undefined, problems: ConfigProblem[]): ReadonlyMap<Key, Sourced> {
  const nameOf = (key: Key) => variableOf(key, connection);
  // An empty variable is how shells and compose files say "not set".
  return readKeys((key) => (env[nameOf(key)] === '' ? undefined : env[nameOf(key)]), nameOf, nameOf, problems);
}

/** A URL's credentials are meant for its server and its user: where code names others, they stay at home. So does all else of it with its server. */
function withoutForeignUrl(
  variables: ReadonlyMap<Key, Sourced>,
  explicit: ReadonlyMap<Key, Sourced>,
  urlVariable: string,
): ReadonlyMap<Key, Sourced> {
  const both = new Map([...variables, ...explicit]);
  const namesServer = explicit.has('host') && variables.has('host');
  const namesUser = both.get('username')?.value !== variables.get('username')?.value;
  const isForeign = (key: Key) =>
    namesServer && serversOf(both).some((server) => !serversOf(variables).includes(server)) ? true : namesUser && key === 'password';
  return new Map([...variables].filter(([key, { source }]) => source !== urlVariable || !isForeign(key)));
}

/** What has a key of its own goes before what a URL says. */
function readKeys(
  given: (key: Key) => unknown,
  nameOf: (key: Key) => string,
  sourceOf: (key: Key) => string,
  problems: ConfigProblem[],
): ReadonlyMap<Key, Sourced> {
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
      for (const [part, partValue] of parts.values)
        fromUrl.set(part, { value: partValue, source: key === nameOf(key) ? 'code (url)' : nameOf(key) });
    } else own.set(key, { value: reading.value, source: sourceOf(key) });
  }
  return new Map([...fromUrl, ...own]);
}

function* defaults(): Iterable<[Key, Sourced]> {
  for (const key of keyNames) {
    const description = keys[key];
    if ('fallback' in description) yield [key, { value: description.fallback, source: 'default' }];
  }
}
