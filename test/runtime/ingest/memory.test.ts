import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { closeClickHouse } from '../../../runtime/src/accessor/accessors.js';
import {
  ConnectError,
  ConnectionLostError,
  IngestClosedError,
  IngestUndeliveredError,
  OverloadedError,
  ServerError,
} from '../../../runtime/src/errors/index.js';
import { openIngest } from '../../../runtime/src/ingest/create-ingest.js';
import type { Ingest } from '../../../runtime/src/ingest/ingest.js';
import type { IngestOptions, RejectedBatch } from '../../../runtime/src/ingest/options.js';
import { openIngests } from '../../../runtime/src/telemetry/open-ingests.js';
import { observe } from '../../../runtime/src/telemetry/telemetry.js';
import { deduplicating, fakeServer, type InsertBehaviour, plain, type SystemTables } from './fake-service.js';
import { settle, TestClock } from './test-clock.js';

interface Row {
  readonly id: number;
}

const closings: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closings.splice(0)) await close().catch(() => undefined);
  expect(openIngests()).toEqual([]);
});

function open(options: Partial<IngestOptions<Row>> = {}, behaviour?: InsertBehaviour, tables?: SystemTables) {
  const clock = new TestClock();
  const server = fakeServer(behaviour, tables);
  const ingest = openIngest<Row>({ table: 'events', service: server.service, ...options }, clock);
  closings.push(() => ingest.close({ timeoutMs: 0 }));
  return { clock, server, ingest };
}

function rows(count: number, from = 1): Row[] {
  return Array.from({ length: count }, (_, index) => ({ id: from + index }));
}

const refused = (clickhouseCode: number, text = 'refused') => new ServerError({ clickhouseCode, type: undefined, text });

describe('rows in memory', () => {
  it('are sent together when the batch has maxBatchRows rows', async () => {
    const { server, ingest } = open({ maxBatchRows: 3 });
    for (const row of rows(7)) await ingest.add(row);
    await settle();
    expect(server.inserts.map((insert) => insert.rows)).toEqual([rows(3), rows(3, 4)]);
    expect(ingest.stats).toMatchObject({ acceptedRows: 7, deliveredRows: 6, deliveredBatches: 2, bufferedRows: 1 });
  });

  it('are sent when the batch has maxBatchBytes bytes, and no batch has more', async () => {
    const { server, ingest } = open({ maxBatchBytes: 25 });
    await ingest.add(rows(6));
    await ingest.flush();
    expect(server.inserts.map((insert) => insert.rows.length)).toEqual([2, 2, 2]);
  });

  it('are sent when the first of them is maxBatchAgeMs old', async () => {
    const { clock, server, ingest } = open({ maxBatchAgeMs: 200 });
    await ingest.add({ id: 1 });
    await clock.advance(150);
    await ingest.add({ id: 2 });
    expect(server.inserts).toEqual([]);
    expect(ingest.stats.oldestRowAgeMs).toBe(150);
    await clock.advance(50);
    expect(server.inserts.map((insert) => insert.rows)).toEqual([rows(2)]);
  });

  it('are sent by flush(), which resolves when they are delivered', async () => {
    const { server, ingest } = open();
    await ingest.add(rows(2));
    await ingest.flush();
    expect(server.stored).toEqual(rows(2));
    expect(ingest.stats).toMatchObject({ state: 'open', bufferedRows: 0, bufferedBytes: 0, bufferedBatches: 0, oldestRowAgeMs: undefined });
  });

  it('arrive in the order in which they were added, one batch at a time', async () => {
    let running = 0;
    const { server, ingest } = open({ maxBatchRows: 2 }, async () => {
      expect(++running).toBe(1);
      await settle();
      running--;
    });
    await Promise.all(rows(9).map((row) => ingest.add(row)));
    await ingest.flush();
    expect(server.stored).toEqual(rows(9));
  });

  it('are sent while a loop adds further ones, although add() need not wait', async () => {
    const { server, ingest } = open({ maxBatchRows: 1_000 });
    let deliveredWhileAdding = 0;
    for (const row of rows(50_000)) {
      await ingest.add(row);
      deliveredWhileAdding = server.stored.length;
    }
    expect(deliveredWhileAdding).toBeGreaterThan(0);
  });

  it('are sent as synchronous inserts, each batch with a token and query id of its own', async () => {
    const { server, ingest } = open({ maxBatchRows: 1, settings: { date_time_input_format: 'best_effort' } });
    await ingest.add(rows(2));
    await ingest.flush();
    expect(server.inserts.map(({ settings }) => settings)).toEqual(
      ['id-1-000000000001', 'id-1-000000000002'].map((insert_deduplication_token) => ({
        date_time_input_format: 'best_effort',
        async_insert: 0,
        insert_deduplicate: 1,
        deduplicate_insert: 'enable',
        insert_deduplication_token,
      })),
    );
    expect(server.inserts.map(({ queryId }) => queryId)).toEqual(['id-1-000000000001:id-2-1', 'id-1-000000000002:id-2-1']);
  });
});

