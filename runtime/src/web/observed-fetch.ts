import { queryIdIn } from '../client/query-id.js';
import { isFromClickHouse } from '../client/server-headers.js';
import { type FailureContext, GatewayError } from '../errors/index.js';
import { raceWithSignal } from '../concurrency/wait.js';
import { deliveryOf } from '../resilience/delivery.js';
import { failureOfWrite, isPage } from '../statement/write-failure.js';
import { parseFetchFailure } from './fetch-failure.js';
import { readErrorText, readToEnd } from './read-body.js';

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
    const url = input instanceof Request ? input.url : String(input);
    const signal = init?.signal ?? undefined;
    const queryId = queryIdIn(url);
    const facts = { endpoint, queryId };
    // Nothing tells how far a request of `fetch` got.
    const delivery = deliveryOf(queryId);
    delivery?.requestMade();
    delivery?.handedOver();
    // A redirect would repeat a write as a GET, which runs nothing, or send its rows to another server.
    const response = await withSignal(signal, send(input, { ...init, redirect: 'manual' })).catch((error: unknown) => {
      // The client and the statement know why they have aborted the request.
      throw signal?.aborted === true ? error : parseFetchFailure(error, facts);
    });
    const httpStatus = response.type === 'opaqueredirect' ? hiddenRedirect : response.status;
    const headers = Object.fromEntries(response.headers);
    if (isRedirect(httpStatus) || (response.ok && isForeign(httpStatus, headers)))
      throw new GatewayError(await readErrorText(response.body, signal), { ...facts, httpStatus });
    if (!response.ok || 'x-clickhouse-exception-code' in headers) {
      if (delivery && queryId !== undefined) errorResponses.set(queryId, { httpStatus, headers });
      return copyOf(response, await readErrorText(response.body, signal));
    }
    // The client takes a missing body for one that never ends.
    if (response.body === null) return copyOf(response, '');
    if (!isInsert(url)) return response;
    // The client discards the body of an insert, and with it an error that follows the headers.
    const text = await readToEnd(response.body, signal, { ...facts, headers });
    const failure = failureOfWrite({ httpStatus, headers }, text, facts);
    if (failure) throw failure;
    return copyOf(response, text);
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

function isRedirect(httpStatus: number): boolean {
  return httpStatus >= 300 && httpStatus < 400;
}

/** Statuses with which a `Response` may not have a body, not even an empty one. */
const nullBodyStatuses: ReadonlySet<number> = new Set([204, 205]);

/** Returns the response with its body as a text that has arrived. */
function copyOf({ status, statusText, headers }: Response, text: string): Response {
  return new Response(text, { status: nullBodyStatuses.has(status) ? 200 : status, statusText, headers });
}

/** Whether a request is an insert: only then the client sends the SQL in the URL, since the rows are the body. */
function isInsert(url: string): boolean {
  return new URL(url).searchParams.has('query');
}

async function withSignal(signal: AbortSignal | undefined, response: Promise<Response>): Promise<Response> {
  if (!signal) return response;
  try {
    return await raceWithSignal(signal, response);
  } catch (error) {
    // A response that comes later has no reader.
    response.then(({ body }) => body?.cancel()).catch(() => undefined);
    throw error;
  }
}

/**
 * Whether a successful response does not come from ClickHouse: it is a page, or its status is not that of a result. The type of the content is
 * visible in a browser, other headers only if the server exposes them.
 */
function isForeign(httpStatus: number, headers: Readonly<Record<string, string>>): boolean {
  return !isFromClickHouse(headers) && (httpStatus !== 200 || isPage(headers['content-type'], ''));
}
