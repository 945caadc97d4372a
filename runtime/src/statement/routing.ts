import type { ClickHouseClient } from '@clickhouse/client';
import type { CircuitBreaker } from '../resilience/circuit-breaker.js';
import type { ClickHouseConfig } from '../config/config.js';
import type { RetryBudget } from '../resilience/retry.js';
import type { Statement, StatementOwner } from './statement.js';

/** Where an attempt goes. */
export interface AttemptTarget {
  readonly config: ClickHouseConfig;
  /** Origin, without credentials. */
  readonly url: string;
  /** Undefined until it is connected. */
  readonly client: ClickHouseClient | undefined;
  connect(interrupted: AbortSignal): Promise<ClickHouseClient>;
  readonly breaker: CircuitBreaker | undefined;
  readonly budget: RetryBudget;
}

/** Where a statement may be sent. */
export interface EndpointSelector extends StatementOwner {
  admit(statement: Statement): void;
  /** @throws ConnectionRecursionError if this is called by the creation of its own client */
  assertNotRecursive(): void;
  /** Where the next attempt goes: somewhere else than the earlier ones, if there is somewhere else. */
  next(tried: ReadonlySet<AttemptTarget>): AttemptTarget;
}
