import { queryIdIn } from '../client/query-id.js';
import { isFromClickHouse } from '../client/server-headers.js';
import { type FailureContext, GatewayError } from '../errors/index.js';
import { isError } from '../errors/is-error.js';
import { raceWithSignal } from '../concurrency/wait.js';
import { deliveryOf } from '../resilience/delivery.js';
import { parseFetchFailure } from './fetch-failure.js';

/** Status and headers of a response that is an error. */
export type ErrorResponse = Pick<FailureContext, 'httpStatus' | 'headers'>;

/** A `fetch` for one client, which keeps what the client drops. */
export interface ObservedFetch {
  readonly fetch: typeof fetch;
  /** Returns status and headers of the error response to this query id, once. */
  takeErrorResponse(queryId: string): ErrorResponse | undefined;
}

/**
 * Observes the requests of one client: which attempt made one, and the status of its response. It turns the rejections of `fetch` into errors
 * of this package, rejects a page that a proxy sends in place of rows, and follows no redirect.
 * @param send `fetch`, or what the user passes in its place
 */
export function observeFetch(send: typeof fetch, endpoint: string): ObservedFetch {
  const errorResponses = new Map<string, ErrorResponse>();

  const observed: typeof fetch = async (input, init) => {
    const queryId = queryIdIn(input instanceof Request ? input.url : String(input));
    const facts = { endpoint, queryId };
    // Nothing tells how far a request of `fetch` got.
    const delivery = deliveryOf(queryId);
    delivery?.requestMade();
    delivery?.handedOver();
    // A caller's `fetch` may forget the signal.
    // A redirect would repeat a write as a GET, which runs nothing, or send its rows to another server.
    const response = await withSignal(init?.signal, send(input, { ...init, redirect: 'manual' })).catch((error: unknown) => {
      throw isAbort(error) ? error : parseFetchFailure(error, facts);
    });
    const httpStatus = response.type === 'opaqueredirect' ? hiddenRedirect : response.status;
    if (httpStatus >= 300 && httpStatus < 400) throw new GatewayError(await response.text(), { ...facts, httpStatus });
    const headers = Object.fromEntries(response.headers);
    if (delivery && queryId !== undefined && (!response.ok || 'x-clickhouse-exception-code' in headers))
      errorResponses.set(queryId, { httpStatus: response.status, headers });
    const isEmpty = nullBodyStatuses.has(response.status);
    if (response.ok && (isPage(headers) || (isEmpty && !isFromClickHouse(headers))))
      throw new GatewayError(await response.text(), { ...facts, httpStatus: response.status });
    // The client takes a missing body for one that never ends.
    if (response.body !== null) return response;
    const { status, statusText } = response;
    return new Response('', { status: isEmpty ? 200 : status, statusText, headers: response.headers });
  };

  return {
    fetch: observed,
    takeErrorResponse(queryId) {
      const response = errorResponses.get(queryId);
      errorResponses.delete(queryId);
      return response;
    },
  };
}

/** A browser hides which redirect it has not followed. All of them refuse the statement. */
const hiddenRedirect = 302;

/** Statuses with which a `Response` may not have a body, not even an empty one. */
const nullBodyStatuses: ReadonlySet<number> = new Set([204, 205, 304]);

async function withSignal(signal: AbortSignal | null | undefined, response: Promise<Response>): Promise<Response> {
  if (!signal) return response;
  try {
    return await raceWithSignal(signal, response);
  } catch (error) {
    // A response that comes later has no reader.
    response.then(({ body }) => body?.cancel()).catch(() => undefined);
    throw error;
  }
}

/** The facts of a statement whose `fetch` was aborted are known to the client and to the statement. */
function isAbort(error: unknown): boolean {
  return isError(error) && (error.name === 'AbortError' || error.name === 'TimeoutError');
}

/** The type of the content is visible in a browser, other headers only if the server exposes them. */
function isPage(headers: Readonly<Record<string, string>>): boolean {
  return /^text\/html\b/i.test(headers['content-type'] ?? '') && !isFromClickHouse(headers);
}
