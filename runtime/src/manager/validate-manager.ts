import { bulkheadProblems } from '../concurrency/bulkheads.js';
import { loadedConfig } from '../config/assert-input.js';
import type { ClickHouseConfig } from '../config/config.js';
import {
  anyBoolean,
  anyFunction,
  anyObject,
  assertOptions,
  countFrom,
  findOptionProblems,
  isObject,
  objectOrFalse,
  objectWith,
  type OptionRules,
} from '../config/validate-options.js';
import { ConfigError } from '../errors/index.js';
import { breakerRules } from '../resilience/circuit-breaker.js';
import { retryRules } from '../resilience/retry.js';
import type { ManagerOptions } from './options.js';

const rules: OptionRules<ManagerOptions> = {
  config: { ...loadedConfig, isRequired: true },
  factory: { ...objectWith('a ClickHouseConnectionFactory', 'create', 'retain'), isRequired: true },
  retry: objectOrFalse,
  breaker: objectOrFalse,
  bulkheads: anyObject,
  leakDetectionThresholdMs: countFrom(1),
  onLeak: anyFunction,
  detectNestedAcquires: anyBoolean,
};

/** @throws ConfigError if the configuration of a rotation is not loaded */
export function assertLoadedConfig(config: ClickHouseConfig): void {
  assertOptions('rotate', { config: loadedConfig }, { config });
}

/** @throws ConfigError with every invalid or unknown option, also of `retry`, `breaker` and the bulkheads */
export function assertManagerOptions(options: ManagerOptions): void {
  const problems = findOptionProblems('', rules, options);
  if (problems.every(({ key }) => key !== 'options' && key !== 'config')) {
    const { config, retry, breaker, bulkheads } = options;
    if (retry !== false && objectOrFalse.accepts(retry)) problems.push(...findOptionProblems('retry', retryRules, retry));
    if (breaker !== false && objectOrFalse.accepts(breaker)) problems.push(...findOptionProblems('breaker', breakerRules, breaker));
    if (isObject(bulkheads)) problems.push(...bulkheadProblems(config.maxConcurrentStatements, bulkheads));
  }
  if (problems.length > 0) throw new ConfigError(problems);
}