describe('a row that cannot be encoded', () => {
  it.each([
    ['an array', [[1]], 'Row 0 cannot be added: found a list, expected an object with a property for each column.'],
    ['a number', 7, 'Row 0 cannot be added: found a value that is no object, expected an object with a property for each column.'],
    ['a BigInt', [{ id: 1 }, { id: 1n }], 'Row 1 cannot be added: Do not know how to serialize a BigInt.'],
    ['a promise', [Promise.resolve({ id: 1 })], 'Row 0 cannot be added: found a promise, expected a row: await it.'],
    ['a promise of rows', Promise.resolve([{ id: 1 }]), 'Row 0 cannot be added: found a promise, expected a row: await it.'],
    ['a Map', new Map([['id', 1]]), 'Row 0 cannot be added: found a Map, expected an object with a property for each column.'],
    ['a Set', new Set([{ id: 1 }]), 'Row 0 cannot be added: found a Set, expected an object with a property for each column.'],
  ])('%s, rejects its add() alone, and none of its rows is accepted', async (_, bad, message) => {
    const { server, ingest } = open();
    await expect(ingest.add(bad as never)).rejects.toMatchObject({ kind: 'InvalidArgumentError', cause: { message } });
    expect(() => ingest.tryAdd(bad as never)).toThrow(message);
    await ingest.add({ id: 5 });
    await ingest.flush();
    expect(server.stored).toEqual([{ id: 5 }]);
  });

  it('is encoded by stringify, which can write a BigInt', async () => {
    const { server, ingest } = open({ stringify: ({ id }) => `{"id":"${id}"}` });
    await ingest.add({ id: 1 });
    await ingest.flush();
    expect(server.stored).toEqual([{ id: '1' }]);
  });

  it('is not refused for its type if stringify can encode it', async () => {
    const { server, ingest } = open({ stringify: (row) => JSON.stringify(Object.fromEntries(row as never)) });
    await ingest.add(new Map([['id', 1]]) as never);
    await ingest.flush();
    expect(server.stored).toEqual([{ id: 1 }]);
  });

  it.each(['{bad', '{"id":1}{"id":2}', '{"id":1},'])('is refused if stringify returns %s, which is not one object', async (text) => {
    const { ingest } = open({ stringify: () => text });
    await expect(ingest.add({ id: 1 })).rejects.toMatchObject({
      kind: 'InvalidArgumentError',
      cause: { message: 'Row 0 cannot be added: stringify returned text that is not the JSON of one object.' },
    });
    expect(ingest.stats.acceptedRows).toBe(0);
  });
});

