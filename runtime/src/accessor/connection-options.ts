import type { FactoryOptions } from '../client/factory.js';
import { type ClickHouseConfig, type ClickHouseConfigInput, loadClickHouseConfig } from '../config/config.js';
import { assertConfigInput } from '../config/assert-input.js';
import type { EnvironmentVariables } from '../config/environment.js';
import { codeOnlyKeys } from '../config/load-sources.js';
import { closestMatch } from '../config/suggest-similar.js';
import { keyNames } from '../config/options.js';
import { isObject, meantOption } from '../config/validate-options.js';
import { ConfigError, type ConfigProblem } from '../errors/index.js';
import type { ManagerOptions } from '../manager/options.js';

/** The options of a manager that are not part of its configuration. */
export type ManagerSettings = Omit<ManagerOptions, 'config' | 'factory' | 'leakDetectionThresholdMs'>;

/** Options of `clickHouse()`: the configuration in code, and the options of the manager and of the factory. All are optional. */
export interface ClickHouseOptions extends ClickHouseConfigInput, ManagerSettings, FactoryOptions {
  /**
   * The environment variables, in place of those of the process. `false`: none, so that the code alone decides. Default: `process.env`, read
   * at the first statement.
   */
  readonly env?: EnvironmentVariables | false | undefined;
}

/** One connection as its options describe it, with a valid configuration. */
export interface ResolvedConnection {
  readonly config: ClickHouseConfig;
  readonly managerOptions: ManagerSettings;
  readonly factoryOptions: FactoryOptions;
}

/** Loads the configuration of the options. @throws ConfigError */
export function resolveConnection(options: ClickHouseOptions): ResolvedConnection {
  assertConfigInput(options);
  const {
    env = process.env,
    onCreate,
    onCreateTimeoutMs,
    tracer,
    retry,
    breaker,
    bulkheads,
    onLeak,
    detectNestedAcquires,
    ...input
  } = options;
  assertKnown(input, env);
  return {
    // The type fails to compile if a key of manager or factory is not taken out above.
    config: loadClickHouseConfig(input satisfies Pick<ClickHouseConfigInput, keyof typeof input>, env),
    managerOptions: {
      ...(retry !== undefined && { retry }),
      ...(breaker !== undefined && { breaker }),
      ...(bulkheads && { bulkheads }),
      ...(onLeak && { onLeak }),
      ...(detectNestedAcquires !== undefined && { detectNestedAcquires }),
    },
    factoryOptions: {
      ...(onCreate && { onCreate }),
      ...(onCreateTimeoutMs !== undefined && { onCreateTimeoutMs }),
      ...(tracer && { tracer }),
    },
  };
}

/** The options that are no keys of the configuration. The type makes a missing one an error of the compiler. */
const ownOptions: Readonly<Record<Exclude<keyof ClickHouseOptions, keyof ClickHouseConfigInput>, true>> = {
  env: true,
  onCreate: true,
  onCreateTimeoutMs: true,
  tracer: true,
  retry: true,
  breaker: true,
  bulkheads: true,
  onLeak: true,
  detectNestedAcquires: true,
};

/** Finds what the configuration cannot know: names that mean an option of manager or factory, and an invalid `env`. @throws ConfigError */
function assertKnown(input: object, env: unknown): void {
  const problems: ConfigProblem[] = [];
  const configKeys: readonly string[] = [...keyNames, ...codeOnlyKeys];
  for (const name of Object.keys(input)) {
    const isConfig = configKeys.includes(name) || closestMatch(name, configKeys) !== undefined;
    const meant = isConfig ? undefined : meantOption(name, Object.keys(ownOptions));
    if (meant !== undefined) problems.push({ key: name, found: 'an unknown option', expected: `"${meant}"` });
  }
  if (env !== false && !isObject(env))
    problems.push({ key: 'env', found: JSON.stringify(env), expected: 'an object of variables, or false' });
  if (problems.length > 0) throw new ConfigError(problems);
}
