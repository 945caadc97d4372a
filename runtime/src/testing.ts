import { type CommandResult, type DataFormat, type InsertResult, type PingResult, type QueryResult, ResultSet } from '@clickhouse/client';
import { Readable } from 'node:stream';
import { UnsupportedByBackendError } from './errors.js';
import type { ClickHouseService } from './service.js';

/** What the double answers to a query that matches. Later entries win. */
export interface ScriptedAnswer {
  readonly when: string | RegExp;
  readonly rows?: readonly object[];
  /** Fails the statement instead. */
  readonly error?: Error;
}

/** One statement that the double was given. */
export interface RecordedStatement {
  readonly operation: 'query' | 'insert' | 'command' | 'exec';
  readonly text: string;
  readonly queryParams?: Record<string, unknown>;
  readonly values?: unknown;
}

export interface TestService extends ClickHouseService {
  /** Everything that was asked, in order. */
  readonly statements: readonly RecordedStatement[];
}

/** A service without an engine: it answers from a script, through the client's own result sets, and remembers what it was asked. */
export function createTestService(answers: readonly ScriptedAnswer[] = []): TestService {
  const statements: RecordedStatement[] = [];
  let count = 0;

  function record(statement: RecordedStatement): { readonly rows: readonly object[]; readonly query_id: string } {
    statements.push(statement);
    // `search`, since `test` of a global pattern remembers where it was.
    const answer = answers.findLast(({ when }) => (typeof when === 'string' ? statement.text.includes(when) : statement.text.search(when) !== -1));
    if (answer?.error) throw answer.error;
    return { rows: answer?.rows ?? [], query_id: `test-${++count}` };
  }

  const base = { response_headers: {} };
  return {
    statements,
    async query<Format extends DataFormat = 'JSON'>(params: { query: string; query_params?: Record<string, unknown>; format?: Format }): Promise<QueryResult<Format>> {
      const { rows, query_id } = record({ operation: 'query', ...textOf(params) });
      const format = params.format ?? 'JSON';
      const stream = Readable.from([Buffer.from(encode(rows, format))]);
      return resultSet(stream, format, query_id);
    },
    async insert(params): Promise<InsertResult> {
      const { query_id } = record({ operation: 'insert', text: `INSERT INTO ${params.table}`, values: params.values });
      return { ...base, executed: true, query_id };
    },
    async command(params): Promise<CommandResult> {
      return { ...base, query_id: record({ operation: 'command', ...textOf(params) }).query_id };
    },
    async exec(params) {
      const { rows, query_id } = record({ operation: 'exec', ...textOf(params) });
      return { ...base, query_id, stream: Readable.from([Buffer.from(encode(rows, 'JSONEachRow'))]) };
    },
    async ping(): Promise<PingResult> {
      return { success: true };
    },
    close: () => Promise.resolve(),
  };
}

function textOf({ query, query_params }: { query: string; query_params?: Record<string, unknown> }): Pick<RecordedStatement, 'text' | 'queryParams'> {
  return query_params ? { text: query, queryParams: query_params } : { text: query };
}

function resultSet<Format extends DataFormat>(stream: Readable, format: DataFormat, query_id: string): QueryResult<Format> {
  return new ResultSet(stream, format, query_id);
}

function encode(rows: readonly object[], format: DataFormat): string {
  if (format === 'JSONEachRow') return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  if (format === 'JSON') return JSON.stringify({ meta: [], data: rows, rows: rows.length });
  throw new UnsupportedByBackendError('The test service', `the format ${format}`, 'It answers in JSON and JSONEachRow; use the embedded engine for others.');
}
