import type { EntryPoints } from '../concurrency/call-site.js';
import type { Engine } from '../config/resolved-config.js';
import type { CircuitBreaker } from '../resilience/circuit-breaker.js';
import type { Contact } from '../resilience/contact.js';
import type { RetryBudget } from '../resilience/retry.js';
import type { ConnectionReports, NodePlatform, Platform } from './platform.js';
import type { Statement, StatementOwner } from './statement.js';

/** The endpoint of one attempt. */
export interface AttemptTarget<On extends Platform = NodePlatform> {
  /** The configuration, as far as an attempt needs it. */
  readonly config: { readonly engine: { readonly kind: Engine['kind'] } };
  /** Origin, without credentials. */
  readonly url: string;
  /** Undefined until the endpoint is connected. */
  readonly client: On['client'] | undefined;
  /** Creates the client if there is none. @throws the error of the creation; the reason of `signal`; ConnectionRecursionError */
  connect(signal: AbortSignal, entryPoints: EntryPoints): Promise<On['client']>;
  /** Undefined if breakers are disabled or the engine is embedded. */
  readonly breaker: CircuitBreaker | undefined;
  /** Undefined if the results say nothing about the endpoint. */
  readonly contact: Contact | undefined;
  readonly budget: RetryBudget;
  /** What the connection tells of each attempt. */
  readonly reports: ConnectionReports<On['client']>;
}

/** The endpoints that a statement may be sent to. */
export interface EndpointSelector<On extends Platform = NodePlatform> extends StatementOwner {
  /** Registers a statement until `ended` is called. @throws SessionLostError, SessionReleasedError */
  admit(statement: Statement): void;
  /** @throws ConnectionRecursionError if the creation of its own client calls this; SessionLostError, SessionReleasedError */
  assertNotRecursive(entryPoints: EntryPoints): void;
  /**
   * Returns the endpoint of the next attempt. Prefers one that was not tried. If all were tried, returns one that accepts calls, or else the
   * next in turn.
   */
  next(tried: ReadonlySet<AttemptTarget<On>>): AttemptTarget<On>;
}