describe('a full buffer', () => {
  const never = () => new Promise<void>(() => undefined);

  it('makes add() wait until there is space', async () => {
    let letGo: () => void = () => undefined;
    const { clock, server, ingest } = open({ maxBufferedRows: 2 }, () => new Promise((resolve) => (letGo = resolve)));
    await ingest.add(rows(2));
    let isAccepted = false;
    const third = ingest.add({ id: 3 }).then(() => (isAccepted = true));
    await clock.advance(100);
    expect(isAccepted).toBe(false);
    expect(server.inserts).toHaveLength(1);
    letGo();
    await third;
    expect(ingest.stats).toMatchObject({ acceptedRows: 3, bufferedRows: 1 });
    expect(clock.held).toBe(0);
  });

  it('rejects add() after addTimeoutMs, with the option that limits the buffer', async () => {
    const { clock, ingest } = open({ maxBufferedBytes: 20, addTimeoutMs: 500 }, never);
    await ingest.add({ id: 1 });
    const added = ingest.add({ id: 2_000_000 });
    const outcome = expect(added).rejects.toMatchObject({ code: 'INGEST_FULL', limit: 'maxBufferedBytes', waitedMs: 500, retryable: true });
    await clock.advance(500);
    await outcome;
    expect(ingest.stats.acceptedRows).toBe(1);
  });

  it('says how many rows of an array were accepted before', async () => {
    const { clock, ingest } = open({ maxBufferedRows: 4, maxBatchRows: 2, addTimeoutMs: 500 }, never);
    const outcome = expect(ingest.add(rows(10))).rejects.toMatchObject({ code: 'INGEST_FULL', acceptedRows: 4 });
    await clock.advance(500);
    await outcome;
  });

  it('says how many rows of an array were accepted before an abort or close()', async () => {
    const { ingest } = open({ maxBufferedRows: 4, maxBatchRows: 2 }, never);
    const abort = new AbortController();
    const aborted = ingest.add(rows(10), { abort_signal: abort.signal });
    const closed = expect(ingest.add(rows(1))).rejects.toMatchObject({ code: 'INGEST_CLOSED', acceptedRows: 0 });
    abort.abort();
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError', acceptedRows: 4 });
    const { ingest: other } = open({ maxBufferedRows: 4, maxBatchRows: 2 }, never);
    const refused = expect(other.add(rows(10))).rejects.toMatchObject({ code: 'INGEST_CLOSED', acceptedRows: 4 });
    await new Promise(setImmediate);
    void ingest.close({ timeoutMs: 0 }).catch(() => undefined);
    void other.close({ timeoutMs: 0 }).catch(() => undefined);
    await Promise.all([closed, refused]);
  });

  it('ends the wait of add() when its signal is aborted', async () => {
    const { ingest } = open({ maxBufferedRows: 1 }, never);
    const abort = new AbortController();
    await ingest.add({ id: 1 });
    const outcome = expect(ingest.add({ id: 2 }, { abort_signal: abort.signal })).rejects.toMatchObject({ name: 'AbortError' });
    abort.abort();
    await outcome;
  });

  it('makes tryAdd() return false, for all rows of an array or none', async () => {
    const { ingest } = open({ maxBufferedRows: 3 }, never);
    expect(ingest.tryAdd(rows(2))).toBe(true);
    expect(ingest.tryAdd(rows(2, 3))).toBe(false);
    expect(ingest.tryAdd({ id: 3 })).toBe(true);
    expect(ingest.tryAdd({ id: 4 })).toBe(false);
    expect(ingest.stats).toMatchObject({ acceptedRows: 3, bufferedRows: 3 });
  });

  it('accepts waiting rows in the order of the calls', async () => {
    const { server, ingest } = open({ maxBufferedRows: 2, maxBatchRows: 1 });
    await Promise.all(rows(20).map((row) => ingest.add(row)));
    await ingest.flush();
    expect(server.stored).toEqual(rows(20));
  });

  it('makes the source of writable() wait, so that the buffer stays bounded', async () => {
    const { server, ingest } = open({ maxBufferedRows: 10, maxBatchRows: 5 }, () => {
      expect(ingest.stats.bufferedRows).toBeLessThanOrEqual(10);
    });
    await pipeline(rows(500), ingest.writable());
    await ingest.flush();
    expect(server.stored).toEqual(rows(500));
  });

  it('fails the stream of writable() with the error of add()', async () => {
    const { ingest } = open();
    const stream = ingest.writable();
    const failed = once(stream, 'error');
    stream.write([1]);
    expect(await failed).toMatchObject([{ kind: 'InvalidArgumentError' }]);
  });
});

