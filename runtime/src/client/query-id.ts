/** Returns the query id in the path or URL of a request. The official client puts it first, so the search ends early. */
export function queryIdIn(path: string): string | undefined {
  const encoded = /[?&]query_id=([^&]*)/.exec(path)?.[1];
  return encoded === undefined || !/[%+]/.test(encoded) ? encoded : (new URLSearchParams(`id=${encoded}`).get('id') ?? undefined);
}
