import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { ConnectError, ConnectionLostError, IngestUndeliveredError, ServerError } from '../../../runtime/src/errors/index.js';
import { openIngest } from '../../../runtime/src/ingest/create-ingest.js';
import type { IngestOptions, RejectedBatch } from '../../../runtime/src/ingest/options.js';
import { deduplicating, fakeServer, type InsertBehaviour, plain, type ReceivedInsert, type SystemTables } from './fake-service.js';
import { settle, TestClock } from './test-clock.js';

interface Row {
  readonly id: number;
}

const closings: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closings.splice(0)) await close().catch(() => undefined);
});

interface OpenOptions extends Partial<IngestOptions<Row>> {
  readonly behaviour?: InsertBehaviour;
  readonly tables?: SystemTables;
}

function open({ behaviour, tables, ...options }: OpenOptions) {
  const clock = new TestClock();
  const server = fakeServer(behaviour, tables);
  const { now, after, random, holdProcess, warn } = clock;
  const ingest = openIngest<Row>(
    { table: 'events', service: server.service, ...options },
    { now, after, random, holdProcess, warn, newId: () => crypto.randomUUID() },
  );
  closings.push(() => ingest.close({ timeoutMs: 0 }));
  return { clock, server, ingest };
}

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'ingest-'));
}

/** Leaves the directory as a killed process does: the lock is that of a process that does not run any more. */
function kill(directory: string): void {
  const path = join(directory, readdirSync(directory).find((name) => name.startsWith('lock.')) ?? '');
  const content: Record<string, unknown> = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, JSON.stringify({ ...content, startedAt: '1' }));
}

function segmentsIn(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => /\.(?:open|batch|sent|sent-token)$/.test(name))
    .map((name) => name.replace(/^\d{6}[0-9a-f]{8}/, 'RUN'));
}

/** Waits for something that no promise tells. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setImmediate();
}

function rows(from: number, to: number): Row[] {
  return Array.from({ length: to - from + 1 }, (_, index) => ({ id: from + index }));
}

const has = ({ rows: sent }: ReceivedInsert, id: number) => sent.some((row) => (row as Row).id === id);
const refused = (clickhouseCode: number) => new ServerError({ clickhouseCode, type: undefined, text: 'refused' });
const unreachable = () => new ConnectError('ECONNREFUSED', false, 'refused');
const noAnswer = () => new ConnectionLostError('ECONNRESET', 'reset');
const never = () => new Promise<void>(() => undefined);
const withoutLog = { 'system.query_log': refused(60) };

describe('a division that was interrupted', () => {
  /** Refuses inserts with row 8, and is away for others that have row 5. */
  const interrupted: InsertBehaviour = (insert) => {
    if (has(insert, 8)) throw refused(27);
    if (has(insert, 5)) throw unreachable();
  };

  it('goes on with the parts that are left, also if the table would accept the whole now', async () => {
    const directory = newFolder();
    const first = open({ directory, behaviour: interrupted });
    await first.ingest.add(rows(1, 8));
    void first.ingest.flush().catch(() => undefined);
    await until(() => first.ingest.stats.state === 'retrying');
    expect(first.server.inserts.map((insert) => insert.rows)).toEqual([rows(1, 8), rows(1, 4), rows(5, 8), rows(5, 6)]);
    expect(await first.ingest.close()).toEqual({ undeliveredRows: 4 });

    const second = open({ directory });
    await second.ingest.flush();
    expect([...first.server.stored, ...second.server.stored]).toEqual(rows(1, 8));
    expect(second.server.inserts.map((insert) => insert.rows)).toEqual([rows(5, 6), rows(7, 8)]);
    expect(second.ingest.stats).toMatchObject({ recoveredRows: 4, deliveredRows: 4, possiblyDuplicatedRows: 0 });
    expect(segmentsIn(directory)).toEqual([]);
  });

  it('by a kill during the insert of a half, repeats that half with its token', async () => {
    const directory = newFolder();
    const first = open({ directory, behaviour: (insert) => (has(insert, 8) ? Promise.reject(refused(27)) : never()) });
    await first.ingest.add(rows(1, 8));
    void first.ingest.flush().catch(() => undefined);
    await until(() => first.server.inserts.length === 2);
    kill(directory);

    const second = open({ directory });
    await second.ingest.flush();
    expect(second.server.stored).toEqual(rows(1, 8));
    expect(second.server.inserts[0]?.token).toBe(first.server.inserts[1]?.token);
  });

  it('is in the name of the file: the part that is next, and whether it was sent', async () => {
    const directory = newFolder();
    const names: string[][] = [];
    const { ingest } = open({
      directory,
      onRejected: () => undefined,
      behaviour: (insert) => {
        names.push(segmentsIn(directory));
        if (has(insert, 3)) throw refused(27);
      },
    });
    await ingest.add(rows(1, 4));
    await ingest.flush();
    expect(names.flat()).toEqual(['', '-0', '-1', '-10', '-11'].map((part) => `RUN-000000001-4${part}.sent-token`));
  });

  it('has no doubt about parts that were not sent, for a table that keeps copies', async () => {
    const directory = newFolder();
    const first = open({ directory, tables: plain, behaviour: interrupted });
    await first.ingest.add(rows(1, 8));
    void first.ingest.flush().catch(() => undefined);
    await until(() => first.ingest.stats.state === 'retrying');
    kill(directory);

    const second = open({ directory, tables: { ...plain, ...withoutLog } });
    await second.ingest.flush();
    expect(second.server.stored).toEqual(rows(5, 8));
    // The process was killed after an insert of these rows had been recorded. Rows 7 and 8 were sent in refused inserts alone.
    expect(second.ingest.stats).toMatchObject({ possiblyDuplicatedRows: 2 });
  });
});

