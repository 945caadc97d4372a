import type { ClickHouseClient } from '@clickhouse/client';

/** So long a server has time to take such an order: nobody waits for it but a drain, and not for as long. */
const killTimeoutMs = 2_000;

const pendingKills = new Map<ClickHouseClient, { readonly queryIds: string[]; readonly settled: Promise<void> }>();

/**
 * Tells a server to stop a statement whose caller has gone: it would go on until it writes to him, and may count, sort and join for hours
 * before that. Best effort: a user may not be allowed to, and the server may be the one that does not answer.
 */
export function killQuery(client: ClickHouseClient, queryId: string): void {
  const order = pendingKills.get(client);
  if (order) return void order.queryIds.push(queryId);
  const queryIds = [queryId];
  pendingKills.set(client, { queryIds, settled: kill(client, queryIds) });
}

/** Settles when the servers have heard of all that was to be stopped, also of what is given up just now. */
export async function whenKillsSettled(): Promise<void> {
  await new Promise(setImmediate);
  await Promise.all([...pendingKills.values()].map(({ settled }) => settled));
}

/** What ends together, by a drain say, is one order. */
async function kill(client: ClickHouseClient, queryIds: string[]): Promise<void> {
  while (queryIds.length > 0) {
    await new Promise(setImmediate);
    const list = queryIds.splice(0).map((id) => `'${id.replaceAll(/[\\']/g, '\\$&')}'`);
    const query = `KILL QUERY WHERE query_id IN (${list.join(', ')}) ASYNC`;
    await client.command({ query, abort_signal: AbortSignal.timeout(killTimeoutMs) }).catch(() => undefined);
  }
  pendingKills.delete(client);
}
