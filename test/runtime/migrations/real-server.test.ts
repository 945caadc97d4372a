import { EventEmitter, once } from 'node:events';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  clickHouse,
  closeClickHouse,
  type LazyClickHouseService,
  loadClickHouseConfig,
} from '../../../runtime/src/index.js';
import { migrate, MigrationError, type MigrationService } from '../../../runtime/src/migrations.js';
import { runBlocks } from '../../docs/page-blocks.js';
import type { RealServer } from '../harness/real-server.js';
import { describeOnServers } from '../harness/test-servers.js';
import { startRunner } from './start-runner.js';

let databases = 0;

/** Writes files to a new folder. Returns its path. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'migrations-'));
  write(folder, files);
  return folder;
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

const events = 'CREATE TABLE events (id UInt32) ENGINE = MergeTree ORDER BY id';
/** Runs for two seconds on the server. */
const slowInsert = 'INSERT INTO events SELECT toUInt32(number + sleepEachRow(1)) FROM system.numbers LIMIT 2';

it('the code of the page runs', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'migrations-'));
  mkdirSync(join(cwd, 'migrations'));
  write(join(cwd, 'migrations'), { '0001_events.sql': events });
  expect(await runBlocks('docs/runtime/schema-migrations.md', { cwd, env: {}, after: '' })).toBe(
    "{ applied: [ '0001_events.sql' ], ahead: [] }\n",
  );
});