describe('the rows that a closed ingest returns from memory', () => {
  const lines = (from: number, to: number) => rows(from, to).map((row) => JSON.stringify(row));

  it('in the middle of a division, are those that were neither delivered nor rejected', async () => {
    const rejected: RejectedBatch[] = [];
    const { server, ingest } = open({
      onRejected: (batch) => rejected.push(batch),
      behaviour: (insert) => {
        if (has(insert, 4)) throw refused(27);
        if (has(insert, 5)) throw unreachable();
      },
    });
    await ingest.add(rows(1, 8));
    void ingest.flush().catch(() => undefined);
    await until(() => ingest.stats.state === 'retrying');
    expect(ingest.stats).toMatchObject({ acceptedRows: 8, deliveredRows: 3, rejectedRows: 1, bufferedRows: 4, bufferedBytes: 36 });

    const error: unknown = await ingest.close({ timeoutMs: 0 }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'INGEST_UNDELIVERED', rowCount: 4, mayBePartial: false });
    expect((error as IngestUndeliveredError).revealRows()).toEqual(lines(5, 8));
    expect(server.stored).toEqual(rows(1, 3));
    expect(rejected.map((batch) => batch.rows)).toEqual([rows(4, 4)]);
  });

  it('during the insert of a part, may be in the table', async () => {
    const { server, ingest } = open({
      behaviour: (insert) => (has(insert, 4) ? Promise.reject(refused(27)) : has(insert, 3) ? never() : undefined),
    });
    await ingest.add(rows(1, 4));
    void ingest.flush().catch(() => undefined);
    await until(() => server.inserts.length === 4);
    const error: unknown = await ingest.close({ timeoutMs: 0 }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ rowCount: 2, mayBePartial: true });
    expect((error as IngestUndeliveredError).revealRows()).toEqual(lines(3, 4));
  });

  it('are not in the table if only a rejected row had an insert without an answer', async () => {
    let isLost = false;
    const { clock, ingest } = open({
      onRejected: () => undefined,
      maxBatchRows: 1,
      behaviour: (insert) => {
        if (has(insert, 2)) throw unreachable();
        if (isLost) throw refused(27);
        isLost = true;
        throw noAnswer();
      },
    });
    await ingest.add(rows(1, 2));
    await settle();
    await clock.advance(60_000);
    await expect(ingest.close({ timeoutMs: 0 })).rejects.toMatchObject({ rowCount: 1, mayBePartial: false });
  });

  it('leave space for further rows as parts are delivered', async () => {
    const { server, ingest } = open({
      maxBufferedRows: 4,
      behaviour: (insert) => (has(insert, 4) ? Promise.reject(refused(27)) : has(insert, 3) ? never() : undefined),
    });
    await ingest.add(rows(1, 4));
    await ingest.add(rows(5, 6));
    expect(server.stored).toEqual(rows(1, 2));
  });
});

describe('an insert without a token that has no answer, for a table that drops copies since', () => {
  /** The table keeps copies until `alter()` is called. */
  function alteredTable(log: SystemTables) {
    const definition = [{ engine: 'MergeTree', engine_full: 'MergeTree ORDER BY id' }];
    const alter = () =>
      definition.splice(0, 1, {
        engine: 'MergeTree',
        engine_full: 'MergeTree ORDER BY id SETTINGS non_replicated_deduplication_window = 1000',
      });
    return { alter, tables: { ...plain, ...log, 'system.tables': definition } };
  }

  it('is counted if no lookup can tell', async () => {
    const { alter, tables } = alteredTable(withoutLog);
    const { clock, server, ingest } = open({
      tables,
      behaviour: () => {
        if (server.inserts.length > 1) return;
        alter();
        throw noAnswer();
      },
    });
    await ingest.add(rows(1, 2));
    const flushed = ingest.flush();
    await clock.advance(60_000);
    await flushed;
    expect(server.inserts.map(({ token }) => typeof token)).toEqual(['undefined', 'string']);
    expect(ingest.stats).toMatchObject({ delivery: 'exactly-once', possiblyDuplicatedRows: 2 });
  });

  it('is not sent again if the log has it', async () => {
    const { alter, tables } = alteredTable({ 'system.query_log': [{ started: 1, finished: 1, marker: 1, up: 1_000_000 }] });
    const { clock, server, ingest } = open({
      tables,
      behaviour: () => {
        alter();
        throw noAnswer();
      },
    });
    await ingest.add(rows(1, 2));
    const flushed = ingest.flush();
    await clock.advance(60_000);
    await flushed;
    expect(server.inserts).toHaveLength(1);
    expect(ingest.stats).toMatchObject({ deliveredRows: 2, possiblyDuplicatedRows: 0 });
  });

  it('is counted once, also if inserts with a token have no answer afterwards', async () => {
    const { alter, tables } = alteredTable(withoutLog);
    const { clock, server, ingest } = open({
      tables,
      behaviour: () => {
        if (server.inserts.length > 3) return;
        alter();
        throw noAnswer();
      },
    });
    await ingest.add(rows(1, 2));
    const flushed = ingest.flush();
    await clock.advance(60_000);
    await flushed;
    expect(server.inserts).toHaveLength(4);
    expect(ingest.stats.possiblyDuplicatedRows).toBe(2);
  });

  it('is counted after a kill', async () => {
    const directory = newFolder();
    const first = open({ directory, tables: plain, behaviour: never, maxBatchRows: 2 });
    await first.ingest.add(rows(1, 2));
    await until(() => first.server.inserts.length === 1);
    expect(segmentsIn(directory)).toEqual(['RUN-000000001-2.sent']);
    kill(directory);

    const { ingest } = open({ directory, tables: { ...deduplicating, ...withoutLog } });
    await ingest.flush();
    expect(ingest.stats).toMatchObject({ delivery: 'exactly-once', possiblyDuplicatedRows: 2 });
  });
});