describe('an insert that fails', () => {
  /** Fails the first attempts with these errors, in their order. */
  const failing =
    (...errors: readonly Error[]): InsertBehaviour =>
    ({ queryId }) => {
      const error = errors[Number(queryId.split('-').at(-1)) - 1];
      if (error) throw error;
    };

  it.each([
    ['before it was sent', new ConnectError('ECONNREFUSED', false, 'refused')],
    ['since the server has too much load', new OverloadedError({ clickhouseCode: 202, type: undefined, text: 'busy' })],
    ['without an answer, for a table that drops copies', new ConnectionLostError('ECONNRESET', 'reset')],
  ])('%s, is sent again with the same rows and token until it succeeds', async (_, error) => {
    const { clock, server, ingest } = open({}, failing(error, error, error));
    await ingest.add(rows(2));
    const flushed = ingest.flush();
    await clock.advance(60_000);
    await flushed;
    expect(server.inserts.map((insert) => [insert.rows, insert.token])).toEqual(Array(4).fill([rows(2), 'id-1-000000000001']));
    expect(new Set(server.inserts.map(({ queryId }) => queryId)).size).toBe(4);
    expect(server.stored).toEqual(rows(2));
    expect(ingest.stats).toMatchObject({ state: 'open', possiblyDuplicatedRows: 0, lastError: undefined });
  });

  it('is sent again after pauses that grow up to half a minute', async () => {
    const { clock, ingest } = open({ maxBatchAgeMs: Infinity }, () => {
      throw new ConnectError('ECONNREFUSED', false, 'refused');
    });
    await ingest.add({ id: 1 });
    void ingest.flush().catch(() => undefined);
    const pauses: number[] = [];
    for (let attempt = 0; attempt < 11; attempt++) {
      await settle();
      const [pause = 0] = clock.due;
      pauses.push(pause);
      await clock.advance(pause);
    }
    expect(pauses).toEqual([75, 150, 300, 600, 1_200, 2_400, 4_800, 9_600, 19_200, 22_500, 22_500]);
    expect(ingest.stats).toMatchObject({ state: 'retrying', bufferedRows: 1, lastError: { code: 'CONNECT_FAILED' } });
  });

  it.each([
    ['a missing table', refused(60)],
    ['a missing right', refused(497)],
    ['an unknown code', refused(9_999)],
  ])('because of %s, stalls the ingest and drops nothing', async (_, error) => {
    const { clock, server, ingest } = open({}, failing(error, error));
    await ingest.add(rows(2));
    const flushed = ingest.flush();
    await clock.advance(0);
    expect(ingest.stats).toMatchObject({ state: 'stalled', bufferedRows: 2, rejectedRows: 0, lastError: error });
    await clock.advance(60_000);
    await flushed;
    expect(server.stored).toEqual(rows(2));
    expect(ingest.stats.state).toBe('open');
  });

  it('without an answer, for a table that keeps copies and a server without a log, is sent again and counted', async () => {
    const { clock, server, ingest } = open({}, failing(new ConnectionLostError('ECONNRESET', 'reset')), {
      ...plain,
      'system.query_log': refused(60),
    });
    await ingest.add(rows(2));
    const flushed = ingest.flush();
    await clock.advance(60_000);
    await flushed;
    expect(server.inserts).toHaveLength(2);
    expect(ingest.stats).toMatchObject({ delivery: 'at-least-once', possiblyDuplicatedRows: 2 });
  });

  it('without an answer, is looked up and counted if the table has forgotten the token since', async () => {
    const oneMinute: SystemTables = {
      ...deduplicating,
      'system.tables': [
        { engine: 'SharedMergeTree', engine_full: 'SharedMergeTree SETTINGS replicated_deduplication_window_seconds = 60' },
      ],
      'system.query_log': refused(60),
    };
    const isAway = { value: true };
    const { clock, server, ingest } = open(
      {},
      () => {
        if (server.inserts.length === 1) throw new ConnectionLostError('ECONNRESET', 'reset');
        if (isAway.value) throw new ConnectError('ECONNREFUSED', false, 'refused');
      },
      oneMinute,
    );
    await ingest.add(rows(2));
    const flushed = ingest.flush();
    await clock.advance(50_000);
    expect(ingest.stats.possiblyDuplicatedRows).toBe(0);
    await clock.advance(60_000);
    isAway.value = false;
    await clock.advance(60_000);
    await flushed;
    expect(ingest.stats).toMatchObject({ delivery: 'exactly-once', possiblyDuplicatedRows: 2 });
  });

  it('has no token for a table that keeps copies, and its content is not compared', async () => {
    const { server, ingest } = open({}, undefined, plain);
    await ingest.add(rows(2));
    await ingest.flush();
    expect(server.inserts[0]?.settings).toEqual({ async_insert: 0, insert_deduplicate: 0, deduplicate_insert: 'disable' });
  });
});

