import { assertConfigInput } from '../config/assert-input.js';
import type { ClickHouseConfigInput } from '../config/config.js';
import { ConfigError, type ConfigProblem } from '../errors/index.js';
import { isObject } from '../config/validate-options.js';
import { type ClickHouseOptions, type ResolvedConnection, resolveConnection } from './connection-options.js';

/** The keys of the server, the user and the credentials of a tenant. They have no default: a default would reach a wrong tenant. */
const ownKeys = [
  'url',
  'host',
  'port',
  'secure',
  'pathname',
  'username',
  'password',
  'accessToken',
  'role',
  'certFile',
  'keyFile',
  'dataPath',
] as const;

/** The environment is never read. */
const absentKeys = ['env', 'connection'] as const;

/**
 * The configuration of one tenant, in code alone. `url`, `host` or `dataPath` is required. The other keys override those of
 * the registry. `settings` and `client` complete those of the registry, name by name.
 */
export type TenantInput = Omit<ClickHouseConfigInput, 'connection'>;

/** Options of `ClickHouseTenants`: its limits, and the defaults of all tenants. All are optional. */
export interface TenantsOptions extends Omit<ClickHouseOptions, (typeof ownKeys)[number] | (typeof absentKeys)[number]> {
  /** Maximum number of open tenants, 1 or more. For a further one, the tenant that is idle for longest is drained. Default: 100. */
  readonly max?: number | undefined;
  /** Time without a statement after which a tenant is drained, in milliseconds, 0 or more. Default: 600,000, ten minutes. */
  readonly idleMs?: number | undefined;
}

/** @throws ConfigError if the defaults name a server, a user, credentials or the environment */
export function assertNoOwnKeys(defaults: object): void {
  const problems = [...ownKeys, ...absentKeys]
    .filter((key) => Reflect.get(defaults, key) !== undefined)
    .map((key): ConfigProblem => ({ key: `tenants.${key}`, found: 'a default for all tenants', expected: expectationFor(key) }));
  if (problems.length > 0) throw new ConfigError(problems);
}

function expectationFor(key: string): string {
  return absentKeys.some((absent) => absent === key)
    ? 'nothing, since tenants read no environment variables'
    : `"${key}" in the parameter of for(), so that it reaches one tenant only`;
}

/** Loads the configuration of one tenant. Reads no environment variables. @throws ConfigError */
export function resolveTenant(defaults: ClickHouseOptions, input: TenantInput): ResolvedConnection {
  assertConfigInput(input);
  const { url, host, dataPath } = input;
  if ([url, host, dataPath].every((value) => value === undefined))
    throw new ConfigError([{ key: 'url', found: 'nothing', expected: 'the server of the tenant, which has no default' }]);
  assertConfigKeys(input);
  const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
  const settings = merged(defaults.settings, input.settings);
  const client = merged(defaults.client, input.client);
  return resolveConnection({ ...defaults, ...given, settings, client, env: false });
}

/** Returns both objects in one. Anything else is rejected when the configuration is loaded. */
function merged<Value>(defaults: Value, own: Value): Value {
  if (own === undefined) return defaults;
  return isObject(defaults) && isObject(own) ? { ...defaults, ...own } : own;
}

/** @throws ConfigError for the keys of `ClickHouseTenants` and of the environment, which one tenant cannot change */
function assertConfigKeys(input: object): void {
  const misplaced = [
    'env',
    'connection',
    'retry',
    'breaker',
    'bulkheads',
    'onLeak',
    'detectNestedAcquires',
    'onCreate',
    'onCreateTimeoutMs',
    'tracer',
    'max',
    'idleMs',
  ];
  const problems = misplaced
    .filter((key) => Reflect.get(input, key) !== undefined)
    .map((key): ConfigProblem => ({ key, found: 'an option in the parameter of for()', expected: 'a key of the configuration' }));
  if (problems.length > 0) throw new ConfigError(problems);
}