describeOnServers((startServer) => {
  let server: RealServer;
  let database: string;
  let clickhouse: LazyClickHouseService;

  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(async () => {
    await closeClickHouse();
    await server[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    database = `migrations_${++databases}`;
    await clickHouse({ url: server.url, env: false }).command({ query: `CREATE DATABASE ${database}` });
    clickhouse = clickHouse({ url: server.url, database, env: false });
  });

  async function read<Row>(query: string): Promise<Row[]> {
    return (await clickhouse.query({ query, format: 'JSONEachRow' })).json<Row>();
  }
  const ids = () => read<{ id: number }>('SELECT id FROM events ORDER BY id');
  const locks = () => read<{ name: string }>(`SELECT name FROM system.tables WHERE database = '${database}' AND match(name, '_lock_')`);

  /** Resolves when the server runs a statement with this text. */
  async function isRunning(text: string): Promise<void> {
    const query = `SELECT count() AS n FROM system.processes WHERE position(query, '${text}') = 1`;
    while (Number((await read<{ n: unknown }>(query))[0]?.n) === 0) await sleep(20);
  }

  async function failureOf(promise: Promise<unknown>): Promise<MigrationError> {
    const error: unknown = await promise.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error instanceof MigrationError) return error;
    throw new Error('The migrations did not stop with a MigrationError.', { cause: error });
  }

  it('applies the files in the order of their numbers, and nothing the second time', async () => {
    const folder = folderWith({
      '10_rows.sql': "INSERT INTO events VALUES (1), (2); INSERT INTO notes VALUES ('a;b -- c');",
      '9_tables.sql': `-- The tables; all of them\n${events};\nCREATE TABLE notes (text String) ENGINE = MergeTree ORDER BY text;\n`,
      'README.md': 'not a migration',
    });
    expect(await migrate(clickhouse, { folder })).toEqual({ applied: ['9_tables.sql', '10_rows.sql'], unchanged: [], ahead: [] });
    expect(await migrate(clickhouse, { folder })).toEqual({ applied: [], unchanged: ['9_tables.sql', '10_rows.sql'], ahead: [] });
    expect(await ids()).toEqual([{ id: 1 }, { id: 2 }]);
    expect(await read('SELECT text FROM notes')).toEqual([{ text: 'a;b -- c' }]);
  });

  it('refuses a table of the journal that is another table', async () => {
    await clickhouse.command({ query: 'CREATE TABLE schema_migrations (version UInt64) ENGINE = MergeTree ORDER BY version' });
    await expect(migrate(clickhouse, { folder: folderWith({ '1_events.sql': events }) })).rejects.toThrow(
      'migrate.table: found a table schema_migrations with other columns',
    );
  });

  it('runs each statement once if many processes start at once', async () => {
    const folder = folderWith({
      '1_events.sql': events,
      '2_row.sql': 'INSERT INTO events VALUES (1)',
      '3_row.sql': 'INSERT INTO events VALUES (2)',
    });
    const runners = Array.from({ length: 4 }, () => startRunner({ url: server.url, database, folder }));
    const results = (await Promise.all(runners.map((runner) => runner.nextLine()))).map((line): unknown => JSON.parse(line));
    const files = ['1_events.sql', '2_row.sql', '3_row.sql'];
    expect(results).toContainEqual({ applied: files, unchanged: [], ahead: [] });
    expect(
      results.filter((result) => JSON.stringify(result) === JSON.stringify({ applied: [], unchanged: files, ahead: [] })),
    ).toHaveLength(3);
    expect(await ids()).toEqual([{ id: 1 }, { id: 2 }]);
    expect(await locks()).toHaveLength(1);
  });

  it('resumes after a kill -9 of the process, if the statement can be repeated', async () => {
    const notes = 'CREATE TABLE IF NOT EXISTS notes (text String) ENGINE = MergeTree ORDER BY text';
    const folder = folderWith({ '1_events.sql': `${events}; INSERT INTO events VALUES (1); ${notes}; INSERT INTO events VALUES (2)` });
    const killed = startRunner({ url: server.url, database, folder, hangsAt: 'notes' });
    expect(await killed.nextLine()).toBe('hanging');
    const next = startRunner({ url: server.url, database, folder, leaseMs: 1_000 });
    await killed.kill();
    expect(JSON.parse(await next.nextLine())).toEqual({ applied: ['1_events.sql'], unchanged: [], ahead: [] });
    expect(await ids()).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it('after a kill -9 in the middle of an insert, waits until the server has ended it, and then asks what became of it', async () => {
    const folder = folderWith({ '1_events.sql': `${events};\n${slowInsert};\nINSERT INTO events VALUES (7)` });
    const killed = startRunner({ url: server.url, database, folder });
    await isRunning('INSERT INTO events SELECT');
    await killed.kill();
    const failure = await failureOf(migrate(clickhouse, { folder, leaseMs: 1_000 }));
    expect(await ids()).toEqual([{ id: 0 }, { id: 1 }]);
    expect(failure).toMatchObject({ reason: 'outcome-unknown', position: { file: '1_events.sql', statement: 2, statements: 3, line: 2 } });
    expect(failure.message).toContain('Statement 1 has run. Statement 3 was not sent.');
    const [done = ''] = failure.message.split('\n').filter((line) => line.includes("'done'"));
    await clickhouse.command({ query: done.trim() });
    expect(await migrate(clickhouse, { folder })).toMatchObject({ applied: ['1_events.sql'] });
    expect(await ids()).toEqual([{ id: 0 }, { id: 1 }, { id: 7 }]);
  });

  it('sends the statement again after the journal says that it did not run', async () => {
    const folder = folderWith({ '1_events.sql': `${events}; INSERT INTO events VALUES (1)` });
    const killed = startRunner({ url: server.url, database, folder, hangsAt: 'VALUES (1)' });
    expect(await killed.nextLine()).toBe('hanging');
    await killed.kill();
    const failure = await failureOf(migrate(clickhouse, { folder, leaseMs: 1_000 }));
    const [failed = ''] = failure.message.split('\n').filter((line) => line.includes("'failed'"));
    await clickhouse.command({ query: failed.trim() });
    await migrate(clickhouse, { folder });
    expect(await ids()).toEqual([{ id: 1 }]);
  });

  it('says which statement of a file failed and which ran, and resumes there after a correction', async () => {
    const row = 'INSERT INTO events VALUES (1)';
    const folder = folderWith({
      '1_events.sql': `${events};\n${row};\n\nALTER TABLE missing ADD COLUMN a UInt8;\nINSERT INTO events VALUES (2)`,
    });
    const failure = await failureOf(migrate(clickhouse, { folder }));
    expect(failure.message).toBe(
      '1_events.sql, line 4: statement 3 of 4 failed with ServerError (60) and changed nothing. Statements 1 to 2 have run. ' +
        'Statement 4 was not sent. The cause has the error. Correct the file from statement 3 on, or the server, and start again: ' +
        'the next run begins with statement 3.',
    );
    expect(failure).toMatchObject({ reason: 'statement-failed', cause: { clickhouseCode: 60 }, retryable: false });
    write(folder, { '1_events.sql': `${events};\n${row};\nALTER TABLE events ADD COLUMN a UInt8;` });
    expect(await migrate(clickhouse, { folder })).toMatchObject({ applied: ['1_events.sql'] });
    expect(await read('SELECT id, a FROM events')).toEqual([{ id: 1, a: 0 }]);
  });

  it('an insert that the server rejected before it ran is sent again', async () => {
    const folder = folderWith({ '1_events.sql': 'INSERT INTO events VALUES (1)' });
    expect(await failureOf(migrate(clickhouse, { folder }))).toMatchObject({ reason: 'statement-failed' });
    await clickhouse.command({ query: events });
    expect(await migrate(clickhouse, { folder })).toMatchObject({ applied: ['1_events.sql'] });
    expect(await ids()).toEqual([{ id: 1 }]);
  });

  it('an insert that failed while it ran may have left rows, so the next run refuses', async () => {
    const folder = folderWith({
      '1_events.sql': `${events}; INSERT INTO events SELECT toUInt32(throwIf(number = 3)) FROM system.numbers LIMIT 10`,
    });
    expect(await failureOf(migrate(clickhouse, { folder }))).toMatchObject({ reason: 'outcome-unknown' });
    const next = await failureOf(migrate(clickhouse, { folder }));
    expect(next).toMatchObject({ reason: 'outcome-unknown' });
    expect(next.message).toContain('was started by an earlier run, which recorded no end');
  });

  it('a process that another one has taken over sends no further statement', async () => {
    const folder = folderWith({ '1_events.sql': `${events.replace('TABLE', 'TABLE IF NOT EXISTS')}; INSERT INTO events VALUES (1)` });
    const signals = new EventEmitter();
    const [asleep, woken] = [once(signals, 'asleep'), once(signals, 'woken')];
    // As a process that is suspended: it gives no sign, and goes on later.
    const suspended: MigrationService = {
      query: (params) => clickhouse.query(params),
      insert: async (params) => {
        if (params.table.includes('_lock_')) return { executed: false, query_id: '', response_headers: {} };
        return clickhouse.insert(params);
      },
      command: async (params) => {
        if (params.query.includes('events')) {
          signals.emit('asleep');
          await woken;
        }
        return clickhouse.command(params);
      },
    };
    const first = failureOf(migrate(suspended, { folder, leaseMs: 1_000 }));
    await asleep;
    expect(await migrate(clickhouse, { folder, leaseMs: 1_000 })).toMatchObject({ applied: ['1_events.sql'] });
    signals.emit('woken');
    expect(await first).toMatchObject({ reason: 'lock-lost' });
    expect(await ids()).toEqual([{ id: 1 }]);
  });

  it('gives up after waitMs, and names the process that holds the lock', async () => {
    const folder = folderWith({ '1_events.sql': events });
    const holder = startRunner({ url: server.url, database, folder, hangsAt: 'events' });
    await holder.nextLine();
    const failure = await failureOf(migrate(clickhouse, { folder, waitMs: 0 }));
    expect(failure).toMatchObject({ reason: 'locked', message: expect.stringMatching(/: \S+, process \d+\./) as string });
    await holder.kill();
  });

  it('after a kill -9 of the server in the middle of an insert, the next run asks what became of it', async () => {
    const folder = folderWith({ '1_events.sql': `${events}; ${slowInsert}` });
    const first = failureOf(migrate(clickhouse, { folder, leaseMs: 1_000 }));
    await isRunning('INSERT INTO events SELECT');
    await server.kill();
    expect(await first).toMatchObject({ reason: 'outcome-unknown', cause: { kind: 'AmbiguousWriteError' } });
    await server.start();
    expect(await failureOf(migrate(clickhouse, { folder, leaseMs: 1_000 }))).toMatchObject({ reason: 'outcome-unknown' });
  });

  it('runs in onCreate, before any caller gets the connection', async () => {
    const folder = folderWith({ '1_events.sql': events });
    const factory = new ClickHouseConnectionFactory({
      onCreate: async (client) => {
        await migrate(client, { folder });
      },
      onCreateTimeoutMs: Infinity,
    });
    const config = loadClickHouseConfig({ url: server.url, database }, false);
    const manager = new ClickHouseConnectionManager({ config, factory });
    const result = await manager.service.query({ query: 'SELECT count() AS n FROM events', format: 'JSONEachRow' });
    expect((await result.json<{ n: unknown }>()).map(({ n }) => Number(n))).toEqual([0]);
    await manager.close();
  });
});
