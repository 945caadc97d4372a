import type { ConfigKeys } from './config-input.js';
import { closestMatch } from './suggest-similar.js';
import {
  count,
  countFromZero,
  flag,
  headerText,
  host,
  milliseconds,
  nameList,
  pathname,
  pemPath,
  port,
  protocol,
  secret,
  text,
  token,
  urls,
  user,
  type Validator,
} from './validators.js';

type Value = string | number | boolean | string[];

interface KeyDescription {
  /** Suffix of the environment variable `CLICKHOUSE_…`. */
  readonly variable: string;
  readonly validate: Validator<Value>;
  /** The default. Absent if the value is undefined by default. */
  readonly fallback?: string | number | boolean;
  /** Suffixes of variables that real deployments use for this key, with their validators. */
  readonly otherVariables?: Readonly<Record<string, Validator<Value>>>;
  /** Names of this key in other tools. They are not read: an error suggests the key instead. */
  readonly aliases?: readonly string[];
}

/** Every configuration key with its variables, validator and default. All other lists of keys are derived from this one. */
export const keys = {
  url: { variable: 'URL', validate: urls, aliases: ['uri', 'dsn', 'endpoint'] },
  host: { variable: 'HOST', validate: host, otherVariables: { HOSTNAME: host }, aliases: ['hostname', 'server', 'addr', 'address'] },
  port: { variable: 'PORT', validate: port, otherVariables: { HTTP_PORT: port }, aliases: ['http_port'] },
  pathname: { variable: 'PATHNAME', validate: pathname, fallback: '/' },
  username: { variable: 'USER', validate: user, fallback: 'default', otherVariables: { USERNAME: user }, aliases: ['username', 'user'] },
  password: { variable: 'PASSWORD', validate: secret, fallback: '', otherVariables: { PASS: secret }, aliases: ['pass'] },
  accessToken: { variable: 'ACCESS_TOKEN', validate: token, aliases: ['access_token'] },
  role: { variable: 'ROLE', validate: nameList },
  database: { variable: 'DATABASE', validate: text, fallback: 'default', otherVariables: { DB: text }, aliases: ['db'] },
  secure: {
    variable: 'SECURE',
    validate: flag,
    fallback: false,
    otherVariables: { SSL: flag, TLS: flag, PROTOCOL: protocol },
    aliases: ['tls', 'ssl', 'https', 'protocol'],
  },
  caFile: { variable: 'CA_FILE', validate: pemPath, aliases: ['ca_cert'] },
  certFile: { variable: 'CERT_FILE', validate: pemPath, aliases: ['client_cert'] },
  keyFile: { variable: 'KEY_FILE', validate: pemPath, aliases: ['client_cert_key'] },
  compressRequests: { variable: 'COMPRESS_REQUESTS', validate: flag, fallback: false },
  compressResponses: { variable: 'COMPRESS_RESPONSES', validate: flag, fallback: false },
  dataPath: { variable: 'DATA_PATH', validate: text, fallback: ':memory:' },
  maxConcurrentStatements: {
    variable: 'MAX_CONCURRENT_STATEMENTS',
    validate: count,
    fallback: 10,
    otherVariables: { MAX_OPEN_CONNECTIONS: count },
    aliases: ['max_open_connections'],
  },
  maxWaitingStatements: { variable: 'MAX_WAITING_STATEMENTS', validate: countFromZero, fallback: 1000 },
  acquireTimeoutMs: { variable: 'ACQUIRE_TIMEOUT_MS', validate: milliseconds, fallback: 10_000 },
  connectTimeoutMs: { variable: 'CONNECT_TIMEOUT_MS', validate: milliseconds, fallback: 5_000, aliases: ['connect_timeout'] },
  requestTimeoutMs: { variable: 'REQUEST_TIMEOUT_MS', validate: milliseconds, fallback: 30_000, aliases: ['request_timeout'] },
  deadlineMs: { variable: 'DEADLINE_MS', validate: milliseconds },
  maxLifetimeMs: { variable: 'MAX_LIFETIME_MS', validate: milliseconds },
  leakDetectionThresholdMs: { variable: 'LEAK_DETECTION_THRESHOLD_MS', validate: milliseconds },
  application: { variable: 'APPLICATION', validate: headerText },
} as const satisfies Record<keyof ConfigKeys, KeyDescription>;

