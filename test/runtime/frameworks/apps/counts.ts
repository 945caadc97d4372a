import type { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';

/** How the requests ended that a server accepted. */
export interface Counts {
  /** Requests whose headers have arrived. */
  accepted: number;
  /** Complete responses by status. */
  readonly delivered: Record<string, number>;
  /** Responses that broke off. */
  lost: number;
}

/** Counts the responses of a server, and writes the numbers to standard output when the process exits. */
export function countResponses(server: EventEmitter): void {
  const counts: Counts = { accepted: 0, delivered: {}, lost: 0 };
  server.prependListener('request', (_request, response: ServerResponse) => {
    counts.accepted++;
    response.once('close', () => {
      if (!response.writableFinished) counts.lost++;
      else counts.delivered[response.statusCode] = (counts.delivered[response.statusCode] ?? 0) + 1;
    });
  });
  process.once('exit', () => console.log(`counts ${JSON.stringify(counts)}`));
}
