import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { localPath } from '../config/local-path.js';
import { splitStatements, type SqlStatement } from '../embedded/split-statements.js';
import { decodeSql } from '../embedded/sql-file.js';
import { misplacedStart, sessionKeyword } from '../embedded/sql-tokens.js';
import { ConfigError, type ConfigProblem } from '../errors/index.js';
import { isError } from '../errors/is-error.js';
import type { ClickHouseService } from '../statement/service.js';

/** A file of SQL statements in UTF-8: a path from the working directory, or a file URL. */
export type FixtureFile = string | URL;

/** A file that was read, and whose statements can be sent. */
export interface Fixture {
  readonly path: string;
  readonly statements: readonly SqlStatement[];
}

/**
 * Reads files of SQL statements.
 * @throws ConfigError with every file that cannot be read, is not UTF-8, has no statement, or has one that would have no effect
 */
export async function readFixtures(files: readonly FixtureFile[]): Promise<readonly Fixture[]> {
  const problems: ConfigProblem[] = [];
  const report = (found: string, expected: string) => problems.push({ key: 'fixtures', found, expected });
  const fixtures: Fixture[] = [];
  for (const file of files) {
    const path = localPath(file);
    if (path === undefined) {
      report(`the URL ${originOf(file)}`, 'a path, or a file URL of this machine');
      continue;
    }
    const text = await readText(path, report);
    if (text === undefined) continue;
    const statements = splitStatements(text);
    if (statements.length === 0) report(`no statement in ${relative(process.cwd(), path)}`, 'at least one');
    for (const statement of statements) checkStart(path, statement, report);
    fixtures.push({ path, statements });
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return fixtures;
}

/**
 * Runs the statements of the files, one after the other.
 * @throws an Error with file and line for a statement that failed
 */
export async function runFixtures(service: ClickHouseService, fixtures: readonly Fixture[]): Promise<void> {
  for (const { path, statements } of fixtures) for (const statement of statements) await runStatement(service, path, statement);
}

type Report = (found: string, expected: string) => void;

async function readText(path: string, report: Report): Promise<string | undefined> {
  try {
    const content = decodeSql(await readFile(path));
    if (content.kind === 'text') return content.text;
    report(`${content.found} in ${relative(process.cwd(), path)}`, 'UTF-8. Save the file as UTF-8');
  } catch (error) {
    const expected = `a file of SQL that can be read. Paths start at the working directory, ${process.cwd()}`;
    report(`${path}: ${isError(error) ? error.message : String(error)}`, expected);
  }
  return undefined;
}

/** Each statement is a request of its own, so `SET` and `USE` would be ignored. */
function checkStart(path: string, { text, line }: SqlStatement, report: Report): void {
  const misplaced = misplacedStart(text);
  if (misplaced) report(`"${misplaced.character}" at the start of a statement in ${placeOf(path, line)}`, 'a keyword');
  const keyword = sessionKeyword(text);
  if (keyword === undefined) return;
  const expected =
    keyword === 'SET' ? 'a SETTINGS clause in the statement that needs it' : 'the name of the database in front of the table';
  report(`${keyword} in ${placeOf(path, line)}, which has no effect on later statements`, expected);
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

/** Returns the start of a URL, without a user and a password. */
function originOf(file: FixtureFile): string {
  const { protocol, host } = new URL(file);
  return `${protocol}//${host}/…`;
}
