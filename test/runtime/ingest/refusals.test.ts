import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { GatewayError, ServerError } from '../../../runtime/src/errors/index.js';
import type { IngestEnvironment } from '../../../runtime/src/ingest/batch/environment.js';
import { openIngest } from '../../../runtime/src/ingest/create-ingest.js';
import type { IngestOptions } from '../../../runtime/src/ingest/options.js';
import { fakeServer, type InsertBehaviour } from './fake-service.js';
import { TestClock } from './test-clock.js';

interface Row {
  readonly id: number;
  readonly text?: string;
}

const closings: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closings.splice(0)) await close().catch(() => undefined);
});

function open(behaviour: InsertBehaviour, options: Partial<IngestOptions<Row>> = {}) {
  const clock = new TestClock();
  const server = fakeServer(behaviour);
  const rejected: unknown[] = [];
  const ingest = openIngest<Row>(
    { table: 'events', service: server.service, onRejected: (batch) => rejected.push(...batch.rows), ...options },
    clock,
  );
  closings.push(() => ingest.close({ timeoutMs: 0 }));
  /** Adds the rows, and lets the ingest work for so many milliseconds. */
  const deliver = async (added: readonly Row[], ms = 0): Promise<void> => {
    await ingest.add(added);
    void ingest.flush().catch(() => undefined);
    await clock.advance(ms);
  };
  return { clock, server, rejected, ingest, deliver };
}

/** Batches in a directory have unique ids. */
function inDirectory(): IngestEnvironment {
  const { now, after, random, warn, holdProcess } = new TestClock();
  return { now, after, random, warn, holdProcess, newId: () => crypto.randomUUID() };
}

const rows = (count: number, from = 1): Row[] => Array.from({ length: count }, (_, index) => ({ id: from + index }));
const hasRow = (sent: readonly unknown[], isBad: (row: Row) => boolean) => sent.some((row) => isBad(row as Row));
const unknownField = () => new ServerError({ clickhouseCode: 117, type: 'INCORRECT_DATA', text: 'Unknown field found: plan' });
const tooLarge = () => new GatewayError('<html>', { httpStatus: 413 });

describe('a field without a column, which ClickHouse refuses in all rows', () => {
  it('stalls the ingest after eight refused rows, and no row is set aside', async () => {
    const { ingest, rejected, server, deliver } = open(() => {
      throw unknownField();
    });
    await deliver(rows(2_000));
    expect(ingest.stats).toMatchObject({ state: 'stalled', bufferedRows: 2_000, rejectedRows: 0, lastError: { clickhouseCode: 117 } });
    expect(server.inserts.filter((insert) => insert.rows.length === 1)).toHaveLength(8);
    expect(rejected).toEqual([]);
  });

  it('is tried again with one row after growing pauses, however long it takes', async () => {
    const { clock, ingest, rejected, server, deliver } = open(() => {
      throw unknownField();
    });
    await deliver(rows(2_000));
    expect(clock.due).toEqual([1_500]);
    const before = server.inserts.length;
    await clock.advance(4 * 3_600_000);
    expect(clock.due.every((ms) => ms <= 60_000)).toBe(true);
    const repeated = server.inserts.slice(before);
    expect(repeated.length).toBeGreaterThan(250);
    expect(new Set(repeated.map((insert) => JSON.stringify(insert.rows)))).toEqual(new Set(['[{"id":1}]']));
    expect(ingest.stats).toMatchObject({ state: 'stalled', rejectedRows: 0 });
    expect(rejected).toEqual([]);
  });

  it('delivers all rows once and in their order when the column was added', async () => {
    const column = { exists: false };
    const { clock, ingest, server, deliver } = open(() => {
      if (!column.exists) throw unknownField();
    });
    await deliver(rows(2_000), 600_000);
    column.exists = true;
    await clock.advance(60_000);
    expect(server.stored).toEqual(rows(2_000));
    expect(ingest.stats).toMatchObject({ state: 'open', deliveredRows: 2_000, rejectedRows: 0, bufferedRows: 0 });
  });

  it('stays in the directory, of which the next ingest delivers all rows once', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'ingest-refusals-'));
    const before = openIngest<Row>(
      { table: 'events', directory, service: fakeServer(() => Promise.reject(unknownField())).service },
      inDirectory(),
    );
    await before.add(rows(100));
    void before.flush().catch(() => undefined);
    while (before.stats.state !== 'stalled') await setImmediate();
    expect(await before.close()).toEqual({ undeliveredRows: 100 });
    expect(before.stats.rejectedRows).toBe(0);
    const server = fakeServer();
    const after = openIngest<Row>({ table: 'events', directory, service: server.service }, inDirectory());
    await after.ready();
    await after.flush();
    await after.close();
    expect(server.stored).toEqual(rows(100));
    expect(after.stats).toMatchObject({ deliveredRows: 100, possiblyDuplicatedRows: 0 });
  });

  it('stalls batches of one row as well: those before the eighth are set aside', async () => {
    const { ingest, rejected, deliver } = open(
      () => {
        throw unknownField();
      },
      { maxBatchRows: 1 },
    );
    await deliver(rows(20), 600_000);
    expect(rejected).toEqual(rows(7));
    expect(ingest.stats).toMatchObject({ state: 'stalled', rejectedRows: 7, bufferedRows: 13 });
  });
});