describe('the lookup of an insert without an answer, for a table that keeps copies', () => {
  const lost: InsertBehaviour = ({ queryId }) => {
    if (queryId.endsWith('-1')) throw new ConnectionLostError('ECONNRESET', 'reset');
  };
  const logged = (row: object): SystemTables => ({ ...plain, 'system.query_log': [{ marker: 1, up: 1_000_000, ...row }] });

  it('finds that it has finished: it is delivered, and not sent again', async () => {
    const { clock, server, ingest } = open({}, lost, logged({ started: 1, finished: 1 }));
    await ingest.add(rows(2));
    const flushed = ingest.flush();
    await clock.advance(10_000);
    await flushed;
    expect(server.inserts).toHaveLength(1);
    expect(ingest.stats).toMatchObject({ deliveredRows: 2, possiblyDuplicatedRows: 0 });
  });

  it.each([
    ['has failed', { started: 1, failed: 1 }],
    ['never arrived', { started: 0 }],
  ])('finds that it %s: it is sent again, and not counted', async (_, row) => {
    const { clock, server, ingest } = open({}, lost, logged(row));
    await ingest.add(rows(2));
    const flushed = ingest.flush();
    await clock.advance(10_000);
    await flushed;
    expect(server.inserts).toHaveLength(2);
    expect(ingest.stats).toMatchObject({ deliveredRows: 2, possiblyDuplicatedRows: 0 });
  });

  it('has an id of its own each time, since an earlier lookup in the log says nothing about later inserts', async () => {
    const lostTwice: InsertBehaviour = ({ queryId }) => {
      if (/-[12]$/.test(queryId)) throw new ConnectionLostError('ECONNRESET', 'reset');
    };
    const { clock, server, ingest } = open({}, lostTwice, logged({ started: 0 }));
    await ingest.add(rows(2));
    const flushed = ingest.flush();
    await clock.advance(10_000);
    await flushed;
    const markers = server.queries.flatMap((query) => /countIf\(startsWith\(query_id, '([^']*)'\)\) AS marker/.exec(query)?.[1] ?? []);
    expect(markers).toHaveLength(2);
    expect(new Set(markers).size).toBe(2);
  });

  it.each([
    ['its own entry is not in the log', { marker: 0 }],
    ['the server has started since the insert', { up: 0 }],
    ['the insert has begun and not ended', { started: 1 }],
  ])('knows nothing if %s: it is sent again, and counted', async (_, row) => {
    const { clock, server, ingest } = open({}, lost, logged(row));
    await ingest.add(rows(2));
    const flushed = ingest.flush();
    await clock.advance(700_000);
    await flushed;
    expect(server.inserts).toHaveLength(2);
    expect(ingest.stats.possiblyDuplicatedRows).toBe(2);
  });
});

describe('a batch with rows that ClickHouse refuses', () => {
  const isBad = ({ id }: Row) => id % 10 === 7;
  const poison: InsertBehaviour = (insert) => {
    if (insert.rows.some((row) => isBad(row as Row))) throw refused(27, 'Cannot parse input');
  };

  it('is divided until the bad rows are alone. They are set aside with the reason, and all others arrive in their order', async () => {
    const rejected: RejectedBatch[] = [];
    const { server, ingest } = open({ onRejected: (batch) => rejected.push(batch) }, poison);
    await ingest.add(rows(40));
    await ingest.flush();
    expect(server.stored).toEqual(rows(40).filter((row) => !isBad(row)));
    expect(rejected).toMatchObject([7, 17, 27, 37].map((id) => ({ table: 'events', rows: [{ id }], error: { clickhouseCode: 27 } })));
    expect(ingest.stats).toMatchObject({ deliveredRows: 36, rejectedRows: 4, bufferedRows: 0 });
  });

  it('has tokens for its parts that follow from its own, so that a repetition after a crash has the same', async () => {
    const { server, ingest } = open({ onRejected: () => undefined }, poison);
    await ingest.add(rows(4, 5));
    await ingest.flush();
    expect(server.inserts.map(({ token }) => token)).toEqual(['', '-0', '-1', '-1-0', '-1-1'].map((end) => `id-1-000000000001${end}`));
  });

  it('is set aside undivided after 200 refused inserts, and the reason says so', async () => {
    const rejected: RejectedBatch[] = [];
    const { server, ingest } = open({ onRejected: (batch) => rejected.push(batch) }, () => {
      throw refused(27, 'Cannot parse input');
    });
    await ingest.add(rows(1_000));
    await ingest.flush();
    expect(server.inserts.length).toBeLessThan(220);
    expect(rejected.flatMap((batch) => batch.rows)).toEqual(rows(1_000));
    expect(rejected.at(-1)?.error.message).toContain('The batch had 200 refused inserts');
  });

  it('becomes a warning without a handler, with count, table and code and without data', async () => {
    const { clock, ingest } = open({}, poison);
    await ingest.add({ id: 7 });
    await ingest.flush();
    expect(clock.warnings).toEqual([
      '1 rows of the ingest of events were set aside: ServerError 27. They are lost: pass onRejected to receive them.',
    ]);
  });

  it('with too many partitions, is divided until ClickHouse takes the parts', async () => {
    const { server, ingest } = open({}, (insert) => {
      if (insert.rows.length > 2) throw refused(252, 'Too many partitions for single INSERT block (more than 2)');
    });
    await ingest.add(rows(8));
    await ingest.flush();
    expect(server.stored).toEqual(rows(8));
    expect(ingest.stats.rejectedRows).toBe(0);
  });
});

describe('close()', () => {
  it('delivers what was accepted, and accepts nothing further', async () => {
    const { server, ingest } = open();
    await ingest.add(rows(3));
    expect(await ingest.close()).toEqual({ undeliveredRows: 0 });
    expect(server.stored).toEqual(rows(3));
    await expect(ingest.add({ id: 4 })).rejects.toMatchObject({ code: 'INGEST_CLOSED' });
    expect(ingest.tryAdd({ id: 4 })).toBe(false);
    expect(ingest.stats).toMatchObject({ state: 'closed', acceptedRows: 3 });
  });

  it('rejects the adds that wait for space', async () => {
    const { ingest } = open({ maxBufferedRows: 1 }, () => new Promise(() => undefined));
    await ingest.add({ id: 1 });
    const outcome = expect(ingest.add({ id: 2 })).rejects.toMatchObject({ code: 'INGEST_CLOSED' });
    void ingest.close({ timeoutMs: 0 }).catch(() => undefined);
    await outcome;
  });

  it('rejects with the rows that ClickHouse did not take in time', async () => {
    const { ingest } = open({ maxBatchRows: 2 }, () => {
      throw new ConnectError('ECONNREFUSED', false, 'refused');
    });
    await ingest.add(rows(3));
    await settle();
    const error: unknown = await ingest.close({ timeoutMs: 0 }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'INGEST_UNDELIVERED', rowCount: 3, mayBePartial: false, cause: { code: 'CONNECT_FAILED' } });
    expect((error as IngestUndeliveredError).revealRows()).toEqual(['{"id":1}', '{"id":2}', '{"id":3}']);
    expect(JSON.stringify(error)).not.toContain('"id"');
  });

  it('aborts the insert that runs, and says that its rows may be in the table', async () => {
    const { ingest } = open(
      {},
      (_, signal) => new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted')))),
    );
    await ingest.add({ id: 1 });
    void ingest.flush().catch(() => undefined);
    await settle();
    await expect(ingest.close({ timeoutMs: 0 })).rejects.toMatchObject({ code: 'INGEST_UNDELIVERED', mayBePartial: true });
  });

  it('has the shortest time of all calls, also if it was called without one before', async () => {
    for (const closeSooner of [(ingest: Ingest<Row>) => ingest.close({ timeoutMs: 0 }), () => closeClickHouse({ timeoutMs: 0 })]) {
      const { ingest } = open({}, () => new Promise(() => undefined));
      await ingest.add({ id: 1 });
      const closed = expect(ingest.close()).rejects.toThrow(IngestUndeliveredError);
      await expect(closeSooner(ingest)).rejects.toThrow(IngestUndeliveredError);
      await closed;
    }
  });

  it('is called by closeClickHouse()', async () => {
    const { server, ingest } = open();
    await ingest.add({ id: 1 });
    await closeClickHouse();
    expect(server.stored).toEqual([{ id: 1 }]);
    expect(ingest.stats.state).toBe('closed');
  });

  it('lets closeClickHouse() reject if rows are left', async () => {
    const { ingest } = open({}, () => {
      throw new ConnectError('ECONNREFUSED', false, 'refused');
    });
    await ingest.add({ id: 1 });
    await expect(closeClickHouse({ timeoutMs: 0 })).rejects.toMatchObject({ code: 'INGEST_UNDELIVERED', rowCount: 1 });
  });
});

