import type { FactoryOptions } from '../client/factory.js';
import { type ClickHouseConfig, type ClickHouseConfigInput, loadClickHouseConfig } from '../config/config.js';
import { assertConfigInput } from '../config/assert-input.js';
import type { EnvironmentVariables } from '../config/environment.js';
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
