export {
  type AccessorOptions,
  closeClickHouse,
  getClickHouseClient,
  getClickHouseConnectionManager,
  useClickHouseConnectionManager,
} from './accessor/accessors.js';
export { clickHouse } from './accessor/click-house.js';
export type { ClickHouseOptions } from './accessor/connection-options.js';
export { drainOnSignals } from './accessor/drain-on-signals.js';
export type { LazyClickHouseService } from './accessor/lazy-service.js';
export type { TenantInput, TenantsOptions } from './accessor/tenant-options.js';
export { ClickHouseTenants, type TenantsStats } from './accessor/tenants.js';
export type { SocketCounts } from './client/agent.js';
export type { BackendCapabilities } from './client/capabilities.js';
export { ClickHouseConnectionFactory, type FactoryOptions } from './client/factory.js';
export type { BulkheadLimits } from './concurrency/bulkheads.js';
export type { ClickHouseClientOptions, ConfiguredClientOptions } from './config/client-options.js';
export { type ClickHouseConfig, type Engine, loadClickHouseConfig } from './config/config.js';
export type { ClickHouseConfigInput } from './config/config-input.js';
export { type ConfigRow, describeConfig } from './config/describe.js';
export { type DetectedEnvironment, detectEnvironment, type Environment, type EnvironmentVariables } from './config/environment.js';
export * from './errors/index.js';
export * from './errors/interruption.js';
export { type Outcome, outcomeOf, type Phase } from './errors/outcome.js';
export * from './errors/predicates.js';
export { ClickHouseConnectionManager } from './manager/manager.js';
export type { DrainOptions, EndpointHealth, ManagerHealth, ManagerOptions, ManagerStats, ServiceOptions } from './manager/options.js';
export type { Session, SessionOptions, SessionState } from './manager/session.js';
export type { Drainable, SignalOptions } from './manager/shutdown.js';
export type { BreakerLimits, BreakerState } from './resilience/circuit-breaker.js';
export type { RetryPolicy } from './resilience/retry.js';
export {
  assertDependencies,
  type DependencyCheck,
  DependencyError,
  type DependencyExpectations,
  type DependencyReport,
  type TableExpectation,
  validateDependencies,
} from './startup/dependencies.js';
export type { ClickHouseService, ManagedClient } from './statement/service.js';
export {
  type BreakerTransition,
  type ConnectionEvent,
  type EventLoopStall,
  type LeakReport,
  observe,
  type ObservedManager,
  type PermitWait,
  type RotationEnd,
  type StatementEvent,
  type StatementRetry,
  type TelemetryEvents,
} from './telemetry/telemetry.js';
