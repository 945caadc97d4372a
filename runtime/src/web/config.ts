import { findClientOptionProblems, portableChecks } from '../config/client-option-checks.js';
import type { PortableClientOptions } from '../config/client-options.js';
import { completeConfig, type ConfigRules, connectionIn } from '../config/complete-config.js';
import type { ClickHouseConfigInput, ConfigKeys } from '../config/config-input.js';
import { conflicts } from '../config/conflicts.js';
import type { LoadedValues } from '../config/load-sources.js';
import { type Key, keyNames } from '../config/options.js';
import { withoutPrototype } from '../config/own-properties.js';
import type { BaseConfig, ServerEngine } from '../config/resolved-config.js';
import { ConfigError, type ConfigProblem } from '../errors/index.js';
import { readVariables } from './variables.js';

const ofNode = 'no value: only Node.js has it';
const ofTls = 'no value: the run time decides which TLS certificates it trusts and sends';

/** Keys that nothing would use here, with what to know instead. */
const unsupported = {
  connectTimeoutMs: 'no value: fetch does not say when it connects, and requestTimeoutMs includes that time',
  maxLifetimeMs: 'no value: the run time opens and closes the connections',
  leakDetectionThresholdMs: ofNode,
  application: 'no value: @clickhouse/client-web does not send it',
  caFile: ofTls,
  certFile: ofTls,
  keyFile: ofTls,
  compressRequests: 'false or no value: @clickhouse/client-web does not compress requests',
  dataPath: 'no value: the embedded engine needs Node.js',
} as const satisfies Partial<Record<Key, string>>;

type UnsupportedKey = keyof typeof unsupported;

/**
 * The configuration in code. A key that is absent or undefined comes from `url`, else from its variable, else from the URL in the variables,
 * else it has its default.
 */
export interface WebConfigInput extends Omit<ConfigKeys, UnsupportedKey> {
  /** As on Node.js: the name of a connection with variables of its own. Default: none, the unnamed connection. */
  readonly connection?: ClickHouseConfigInput['connection'] | undefined;
  /** As on Node.js: the name of the environment. It decides nothing here, since a server is always required. Default: from the variables. */
  readonly environment?: ClickHouseConfigInput['environment'] | undefined;
  /** ClickHouse settings of every statement. Default: none. */
  readonly settings?: ClickHouseConfigInput['settings'] | undefined;
  /** Options that are passed to `@clickhouse/client-web`. Default: `{}`. */
  readonly client?: PortableClientOptions | undefined;
}

/** A complete and frozen configuration for a run time without Node.js. The engine is a server. */
export interface WebConfig extends BaseConfig {
  /** The server. */
  readonly engine: ServerEngine;
  /** Options that are passed to `@clickhouse/client-web`. Default: none. */
  readonly client: { readonly [Name in keyof PortableClientOptions]: Exclude<PortableClientOptions[Name], undefined> };
}

const webRules: ConfigRules = {
  validateClientOptions: (options) =>
    findClientOptionProblems(options, new Map(Object.entries(portableChecks)), (name) =>
      name === 'fetch' ? 'the option "fetch" of createClickHouseService()' : undefined,
    ),
  checkValues: rejectUnsupported,
  *findConflicts(loaded, _client, environment, variable) {
    if (loaded.values.host !== undefined) yield* conflicts(loaded, environment, variable);
    else if (loaded.sources.url === undefined && loaded.sources.host === undefined)
      yield {
        key: variable('url'),
        found: 'nothing',
        expected: 'the URL of a server: the embedded engine needs Node.js. Pass the variables as the second argument if it is one of them',
      };
  },
};

/** Returns the rules with problems of variables. A variable with one of them is not missing. */
function rulesWith(problems: readonly ConfigProblem[]): ConfigRules {
  return {
    ...webRules,
    checkValues: (loaded) => rejectUnsupported({ ...loaded, problems: [...loaded.problems, ...problems] }),
    *findConflicts(...facts) {
      for (const conflict of webRules.findConflicts(...facts)) if (!problems.some(({ key }) => key === conflict.key)) yield conflict;
    },
  };
}

/** Adds a problem for each value that has no effect here, and leaves the value out. */
function rejectUnsupported(loaded: LoadedValues): LoadedValues {
  const rejected = keyNames.filter((key): key is UnsupportedKey => key in unsupported && hasEffect(loaded, key));
  const problems = rejected.map((key): ConfigProblem => ({
    key: loaded.sources[key] ?? key,
    found: 'a value that has no effect here',
    expected: unsupported[key],
  }));
  const isKept = ([key]: readonly [string, unknown]) => !rejected.some((name) => name === key);
  const values = withoutPrototype(Object.fromEntries(Object.entries(loaded.values).filter(isKept)));
  return { ...loaded, values, problems: [...loaded.problems, ...problems] };
}

/** Whether a source sets the key to something else than what happens anyway. */
function hasEffect({ values, sources }: LoadedValues, key: Key): boolean {
  return sources[key] !== undefined && values[key] !== undefined && values[key] !== false;
}

/**
 * Returns the complete configuration, by the rules of Node.js. A value that has no effect in this run time is a problem.
 * @param env the variables by name: `env` of a Worker, `Deno.env.toObject()`, `process.env`. A number and a boolean
 * count as their text. Bindings of a Worker are left out, unless they have the name of a variable. Default: no variable is read.
 * @throws ConfigError with every problem and without secrets
 */
export function loadClickHouseConfig(input: WebConfigInput = {}, env?: object): WebConfig {
  const variables = env === undefined ? undefined : readVariables(env, connectionIn(input));
  const { engine, ...config } = completeConfig(input, variables?.texts ?? false, rulesWith(variables?.problems ?? []));
  if (engine.kind !== 'server')
    throw new ConfigError([{ key: 'url', found: 'nothing', expected: 'the URL of a server: the embedded engine needs Node.js' }]);
  const { connection, environment, database, maxConcurrentStatements, maxWaitingStatements, acquireTimeoutMs } = config;
  const { requestTimeoutMs, deadlineMs, settings, client, provenance } = config;
  return Object.freeze({
    ...(connection !== undefined && { connection }),
    environment,
    engine,
    database,
    maxConcurrentStatements,
    maxWaitingStatements,
    acquireTimeoutMs,
    requestTimeoutMs,
    deadlineMs,
    settings,
    client,
    provenance,
  });
}
