import { assertConfigInput } from './assert-input.js';
import type { ClickHouseSettings } from '@clickhouse/client';
import { ConfigError, type ConfigProblem } from '../errors/index.js';
import { applyCompression } from './compression.js';
import { type ClickHouseClientOptions, copyClientOptions } from './client-options.js';
import { type DetectedEnvironment, environmentOf, environmentProblems, type EnvironmentVariables } from './environment.js';
import { type Key, keyNames, keys, valueOf, variableOf } from './options.js';
import { ownProperty, withoutPrototype } from './own-properties.js';
import type { ParsedValues } from './parsed-values.js';
import type { ClickHouseConfig, Engine } from './resolved-config.js';
import { Secret } from './secret.js';
import { defaultPort, originsOf } from './server-address.js';
import { frozenCopy } from './clickhouse-settings.js';
import type { ClickHouseConfigInput } from './config-input.js';
import { type LoadedValues, readSources } from './load-sources.js';

/** The parts of a configuration that a run time supports. */
export interface ConfigRules {
  /** Yields the problems of the key `client`. */
  readonly validateClientOptions: (options: unknown) => Iterable<ConfigProblem>;
  /** Returns the values without those that this run time cannot use, with a problem for each. */
  readonly checkValues: (loaded: LoadedValues) => LoadedValues;
  /** Yields the problems of values that are valid alone and invalid together. */
  readonly findConflicts: (
    loaded: LoadedValues,
    client: ClickHouseClientOptions,
    environment: DetectedEnvironment,
    variable: (key: Key) => string,
  ) => Iterable<ConfigProblem>;
}

/**
 * Returns the complete configuration of code and variables under the rules of a run time.
 * @param env `false`: no variable is read
 * @throws ConfigError with every problem and without secrets
 */
export function completeConfig(input: ClickHouseConfigInput, env: EnvironmentVariables | false, rules: ConfigRules): ClickHouseConfig {
  const connection = connectionIn(input);
  const clientInput = ownProperty(input, 'client') ?? {};
  const clientProblems = [...rules.validateClientOptions(clientInput)];
  const client = copyClientOptions(clientProblems.length > 0 ? {} : clientInput);
  const detected = environmentOf(ownProperty(input, 'environment'), env);
  const result = rules.checkValues(applyCompression(readSources(input, env), client));
  const nameOf = (key: Key) => (env === false ? key : variableOf(key, connection));
  const problems = [
    ...environmentProblems(detected, result.values.host !== undefined),
    ...result.problems,
    ...clientProblems,
    ...rules.findConflicts(result, client, detected, nameOf),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
  const { values } = result;
  return Object.freeze({
    ...(connection !== undefined && { connection }),
    environment: detected.environment,
    engine: Object.freeze(engineOf(result)),
    database: valueOf(values, 'database'),
    maxConcurrentStatements: valueOf(values, 'maxConcurrentStatements'),
    maxWaitingStatements: valueOf(values, 'maxWaitingStatements'),
    acquireTimeoutMs: valueOf(values, 'acquireTimeoutMs'),
    connectTimeoutMs: valueOf(values, 'connectTimeoutMs'),
    requestTimeoutMs: valueOf(values, 'requestTimeoutMs'),
    deadlineMs: values.deadlineMs,
    maxLifetimeMs: values.maxLifetimeMs,
    leakDetectionThresholdMs: values.leakDetectionThresholdMs,
    application: values.application,
    settings: frozenCopy(mergeSettings(result.settings, ownProperty(input, 'settings'))),
    client,
    provenance: Object.freeze(withoutPrototype({ ...provenanceOf(result), environment: detected.evidence })),
  });
}

/** The settings in code override those of URLs. Without the latter, a `SettingsMap` in code stays one. */
function mergeSettings(
  fromUrls: Readonly<Record<string, string>>,
  inCode: Readonly<ClickHouseSettings> = {},
): Readonly<ClickHouseSettings> {
  return Object.keys(fromUrls).length === 0 ? inCode : { ...fromUrls, ...inCode };
}

/**
 * Returns the name of the connection. The official client has another option of this name. Without a name, the variables cannot be read.
 * @throws ConfigError if the input is no object or the name is no text
 */
export function connectionIn(input: ClickHouseConfigInput): string | undefined {
  assertConfigInput(input);
  const connection: unknown = ownProperty(input, 'connection');
  if (connection === undefined || typeof connection === 'string') return connection;
  throw new ConfigError([
    { key: 'connection', found: 'a value that is not a text', expected: 'the name of a connection, as in "analytics"' },
  ]);
}

function engineOf(parsed: ParsedValues): Engine {
  const { values } = parsed;
  if (values.host === undefined) return { kind: 'embedded', dataPath: valueOf(values, 'dataPath') };
  const endpoints = Object.freeze(originsOf(parsed));
  const secure = valueOf(values, 'secure');
  const pathname = valueOf(values, 'pathname');
  return {
    kind: 'server',
    url: endpoints[0] ?? '',
    endpoints,
    host: values.host,
    port: values.port ?? defaultPort(secure),
    pathname: pathname === '/' ? undefined : pathname,
    secure,
    username: valueOf(values, 'username'),
    password: new Secret(valueOf(values, 'password')),
    accessToken: values.accessToken === undefined ? undefined : new Secret(values.accessToken),
    role: values.role && Object.freeze([...values.role]),
    caFile: values.caFile,
    certFile: values.certFile,
    keyFile: values.keyFile,
    compressRequests: valueOf(values, 'compressRequests'),
    compressResponses: valueOf(values, 'compressResponses'),
  };
}

function provenanceOf({ sources, notes, settings }: LoadedValues): Record<string, string> {
  const isListed = (key: Key) => key !== 'url' && (sources[key] !== undefined || notes[key] !== undefined || 'fallback' in keys[key]);
  const entries = keyNames.filter(isListed).map((key) => [key, sourceOf(key, sources[key], notes[key])] as const);
  const inUrls = Object.keys(settings).map((name) => [`settings.${name}`, 'URL'] as const);
  return Object.fromEntries([...entries, ...inUrls]);
}

/** @param name the source as in `ParsedValues.sources`: the key itself for a value in code */
function sourceOf(key: Key, name: string | undefined, note: string | undefined): string {
  if (name === undefined) return note === undefined ? 'default' : `default (${note})`;
  if (name === key) return 'code';
  return /^(url|host)($|\?)/.test(name) ? `code (${name})` : name;
}
