import { tmpdir } from 'node:os';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ConfigError } from '../../../runtime/src/index.js';
import { createTestDatabase, type TestDatabaseOptions } from '../../../runtime/src/testing.js';
import { declareTests, fixture } from './declare-tests.js';

const longTable = `CREATE TABLE ${'t'.repeat(80)} (id UInt32) ENGINE = MergeTree ORDER BY id`;

const unreachable = 'http://127.0.0.1:1';

describe('a test database in the embedded engine', () => {
  declareTests(() => ({ env: false }));
  afterEach(() => void vi.unstubAllEnvs());

  it.each(['SET max_threads = 1', 'USE system'])('refuses a fixture without an effect: %s', async (statement) => {
    const file = fixture('session.sql', `SELECT 1;\n${statement};`);
    await expect(createTestDatabase({ fixtures: [file] })).rejects.toThrow(/found (?:SET|USE) in .*session\.sql:2, which has no effect/);
  });

  it('sends SET DEFAULT ROLE, which changes a user and not the session', async () => {
    const file = fixture('role.sql', 'SET DEFAULT ROLE NONE TO default');
    // The embedded engine has no users to change.
    await expect(createTestDatabase({ connection: { env: false }, fixtures: [file] })).rejects.toMatchObject({
      message: expect.stringMatching(/^The statement in .*role\.sql:1 failed/) as string,
      cause: { kind: 'PermissionError' },
    });
  });

  it('refuses files that the engine would not run as they are written, and sends none of them', async () => {
    await using database = await createTestDatabase({ connection: { env: false } });
    const table = 'CREATE TABLE a (id UInt32) ENGINE = Memory';
    const files = [
      fixture('good.sql', table),
      fixture('utf16.sql', Buffer.from(`\uFEFF${table}`, 'utf16le')),
      fixture('latin1.sql', Buffer.from("SELECT\n'é'", 'latin1')),
      fixture('nul.sql', "SELECT '\0'"),
      fixture('comment.sql', '-- nothing'),
      fixture('keyword.sql', `é${table}`),
    ];
    const error: unknown = await database.load(...files).catch((reason: unknown) => reason);
    if (!(error instanceof ConfigError)) throw new Error('There was no ConfigError.', { cause: error });
    expect(error.problems.map(({ found }) => found.replaceAll(/\S*\//g, ''))).toEqual([
      'a file in UTF-16 in utf16.sql',
      'bytes in line 2 that are not UTF-8 in latin1.sql',
      'a NUL character in line 1 in nul.sql',
      'no statement in comment.sql',
      '"é" at the start of a statement in keyword.sql:1',
    ]);
    expect(await (await database.service.query({ query: 'SHOW TABLES', format: 'JSONEachRow' })).json()).toEqual([]);
  });

  it('refuses a file that is missing, and says where paths start', async () => {
    await expect(createTestDatabase({ fixtures: ['missing.sql'] })).rejects.toThrow(/missing\.sql.*Paths start at the working directory/);
  });

  it('refuses a folder and a URL that is no file, all at once', async () => {
    const fixtures = [tmpdir(), new URL('https://user:secret@host/schema.sql'), new URL('file:///a%2Fb.sql')];
    const error: unknown = await createTestDatabase({ connection: { env: false }, fixtures }).catch((reason: unknown) => reason);
    if (!(error instanceof ConfigError)) throw new Error('There was no ConfigError.', { cause: error });
    expect(error.problems.map(({ found }) => found)).toEqual([
      expect.stringMatching(`^${tmpdir()}: EISDIR`),
      'the URL https://host/…',
      'the URL file:///…',
    ]);
    expect(error.message).toContain('expected a path, or a file URL of this machine');
  });

  it('refuses production', async () => {
    const connection = { env: { NODE_ENV: 'production', CLICKHOUSE_URL: 'http://127.0.0.1:1' } };
    await expect(createTestDatabase({ connection })).rejects.toThrow('environment: found production (NODE_ENV=production)');
  });

  it('refuses a process in production, also with env: false, before anything is sent', async () => {
    vi.stubEnv('NODE_ENV', 'production');
    const error: unknown = await createTestDatabase({ connection: { url: unreachable, env: false } }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toHaveProperty('problems', [expect.objectContaining({ key: 'environment', found: 'production (NODE_ENV=production)' })]);
  });

  it('is created in the environment that code names, whatever the process has', async () => {
    vi.stubEnv('NODE_ENV', 'production');
    await using database = await createTestDatabase({ connection: { environment: 'test', env: false } });
    expect(database.name).toMatch(/^test_/);
    vi.stubEnv('NODE_ENV', 'test');
    const connection = { url: unreachable, environment: 'production', env: false } as const;
    await expect(createTestDatabase({ connection })).rejects.toThrow('environment: found production (code)');
  });

  it('takes a prefix of up to 100 characters, since the name of the database becomes the name of a file', async () => {
    const connection = { env: false } as const;
    await using database = await createTestDatabase({ connection, prefix: 'a'.repeat(100), fixtures: [fixture('long.sql', longTable)] });
    await database.service.command({ query: `DROP TABLE ${'t'.repeat(80)}` });
    await expect(createTestDatabase({ connection, prefix: 'a'.repeat(101) })).rejects.toThrow(
      /prefix: found a long text, expected at most 100/,
    );
  });

  it('refuses unknown options and values', async () => {
    const options: TestDatabaseOptions = JSON.parse('{ "fixture": [], "prefix": "a-b", "fixtures": "schema.sql" }');
    await expect(createTestDatabase(options)).rejects.toThrow(
      /fixture: found an unknown option, expected "fixtures"[^]*prefix: found "a-b"[^]*fixtures: found "schema.sql", expected a list/,
    );
  });
});
