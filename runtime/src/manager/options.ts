import { anyText, atLeast, type OptionRules } from '../config/validate-options.js';
import type { SocketCounts } from '../client/agent.js';
import type { BreakerState } from '../resilience/circuit-breaker.js';
import type { BulkheadLimits } from '../concurrency/bulkheads.js';
import type { ClickHouseConfig } from '../config/config.js';
import type { AttemptOptions } from '../endpoint/endpoint.js';
import type { ClickHouseConnectionFactory } from '../client/factory.js';
import type { LeakReport } from '../telemetry/telemetry.js';

/** Options of a connection manager. */
export interface ManagerOptions extends AttemptOptions {
  /** The configuration, from `loadClickHouseConfig()`. It gives the limits and the defaults of all statements. */
  readonly config: ClickHouseConfig;
  /** The only source of clients. The manager constructs no client itself and calls no accessor. */
  readonly factory: ClickHouseConnectionFactory;
  /** Partitions of the permits, by name. Default: none. */
  readonly bulkheads?: Readonly<Record<string, BulkheadLimits>> | undefined;
  /**
   * Age at which a permit in use is reported as a leak, with the call that acquired it, in milliseconds. Default: the value of the
   * configuration.
   */
  readonly leakDetectionThresholdMs?: number | undefined;
  /** Receives the reports about leaked permits. Default: they become warnings of the process. */
  readonly onLeak?: ((report: LeakReport) => void) | undefined;
  /**
   * Whether a deadlock fails at once with NestedAcquireError instead of with AcquireTimeoutError later: a caller waits for a permit while
   * every holder of a permit waits for another one. Default: `true` in the environment `test`, else `false`, since it slows down every
   * `await` of the process on Node 20 and 22.
   */
  readonly detectNestedAcquires?: boolean | undefined;
}

/** Options of one service of the manager. */
export interface ServiceOptions {
  /** Name of the bulkhead whose permits the statements use. Default: the permits of no bulkhead. */
  readonly bulkhead?: string | undefined;
  /**
   * Maximum time of a statement in milliseconds, 0 or more, from its call to the end of its result, with the wait for a permit. After it
   * the statement fails with DeadlineExceededError. Default: `deadlineMs` of the configuration.
   */
  readonly deadlineMs?: number | undefined;
}

/** The valid values of `ServiceOptions`. */
export const serviceRules: OptionRules<ServiceOptions> = { bulkhead: anyText, deadlineMs: atLeast(0) };

/** Numbers of permits, clients and sockets at this moment. */
export interface ManagerStats {
  /** Maximum number of permits: `maxConcurrentStatements` of the configuration. */
  readonly max: number;
  /** Permits in use: statements whose result is not read to its end, and leased sessions. */
  readonly inUse: number;
  /** Statements and sessions that wait for a permit. */
  readonly waiting: number;
  /** Permits granted since the manager exists. */
  readonly granted: number;
  /** Waits that failed with AcquireTimeoutError since the manager exists. */
  readonly timedOut: number;
  /** Clients constructed by the factory since it exists. */
  readonly created: number;
  /** Open sockets of all clients of the factory. */
  readonly sockets: SocketCounts;
}

/** Health of the manager, derived from the results of earlier statements and of `warmUp()`. */
export interface ManagerHealth {
  /**
   * - `unknown`: nothing has run yet, so nothing is known. A pod that gets no traffic before it is ready calls `warmUp()`.
   * - `ready`: statements run, and all breakers are closed.
   * - `degraded`: statements run, but at least one endpoint is `down` or its breaker is not closed.
   * - `down`: every statement would fail with BreakerOpenError. Or nothing has worked since a failed `warmUp()` or since the start.
   * - `draining`: the manager is draining or closed.
   */
  readonly status: 'unknown' | 'ready' | 'degraded' | 'down' | 'draining';
  /** All endpoints, in the order of the configuration. */
  readonly endpoints: readonly EndpointHealth[];
}

/** Health of one server, or of the embedded engine. */
export interface EndpointHealth {
  /** URL without credentials. */
  readonly url: string;
  /**
   * - `unknown`: nothing has run there yet.
   * - `ready`: statements have worked, and the breaker is closed.
   * - `degraded`: the breaker admits probes.
   * - `down`: the breaker admits no statement. Or nothing has worked since a failed `warmUp()` or since the start.
   */
  readonly status: 'unknown' | 'ready' | 'degraded' | 'down';
  /** State of the circuit breaker. `closed` if the endpoint has none. */
  readonly breaker: BreakerState['kind'];
  /** Whether a statement would be sent to the endpoint at this moment. */
  readonly isReady: boolean;
}

/** Options of a drain or a rotation. */
export interface DrainOptions {
  /**
   * Maximum time that running statements get to finish, in milliseconds. After it they fail with StatementTerminatedError. Default: 10,000
   * for a drain, no limit for a rotation.
   */
  readonly timeoutMs?: number | undefined;
}

/** The valid values of `DrainOptions`. */
export const drainRules: OptionRules<DrainOptions> = { timeoutMs: atLeast(0) };
