import { assertConfigInput } from './assert-input.js';
import type { ClickHouseSettings } from '@clickhouse/client';
import { ConfigError } from '../errors/index.js';
import { applyCompression, clientConflicts } from './client-conflicts.js';
import { type ConfiguredClientOptions, copyClientOptions } from './client-options.js';
import { conflicts } from './conflicts.js';
import { type Environment, environmentOf, environmentProblems, type EnvironmentVariables } from './environment.js';
import { type Key, keyNames, keys, valueOf, variableOf } from './options.js';
import { ownProperty, withoutPrototype } from './own-properties.js';
import type { ParsedValues } from './parsed-values.js';
import { Secret } from './secret.js';
import { defaultPort, originsOf } from './server-address.js';
import { frozenCopy } from './clickhouse-settings.js';
import type { ClickHouseConfigInput } from './config-input.js';
import { type LoadedValues, readSources } from './load-sources.js';
import { validateClientOptions } from './validate-client-options.js';

export type { ClickHouseConfigInput };

/** The ClickHouse behind a configuration: a server, or the engine inside this process. */
export type Engine =
  | {
      /** A server over HTTP. */
      readonly kind: 'server';
      /** Origin of the first server, without credentials: `https://host:8443`. */
      readonly url: string;
      /** Origins of all servers, which differ only in host and port. The first one is `url`. */
      readonly endpoints: readonly string[];
      /** Host of the first server. */
      readonly host: string;
      /** Port of the first server's HTTP interface, 1 to 65,535. Default: 8443 with `secure`, else 8123. */
      readonly port: number;
      /** Path of ClickHouse behind a reverse proxy, such as `/clickhouse`. Undefined: none. */
      readonly pathname: string | undefined;
      /** Whether the connection uses TLS. Default: `false`. */
      readonly secure: boolean;
      /** Name of the ClickHouse user. Default: `default`. */
      readonly username: string;
      /** Password of the user. Default: empty. */
      readonly password: Secret;
      /** Access token, which takes the place of `username` and `password`. Undefined: none. */
      readonly accessToken: Secret | undefined;
      /** Roles of the statements that name none. Undefined: the default roles of the user. */
      readonly role: readonly string[] | undefined;
      /** Path of a PEM file with the certificates of trusted authorities. Undefined: those of Node.js. */
      readonly caFile: string | undefined;
      /** Path of a PEM file with the certificate of this client. Undefined: none. */
      readonly certFile: string | undefined;
      /** Path of a PEM file with the private key of `certFile`. Undefined: none. */
      readonly keyFile: string | undefined;
      /** Whether request bodies are compressed. Default: `false`. */
      readonly compressRequests: boolean;
      /** Whether the server compresses its responses. Default: `false`. */
      readonly compressResponses: boolean;
    }
  | {
      /** The ClickHouse engine inside this process, `chdb`. */
      readonly kind: 'embedded';
      /** Data folder. Default: `:memory:`, which keeps the data in memory until the process ends. */
      readonly dataPath: string;
    };

/** A complete and frozen configuration. No other code reads the environment or defines a default for these keys. */
export interface ClickHouseConfig {
  /** Name of the connection. Absent for the unnamed connection. */
  readonly connection?: string;
  /** Environment of the process. */
  readonly environment: Environment;
  /** The server, or the embedded engine. */
  readonly engine: Engine;
  /** Database of statements that name none. Default: `default`. */
  readonly database: string;
  /** Maximum number of statements that run at the same time, 1 to 1,000,000. Default: 10. */
  readonly maxConcurrentStatements: number;
  /** Maximum number of statements in the queue for a permit, 0 to 1,000,000. With 0, no statement waits. Default: 1,000. */
  readonly maxWaitingStatements: number;
  /** Maximum time in the queue for a permit, in milliseconds, 1 to 86,400,000. Default: 10,000. */
  readonly acquireTimeoutMs: number;
  /** Maximum time to connect, TLS included, in milliseconds, 1 to 86,400,000. Default: 5,000. */
  readonly connectTimeoutMs: number;
  /** Maximum time without a byte from the server, in milliseconds, 1 to 86,400,000. Default: 30,000. */
  readonly requestTimeoutMs: number;
  /** Maximum time of a statement from its call to the end of its result, in milliseconds, 1 to 86,400,000. Undefined: no limit. */
  readonly deadlineMs: number | undefined;
  /** Maximum age of a client, in milliseconds, 1 to 86,400,000. A new client resolves host names again. Undefined: no limit. */
  readonly maxLifetimeMs: number | undefined;
  /** Age at which a permit in use is reported as a leak, in milliseconds, 1 to 86,400,000. Undefined: no reports. */
  readonly leakDetectionThresholdMs: number | undefined;
  /** Name of the application, which the server logs as the user agent. Undefined: none. */
  readonly application: string | undefined;
  /** ClickHouse settings of every statement. The settings of a statement override them. Default: none. */
  readonly settings: Readonly<ClickHouseSettings>;
  /** Options that are passed to the official client. Default: none. */
  readonly client: ConfiguredClientOptions;
  /**
   * Source of each value, by key: `code`, `CLICKHOUSE_HOST`, `CLICKHOUSE_URL`, `default`, `secret: <name>`. For credentials that are not
   * used, the reason: `default (CLICKHOUSE_PASSWORD is for another server)`.
   */
  readonly provenance: Readonly<Record<string, string>>;
}

/**
 * Returns the complete configuration. Precedence: code, environment variables, defaults; within code and environment, the key of a part
 * overrides that part of the URL. A named connection reads its own variables, such as `CLICKHOUSE_ANALYTICS_URL`, before the common ones.
 * Credentials apply only to the servers and the user that their source and those below it name.
 * @param env the variables, or `false` to read none, `NODE_ENV` included. Default: `process.env`.
 * @throws ConfigError with every problem and without secrets
 */
export function loadClickHouseConfig(input: ClickHouseConfigInput = {}, env: EnvironmentVariables | false = process.env): ClickHouseConfig {
  assertConfigInput(input);
  const connection = connectionIn(input);
  const clientInput = ownProperty(input, 'client') ?? {};
  const clientProblems = [...validateClientOptions(clientInput)];
  const client = copyClientOptions(clientProblems.length > 0 ? {} : clientInput);
  const detected = environmentOf(ownProperty(input, 'environment'), env);
  const result = applyCompression(readSources(input, env), client);
  const nameOf = (key: Key) => (env === false ? key : variableOf(key, connection));
  const problems = [
    ...environmentProblems(detected, result.values.host !== undefined),
    ...result.problems,
    ...clientProblems,
    ...conflicts(result, detected, nameOf),
    ...clientConflicts(client, result),
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

/** Returns the name of the connection. The official client has another option of this name. Without a name, the variables cannot be read. */
function connectionIn(input: ClickHouseConfigInput): string | undefined {
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
