import type { ClickHouseClient } from '@clickhouse/client';
import type { FailureContext } from '../errors/index.js';
import type { Delivery } from '../resilience/delivery.js';
import type { OpenResults } from './open-results.js';

/** The types of what statements run on: the official client, and the record of the results that callers have. */
export interface Platform {
  readonly client: object;
  readonly results: unknown;
}

/** `@clickhouse/client` on Node.js, whose bodies are streams of Node.js. */
export interface NodePlatform {
  readonly client: ClickHouseClient;
  readonly results: OpenResults;
}

/** What a connection tells of an attempt, beyond what the official client returns. Each platform observes its requests in its own way. */
export interface ConnectionReports<Client> {
  /** Starts the observation of an attempt. Returns undefined if its request cannot be observed. */
  trackDelivery(client: Client, queryId: string): Delivery | undefined;
  /** Called after a success without a request: the methods of this client are not those of the official one. */
  markUnwatched(client: Client): void;
  /** Returns status and headers of an error response, once. The official client drops them. */
  takeErrorResponse(queryId: string): Pick<FailureContext, 'httpStatus' | 'headers'> | undefined;
  /** Stops a statement on the server. Never throws. */
  killQuery(client: Client, queryId: string): void;
  /** Begins to look for stalls of the event loop. Returns a token for `hasStalledSince`. */
  beginWatch(): number;
  /** Whether the event loop has stalled, so that a timeout says nothing about the endpoint. */
  hasStalledSince(token: number): boolean;
}
