import { type ClickHouseClientConfigOptions, type DataFormat, type QueryResult, ResultSet } from '@clickhouse/client';
import { Readable } from 'node:stream';
import { anyList, assertParameter, findOptionProblems, type OptionRules } from '../config/validate-options.js';
import { ConfigError, UnsupportedByBackendError } from '../errors/index.js';

/** Encoder and parser of the rows: `json` of the official client, complete. */
export type JsonHandling = Required<NonNullable<ClickHouseClientConfigOptions['json']>>;

/** The result of the test double for matching statements. If several match, the last one in the list applies. */
export interface ScriptedAnswer {
  /** A part of the statement's text, or a pattern that occurs in it. Both are case-sensitive, unless the pattern has the flag `i`. */
  readonly when: string | RegExp;
  /** The rows of the result. Default: none. */
  readonly rows?: readonly object[] | undefined;
  /** The statement fails with this error, which `parseFailure` converts as it converts an error of the client. Default: it succeeds. */
  readonly error?: Error | undefined;
}

const rules: OptionRules<ScriptedAnswer> = {
  when: { expected: 'text or a RegExp', accepts: (value) => typeof value === 'string' || value instanceof RegExp, isRequired: true },
  rows: { expected: 'a list of objects', accepts: (value) => Array.isArray(value) && value.every((row) => typeof row === 'object') },
  error: { expected: 'an Error', accepts: (value) => value instanceof Error },
};

/** @throws ConfigError if the answers are no list, or with every unknown or invalid key of the answers */
export function assertAnswers(answers: readonly ScriptedAnswer[]): void {
  assertParameter(
    'createTestService.answers',
    { ...anyList, expected: 'a list of answers, such as [{ when: "SELECT", rows: [] }]' },
    answers,
  );
  const problems = answers.flatMap((answer, index) => findOptionProblems(`answers[${index}]`, rules, answer));
  if (problems.length > 0) throw new ConfigError(problems);
}

/** Returns the answer that applies to a statement. */
export function findAnswer(answers: readonly ScriptedAnswer[], text: string): ScriptedAnswer | undefined {
  // `search`, since `test` of a global pattern starts at its `lastIndex`.
  return answers.findLast(({ when }) => (typeof when === 'string' ? text.includes(when) : text.search(when) !== -1));
}

/**
 * Returns the rows as the body of a response. No rows are an empty body in every format, unless the caller chose the format.
 * @param format undefined if the caller chose none: a server answers in TabSeparated
 * @throws UnsupportedByBackendError for other formats than JSON and JSONEachRow
 */
export function bodyOf(rows: readonly object[], format: string | undefined, json: JsonHandling): Readable {
  if (format === undefined && rows.length === 0) return Readable.from([]);
  return Readable.from([Buffer.from(encode(rows, format ?? 'TabSeparated', json))]);
}

/**
 * Returns the rows as a result set of the official client.
 * @throws UnsupportedByBackendError for other formats than JSON and JSONEachRow
 */
export function resultSetOf<Format extends DataFormat>(
  rows: readonly object[],
  format: DataFormat,
  queryId: string,
  json: JsonHandling,
): QueryResult<Format> {
  return new ResultSet(bodyOf(rows, format, json), format, queryId, undefined, undefined, json);
}

function encode(rows: readonly object[], format: string, json: JsonHandling): string {
  // The names of formats have no case.
  const name = format.toLowerCase();
  if (name === 'jsoneachrow') return rows.map((row) => `${json.stringify(row)}\n`).join('');
  if (name === 'json') return json.stringify({ meta: [], data: rows, rows: rows.length });
  throw new UnsupportedByBackendError(
    'The test service',
    `the format ${format}`,
    'Use JSON or JSONEachRow, or the embedded engine for other formats.',
  );
}