it('a flush that waits is rejected when the ingest closes without its rows', async () => {
  const { ingest } = open({}, () => {
    throw new ConnectError('ECONNREFUSED', false, 'refused');
  });
  await ingest.add(rows(1));
  const flush = ingest.flush().catch((error: unknown) => error);
  await expect(ingest.close({ timeoutMs: 0 })).rejects.toThrow(IngestUndeliveredError);
  expect(await flush).toBeInstanceOf(IngestClosedError);
});

it('a promise of onRejected that is rejected becomes a warning', async () => {
  const onRejected: (batch: RejectedBatch) => unknown = () => Promise.reject(new Error('the queue is full'));
  const { ingest, clock } = open({ onRejected }, () => {
    throw refused(27);
  });
  await ingest.add(rows(1));
  await ingest.flush();
  await settle();
  expect(clock.warnings).toEqual([expect.stringContaining('the queue is full')]);
});

it('a stream of rows that is destroyed accepts no further rows', async () => {
  const { ingest } = open({ maxBufferedRows: 2, maxBatchRows: 2 }, () => {
    throw new ConnectError('ECONNREFUSED', false, 'refused');
  });
  const stream = ingest.writable();
  for (const row of rows(5)) stream.write(row);
  await settle();
  stream.destroy();
  await settle();
  await expect(ingest.close({ timeoutMs: 0 })).rejects.toThrow(IngestUndeliveredError);
  expect(ingest.stats.acceptedRows).toBeLessThan(5);
});

