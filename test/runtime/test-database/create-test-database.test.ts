import { describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabaseOptions } from '../../../runtime/src/testing.js';
import { declareTests, fixture } from './declare-tests.js';

describe('a test database in the embedded engine', () => {
  declareTests(() => ({ env: false }));

  it.each(['SET max_threads = 1', 'USE system'])('refuses a fixture without an effect: %s', async (statement) => {
    const file = fixture('session.sql', `SELECT 1;\n${statement};`);
    await expect(createTestDatabase({ fixtures: [file] })).rejects.toThrow(/found (?:SET|USE) in .*session\.sql:2, which has no effect/);
  });

  it('refuses a file that is missing, and says where paths start', async () => {
    await expect(createTestDatabase({ fixtures: ['missing.sql'] })).rejects.toThrow(/missing\.sql.*Paths start at the working directory/);
  });

  it('refuses production', async () => {
    const connection = { env: { NODE_ENV: 'production', CLICKHOUSE_URL: 'http://127.0.0.1:1' } };
    await expect(createTestDatabase({ connection })).rejects.toThrow('environment: found production');
  });

  it('refuses unknown options and values', async () => {
    const options: TestDatabaseOptions = JSON.parse('{ "fixture": [], "prefix": "a-b", "fixtures": "schema.sql" }');
    await expect(createTestDatabase(options)).rejects.toThrow(
      /fixture: found an unknown option, expected "fixtures"[^]*prefix: found "a-b"[^]*fixtures: found "schema.sql", expected a list/,
    );
  });
});
