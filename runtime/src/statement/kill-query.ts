import type { ClickHouseClient } from '@clickhouse/client';

/** Timeout of a `KILL QUERY`, in milliseconds. Only a drain or a rotation waits for it, at most for `shutdownGraceMs`. */
const killTimeoutMs = 2_000;

const pendingKills = new Map<ClickHouseClient, { readonly queryIds: string[]; readonly settled: Promise<void> }>();

/**
 * Stops a statement on the server by `KILL QUERY`. The server notices a closed connection only when it writes to it, and may count, sort
 * and join for hours before. Never throws: the user may lack the privilege, and the server may not answer.
 */
export function killQuery(client: ClickHouseClient, queryId: string): void {
  const pending = pendingKills.get(client);
  if (pending) return void pending.queryIds.push(queryId);
  const queryIds = [queryId];
  pendingKills.set(client, { queryIds, settled: kill(client, queryIds) });
}

/** Resolves when all pending kills have settled, including those of statements that end in this turn of the event loop. */
export async function whenKillsSettled(): Promise<void> {
  await new Promise(setImmediate);
  await Promise.all([...pendingKills.values()].map(({ settled }) => settled));
}

/** Sends one `KILL QUERY` for all statements that end in the same turn of the event loop, as in a drain. */
async function kill(client: ClickHouseClient, queryIds: string[]): Promise<void> {
  while (queryIds.length > 0) {
    await new Promise(setImmediate);
    const list = queryIds.splice(0).map((id) => `'${id.replaceAll(/[\\']/g, '\\$&')}'`);
    const query = `KILL QUERY WHERE query_id IN (${list.join(', ')}) ASYNC`;
    await client.command({ query, abort_signal: AbortSignal.timeout(killTimeoutMs) }).catch(() => undefined);
  }
  pendingKills.delete(client);
}
