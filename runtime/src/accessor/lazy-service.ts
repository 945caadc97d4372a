import type { ClickHouseConnectionManager } from '../manager/manager.js';
import type { ExecuteStatement } from '../statement/request.js';
import { type ManagedClient, ManagedService } from '../statement/service.js';

/**
 * A service that finds its manager at each statement, and makes it if there is none. Each statement can also fail with ConfigError if the
 * configuration is invalid. The next statement tries again.
 */
export interface LazyClickHouseService extends ManagedClient {
  /**
   * The manager that the next statement uses, for `stats`, `health()`, `session()` and `bulkhead()`. It is made if there is none. Read it at
   * each use, since a closed manager is replaced.
   * @throws ConfigError if the configuration is invalid; ManagerClosedError while `closeClickHouse()` runs
   */
  readonly manager: ClickHouseConnectionManager;
}

/** Where a lazy service finds its manager. */
export interface ManagerSource {
  /** Returns the manager of the next statement, and makes it if there is none. @throws ConfigError; ManagerClosedError; TenantLimitError */
  manager(): ClickHouseConnectionManager;
  /** Returns the manager if there is one. Makes none. @throws ConfigError */
  existing(): ClickHouseConnectionManager | undefined;
  /** Called after the manager has received a statement. */
  readonly onStatement?: () => void;
}

/** Implements `LazyClickHouseService`. */
export class LazyService extends ManagedService implements LazyClickHouseService {
  declare readonly manager: ClickHouseConnectionManager;

  constructor(source: ManagerSource) {
    super(
      runWith(source),
      () => drain(source),
      () => settingsOf(source),
    );
    // Without `this`, as the methods: a Proxy around the service may be the receiver.
    Object.defineProperty(this, 'manager', { get: () => source.manager(), configurable: true });
  }
}

/** Returns a function that is not async, so that the stack of a statement ends at the call of the user. */
function runWith(source: ManagerSource): ExecuteStatement {
  return (request) => {
    let manager: ClickHouseConnectionManager;
    try {
      manager = source.manager();
    } catch (error) {
      return rejection(error);
    }
    const result = manager.executeStatement(request);
    source.onStatement?.();
    return result;
  };
}

async function rejection(error: unknown): Promise<never> {
  throw error;
}

/** Drains the manager of a service. A service without one has nothing to close. */
async function drain(source: ManagerSource): Promise<void> {
  let manager: ClickHouseConnectionManager | undefined;
  try {
    manager = source.existing();
  } catch {
    // With an invalid configuration there is no manager.
  }
  await manager?.drain();
}

function settingsOf(source: ManagerSource): ClickHouseConnectionManager['config']['settings'] {
  try {
    return source.manager().config.settings;
  } catch {
    // The statement fails with this error next.
    return {};
  }
}
