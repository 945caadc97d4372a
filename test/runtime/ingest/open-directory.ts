import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, expect } from 'vitest';
import { ConnectError } from '../../../runtime/src/errors/index.js';
import { openIngest } from '../../../runtime/src/ingest/create-ingest.js';
import type { Ingest } from '../../../runtime/src/ingest/ingest.js';
import type { IngestOptions } from '../../../runtime/src/ingest/options.js';
import { fakeServer, type InsertBehaviour, type SystemTables } from './fake-service.js';
import { FaultyDisk } from './faulty-disk.js';
import { TestClock } from './test-clock.js';

/** A row of these tests. */
export interface Row {
  readonly id: number;
}

const closings: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closings.splice(0)) await close().catch(() => undefined);
});

/** A server that cannot be reached. */
export const away: InsertBehaviour = () => {
  throw new ConnectError('ECONNREFUSED', false, 'refused');
};

/** Returns a new folder for a directory. */
export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'ingest-'));
}

interface OpenOptions extends Partial<IngestOptions<Row>> {
  readonly behaviour?: InsertBehaviour;
  readonly tables?: SystemTables;
  readonly disk?: FaultyDisk;
}

/** Opens an ingest with a directory. It is closed after the test. */
export function open(directory: string, { behaviour, tables, disk = new FaultyDisk(), ...options }: OpenOptions = {}) {
  const clock = new TestClock();
  const server = fakeServer(behaviour, tables);
  const ingest = openIngest<Row>(
    { table: 'events', service: server.service, directory, ...options },
    { ...environmentOf(clock), newId: () => crypto.randomUUID() },
    disk,
  );
  closings.push(() => ingest.close({ timeoutMs: 0 }));
  return { clock, server, ingest, disk };
}

/** Waits until an ingest is open, which must take 15 seconds of its clock. */
export async function opensAfterSilence({ ingest, clock }: Pick<ReturnType<typeof open>, 'ingest' | 'clock'>): Promise<void> {
  for (let second = 0; second < 15; second++) {
    await until(() => clock.due.length > 0);
    expect(ingest.stats.state).toBe('opening');
    await clock.advance(1_000);
  }
  await ingest.ready();
}

function environmentOf({ now, after, random, holdProcess, warn }: TestClock) {
  return { now, after, random, holdProcess, warn };
}

/** Returns rows with numbers that ascend. */
export function rows(count: number, from = 1): Row[] {
  return Array.from({ length: count }, (_, index) => ({ id: from + index }));
}

/** Files of a directory without those that say what it is. */
export function segmentsIn(directory: string): string[] {
  return readdirSync(directory).filter((name) => /\.(?:open|batch|sent|sent-token)$/.test(name));
}

export function rowsOnDisk(directory: string): unknown[] {
  return segmentsIn(directory)
    .flatMap((name) => readFileSync(join(directory, name), 'utf8').split('\n'))
    .filter((line) => line.startsWith('{'))
    .map((line): unknown => JSON.parse(line));
}

/** Waits for something that no promise tells. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setImmediate();
}

/** Leaves the directory as a killed process does: the lock is that of a process that does not run any more. */
export function kill(directory: string): void {
  const lock = readdirSync(directory).find((name) => name.startsWith('lock.')) ?? '';
  const content: Record<string, unknown> = JSON.parse(readFileSync(join(directory, lock), 'utf8'));
  writeFileSync(join(directory, lock), JSON.stringify({ ...content, startedAt: '1' }));
}

/** Rows that a process has left when it was killed, the first `sent` batches of which it had begun to send. */
export async function leave(directory: string, ...adds: readonly (readonly Row[])[]): Promise<Ingest<Row>> {
  const { ingest } = open(directory, { maxBatchAgeMs: Infinity, behaviour: () => new Promise(() => undefined) });
  for (const each of adds) await ingest.add(each);
  kill(directory);
  return ingest;
}
