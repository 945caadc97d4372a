import type { HttpAdapterHost } from '@nestjs/core';
import type { HttpFailure } from '../http/http-status.js';
import type { ProbeResponse } from '../http/probes.js';

/** The HTTP adapter of an application, Express or Fastify. */
export type HttpAdapter = HttpAdapterHost['httpAdapter'];

/** Returns the HTTP adapter. Undefined if the application has no HTTP server. */
export function adapterOf({ httpAdapter }: Partial<HttpAdapterHost>): HttpAdapter | undefined {
  return httpAdapter;
}

/** Writes an answer to a response of Express, or to a reply of Fastify. */
export function writeReply(adapter: HttpAdapter, response: unknown, { status, headers, body }: HttpFailure | ProbeResponse): void {
  for (const [name, value] of Object.entries(headers)) adapter.setHeader(response, name, value);
  // As text, which no serializer of the application changes.
  adapter.reply(response, JSON.stringify(body), status);
}
