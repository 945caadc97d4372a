export {
  type AccessorOptions,
  closeClickHouse,
  getClickHouseClient,
  getClickHouseConnectionManager,
  useClickHouseConnectionManager,
} from './accessor.js';
export type { SocketCounts } from './agent.js';
export type { BreakerLimits, BreakerState } from './breaker.js';
export type { BulkheadLimits } from './bulkheads.js';
export type { BackendCapabilities } from './capabilities.js';
export { type ClickHouseConfig, type ClickHouseConfigInput, type Engine, loadClickHouseConfig } from './config/config.js';
export { type ConfigRow, describeConfig } from './config/describe.js';
export { type DetectedEnvironment, detectEnvironment, type Environment } from './config/environment.js';
export {
  assertDependencies,
  type DependencyCheck,
  DependencyError,
  type DependencyExpectations,
  type DependencyReport,
  type TableExpectation,
  validateDependencies,
} from './dependencies.js';
export * from './errors.js';
export { ClickHouseConnectionFactory, type FactoryOptions } from './factory.js';
export type { LeakReport } from './observability/leaks.js';
export * from './errors/lease.js';
export { ClickHouseConnectionManager } from './manager.js';
export type { DrainOptions, ManagerHealth, ManagerOptions, ManagerStats, ServiceOptions } from './manager-options.js';
export { type Outcome, outcomeOf, type Phase } from './errors/outcome.js';
export * from './errors/predicates.js';
export type { RetryPolicy } from './retry.js';
export type { ClickHouseService } from './service.js';
export type { Session, SessionOptions, SessionState } from './session.js';
export { type Drainable, drainOnSignals, type SignalOptions } from './shutdown.js';
export {
  type ConnectionEvent,
  observe,
  type ObservedManager,
  type PermitWait,
  type StatementEvent,
  type TelemetryEvents,
} from './observability/telemetry.js';