describe('an option', () => {
  it.each([
    ['an unknown name', { batchRows: 1 }, 'batchRows: found an unknown option, expected "maxBatchRows"'],
    ['no table', { table: '' }, 'table: found "", expected the name of a table'],
    ['a statement as table', { table: 'events; DROP TABLE x' }, 'table: found "events; DROP TABLE x", expected the name of a table'],
    [
      'a table with a space',
      { table: 'my events' },
      'expected the name of a table, such as events, shop.events or `my table` with the backticks',
    ],
    ['a name of no connection', { service: undefined, connection: 'Logs DB' }, 'connection: found "Logs DB", expected a lower-case name'],
    ['a batch of several blocks', { maxBatchRows: 2_000_000 }, 'maxBatchRows: found 2000000, expected a whole number from 1 to 1000000'],
    ['fsync in memory', { fsync: 'always' }, 'fsync: found a value and no directory, expected "directory" as well, or no value'],
    ['a setting of the batch', { settings: { async_insert: 1 } }, 'settings.async_insert: found a value, expected none'],
    [
      'a setting that could divide a batch',
      { settings: { max_insert_block_size: '1' } },
      'settings.max_insert_block_size: found a value, expected none',
    ],
    ['a service and a connection', { connection: 'a' }, 'service: found a service and the name of a connection, expected one of the two'],
  ])('%s, is an error with the key', (_, options, message) => {
    expect(() => open(options as never)).toThrow(message);
  });

  it.each(['events', 'shop.events', '`my events`', '"shop"."my; events"', '2026_events', '`a``b`'])('table: %s, is valid', (table) => {
    expect(() => open({ table })).not.toThrow();
  });
});

