import { AssertionError } from 'node:assert';
import { inspect, isDeepStrictEqual } from 'node:util';
import { anyList, anyText, assertParameter, countFrom, isObject, type OptionRule } from '../config/validate-options.js';
import type { RecordedStatement } from './recorded-statement.js';
import type { TestService } from './test-double.js';

/** A service that records its statements. */
export type Journal = Pick<TestService, 'statements'>;

/** A part of a statement's text, or a pattern that occurs in it. */
export type StatementPattern = string | RegExp;

const journalRule: OptionRule = {
  expected: 'the result of createTestService()',
  accepts: (value) => isObject(value) && Array.isArray(Reflect.get(value, 'statements')),
};

const patternRule: OptionRule = { expected: 'text or a RegExp', accepts: (value) => typeof value === 'string' || value instanceof RegExp };

/** Maximum number of statements in a message. */
const maxListed = 20;

/**
 * Returns the rows that were inserted into a table, in order, of all inserts that succeeded.
 * @param table as the code under test writes it
 * @throws AssertionError if an insert had a stream or a function as its values, which the double does not read; ConfigError if a parameter
 * is invalid
 */
export function insertedRows(journal: Journal, table: string): readonly unknown[] {
  return insertsInto(journal, table).flatMap(({ values, error }) => (error ? [] : rowsOf(values, table)));
}

/**
 * Asserts that exactly these rows were inserted into a table, in this order, by one insert or several. The rows of failed inserts do not count.
 * @throws AssertionError with `actual` and `expected`, and with the recorded statements in its message; ConfigError if a parameter is invalid
 */
export function assertInserted(journal: Journal, table: string, rows: readonly unknown[]): void {
  assertParameter('rows', anyList, rows);
  const actual = insertedRows(journal, table);
  if (isDeepStrictEqual(actual, rows)) return;
  const failed = insertsInto(journal, table).filter(({ error }) => error).length;
  const uncounted = failed === 0 ? '' : ` The rows of ${countOf(failed, 'failed insert')} do not count.`;
  throw failure(`Expected other rows in ${table}: ${firstDifference(actual, rows)}.${uncounted}`, {
    journal,
    actual,
    expected: rows,
    caller: assertInserted,
  });
}

/**
 * Asserts that a matching statement ran, also if it failed.
 * @param pattern a part of the text, or a pattern that occurs in it. The text of an insert is `INSERT INTO ` and the table.
 * @param times exact number of matching statements. Default: one or more.
 * @throws AssertionError with the recorded statements in its message; ConfigError if a parameter is invalid
 */
export function assertRan(journal: Journal, pattern: StatementPattern, times?: number): void {
  if (times !== undefined) assertParameter('times', countFrom(0), times);
  const count = matching(journal, pattern).length;
  if (times === undefined ? count > 0 : count === times) return;
  const expected = times === undefined ? 'a statement' : countOf(times, 'statement');
  throw failure(`Expected ${expected} matching ${describe(pattern)}, and ${count} ran.`, {
    journal,
    actual: count,
    expected: times ?? 1,
    caller: assertRan,
  });
}

/**
 * Asserts that no matching statement ran, also none that failed.
 * @throws AssertionError with the recorded statements in its message; ConfigError if a parameter is invalid
 */
export function assertNotRan(journal: Journal, pattern: StatementPattern): void {
  const count = matching(journal, pattern).length;
  if (count > 0)
    throw failure(`Expected no statement matching ${describe(pattern)}, and ${count} ran.`, {
      journal,
      actual: count,
      expected: 0,
      caller: assertNotRan,
    });
}

function insertsInto(journal: Journal, table: string): readonly RecordedStatement[] {
  assertParameter('journal', journalRule, journal);
  assertParameter('table', anyText, table);
  return journal.statements.filter(({ operation, text }) => operation === 'insert' && text === `INSERT INTO ${table}`);
}

function rowsOf(values: unknown, table: string): readonly unknown[] {
  if (Array.isArray(values)) return values;
  // The object of `{ meta, data }` is one value of a JSON format.
  const isPlain = typeof values === 'object' && values !== null && !(Symbol.asyncIterator in values) && !('pipe' in values);
  if (isPlain) return [values];
  const found = typeof values === 'function' ? 'a function' : 'a stream';
  throw new AssertionError({
    message: `The values of an insert into ${table} are ${found}, which the test double does not read. Assert on the code that makes it, or use the embedded engine.`,
  });
}

function firstDifference(actual: readonly unknown[], expected: readonly unknown[]): string {
  if (actual.length !== expected.length) return `found ${countOf(actual.length, 'row')}, expected ${expected.length}`;
  const index = expected.findIndex((row, at) => !isDeepStrictEqual(actual[at], row));
  return `row ${index + 1} is ${inspect(actual[index], { breakLength: Infinity })}, expected ${inspect(expected[index], { breakLength: Infinity })}`;
}

function matching(journal: Journal, pattern: StatementPattern): readonly RecordedStatement[] {
  assertParameter('journal', journalRule, journal);
  assertParameter('pattern', patternRule, pattern);
  // `search`, since `test` of a global pattern starts at its `lastIndex`.
  return journal.statements.filter(({ text }) => (typeof pattern === 'string' ? text.includes(pattern) : text.search(pattern) !== -1));
}

interface Failure {
  readonly journal: Journal;
  readonly actual: unknown;
  readonly expected: unknown;
  /** The assertion. The stack starts at its call. */
  readonly caller: (...values: never[]) => void;
}

function failure(summary: string, { journal: { statements }, actual, expected, caller }: Failure): AssertionError {
  const listed = statements.slice(0, maxListed).map(({ operation, text, error }) => {
    const outcome = error ? ` (failed with ${error.kind})` : '';
    return `  ${operation}: ${text.replaceAll(/\s+/g, ' ').slice(0, 200)}${outcome}`;
  });
  const more = statements.length > maxListed ? [`  and ${statements.length - maxListed} more`] : [];
  const journal = statements.length === 0 ? ['No statement ran.'] : ['The statements that ran:', ...listed, ...more];
  return new AssertionError({ message: [summary, ...journal].join('\n'), actual, expected, operator: caller.name, stackStartFn: caller });
}

function describe(pattern: StatementPattern): string {
  return typeof pattern === 'string' ? JSON.stringify(pattern) : String(pattern);
}

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
