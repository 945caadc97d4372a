import type { ServerResponse } from 'node:http';
import type { HttpFailure } from './http-status.js';
import type { ProbeResponse } from './probes.js';

/** Writes an answer to a response of Node.js. */
export function writeResponse(response: ServerResponse, { status, headers, body }: HttpFailure | ProbeResponse): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.end(JSON.stringify(body));
}