it('the table is asked again when an insert is refused, since another table may have its name', async () => {
  const { clock, server, ingest } = open(
    {},
    ({ queryId }) => {
      if (queryId.endsWith('-1')) throw refused(60);
    },
    deduplicating,
  );
  await ingest.add({ id: 1 });
  const flushed = ingest.flush();
  await clock.advance(60_000);
  await flushed;
  expect(server.queries.filter((query) => query.includes('system.tables'))).toHaveLength(2);
});

it('an observer sees what is delivered, tried again and set aside', async () => {
  const seen: unknown[] = [];
  using delivered = observe('clickhouse-ssot:ingest:delivered', ({ rows: count, attempts }) => seen.push(['delivered', count, attempts]));
  using retried = observe('clickhouse-ssot:ingest:retry', ({ reason, failure, pauseMs }) => seen.push([reason, failure.name, pauseMs]));
  using rejected = observe('clickhouse-ssot:ingest:rejected', ({ ingest: { table }, rows: count, file }) =>
    seen.push(['rejected', table, count, file]),
  );
  const { clock, ingest } = open({ onRejected: () => undefined }, ({ rows: sent, queryId }) => {
    if (queryId.endsWith(':id-2-1') && sent.length === 2) throw new ConnectError('ECONNREFUSED', false, 'refused');
    if (sent.some((row) => (row as Row).id === 2)) throw refused(27);
  });
  await ingest.add(rows(2));
  const flushed = ingest.flush();
  await clock.advance(1_000);
  await flushed;
  expect(seen).toEqual([
    ['transient', 'ConnectError', 75],
    ['delivered', 1, 1],
    ['rejected', 'events', 1, undefined],
  ]);
});

it('the list of open ingests has those that are not closed', async () => {
  const { ingest } = open();
  expect(openIngests().map(({ table, stats }) => [table, stats.state])).toEqual([['events', 'open']]);
  await ingest.close();
  expect(openIngests()).toEqual([]);
});
