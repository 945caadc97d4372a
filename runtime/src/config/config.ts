import type { ClickHouseSettings } from '@clickhouse/client';
import { ConfigError } from '../errors/index.js';
import { conflicts } from './conflicts.js';
import { detectEnvironment, type Environment, type EnvironmentVariables } from './environment.js';
import { type Key, keyNames, keys, valueOf } from './options.js';
import type { ParsedValues } from './parsed-values.js';
import { Secret } from './secret.js';
import { serversOf, usualPort } from './server-urls.js';
import { frozenCopy } from './clickhouse-settings.js';
import { type ClickHouseConfigInput, readSources } from './load-sources.js';

export type { ClickHouseConfigInput };

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
  readonly leakDetectionThresholdMs: number | undefined;
  readonly application: string | undefined;
  /** Of every statement that does not say otherwise. */
  readonly settings: Readonly<ClickHouseSettings>;
  /** Where each value came from: `code`, `CLICKHOUSE_HOST`, `CLICKHOUSE_URL`, `default`. */
  readonly provenance: Readonly<Record<string, string>>;
}

/**
 * Reads the one configuration: what code says, then the environment, then the parts of a URL, then the defaults. A named connection has
 * variables of its own, `CLICKHOUSE_ANALYTICS_URL` say, and takes from the common ones what these do not set and what is meant for it as well.
 * @throws ConfigError with every problem at once, and no secret in it.
 */
export function loadClickHouseConfig(input: ClickHouseConfigInput = {}, env: EnvironmentVariables = process.env): ClickHouseConfig {
  const { connection, settings = {} } = input;
  const detected = detectEnvironment(env);
  const reading = readSources(input, env);
  const problems = [...(detected.problem ? [detected.problem] : []), ...reading.problems, ...conflicts(reading, detected, connection)];
  if (problems.length > 0) throw new ConfigError(problems);
  const { values } = reading;
  return Object.freeze({
    ...(connection !== undefined && { connection }),
    environment: detected.environment,
    engine: Object.freeze(engineOf(reading)),
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
    settings: frozenCopy(settings),
    provenance: Object.freeze({ ...provenanceOf(reading), environment: detected.evidence }),
  });
}

function engineOf(said: ParsedValues): Engine {
  const { values } = said;
  if (values.host === undefined) return { kind: 'embedded', dataPath: valueOf(values, 'dataPath') };
  const endpoints = Object.freeze(serversOf(said));
  const secure = valueOf(values, 'secure');
  return {
    kind: 'server',
    url: endpoints[0] ?? '',
    endpoints,
    host: values.host,
    port: values.port ?? usualPort(secure),
    secure,
    username: valueOf(values, 'username'),
    password: new Secret(valueOf(values, 'password')),
    caFile: values.caFile,
    certFile: values.certFile,
    keyFile: values.keyFile,
    compressRequests: valueOf(values, 'compressRequests'),
    compressResponses: valueOf(values, 'compressResponses'),
  };
}

function provenanceOf({ sources }: ParsedValues): Record<string, string> {
  const known = keyNames.filter((key) => key !== 'url' && (sources[key] !== undefined || 'fallback' in keys[key]));
  return Object.fromEntries(known.map((key) => [key, sourceOf(key, sources[key])]));
}

function sourceOf(key: Key, name: string | undefined): string {
  if (name === key) return 'code';
  return name?.startsWith('url') === true ? `code (${name})` : (name ?? 'default');
}
