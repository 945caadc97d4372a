import { assertParameter, objectWith } from '../config/validate-options.js';

/** The part of a response of Node.js that tells whether its client is still there. Responses of HTTP/2 have it as well. */
export interface ObservedResponse {
  /** Whether the response or its connection is closed. */
  readonly destroyed: boolean;
  /** Whether the whole response was handed to the operating system. */
  readonly writableFinished: boolean;
  /** Calls the listener when the response is complete or its connection has closed. */
  once(event: 'close', listener: () => void): unknown;
}

const responseRule = objectWith('the response of Node.js: `response` in Express, `reply.raw` in Fastify', 'once');

const signals = new WeakMap<ObservedResponse, AbortSignal>();

/**
 * Returns the signal that is aborted if the client closes the connection before the response is complete. It is not aborted after a
 * complete response. Each response has one signal.
 * @throws ConfigError if the value is no such response
 */
export function requestSignal(response: ObservedResponse): AbortSignal {
  const existing = signals.get(response);
  if (existing) return existing;
  assertParameter('requestSignal.response', responseRule, response);
  const controller = new AbortController();
  const onClose = (): void => {
    if (!response.writableFinished)
      controller.abort(new DOMException('The client closed the connection before the response was complete.', 'AbortError'));
  };
  if (response.destroyed) onClose();
  else response.once('close', onClose);
  signals.set(response, controller.signal);
  return controller.signal;
}