describe('an insert with a token that has no answer', () => {
  async function killed(): Promise<string> {
    const directory = newFolder();
    const { ingest, server } = open({ directory, behaviour: never, maxBatchRows: 2 });
    await ingest.add(rows(1, 2));
    await until(() => server.inserts.length === 1);
    kill(directory);
    return directory;
  }

  it('is not looked up after a kill: the table drops the copy', async () => {
    const { server, ingest } = open({ directory: await killed(), tables: { ...deduplicating, ...withoutLog } });
    await ingest.flush();
    expect(server.inserts).toHaveLength(1);
    expect(server.queries.filter((query) => query.includes('query_log'))).toEqual([]);
    expect(ingest.stats.possiblyDuplicatedRows).toBe(0);
  });

  it('is counted after a kill if the table keeps copies since', async () => {
    const { ingest } = open({ directory: await killed(), tables: { ...plain, ...withoutLog } });
    await ingest.flush();
    expect(ingest.stats.possiblyDuplicatedRows).toBe(2);
  });

  it('and is refused later, is counted if no lookup can tell: the table may have accepted it before a change', async () => {
    const { ingest } = open({
      directory: await killed(),
      tables: { ...deduplicating, ...withoutLog },
      onRejected: () => undefined,
      behaviour: (insert) => {
        if (has(insert, 2)) throw refused(469);
      },
    });
    await ingest.flush();
    expect(ingest.stats).toMatchObject({ deliveredRows: 1, rejectedRows: 1, possiblyDuplicatedRows: 2 });
  });
});

it('a question about the table without an answer is not an insert', async () => {
  const isAway = { value: true };
  const { clock, server, ingest } = open({ tables: { ...plain, ...withoutLog } });
  const query = server.service.query.bind(server.service);
  Object.assign(server.service, {
    query: async (params: Parameters<typeof query>[0]) => {
      if (isAway.value) throw noAnswer();
      return query(params);
    },
  });
  await ingest.add(rows(1, 2));
  const flushed = ingest.flush();
  await clock.advance(1_000);
  isAway.value = false;
  await clock.advance(60_000);
  await flushed;
  expect(server.inserts).toHaveLength(1);
  expect(ingest.stats.possiblyDuplicatedRows).toBe(0);
});

it('a question about the table that the server refuses for a reason that passes is no answer: the insert has a token', async () => {
  let refusals = 1;
  const { server, ingest } = open({ tables: deduplicating });
  const query = server.service.query.bind(server.service);
  Object.assign(server.service, {
    query: async (params: Parameters<typeof query>[0]) => {
      if (params.query.includes('system.tables') && refusals-- > 0) throw refused(241);
      return query(params);
    },
  });
  await ingest.add(rows(1, 2));
  await ingest.flush();
  expect(ingest.stats.delivery).toBe('unknown');
  await ingest.add(rows(3, 4));
  await ingest.flush();
  expect(ingest.stats).toMatchObject({ delivery: 'exactly-once', deliveredRows: 4 });
  expect(server.inserts.map(({ token }) => typeof token)).toEqual(['string', 'string']);
});

it('an insert without an answer is looked up while the server refuses the question about its table', async () => {
  const { clock, server, ingest } = open({
    tables: { ...deduplicating, ...withoutLog, 'system.tables': refused(241) },
    behaviour: () => {
      if (server.inserts.length === 1) throw noAnswer();
    },
  });
  await ingest.add(rows(1, 2));
  const flushed = ingest.flush();
  await clock.advance(60_000);
  await flushed;
  expect(server.inserts.map(({ token }) => typeof token)).toEqual(['string', 'string']);
  expect(ingest.stats).toMatchObject({ delivery: 'unknown', deliveredRows: 2, possiblyDuplicatedRows: 2 });
});