describe('a field without a column in some of the rows', () => {
  it.each([
    ['the first', (row: Row) => row.id === 1],
    ['the first seven', (row: Row) => row.id <= 7],
    ['the last hundred', (row: Row) => row.id > 1_900],
    ['each third', (row: Row) => row.id % 3 === 0 && row.id < 100],
  ])('sets %s aside, each once, and delivers all others', async (_, isBad) => {
    const { ingest, rejected, server, deliver } = open((insert) => {
      if (hasRow(insert.rows, isBad)) throw unknownField();
    });
    await deliver(rows(2_000));
    expect(rejected).toEqual(rows(2_000).filter(isBad));
    expect(server.stored).toEqual(rows(2_000).filter((row) => !isBad(row)));
    expect(ingest.stats).toMatchObject({ state: 'open', bufferedRows: 0 });
  });

  it('sets single bad batches aside between good ones, however many', async () => {
    const { ingest, rejected, deliver } = open(
      (insert) => {
        if (hasRow(insert.rows, ({ id }) => id % 2 === 0)) throw unknownField();
      },
      { maxBatchRows: 1 },
    );
    await deliver(rows(40));
    expect(rejected).toHaveLength(20);
    expect(ingest.stats).toMatchObject({ state: 'open', deliveredRows: 20, rejectedRows: 20 });
  });
});

describe('HTTP 413 of a proxy', () => {
  it('divides a batch until the proxy takes the parts', async () => {
    const { ingest, server, deliver } = open((insert) => {
      if (JSON.stringify(insert.rows).length > 5_000) throw tooLarge();
    });
    await deliver(rows(2_000));
    expect(server.stored).toEqual(rows(2_000));
    expect(ingest.stats).toMatchObject({ state: 'open', rejectedRows: 0 });
  });

  it('stalls the ingest when it refuses less than 1 KiB: it refuses everything', async () => {
    const proxy = { isBroken: true };
    const { clock, ingest, rejected, server, deliver } = open(() => {
      if (proxy.isBroken) throw tooLarge();
    });
    await deliver(rows(500), 600_000);
    expect(server.inserts.length).toBeLessThan(50);
    expect(rejected).toEqual([]);
    expect(ingest.stats).toMatchObject({ state: 'stalled', bufferedRows: 500, lastError: { httpStatus: 413 } });
    proxy.isBroken = false;
    await clock.advance(60_000);
    expect(server.stored).toEqual(rows(500));
  });

  it('stalls the ingest when it refuses eight longer rows and has taken none', async () => {
    const { ingest, rejected, deliver } = open(() => {
      throw tooLarge();
    });
    await deliver(rows(20).map((row) => ({ ...row, text: 'a'.repeat(2_000) })));
    expect(rejected).toEqual([]);
    expect(ingest.stats).toMatchObject({ state: 'stalled', bufferedRows: 20 });
  });

  it('sets a row aside that alone is too large', async () => {
    const { ingest, rejected, deliver } = open((insert) => {
      if (hasRow(insert.rows, ({ text }) => text !== undefined)) throw tooLarge();
    });
    const long = { id: 3, text: 'a'.repeat(2_000) };
    await deliver([...rows(2), long, ...rows(500, 4)]);
    expect(rejected).toEqual([long]);
    expect(ingest.stats).toMatchObject({ state: 'open', deliveredRows: 502, rejectedRows: 1 });
  });
});
