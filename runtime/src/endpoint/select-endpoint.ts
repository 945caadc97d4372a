/** The part of an endpoint that the selection uses. */
interface SelectableEndpoint {
  /** Whether its breaker admits a call. */
  readonly isReady: boolean;
}

/**
 * Selects round-robin among the endpoints that were not tried and whose breaker admits calls. If there is none, prefers one with such a
 * breaker.
 * @param turn number of the statement, from 0. A retry has the number of its first attempt: otherwise some servers would get only retries.
 */
export function selectEndpoint<Endpoint extends SelectableEndpoint>(
  endpoints: readonly [Endpoint, ...Endpoint[]],
  turn: number,
  tried: ReadonlySet<unknown>,
): Endpoint {
  const start = turn % endpoints.length;
  const inTurn = [...endpoints.slice(start), ...endpoints.slice(0, start)];
  return (
    inTurn.find((endpoint) => endpoint.isReady && !tried.has(endpoint)) ??
    inTurn.find((endpoint) => endpoint.isReady) ??
    inTurn[0] ??
    endpoints[0]
  );
}
