export { type AccessorOptions, closeClickHouse, getClickHouseClient, getClickHouseConnectionManager, useClickHouseConnectionManager } from './accessor.js';
export type { BulkheadLimits } from './bulkheads.js';
export { type ClickHouseConfig, type ClickHouseConfigInput, type Engine, loadClickHouseConfig } from './config/config.js';
export { type ConfigRow, describeConfig } from './config/describe.js';
export { type DetectedEnvironment, detectEnvironment, type Environment } from './config/environment.js';
export {
  AbortedError,
  AcquireTimeoutError,
  type ClickHouseErrorCode,
  ClickHouseSsotError,
  ConfigError,
  type ConfigProblem,
  ConnectionRecursionError,
  EngineMissingError,
  ManagerClosedError,
  ManagerInUseError,
  PermitMisuseError,
  QueueFullError,
  UnsupportedByBackendError,
} from './errors.js';
export { ClickHouseConnectionFactory, type FactoryOptions } from './factory.js';
export type { LeakReport } from './leaks.js';
export { DeadlineError, SessionLostError, SessionReleasedError, StatementCutError, UnknownBulkheadError } from './lease-errors.js';
export { ClickHouseConnectionManager, type DrainOptions, type ManagerOptions, type ManagerStats, type ServiceOptions } from './manager.js';
export type { ClickHouseService } from './service.js';
export type { Session, SessionOptions, SessionState } from './session.js';
export { type Drainable, drainOnSignals, type SignalOptions } from './shutdown.js';
