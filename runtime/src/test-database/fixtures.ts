import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { splitStatements, type SqlStatement } from '../embedded/split-statements.js';
import { firstKeyword } from '../embedded/sql-tokens.js';
import { ConfigError } from '../errors/index.js';
import { isError } from '../errors/is-error.js';
import type { ClickHouseService } from '../statement/service.js';

/** A file of SQL statements: a path from the working directory, or a file URL. */
export type FixtureFile = string | URL;

/** Statements that have no effect on a later request. */
const withoutEffect = new Set(['SET', 'USE']);

/**
 * Runs the statements of the files, one after the other.
 * @throws ConfigError for a file that cannot be read, or that sets session state; an Error with file and line for a statement that failed
 */
export async function runFixtures(service: ClickHouseService, files: readonly FixtureFile[]): Promise<void> {
  for (const file of files) {
    const path = file instanceof URL ? fileURLToPath(file) : file;
    const statements = splitStatements(await readFixture(path));
    for (const statement of statements) assertEffective(path, statement);
    for (const statement of statements) await runStatement(service, path, statement);
  }
}

async function readFixture(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const expected = `a file of SQL that can be read. Paths start at the working directory, ${process.cwd()}`;
    throw new ConfigError([{ key: 'fixtures', found: isError(error) ? error.message : String(error), expected }]);
  }
}

/** Each statement is a request of its own, so `SET` and `USE` would be ignored. @throws ConfigError */
function assertEffective(path: string, { text, line }: SqlStatement): void {
  const keyword = firstKeyword(text);
  if (!withoutEffect.has(keyword)) return;
  const expected =
    keyword === 'SET' ? 'a SETTINGS clause in the statement that needs it' : 'the name of the database in front of the table';
  throw new ConfigError([
    { key: 'fixtures', found: `${keyword} in ${placeOf(path, line)}, which has no effect on later statements`, expected },
  ]);
}

async function runStatement(service: ClickHouseService, path: string, { text, line }: SqlStatement): Promise<void> {
  try {
    await service.command({ query: text });
  } catch (error) {
    throw new Error(`The statement in ${placeOf(path, line)} failed: ${isError(error) ? error.message : String(error)}`, { cause: error });
  }
}

function placeOf(path: string, line: number): string {
  return `${relative(process.cwd(), path)}:${line}`;
}
