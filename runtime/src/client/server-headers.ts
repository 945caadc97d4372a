/** Each has been sent with every response by some version of the server, since 18.14. Proxies may remove a part of them. */
const serverHeaders = ['server-display-name', 'query-id', 'summary', 'format', 'timezone', 'exception-tag', 'exception-code'].map(
  (name) => `x-clickhouse-${name}`,
);

/** Whether a response has headers that only ClickHouse sends. */
export function isFromClickHouse(headers: Readonly<Record<string, unknown>>): boolean {
  // A loop without a function of its own: each response is looked at.
  for (const name of serverHeaders) if (headers[name] !== undefined) return true;
  return false;
}
