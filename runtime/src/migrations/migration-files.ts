import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beginsData } from '../embedded/single-statement.js';
import { decodeSql, type SqlContent } from '../embedded/sql-file.js';
import { misplacedStart, sessionKeyword, unterminatedAt } from '../embedded/sql-tokens.js';
import { MigrationError } from './migration-error.js';
import { splitStatements } from './split-statements.js';

/** One statement of a migration. */
export interface MigrationStatement {
  readonly sql: string;
  /** Line of the file on which it begins, from 1 on. */
  readonly line: number;
  /** SHA-256 of the text with LF as its line ends, in hexadecimal digits. */
  readonly checksum: string;
}

/** One file of the folder. */
export interface Migration {
  /** The number at the start of the name. It identifies the migration. */
  readonly version: number;
  readonly file: string;
  /** Line of a string, a quoted name or a comment that has no end. Undefined if all have one. */
  readonly unterminatedLine: number | undefined;
  /** At least one. */
  readonly statements: readonly MigrationStatement[];
}

/** At most 15 digits: larger numbers are not exact in JavaScript. */
const fileName = /^(\d{1,15})[_-][\w.-]+\.sql$/;

async function listFolder(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (cause) {
    const message = `The folder of the migrations cannot be read, and nothing was sent: ${resolve(path)} (${codeOf(cause)}). A relative path begins at the working directory, ${process.cwd()}.`;
    throw new MigrationError('invalid-files', message, { cause });
  }
}

/** The content of a file, or the code of the error that reading it ended with. */
type FileContent = SqlContent | { readonly kind: 'unreadable'; readonly code: string };

async function readContent(path: string): Promise<FileContent> {
  try {
    return decodeSql(await readFile(path));
  } catch (error) {
    return { kind: 'unreadable', code: codeOf(error) };
  }
}

/** Returns the code of an error of the file system, such as `ENOENT`. */
function codeOf(error: unknown): string {
  return String(error instanceof Error ? Reflect.get(error, 'code') : undefined);
}

/**
 * Reads the migrations of a folder, in the order of their numbers.
 * @throws MigrationError with every file that has a wrong name or content or cannot be read, or if the folder cannot be read
 */
export async function readMigrations(path: string): Promise<readonly Migration[]> {
  const names = (await listFolder(path)).filter(isMigration).sort();
  const parsed = await Promise.all(names.map(async (file) => parseMigration(file, await readContent(join(path, file)))));
  const migrations = parsed.map(({ migration }) => migration);
  const problems = [
    ...(names.length === 0 ? [`${path}: found no file that ends in .sql, expected at least one`] : []),
    ...parsed.flatMap((file) => file.problems),
    ...migrations.flatMap((migration, index) => problemsOfNumber(migration, migrations.slice(0, index))),
  ];
  if (problems.length > 0)
    throw new MigrationError('invalid-files', `The migrations are invalid, and nothing was sent:\n${problems.map(indent).join('\n')}`);
  return migrations.toSorted((one, other) => one.version - other.version);
}

/** Editors and operating systems leave hidden files, such as `.#1_events.sql` and `._1_events.sql`. */
function isMigration(name: string): boolean {
  return name.endsWith('.sql') && !name.startsWith('.');
}

/** A file with what is wrong in it. */
interface ParsedFile {
  readonly migration: Migration;
  readonly problems: readonly string[];
}

function parseMigration(file: string, content: FileContent): ParsedFile {
  const version = Number(fileName.exec(file)?.[1] ?? Number.NaN);
  const sql = content.kind === 'text' ? content.text : '';
  const statements = splitStatements(sql);
  const unterminated = unterminatedAt(sql);
  const migration = {
    version,
    file,
    unterminatedLine: unterminated === undefined ? undefined : sql.slice(0, unterminated).split('\n').length,
    statements: statements.map((statement) => ({ ...statement, checksum: checksumOf(statement.sql) })),
  };
  return { migration, problems: problemsOf(migration, content) };
}

function checksumOf(sql: string): string {
  // Git may check a file out with other line ends.
  return createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex');
}

function problemsOf(migration: Migration, content: FileContent): readonly string[] {
  switch (content.kind) {
    case 'unreadable':
      return [`${migration.file}: found an entry that cannot be read (${content.code}), expected a file that the process can read`];
    case 'invalid':
      return [`${migration.file}: found ${content.found}, expected UTF-8. Save the file as UTF-8`];
    case 'text':
      return problemsOfText(migration);
  }
}

function problemsOfText({ version, file, unterminatedLine, statements }: Migration): readonly string[] {
  if (Number.isNaN(version))
    return [
      `${file}: found another name, expected a number, "_" and a description of letters, digits, "_", "-" and ".", such as 0001_events.sql`,
    ];
  if (unterminatedLine !== undefined)
    return [
      `${file}, line ${unterminatedLine}: found a string, a quoted name or a comment without its end, expected the closing quote or "*/"`,
    ];
  if (statements.length === 0) return [`${file}: found no statement, expected at least one`];
  return statements.flatMap(({ sql, line }) => {
    const misplaced = misplacedStart(sql);
    if (misplaced) return [`${file}, line ${line}: found "${misplaced.character}" at the start of a statement, expected a keyword`];
    const keyword = sessionKeyword(sql);
    if (keyword !== undefined)
      return [
        `${file}, line ${line}: found ${keyword}, which has no effect on later statements over HTTP. ` +
          (keyword === 'SET'
            ? 'Use a SETTINGS clause, or the option "settings" of migrate()'
            : 'Write the database before the name of the table, or configure the connection with it'),
      ];
    if (beginsData(sql)) return [`${file}, line ${line}: found an INSERT with data after FORMAT, expected VALUES or SELECT`];
    return [];
  });
}

function problemsOfNumber({ version, file }: Migration, earlier: readonly Migration[]): readonly string[] {
  const same = earlier.find((other) => other.version === version);
  return same ? [`${file}: found the number of ${same.file}, expected a number of its own`] : [];
}

function indent(line: string): string {
  return `  ${line}`;
}
