import type { EntryPoints } from '../concurrency/call-site.js';
import type { PermitLimits } from '../concurrency/semaphore.js';
import type { EndpointPool } from '../endpoint/endpoint-pool.js';
import { executeStatement, type ExecutorOptions } from '../statement/execute.js';
import type { EndpointSelector } from '../statement/routing.js';
import { Lease, type SessionOptions } from './session.js';

/** The parts of a manager that a lease needs. */
export interface LeaseSource {
  /** Returns the pool of new statements, which a rotation may have replaced. */
  readonly currentPool: () => EndpointPool;
  /** For the statement that holds the permit of the session. */
  readonly executor: ExecutorOptions;
  /** For the statements of the session. */
  readonly limits: PermitLimits;
}

/** Waits for a permit, and resolves with a lease that holds it. Sends nothing. @throws the errors of `manager.session()` */
export function leaseSession(source: LeaseSource, options: SessionOptions, entryPoints: EntryPoints): Promise<Lease> {
  const { currentPool, executor, limits } = source;
  let endpoint = currentPool().endpoints[0];
  // Without the breaker: a lease sends nothing, so its result says nothing about the health of the endpoint.
  const selector = (pool: EndpointPool): EndpointSelector => ({
    admit: (statement) => pool.admit(statement),
    ended: (statement) => pool.ended(statement),
    assertNotRecursive: (points) => pool.assertNotRecursive(points),
    next: (tried) => (endpoint = pool.next(tried)).withoutBreaker,
  });
  const { abort_signal } = options;
  return executeStatement(
    {
      params: abort_signal ? { abort_signal } : {},
      send: async (_, __, statement) => {
        const sessionOptions = { deadlineMs: currentPool().config.deadlineMs, ...options };
        return new Lease(endpoint, statement, limits, sessionOptions, executor.nested, executor.results);
      },
      onResult: (lease) => lease,
      entryPoints,
    },
    { ...executor, currentEndpoints: () => selector(currentPool()), refreshCredentials: undefined },
  );
}
