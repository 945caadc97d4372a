import {
  type CommandResult,
  type DataFormat,
  type InsertResult,
  type PingResult,
  type QueryResult,
  ResultSet,
  SupportedJSONFormats,
  SupportedRawFormats,
} from '@clickhouse/client';
import { Readable } from 'node:stream';
import type { BackendCapabilities } from './client/capabilities.js';
import { AbortedError, ManagerClosedError, parseFailure, UnsupportedByBackendError } from './errors/index.js';
import type { ClickHouseService } from './statement/service.js';

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
  readonly settings?: object;
  readonly sessionId?: string;
  readonly role?: string | readonly string[];
}

export interface TestService extends ClickHouseService {
  /** Everything that was asked, in order. */
  readonly statements: readonly RecordedStatement[];
  readonly capabilities: BackendCapabilities;
}

/** As much of a statement as the double looks at. */
interface Given {
  readonly query?: string;
  readonly query_params?: Record<string, unknown>;
  readonly values?: unknown;
  readonly clickhouse_settings?: object;
  readonly session_id?: string;
  readonly role?: string | readonly string[];
  readonly query_id?: string;
  readonly abort_signal?: AbortSignal;
}

const endpoint = 'test-double:';

const capabilities: BackendCapabilities = Object.freeze({
  backend: 'double',
  sessions: true,
  identities: true,
  cancellation: true,
  formats: Object.freeze(['JSON', 'JSONEachRow'] as const),
});

/**
 * A service without an engine: it answers from a script, through the client's own result sets, and remembers what it was asked.
 * It fails as a managed service does: what the script throws comes in our words, and who is aborted or comes after `close()` is refused.
 */
export function createTestService(answers: readonly ScriptedAnswer[] = []): TestService {
  const statements: RecordedStatement[] = [];
  let count = 0;
  let isClosed = false;

  function admit({ abort_signal }: Given): void {
    if (isClosed) throw new ManagerClosedError();
    if (abort_signal?.aborted) throw new AbortedError(abort_signal.reason);
  }

  async function answer<Answer>(
    operation: RecordedStatement['operation'],
    text: string,
    given: Given,
    of: (rows: readonly object[], query_id: string) => Answer,
  ): Promise<Answer> {
    admit(given);
    const query_id = given.query_id ?? `test-${++count}`;
    statements.push({ operation, text, ...recorded(given) });
    // `search`, since `test` of a global pattern remembers where it was.
    const scripted = answers.findLast(({ when }) => (typeof when === 'string' ? text.includes(when) : text.search(when) !== -1));
    if (scripted?.error) throw parseFailure(scripted.error, { endpoint, queryId: query_id, sql: given.query });
    return of(scripted?.rows ?? [], query_id);
  }

  const base = { response_headers: {} };
  return {
    statements,
    capabilities,
    query<Format extends DataFormat = 'JSON'>(params: Given & { query: string; format?: Format }): Promise<QueryResult<Format>> {
      const format = params.format ?? 'JSON';
      return answer('query', params.query, params, (rows, query_id) => resultSet(bodyOf(rows, format), format, query_id));
    },
    async insert({ values, format = 'JSONCompactEachRow', ...params }): Promise<InsertResult> {
      admit(params);
      // What the client does not send is no statement.
      if (Array.isArray(values) && values.length === 0) return { ...base, executed: false, query_id: '' };
      try {
        encodeValues(values, format);
      } catch (error) {
        throw parseFailure(error, { endpoint, queryId: params.query_id });
      }
      return answer('insert', `INSERT INTO ${params.table}`, { ...params, values }, (_, query_id) => ({
        ...base,
        executed: true,
        query_id,
      }));
    },
    command: (params): Promise<CommandResult> => answer('command', params.query, params, (_, query_id) => ({ ...base, query_id })),
    exec: (params) =>
      answer('exec', params.query, params, (rows, query_id) => ({ ...base, query_id, stream: bodyOf(rows, 'JSONEachRow') })),
    async ping(): Promise<PingResult> {
      if (isClosed) throw new ManagerClosedError();
      return { success: true };
    },
    [Symbol.asyncDispose]() {
      return this.close();
    },
    async close() {
      isClosed = true;
    },
  };
}

function recorded({ query_params, values, clickhouse_settings, session_id, role }: Given): Omit<RecordedStatement, 'operation' | 'text'> {
  return {
    ...(query_params && { queryParams: query_params }),
    ...(values !== undefined && { values }),
    ...(clickhouse_settings && { settings: clickhouse_settings }),
    ...(session_id !== undefined && { sessionId: session_id }),
    ...(role !== undefined && { role }),
  };
}

const jsonFormats: readonly string[] = SupportedJSONFormats;
const rawFormats: readonly string[] = SupportedRawFormats;

/** As the client does before it sends them, which throws where it would, in its words. What a stream holds is found out by who reads it: nobody, here. */
function encodeValues(values: unknown, format: string): void {
  if (typeof values !== 'object')
    throw new Error(`Insert expected "values" to be an array, a stream of values or a JSON object, got: ${typeof values}`);
  if (values instanceof Readable) {
    const isRaw = rawFormats.includes(format);
    if (values.readableObjectMode === isRaw)
      throw new Error(`Insert for ${format} expected Readable Stream with ${isRaw ? 'disabled' : 'enabled'} object mode.`);
    return;
  }
  if (!jsonFormats.includes(format)) throw new Error(`The client does not support JSON encoding in [${format}] format.`);
  for (const row of Array.isArray(values) ? values : [values]) JSON.stringify(row);
}

function bodyOf(rows: readonly object[], format: DataFormat): Readable {
  return Readable.from([Buffer.from(encode(rows, format))]);
}

function resultSet<Format extends DataFormat>(stream: Readable, format: DataFormat, query_id: string): QueryResult<Format> {
  return new ResultSet(stream, format, query_id);
}

function encode(rows: readonly object[], format: DataFormat): string {
  if (format === 'JSONEachRow') return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  if (format === 'JSON') return JSON.stringify({ meta: [], data: rows, rows: rows.length });
  throw new UnsupportedByBackendError(
    'The test service',
    `the format ${format}`,
    'It answers in JSON and JSONEachRow; use the embedded engine for others.',
  );
}
