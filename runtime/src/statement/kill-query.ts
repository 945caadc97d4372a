import { nextTurn } from '../concurrency/wait.js';

/** The part of an official client that sends a `KILL QUERY`. */
export interface KillClient {
  command(params: { readonly query: string; readonly abort_signal: AbortSignal }): Promise<unknown>;
}

/** Timeout of a `KILL QUERY`, in milliseconds. Only a drain or a rotation waits for it, at most for `shutdownGraceMs`. */
const killTimeoutMs = 2_000;

const pendingKills = new Map<KillClient, { readonly queryIds: string[]; readonly settled: Promise<void> }>();

/**
 * Stops a statement on the server by `KILL QUERY`. The server notices a closed connection only when it writes to it, and may count, sort
 * and join for hours before. Never throws: the user may lack the privilege, and the server may not answer.
 */
export function killQuery(client: KillClient, queryId: string): void {
  const pending = pendingKills.get(client);
  if (pending) return void pending.queryIds.push(queryId);
  const queryIds = [queryId];
  pendingKills.set(client, { queryIds, settled: kill(client, queryIds) });
}

/** Resolves when all pending kills have settled, including those of statements that end in this turn of the event loop. */
export async function whenKillsSettled(): Promise<void> {
  await nextTurn();
  await Promise.all([...pendingKills.values()].map(({ settled }) => settled));
}

/** Sends one `KILL QUERY` for all statements that end in the same turn of the event loop, as in a drain. */
async function kill(client: KillClient, queryIds: string[]): Promise<void> {
  while (queryIds.length > 0) {
    await nextTurn();
    const list = queryIds.splice(0).map((id) => `'${id.replaceAll(/[\\']/g, '\\$&')}'`);
    const query = `KILL QUERY WHERE query_id IN (${list.join(', ')}) ASYNC`;
    await client.command({ query, abort_signal: AbortSignal.timeout(killTimeoutMs) }).catch(() => undefined);
  }
  pendingKills.delete(client);
}
