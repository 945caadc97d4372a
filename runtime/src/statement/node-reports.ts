import type { ClickHouseClient } from '@clickhouse/client';
import { takeErrorResponse } from '../client/agent.js';
import { isWatched, markUnwatched } from '../client/request-watch.js';
import { trackDelivery } from '../resilience/delivery.js';
import { eventLoop } from '../telemetry/event-loop-monitor.js';
import { killQuery } from './kill-query.js';
import type { ConnectionReports } from './platform.js';

/** The reports of the clients of this package's factory, on Node.js. */
export const nodeReports: ConnectionReports<ClickHouseClient> = {
  trackDelivery: (client, queryId) => (isWatched(client) ? trackDelivery(queryId) : undefined),
  markUnwatched,
  takeErrorResponse,
  killQuery,
  beginWatch: () => eventLoop.beginWatch(),
  hasStalledSince: (token) => eventLoop.hasStalledSince(token),
};
