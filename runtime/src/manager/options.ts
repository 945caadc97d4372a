import type { SocketCounts } from '../client/agent.js';
import type { BreakerState } from '../resilience/circuit-breaker.js';
import type { BulkheadLimits } from '../concurrency/bulkheads.js';
import type { ClickHouseConfig } from '../config/config.js';
import type { AttemptOptions } from '../endpoint/endpoint.js';
import type { ClickHouseConnectionFactory } from '../client/factory.js';
import type { LeakReport } from '../telemetry/telemetry.js';

export interface ManagerOptions extends AttemptOptions {
  readonly config: ClickHouseConfig;
  /** The manager constructs nothing and asks no getter: clients come from here and from nowhere else. */
  readonly factory: ClickHouseConnectionFactory;
  /** Named shares of the permits. */
  readonly bulkheads?: Readonly<Record<string, BulkheadLimits>>;
  /** A permit that is held for longer is reported, with the call that acquired it; the configuration's by default. */
  readonly leakDetectionThresholdMs?: number;
  /**
   * Refuses, with a NestedAcquireError, who would wait for ever because all who hold a permit wait for a further one, instead of letting him
   * wait for his timeout. On in tests, off elsewhere: on Node 20 and 22 it makes every `await` of the process dearer.
   */
  readonly detectNestedAcquires?: boolean;
  /** Where such reports go. To the process's warnings by default. */
  readonly onLeak?: (report: LeakReport) => void;
}

export interface ServiceOptions {
  /** Whose share of the permits its statements run under. */
  readonly bulkhead?: string;
  /** How long a statement may take, its wait for a permit included, and its answer read. */
  readonly deadlineMs?: number;
}

export interface ManagerStats {
  readonly max: number;
  readonly inUse: number;
  readonly waiting: number;
  /** Permits granted since the manager exists. */
  readonly granted: number;
  readonly timedOut: number;
  /** Clients constructed by the factory. */
  readonly created: number;
  /** Of the factory's clients, as their agents tell. */
  readonly sockets: SocketCounts;
}

export interface ManagerHealth {
  /** `degraded`: statements run, and one endpoint is left alone or on probation. `down`: every statement would be turned away. */
  readonly status: 'ready' | 'degraded' | 'down' | 'draining';
  readonly endpoints: readonly {
    readonly url: string;
    readonly breaker: BreakerState['kind'];
    /** Would it be sent a statement now? */
    readonly isReady: boolean;
  }[];
}

export interface DrainOptions {
  /** How long running statements may take to finish. */
  readonly timeoutMs?: number;
}