export type Key = keyof typeof keys;
/** The type of each value, from its validator. */
export type ValueTypes = { readonly [K in keyof typeof keys]: (typeof keys)[K]['validate'] extends Validator<infer T> ? T : never };
export type Values = { -readonly [K in keyof typeof keys]?: ValueTypes[K] };
type DefaultedKey = { [K in Key]: (typeof keys)[K] extends { readonly fallback: unknown } ? K : never }[Key];

export const keyNames = Object.keys(keys).filter((name): name is Key => name in keys);

interface Validators<T> {
  readonly validate: Validator<T>;
  readonly otherVariables?: Readonly<Record<string, Validator<T>>>;
}
const validators: { readonly [K in Key]: Validators<ValueTypes[K]> } = keys;
const fallbacks: { readonly [K in DefaultedKey]: { readonly fallback: ValueTypes[K] } } = keys;

/**
 * Validates the input of a key and, if it is valid, stores the value. Returns the result of the validation.
 * @param variable suffix of the variable. Default: that of the key.
 */
export function validateInto<K extends Key>(
  values: Values,
  key: K,
  input: unknown,
  variable?: string,
): ReturnType<Validator<ValueTypes[K]>> {
  const { validate, otherVariables } = validators[key];
  const result = ((variable === undefined ? undefined : otherVariables?.[variable]) ?? validate)(input);
  if (result.ok) values[key] = result.value;
  return result;
}

/** Returns the value of a key, or its default. */
export function valueOf<K extends DefaultedKey>(values: Values, key: K): ValueTypes[K] {
  return values[key] ?? fallbacks[key].fallback;
}

/** Prefix of all environment variables of this package. */
export const prefix = 'CLICKHOUSE_';

/** Returns the prefix of a connection's variables: `CLICKHOUSE_ANALYTICS_` for `analytics`, `CLICKHOUSE_` without a connection. */
export function prefixOf(connection: string | undefined): string {
  return connection === undefined ? prefix : `${prefix}${connection.toUpperCase()}_`;
}

/** Returns the environment variable of a key, such as `CLICKHOUSE_ANALYTICS_PORT`. */
export function variableOf(key: Key, connection?: string): string {
  return prefixOf(connection) + keys[key].variable;
}

/** Returns the suffixes of all variables of a key. The first one is its own. */
export function suffixesOf(key: Key): readonly string[] {
  return [keys[key].variable, ...Object.keys(validators[key].otherVariables ?? {})];
}

/** Returns the names of all variables that the connection reads: its own, and those that it inherits. */
export function variablesReadBy(connection: string | undefined): ReadonlySet<string> {
  const suffixes = keyNames.flatMap(suffixesOf);
  return new Set([`${prefix}ENV`, ...[prefix, prefixOf(connection)].flatMap((start) => suffixes.map((suffix) => start + suffix))]);
}

/** Returns the key that has this name in another tool, or undefined. */
export function keyOfAlias(name: string): Key | undefined {
  const isOf = ({ aliases }: KeyDescription) => aliases?.includes(name.toLowerCase());
  return keyNames.find((key) => isOf(keys[key]));
}

/**
 * Returns the key that an unknown name probably means, or undefined.
 * @param nameOf returns the name of a key in the same notation: the key itself, or the suffix of its variable
 */
export function suggestedKey(name: string, nameOf: (key: Key) => string): Key | undefined {
  const match = closestMatch(name, keyNames.map(nameOf));
  return keyOfAlias(name) ?? keyNames.find((key) => nameOf(key) === match);
}
