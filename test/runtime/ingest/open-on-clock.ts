import { afterEach } from 'vitest';
import { openIngest } from '../../../runtime/src/ingest/create-ingest.js';
import type { Ingest } from '../../../runtime/src/ingest/ingest.js';
import type { IngestOptions } from '../../../runtime/src/ingest/options.js';
import { type FakeServer, fakeServer, type InsertBehaviour } from './fake-service.js';
import type { Row } from './open-directory.js';
import { TestClock } from './test-clock.js';

const closings: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closings.splice(0)) await close().catch(() => undefined);
});

/** Opens an ingest, in memory unless the options name a directory. It is closed after the test. */
export function openOnClock(
  options: Partial<IngestOptions<Row>>,
  behaviour?: InsertBehaviour,
): { readonly clock: TestClock; readonly server: FakeServer; readonly ingest: Ingest<Row> } {
  const clock = new TestClock();
  const server = fakeServer(behaviour);
  const ingest = openIngest<Row>({ table: 'events', service: server.service, ...options }, clock);
  closings.push(() => ingest.close({ timeoutMs: 0 }));
  return { clock, server, ingest };
}

/** The behaviour of a server that does not answer. */
export const never = () => new Promise<void>(() => undefined);
