import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { clickHouse, closeClickHouse, ConfigError, ConnectError } from '../../../runtime/src/index.js';
import { migrate, MigrationError } from '../../../runtime/src/migrations.js';
import { createTestService } from '../../../runtime/src/testing.js';

const table = 'CREATE TABLE IF NOT EXISTS kept (id UInt32) ENGINE = MergeTree ORDER BY id';
let databases = 0;

describe('on the embedded engine', () => {
  let folder: string;
  let clickhouse = clickHouse();
  afterAll(() => closeClickHouse());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'migrations-'));
    clickhouse = clickHouse({ database: `migrations_${++databases}`, env: false });
  });

  const write = (name: string, text: string | Uint8Array): void => writeFileSync(join(folder, name), text);
  async function failureOf(options: object = {}): Promise<MigrationError> {
    const error: unknown = await migrate(clickhouse, { folder, ...options }).catch((reason: unknown) => reason);
    if (error instanceof MigrationError) return error;
    throw new Error('The migrations did not stop with a MigrationError.', { cause: error });
  }
  async function count(name: string): Promise<number> {
    const result = await clickhouse.query({ query: `SELECT count() AS n FROM ${name}`, format: 'JSONEachRow' });
    const [row] = await result.json<{ n: string | number }>();
    return Number(row?.n);
  }

  it('applies the files of a folder, given as a path or as a URL', async () => {
    write('0001_kept.sql', table);
    expect(await migrate(clickhouse, { folder })).toEqual({ applied: ['0001_kept.sql'], unchanged: [], ahead: [] });
    write('0002-row.sql', 'INSERT INTO kept VALUES (1)');
    expect(await migrate(clickhouse, { folder: pathToFileURL(folder) })).toEqual({
      applied: ['0002-row.sql'],
      unchanged: ['0001_kept.sql'],
      ahead: [],
    });
    expect(await count('kept')).toBe(1);
  });

  it('runs each statement once if two callers of one process start at once', async () => {
    write('1_kept.sql', `${table}; INSERT INTO kept VALUES (1)`);
    const results = await Promise.all([migrate(clickhouse, { folder }), migrate(clickhouse, { folder })]);
    expect(results.map(({ applied }) => applied.length).sort()).toEqual([0, 1]);
    expect(await count('kept')).toBe(1);
  });

  it('passes the settings to each statement', async () => {
    write('1_limit.sql', 'CREATE TABLE limited ENGINE = Memory AS SELECT number FROM numbers(10)');
    expect(await failureOf({ settings: { max_result_rows: '1', max_rows_to_read: '1' } })).toMatchObject({
      cause: { kind: 'ResourceLimitError' },
    });
  });

  it('keeps a second set of migrations in a table of its own', async () => {
    write('1_kept.sql', table);
    await migrate(clickhouse, { folder });
    expect(await migrate(clickhouse, { folder, table: 'other_migrations' })).toMatchObject({ applied: ['1_kept.sql'] });
    expect(await count('other_migrations')).toBe(2);
  });

  it('refuses a changed file, with the number of the statement', async () => {
    write('1_kept.sql', `${table}; INSERT INTO kept VALUES (1)`);
    await migrate(clickhouse, { folder });
    write('1_kept.sql', `${table}; INSERT INTO kept VALUES (2)`);
    write('2_row.sql', 'INSERT INTO kept VALUES (3)');
    expect(await failureOf()).toMatchObject({
      reason: 'changed-files',
      message: expect.stringContaining(
        '1_kept.sql: found a change in statement 2, expected the text that was applied. Restore it',
      ) as string,
    });
    expect(await count('kept')).toBe(1);
  });

  it('accepts other comments, other line ends and another name', async () => {
    write('1_kept.sql', `${table.replace(' ENGINE', '\nENGINE')};`);
    await migrate(clickhouse, { folder });
    rmSync(join(folder, '1_kept.sql'));
    write('01_renamed.sql', `\uFEFF-- A comment.\r\n${table.replace(' ENGINE', '\r\nENGINE')}\r\n`);
    expect(await migrate(clickhouse, { folder })).toMatchObject({ applied: [], unchanged: ['01_renamed.sql'] });
  });

  it('refuses a statement that was added to an applied file, a lost file, and a new file with a low number', async () => {
    for (const number of [1, 2, 4]) write(`${number}_kept.sql`, table);
    await migrate(clickhouse, { folder });
    write('1_kept.sql', `${table}; INSERT INTO kept VALUES (1)`);
    rmSync(join(folder, '2_kept.sql'));
    write('3_row.sql', 'INSERT INTO kept VALUES (2)');
    const { message } = await failureOf();
    expect(message).toContain('1_kept.sql: found 2 statements, expected the 1 that were applied');
    expect(message).toContain('2_kept.sql: found no such file, expected the file that was applied, completely or in part. Restore it');
    expect(message).toContain('3_row.sql: found a new file below a number that was applied. Give it a number above 4');
  });

  it('refuses a statement that was added to a corrected file after a later file has run', async () => {
    write('1_kept.sql', `${table}; WRONG`);
    expect(await failureOf()).toMatchObject({ reason: 'statement-failed' });
    // The correction leaves the failed statement out, so the file is complete.
    write('1_kept.sql', table);
    write('2_row.sql', 'INSERT INTO kept VALUES (1)');
    expect(await migrate(clickhouse, { folder })).toEqual({ applied: ['2_row.sql'], unchanged: ['1_kept.sql'], ahead: [] });
    write('1_kept.sql', `${table}; INSERT INTO kept VALUES (2)`);
    expect(await failureOf()).toMatchObject({
      reason: 'changed-files',
      message: expect.stringContaining('1_kept.sql: found 2 statements, expected the 1 that were applied. Restore it') as string,
    });
    // An older release does not have the later file.
    rmSync(join(folder, '2_row.sql'));
    expect(await failureOf()).toMatchObject({ reason: 'changed-files' });
    expect(await count('kept')).toBe(1);
  });

  it('lets the last file be corrected more than once', async () => {
    write('1_kept.sql', `${table}; WRONG`);
    await failureOf();
    write('1_kept.sql', `${table}; INSERT INTO kept VALUES (1); WRONG`);
    await failureOf();
    write('2_wrong.sql', 'WRONG');
    await failureOf();
    write('1_kept.sql', `${table}; INSERT INTO kept VALUES (1); INSERT INTO kept VALUES (2)`);
    write('2_wrong.sql', 'INSERT INTO kept VALUES (3)');
    expect(await migrate(clickhouse, { folder })).toMatchObject({ applied: ['1_kept.sql', '2_wrong.sql'] });
    expect(await count('kept')).toBe(3);
  });

  it('keeps line ends inside texts, and accepts a file whose line ends changed since', async () => {
    write('1_text.sql', "CREATE TABLE texts ENGINE = Memory AS\r\nSELECT 'a\r\nb' AS text;\r\n");
    await migrate(clickhouse, { folder });
    const result = await clickhouse.query({ query: 'SELECT text FROM texts', format: 'JSONEachRow' });
    expect(await result.json()).toEqual([{ text: 'a\r\nb' }]);
    write('1_text.sql', "CREATE TABLE texts ENGINE = Memory AS\nSELECT 'a\nb' AS text;\n");
    expect(await migrate(clickhouse, { folder })).toMatchObject({ unchanged: ['1_text.sql'] });
  });

  it('lets a file that changed nothing be changed, renamed or removed', async () => {
    write('1_kept.sql', table);
    write('3_wrong.sql', 'WRONG');
    expect(await failureOf()).toMatchObject({ reason: 'statement-failed' });
    rmSync(join(folder, '3_wrong.sql'));
    // The number of a file that changed nothing does not count.
    write('2_row.sql', 'INSERT INTO kept VALUES (1)');
    expect(await migrate(clickhouse, { folder })).toEqual({ applied: ['2_row.sql'], unchanged: ['1_kept.sql'], ahead: [] });
    write('4_row.sql', 'INSERT INTO kept VALUES (2)');
    expect(await migrate(clickhouse, { folder })).toMatchObject({ applied: ['4_row.sql'] });
    write('3_wrong.sql', table);
    expect(await failureOf()).toMatchObject({
      reason: 'changed-files',
      message: expect.stringContaining('3_wrong.sql: found a new file below a number that was applied') as string,
    });
  });

  it('refuses a lost file of which a statement has run', async () => {
    write('1_kept.sql', `${table}; WRONG`);
    await failureOf();
    rmSync(join(folder, '1_kept.sql'));
    write('2_kept.sql', table);
    expect(await failureOf()).toMatchObject({
      reason: 'changed-files',
      message: expect.stringContaining(
        '1_kept.sql: found no such file, expected the file that was applied, completely or in part',
      ) as string,
    });
  });

  it('refuses a table of the journal that is another table, and names the option', async () => {
    await clickhouse.command({ query: 'CREATE TABLE schema_migrations (id UInt8) ENGINE = Memory' });
    write('1_kept.sql', table);
    await expect(migrate(clickhouse, { folder })).rejects.toMatchObject({
      problems: [
        {
          key: 'migrate.table',
          found: 'a table schema_migrations with other columns',
          expected: 'the journal of migrate(), or a name that no table of the database has',
        },
      ],
    });
    expect(await migrate(clickhouse, { folder, table: 'shop_migrations' })).toMatchObject({ applied: ['1_kept.sql'] });
  });

  it('lets an older release start, and names the files of the newer one', async () => {
    write('1_kept.sql', table);
    write('2_row.sql', 'INSERT INTO kept VALUES (1)');
    await migrate(clickhouse, { folder });
    rmSync(join(folder, '2_row.sql'));
    expect(await migrate(clickhouse, { folder })).toEqual({ applied: [], unchanged: ['1_kept.sql'], ahead: ['2_row.sql'] });
  });

  it('names a file of the newer release also if only a part of it has run, and no file that changed nothing', async () => {
    write('1_kept.sql', table);
    write('2_part.sql', 'INSERT INTO kept VALUES (1); WRONG');
    await failureOf();
    rmSync(join(folder, '2_part.sql'));
    expect(await migrate(clickhouse, { folder })).toEqual({ applied: [], unchanged: ['1_kept.sql'], ahead: ['2_part.sql'] });
    expect(await migrate(clickhouse, { folder, table: 'other_migrations' })).toMatchObject({ ahead: [] });
    write('2_nothing.sql', 'WRONG');
    await failureOf({ table: 'other_migrations' });
    rmSync(join(folder, '2_nothing.sql'));
    expect(await migrate(clickhouse, { folder, table: 'other_migrations' })).toMatchObject({ ahead: [] });
  });

  it('refuses files with a wrong name or content, all at once, before anything is sent', async () => {
    write('events.sql', table);
    write('1_kept.sql', table);
    write('01_again.sql', table);
    write('2_empty.sql', '-- nothing');
    write('3_set.sql', `${table};\nSET max_threads = 1;\nUSE shop;`);
    write('4_data.sql', 'INSERT INTO kept FORMAT CSV\n1;\n');
    const { message, reason } = await failureOf();
    expect(reason).toBe('invalid-files');
    expect(message.split('\n').slice(1)).toEqual([
      '  2_empty.sql: found no statement, expected at least one',
      '  3_set.sql, line 2: found SET, which has no effect on later statements over HTTP. Use a SETTINGS clause, or the option "settings" of migrate()',
      '  3_set.sql, line 3: found USE, which has no effect on later statements over HTTP. Write the database before the name of the table, or configure the connection with it',
      '  4_data.sql, line 1: found an INSERT with data after FORMAT, expected VALUES or SELECT',
      '  events.sql: found another name, expected a number, "_" and a description of letters, digits, "_", "-" and ".", such as 0001_events.sql',
      '  1_kept.sql: found the number of 01_again.sql, expected a number of its own',
    ]);
  });

  it('lists what cannot be read with the other wrong files, before anything is sent', async () => {
    write('1_kept.sql', table);
    mkdirSync(join(folder, '2_folder.sql'));
    symlinkSync(join(folder, 'missing'), join(folder, '3_link.sql'));
    write('4_empty.sql', '');
    const { message, reason } = await failureOf();
    expect(reason).toBe('invalid-files');
    expect(message.split('\n').slice(1)).toEqual([
      '  2_folder.sql: found an entry that cannot be read (EISDIR), expected a file that the process can read',
      '  3_link.sql: found an entry that cannot be read (ENOENT), expected a file that the process can read',
      '  4_empty.sql: found no statement, expected at least one',
    ]);
  });

  it('ignores hidden files, which editors and operating systems leave', async () => {
    write('1_kept.sql', table);
    symlinkSync(join(folder, 'missing'), join(folder, '.#1_kept.sql'));
    write('._1_kept.sql', Buffer.from([0, 5, 22, 7]));
    expect(await migrate(clickhouse, { folder })).toMatchObject({ applied: ['1_kept.sql'] });
  });

  it('refuses a string, a quoted name and a comment without an end, with the line where it begins', async () => {
    write('1_string.sql', `${table};\n-- it's a comment\nINSERT INTO kept VALUES ('a''; b);\nSELECT 1;`);
    write('2_name.sql', '\nDROP TABLE `kept;');
    write('3_comment.sql', `${table};\n\n/* a /* nested */ comment\nDROP TABLE kept`);
    write('4_escape.sql', "SELECT 'a\\'");
    write('5_ended.sql', "SELECT 'a\\'', '' /* ' */ -- /*");
    const { message, reason } = await failureOf();
    expect(reason).toBe('invalid-files');
    const found = 'found a string, a quoted name or a comment without its end, expected the closing quote or "*/"';
    expect(message.split('\n').slice(1)).toEqual([
      `  1_string.sql, line 3: ${found}`,
      `  2_name.sql, line 2: ${found}`,
      `  3_comment.sql, line 3: ${found}`,
      `  4_escape.sql, line 1: ${found}`,
    ]);
  });

  it('refuses files that are not UTF-8 or have a NUL character, before anything is sent', async () => {
    write('1_kept.sql', `\uFEFF-- é 😀 \uFFFD\n${table}`);
    write('2_utf16.sql', Buffer.from(`\uFEFF${table}`, 'utf16le'));
    write('3_utf16be.sql', Buffer.from(`\uFEFF${table}`, 'utf16le').swap16());
    write('4_unmarked.sql', Buffer.from(table, 'utf16le'));
    write('5_latin1.sql', Buffer.from(`${table};\nINSERT INTO kept SELECT length('é')`, 'latin1'));
    write('6_nul.sql', `${table};\n\nSELECT '\0'`);
    const { message, reason } = await failureOf();
    expect(reason).toBe('invalid-files');
    expect(message.split('\n').slice(1)).toEqual([
      '  2_utf16.sql: found a file in UTF-16, expected UTF-8. Save the file as UTF-8',
      '  3_utf16be.sql: found a file in UTF-16, expected UTF-8. Save the file as UTF-8',
      '  4_unmarked.sql: found a NUL character in line 1, expected UTF-8. Save the file as UTF-8',
      '  5_latin1.sql: found bytes in line 2 that are not UTF-8, expected UTF-8. Save the file as UTF-8',
      '  6_nul.sql: found a NUL character in line 3, expected UTF-8. Save the file as UTF-8',
    ]);
    expect(await count('system.tables WHERE database = currentDatabase()')).toBe(0);
  });

  it('sends SET DEFAULT ROLE, which changes a user and not the session', async () => {
    write('1_role.sql', '/* a role */ set default\nrole NONE TO default');
    // The embedded engine has no users to change.
    expect(await failureOf()).toMatchObject({ reason: 'statement-failed', cause: { kind: 'PermissionError' } });
    write('1_role.sql', 'SET ROLE readers');
    write('2_setting.sql', 'SET default = 1');
    expect((await failureOf()).message).toMatch(/1_role\.sql, line 1: found SET[^]*2_setting\.sql, line 1: found SET/);
  });

  it('refuses a statement that begins with no keyword, which the embedded engine ignores', async () => {
    write('1_kept.sql', `${table};\n(SELECT 1);\né${table};\n#${table}`);
    expect((await failureOf()).message.split('\n').slice(1)).toEqual([
      '  1_kept.sql, line 3: found "é" at the start of a statement, expected a keyword',
      '  1_kept.sql, line 4: found "#" at the start of a statement, expected a keyword',
    ]);
  });

  it('says where it looked for a folder that does not exist', async () => {
    rmSync(folder, { recursive: true });
    expect(await failureOf()).toMatchObject({ reason: 'invalid-files', message: expect.stringContaining(`${folder} (ENOENT)`) as string });
  });

  it('refuses a folder without migrations', async () => {
    expect(await failureOf()).toMatchObject({ reason: 'invalid-files', message: expect.stringContaining(folder) as string });
  });

  it('logs no SQL and no words of the server', async () => {
    write('1_secret.sql', "CREATE TABLE secret (a UInt8) ENGINE = MySQL('host', 'shop', 't', 'user', 'hunter2', 'too', 'many')");
    const failure = await failureOf();
    expect(failure.position).toEqual({ file: '1_secret.sql', statement: 1, statements: 1, line: 1 });
    expect(JSON.stringify(failure)).not.toContain('hunter2');
    expect(failure.message).not.toContain('hunter2');
  });
});

