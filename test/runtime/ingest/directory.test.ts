import { appendFileSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { describe, expect, it, vi } from 'vitest';
import { ServerError } from '../../../runtime/src/errors/index.js';
import type { RejectedBatch } from '../../../runtime/src/ingest/options.js';
import { plain } from './fake-service.js';
import { FaultyDisk } from './faulty-disk.js';
import { away, kill, leave, newFolder, open, opensAfterSilence, type Row, rows, rowsOnDisk, segmentsIn, until } from './open-directory.js';

describe('a durable ingest', () => {
  it('has rows on disk when add() resolves, as lines of JSON', async () => {
    const directory = newFolder();
    const { ingest, disk } = open(directory);
    await ingest.add(rows(3));
    expect(rowsOnDisk(directory)).toEqual(rows(3));
    const names = disk.operations.filter(({ path }) => path.endsWith('.open') || path === directory).map(({ name }) => name);
    expect(names.slice(names.indexOf('create'))).toEqual(['create', 'syncFolder', 'write', 'sync', 'assertStored']);
  });

  it('writes and synchronises rows together that are added at the same time', async () => {
    const directory = newFolder();
    const { ingest, disk } = open(directory);
    await ingest.ready();
    await Promise.all(rows(500).map((row) => ingest.add(row)));
    expect(rowsOnDisk(directory)).toEqual(rows(500));
    expect(disk.operations.filter(({ name, path }) => name === 'sync' && path.endsWith('.open'))).toHaveLength(1);
  });

  it('with fsync "never", does not wait for the disk', async () => {
    const { ingest, disk } = open(newFolder(), { fsync: 'never' });
    await ingest.add(rows(3));
    const segments = disk.operations.filter(({ path }) => path.endsWith('.open'));
    expect(segments.map(({ name }) => name)).toEqual(['create', 'write', 'assertStored']);
  });

  it('removes a file when its rows are delivered, and never uses a token twice', async () => {
    const directory = newFolder();
    const tokens = new Set<string | undefined>();
    for (let start = 0; start < 3; start++) {
      const { ingest, server } = open(directory, { maxBatchRows: 2 });
      await ingest.add(rows(4));
      await ingest.flush();
      expect(segmentsIn(directory)).toEqual([]);
      for (const { token } of server.inserts) tokens.add(token);
      await ingest.close();
    }
    expect(tokens.size).toBe(6);
  });

  it('shows the queue in its file names', async () => {
    const directory = newFolder();
    const { ingest } = open(directory, { maxBatchRows: 2, behaviour: () => new Promise(() => undefined) });
    await ingest.add(rows(5));
    await until(() => segmentsIn(directory).some((name) => name.endsWith('.sent-token')));
    expect(segmentsIn(directory).map((name) => name.replace(/^000001[0-9a-f]{8}/, 'RUN'))).toEqual([
      'RUN-000000001-2.sent-token',
      'RUN-000000002-2.batch',
      'RUN-000000003.open',
    ]);
  });

  it('keeps rows for the next start if ClickHouse is away, and says how many', async () => {
    const directory = newFolder();
    const first = open(directory, { behaviour: away });
    await first.ingest.add(rows(5));
    expect(await first.ingest.close()).toEqual({ undeliveredRows: 5 });
    expect(first.clock.warnings).toEqual([
      `The ingest of events was closed with 5 rows in ${directory}. The next ingest with this directory delivers them.`,
    ]);
    const second = open(directory);
    await second.ingest.flush();
    expect(second.server.stored).toEqual(rows(5));
    expect(second.ingest.stats).toMatchObject({ recoveredRows: 5, deliveredRows: 5, acceptedRows: 0 });
  });

  it('has bounded rows on disk: add() waits', async () => {
    const { ingest, clock } = open(newFolder(), { maxDirectoryBytes: 85, maxBatchRows: 1, addTimeoutMs: 50, behaviour: away });
    await ingest.add(rows(2));
    const outcome = expect(ingest.add({ id: 3 })).rejects.toMatchObject({ code: 'INGEST_FULL', limit: 'maxDirectoryBytes' });
    await clock.advance(50);
    await outcome;
  });

  it('does not accept rows by tryAdd() before it is open', async () => {
    const { ingest } = open(newFolder());
    expect(ingest.tryAdd({ id: 1 })).toBe(false);
    expect(ingest.stats.state).toBe('opening');
    await ingest.ready();
    expect(ingest.tryAdd({ id: 1 })).toBe(true);
  });
});

describe('after a process was killed', () => {
  it('delivers what was acknowledged, in its order, with the same tokens', async () => {
    const directory = newFolder();
    const first = open(directory, { maxBatchRows: 2, behaviour: () => new Promise(() => undefined) });
    await first.ingest.add(rows(5));
    await until(() => first.server.inserts.length === 1);
    kill(directory);
    const { ingest, server } = open(directory);
    await ingest.add(rows(2, 6));
    await ingest.flush();
    expect(server.stored).toEqual(rows(7));
    expect(server.inserts[0]?.token).toBe(first.server.inserts[0]?.token);
  });

  it.each([1, 20, 50])('cuts off a write of which %d bytes have arrived, and keeps all before it', async (bytes) => {
    const directory = newFolder();
    await leave(directory, rows(3));
    const [file = ''] = segmentsIn(directory);
    const group = readFileSync(join(directory, file));
    appendFileSync(join(directory, file), group.subarray(0, bytes));
    const { ingest, server } = open(directory);
    await ingest.flush();
    expect(server.stored).toEqual(rows(3));
    expect(ingest.stats.rejectedRows).toBe(0);
  });

  it('removes a file in which no write has arrived completely', async () => {
    const directory = newFolder();
    await leave(directory, rows(3));
    const [file = ''] = segmentsIn(directory);
    truncateSync(join(directory, file), 30);
    const { ingest, server } = open(directory);
    await ingest.flush();
    expect(server.inserts).toEqual([]);
    expect(segmentsIn(directory)).toEqual([]);
  });

  it('starts on a full disk, and delivers what fills it', async () => {
    const directory = newFolder();
    await leave(directory, rows(3));
    const disk = new FaultyDisk();
    // A file that has its space can be written over.
    disk.faultOf = ({ name, path }) => (name === 'write' && !path.endsWith('lock.1') ? 'ENOSPC' : undefined);
    const { ingest, server } = open(directory, { disk });
    await ingest.flush();
    expect(server.stored).toEqual(rows(3));
    expect(segmentsIn(directory)).toEqual([]);
    disk.faultOf = () => undefined;
    await ingest.add(rows(2, 4));
    await ingest.flush();
    expect(server.stored).toEqual(rows(5));
  });

  it('counts a batch as sent whose file could not be renamed when it was closed', async () => {
    const directory = newFolder();
    const first = open(directory, { maxBatchRows: 2, tables: plain, behaviour: () => new Promise(() => undefined) });
    await first.ingest.ready();
    first.disk.faultOf = ({ name, path }) => (name === 'rename' && path.endsWith('.open') ? 'EIO' : undefined);
    await first.ingest.add(rows(2));
    await until(() => first.ingest.stats.lastError !== undefined);
    expect(first.server.inserts).toEqual([]);
    first.disk.faultOf = () => undefined;
    await first.clock.advance(1_000);
    await until(() => first.server.inserts.length === 1);
    kill(directory);
    const { ingest } = open(directory, {
      tables: { ...plain, 'system.query_log': new ServerError({ clickhouseCode: 60, type: undefined, text: '' }) },
    });
    await ingest.flush();
    expect(ingest.stats.possiblyDuplicatedRows).toBe(2);
  });

  it('counts rows that may be in the table already, where the table keeps copies', async () => {
    const directory = newFolder();
    const first = open(directory, { maxBatchRows: 2, tables: plain, behaviour: () => new Promise(() => undefined) });
    await first.ingest.add(rows(4));
    await until(() => first.server.inserts.length === 1);
    kill(directory);
    const { ingest } = open(directory, {
      tables: { ...plain, 'system.query_log': new ServerError({ clickhouseCode: 60, type: undefined, text: '' }) },
    });
    await ingest.flush();
    // Only the first batch was sent before.
    expect(ingest.stats).toMatchObject({ deliveredRows: 4, possiblyDuplicatedRows: 2 });
  });
});

describe('a disk that fails', () => {
  const onSegments = (name: string, code: string) => (operation: { readonly name: string; readonly path: string }) =>
    operation.name === name && operation.path.endsWith('.open') ? code : undefined;

  it.each([
    ['write', 'ENOSPC', 'The disk is full: free space on it.', true],
    ['write', 'EFBIG', 'The file exceeds the limit of the process', false],
    ['sync', 'EIO', 'The disk reports a fault', false],
    ['assertStored', 'EROFS', 'The file system is read-only', false],
    ['create', 'EROFS', 'The file system is read-only', false],
    ['create', 'EACCES', 'The process may not write there', false],
    ['create', 'ENOENT', 'The directory was removed', false],
  ])(
    'at %s with %s, rejects add() with what to do. Rows from before are delivered, and later ones are accepted',
    async (name, code, advice, retryable) => {
      const directory = newFolder();
      const { ingest, disk, server } = open(directory, { maxBatchRows: 4 });
      await ingest.add(rows(name === 'create' ? 4 : 2));
      disk.faultOf = onSegments(name, code);
      disk.tornBytes = 25;
      await expect(ingest.add(rows(2, 100))).rejects.toMatchObject({ code: 'INGEST_STORE_FAILED', systemCode: code, retryable });
      await expect(ingest.add(rows(2, 100))).rejects.toThrow(advice);
      disk.faultOf = () => undefined;
      await ingest.add(rows(2, 5));
      await ingest.flush();
      expect(server.stored).toEqual([...rows(name === 'create' ? 4 : 2), ...rows(2, 5)]);
    },
  );

  it('and cannot cut off a part of a write, ends the file after its last good rows, also for the next start', async () => {
    const directory = newFolder();
    const first = open(directory, { behaviour: away });
    await first.ingest.add(rows(2));
    first.disk.faultOf = ({ name, path }) => (['write', 'truncate'].includes(name) && path.endsWith('.open') ? 'EIO' : undefined);
    first.disk.tornBytes = 40;
    await expect(first.ingest.add(rows(2, 100))).rejects.toMatchObject({ systemCode: 'EIO' });
    first.disk.faultOf = () => undefined;
    await first.ingest.add(rows(1, 3));
    kill(directory);
    const { ingest, server } = open(directory);
    await ingest.flush();
    expect(server.stored).toEqual(rows(3));
  });

  it.each([
    ['of a first write, removes its file once the disk allows it', 0, 'remove'],
    ['of a later write, names its good rows once the disk allows it', 3, 'rename'],
  ])('and cannot cut off the refused rows %s', async (_, rowsBefore, name) => {
    const directory = newFolder();
    const first = open(directory, { behaviour: away, maxBatchRows: 2 });
    await first.ingest.add(rows(rowsBefore));
    first.disk.faultOf = (operation) =>
      ['sync', 'truncate', name].includes(operation.name) && operation.path.endsWith('.open') ? 'EIO' : undefined;
    await expect(first.ingest.add(rows(1, 100))).rejects.toMatchObject({ systemCode: 'EIO' });
    first.disk.faultOf = () => undefined;
    await first.ingest.close({ timeoutMs: 0 });
    const { ingest, server } = open(directory);
    await ingest.flush();
    expect(server.stored).toEqual(rows(rowsBefore));
  });

  it('and does not keep the name of a batch that is to be sent, delays its insert', async () => {
    const directory = newFolder();
    const { ingest, disk, server, clock } = open(directory);
    await ingest.add(rows(2));
    disk.faultOf = ({ name, path }) => (name === 'syncFolder' && path === directory ? 'EIO' : undefined);
    const flushed = ingest.flush();
    for (let attempt = 0; attempt < 3; attempt++) {
      await until(() => clock.due.includes(75 * 2 ** attempt));
      await clock.advance(75 * 2 ** attempt);
    }
    expect(server.inserts).toEqual([]);
    expect(ingest.stats).toMatchObject({ state: 'retrying', lastError: { systemCode: 'EIO' } });
    disk.faultOf = () => undefined;
    await until(() => clock.due.includes(600));
    await clock.advance(600);
    await flushed;
    expect(server.stored).toEqual(rows(2));
    expect(ingest.stats).toMatchObject({ state: 'open', lastError: undefined });
  });

  it('tells each call of a failed write how many of its own rows were accepted before', async () => {
    const { ingest, disk } = open(newFolder(), { maxBatchRows: 4 });
    await ingest.ready();
    disk.faultOf = ({ name, path }) => (name === 'write' && path.endsWith('-000000002.open') ? 'ENOSPC' : undefined);
    const [array, single] = await Promise.allSettled([ingest.add(rows(6)), ingest.add({ id: 100 })]);
    expect(array).toMatchObject({ reason: { code: 'INGEST_STORE_FAILED', acceptedRows: 4 } });
    expect(single).toMatchObject({ reason: { code: 'INGEST_STORE_FAILED', acceptedRows: 0 } });
    expect(disk.operations.filter(({ name, path }) => name === 'write' && path.endsWith('-000000002.open'))).toHaveLength(1);
    expect(ingest.stats.acceptedRows).toBe(4);
  });

  it('gives rows of tryAdd() that it does not take to onRejected', async () => {
    const rejected: RejectedBatch[] = [];
    const { ingest, disk } = open(newFolder(), { onRejected: (batch) => rejected.push(batch) });
    await ingest.ready();
    disk.faultOf = onSegments('write', 'ENOSPC');
    expect(ingest.tryAdd(rows(2))).toBe(true);
    await until(() => rejected.length > 0);
    expect(rejected).toMatchObject([{ rows: rows(2), error: { systemCode: 'ENOSPC' }, file: undefined }]);
    expect(ingest.stats).toMatchObject({ acceptedRows: 2, rejectedRows: 2, bufferedRows: 0 });
  });

  it('and does not let a delivered file be removed, is tried again without a second insert', async () => {
    const directory = newFolder();
    const { ingest, disk, server, clock } = open(directory);
    await ingest.add(rows(2));
    disk.faultOf = ({ name, path }) => (name === 'remove' && path.endsWith('.sent-token') ? 'EROFS' : undefined);
    const flushed = ingest.flush();
    await until(() => ingest.stats.lastError !== undefined);
    expect(ingest.stats.state).toBe('retrying');
    disk.faultOf = () => undefined;
    await until(() => clock.due.length > 0);
    await clock.advance(1_000);
    await flushed;
    expect(server.inserts).toHaveLength(1);
    expect(ingest.stats).toMatchObject({ state: 'open', lastError: undefined });
    expect(segmentsIn(directory)).toEqual([]);
  });

  it('reports rows of a file that another program has removed', async () => {
    const directory = newFolder();
    const { ingest, clock, server } = open(directory, { maxBatchRows: 2, maxBatchAgeMs: Infinity });
    await ingest.add(rows(1));
    rmSync(join(directory, segmentsIn(directory)[0] ?? ''));
    await ingest.flush();
    await ingest.add(rows(2, 2));
    await ingest.flush();
    expect(server.stored).toEqual(rows(2, 2));
    expect(ingest.stats.rejectedRows).toBe(1);
    expect(clock.warnings[0]).toMatch(/^1 rows of the ingest of events are lost: The file .* was removed\.$/);
  });

  it('counts the rows of an insert as delivered, and those behind it as lost, if the directory is removed meanwhile', async () => {
    const directory = newFolder();
    let letGo: () => void = () => undefined;
    const { ingest, clock, server } = open(directory, {
      maxBatchRows: 2,
      behaviour: () => new Promise<void>((resolve) => (letGo = resolve)),
    });
    await ingest.add(rows(6));
    await vi.waitFor(() => expect(server.inserts).toHaveLength(1));
    rmSync(directory, { recursive: true });
    letGo();
    await ingest.flush();
    expect(server.stored).toEqual(rows(2));
    expect(ingest.stats).toMatchObject({ deliveredRows: 2, rejectedRows: 4, bufferedRows: 0 });
    expect(clock.warnings.join()).toContain('was removed');
    await expect(ingest.add({ id: 7 })).rejects.toThrow('The directory was removed');
  });
});

describe('rows that ClickHouse refuses', () => {
  it('are in the folder rejected, with the reason beside them', async () => {
    const directory = newFolder();
    const rejected: RejectedBatch[] = [];
    const { ingest, server } = open(directory, {
      onRejected: (batch) => rejected.push(batch),
      behaviour: (insert) => {
        if (insert.rows.some((row) => (row as Row).id === 3))
          throw new ServerError({ clickhouseCode: 27, type: undefined, text: 'no number' });
      },
    });
    await ingest.add(rows(5));
    await ingest.flush();
    expect(server.stored).toEqual([1, 2, 4, 5].map((id) => ({ id })));
    const [file = ''] = rejected.map((batch) => batch.file);
    expect(readFileSync(file, 'utf8')).toBe('{"id":3}\n');
    expect(JSON.parse(readFileSync(`${file}.reason.json`, 'utf8'))).toMatchObject({ table: 'events', rows: 1, error: { code: '27' } });
    expect(segmentsIn(directory)).toEqual([]);
  });
});

describe('a directory', () => {
  it('that is not open in time does not delay close()', async () => {
    const directory = newFolder();
    // The lock of an owner that cannot be looked up: the ingest watches it for a while.
    writeFileSync(join(directory, 'lock.1'), '');
    const { ingest, clock } = open(directory);
    expect(await ingest.close({ timeoutMs: 10 })).toEqual({ undeliveredRows: 0 });
    expect(clock.warnings).toEqual([expect.stringContaining('before its directory was open')]);
  });

  it('that an ingest of this process uses, is an error with the process', async () => {
    const directory = newFolder();
    const first = open(directory);
    await first.ingest.ready();
    const second = open(directory);
    await expect(second.ingest.ready()).rejects.toMatchObject({ code: 'INGEST_LOCKED', owner: { pid: process.pid } });
    await expect(second.ingest.add({ id: 1 })).rejects.toThrow(`is in use by the process ${process.pid} on `);
    expect(second.ingest.stats).toMatchObject({ state: 'failed', lastError: { code: 'INGEST_LOCKED' } });
    await first.ingest.close();
    await open(directory).ingest.ready();
  });

  it('of a process that was killed, is free at once', async () => {
    const directory = newFolder();
    await leave(directory, rows(1));
    await open(directory).ingest.ready();
  });

  it('of a process in another container or on another host, is free when its signs of life end', async () => {
    const directory = newFolder();
    await leave(directory, rows(1));
    const lock = join(directory, 'lock.1');
    const content: Record<string, unknown> = JSON.parse(readFileSync(lock, 'utf8'));
    writeFileSync(lock, JSON.stringify({ ...content, scope: 'another', host: 'elsewhere' }));
    await opensAfterSilence(open(directory));
  });

  it('of a worker thread of this process that gives no sign of life for 15 seconds, is free', async () => {
    const directory = newFolder();
    const { ingest: other } = open(directory);
    await other.ready();
    const lock = join(directory, 'lock.1');
    const content: Record<string, unknown> = JSON.parse(readFileSync(lock, 'utf8'));
    expect(content).toMatchObject({ pid: process.pid, thread: threadId });
    writeFileSync(lock, JSON.stringify({ ...content, thread: threadId + 1 }));
    await opensAfterSilence(open(directory));
  });

  it('that another process has taken over, is an error at once, and not a removed directory', async () => {
    const directory = newFolder();
    const { ingest } = open(directory);
    await ingest.add({ id: 1 });
    const [segment = ''] = segmentsIn(directory);
    writeFileSync(join(directory, 'lock.2'), '');
    renameSync(join(directory, segment), join(directory, segment.replace('.open', '-1.batch')));
    await expect(ingest.add({ id: 2 })).rejects.toMatchObject({ code: 'INGEST_LOCKED' });
    expect(ingest.stats).toMatchObject({ state: 'failed', lastError: { code: 'INGEST_LOCKED' } });
    rmSync(join(directory, 'lock.2'));
    kill(directory);
    const next = open(directory);
    await next.ingest.flush();
    expect(next.server.stored).toEqual([{ id: 1 }]);
  });

  it('of a process on another host that gives signs of life, is an error', async () => {
    const directory = newFolder();
    await leave(directory, rows(1));
    const lock = join(directory, 'lock.1');
    const content: Record<string, unknown> = JSON.parse(readFileSync(lock, 'utf8'));
    const beat = (beats: string) => writeFileSync(lock, JSON.stringify({ ...content, scope: 'another', host: 'elsewhere', beats }));
    beat('1');
    const { ingest, clock } = open(directory);
    await until(() => clock.due.length > 0);
    beat('2');
    await clock.advance(1_000);
    await expect(ingest.ready()).rejects.toMatchObject({ code: 'INGEST_LOCKED', owner: { host: 'elsewhere' } });
  });

  it('that a killed process has left, is taken by exactly one of several ingests that start together', async () => {
    const directory = newFolder();
    await leave(directory, rows(1));
    const started = await Promise.allSettled(Array.from({ length: 8 }, () => open(directory).ingest.ready()));
    expect(started.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('is not taken by a process that was overtaken between its look and its lock', async () => {
    const directory = newFolder();
    await leave(directory, rows(1));
    const slow = new FaultyDisk();

    const create = slow.create;
    Object.assign(slow, {
      create: async (path: string) => {
        // The first lock number that the slow process saw as free was taken, given up and removed meanwhile.
        if (path.endsWith('lock.2')) {
          for (let owner = 0; owner < 2; owner++) {
            const fast = open(directory);
            await fast.ingest.ready();
            if (owner === 0) await fast.ingest.close();
          }
        }
        return create(path);
      },
    });
    const { ingest } = open(directory, { disk: slow });
    const outcome = expect(ingest.ready()).rejects.toMatchObject({ code: 'INGEST_LOCKED' });

    await outcome;
    expect(readdirSync(directory).filter((name) => name.startsWith('lock.'))).toEqual(['lock.3']);
  });

  it('of another table, is an error', async () => {
    const directory = newFolder();
    await open(directory).ingest.close();
    await expect(open(directory, { table: 'orders' }).ingest.ready()).rejects.toThrow(
      'directory: found a directory with rows of events, expected a directory of its own for orders',
    );
  });

  it('of a newer format, is an error', async () => {
    const directory = newFolder();
    writeFileSync(join(directory, 'ingest.json'), JSON.stringify({ format: 2, table: 'events', id: 'a', runs: 1 }));
    await expect(open(directory).ingest.ready()).rejects.toThrow(/directory: found the format 2 in .*expected the format 1/);
  });

  it('that cannot be created, is an error with the path and the code', async () => {
    const file = join(newFolder(), 'file');
    writeFileSync(file, '');
    await expect(open(join(file, 'folder')).ingest.ready()).rejects.toMatchObject({ code: 'INGEST_STORE_FAILED', systemCode: 'ENOTDIR' });
  });

  it.each(['always', 'never'] as const)('that was moved while a file is open in it, is an error of add(), with fsync %s', async (fsync) => {
    const directory = newFolder();
    const { ingest } = open(directory, { fsync });
    await ingest.add({ id: 1 });
    renameSync(directory, `${directory}-moved`);
    await expect(ingest.add({ id: 2 })).rejects.toMatchObject({ code: 'INGEST_STORE_FAILED', systemCode: 'ENOENT' });
  });

  it('that was removed under the ingest, is an error of add()', async () => {
    const directory = newFolder();
    const { ingest } = open(directory);
    await ingest.ready();
    renameSync(directory, `${directory}-moved`);
    await expect(ingest.add({ id: 1 })).rejects.toMatchObject({ code: 'INGEST_STORE_FAILED', systemCode: 'ENOENT' });
    expect(existsSync(directory)).toBe(false);
  });
});
