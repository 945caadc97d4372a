import type { ServerResponse } from 'node:http';
import type { HttpFailure } from './http-status.js';
import type { ProbeResponse } from './probes.js';

/** Writes an answer to a response of Node.js. */
export function writeResponse(response: ServerResponse, { status, headers, body }: HttpFailure | ProbeResponse): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.end(JSON.stringify(body));
}

/**
 * Cuts the connection of a response that has begun: with an end, its client would take it for a complete one.
 * @param response a response of Node.js, or an object of a framework that has it as `raw`
 */
export function cutResponse(response: unknown): void {
  const raw: unknown = Reflect.get(Object(response), 'raw') ?? response;
  const destroy: unknown = Reflect.get(Object(raw), 'destroy');
  if (typeof destroy === 'function') Reflect.apply(destroy, raw, []);
}