describe('options', () => {
  it('that are unknown or invalid are one ConfigError', async () => {
    const options = { folder: '', table: 'a-b', leaseMs: 1, lease: 5 };
    const error: unknown = await migrate(createTestService(), options).catch((reason: unknown) => reason);
    if (!(error instanceof ConfigError)) throw new Error('There was no ConfigError.', { cause: error });
    expect(error.problems.map(({ key }) => key).sort()).toEqual(['migrate.folder', 'migrate.lease', 'migrate.leaseMs', 'migrate.table']);
  });

  it.each(['http://host/migrations', 'file:///a%2Fb'])('a folder is no URL of another kind: %s', async (url) => {
    await expect(migrate(createTestService(), { folder: new URL(url) })).rejects.toThrow(
      /migrate\.folder: found .*, expected the path of a folder, or a file URL of this machine/,
    );
  });
});

it('a server that is not reachable is a ConnectError', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'migrations-'));
  writeFileSync(join(folder, '1_kept.sql'), table);
  const service = clickHouse({ url: 'http://127.0.0.1:1', env: false, retry: false });
  await expect(migrate(service, { folder })).rejects.toThrow(ConnectError);
});

it('a service whose tables are not visible is not taken for a lock of another process', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'migrations-'));
  writeFileSync(join(folder, '1_kept.sql'), table);
  await expect(migrate(createTestService(), { folder })).rejects.toThrow(/is not visible\. Use a connection to one server/);
});
