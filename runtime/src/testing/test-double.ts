import { decodeValues } from '../client/encoded-rows.js';
import {
  type CommandResult,
  type DataFormat,
  defaultJSONHandling,
  type InsertResult,
  type PingResult,
  type QueryResult,
} from '@clickhouse/client';
import type { BackendCapabilities } from '../client/capabilities.js';
import type { ClickHouseClientOptions } from '../config/client-options.js';
import { anyObject, assertOptions } from '../config/validate-options.js';
import { AbortedError, InvalidArgumentError, ManagerClosedError, parseFailure } from '../errors/index.js';
import { DetachedClient } from '../client/detached-client.js';
import { formatParams } from '../embedded/format-params.js';
import type { ClickHouseService, ManagedClient } from '../statement/service.js';
import { isWhole } from '../statement/streamed-values.js';
import { assertWritable } from './assert-writable.js';
import { type RecordedStatement, recordStatement, type StatementInput } from './recorded-statement.js';
import { exceptionOfShape } from './row-shape.js';
import { assertNoFormatClause, formatClauseOf } from './format-clause.js';
import { assertAnswers, bodyOf, findAnswer, resultSetOf, type ScriptedAnswer } from './scripted-answer.js';

/** The test double: a service that records its statements. It is a `ClickHouseClient` of the official package as well. */
export interface TestService extends ManagedClient {
  /**
   * All statements so far, in the order of their calls, also those that a server would refuse and those with a scripted error. Calls that are rejected before
   * anything is sent, and pings, are not recorded.
   */
  readonly statements: readonly RecordedStatement[];
  /** The features that the double supports: results in JSON and JSONEachRow only. */
  readonly capabilities: BackendCapabilities;
}

/** Options of the test double. */
export interface TestServiceOptions {
  /** Parser and encoder of rows, as `client.json` of the configuration. Default: `JSON.parse` and `JSON.stringify`. */
  readonly json?: ClickHouseClientOptions['json'] | undefined;
}

const endpoint = 'test-double:';

/** The message of a statement after `close()`. */
const closed = 'The test double is closed and accepts no statements. createTestService() returns a new one.';

const capabilities: BackendCapabilities = Object.freeze({
  backend: 'double',
  sessions: true,
  identities: true,
  cancellation: true,
  formats: Object.freeze(['JSON', 'JSONEachRow'] as const),
});

/**
 * Returns a service without a ClickHouse. It returns scripted rows in result sets of the official client, and records its statements. It
 * fails like a managed service: with converted errors, AbortedError for an aborted signal, and ManagerClosedError after `close()`.
 * @param answers a statement that matches none succeeds without rows. Default: `[]`.
 * @throws ConfigError if a key of an answer or an option is unknown or invalid
 */
export function createTestService(answers: readonly ScriptedAnswer[] = [], options: TestServiceOptions = {}): TestService {
  assertAnswers(answers);
  assertOptions<TestServiceOptions>('createTestService', { json: anyObject }, options);
  const json = { ...defaultJSONHandling, ...options.json };
  const statements: RecordedStatement[] = [];
  let count = 0;
  let isClosed = false;

  function assertAdmitted({ abort_signal }: StatementInput): void {
    if (isClosed) throw new ManagerClosedError(closed);
    if (abort_signal?.aborted) throw new AbortedError(abort_signal.reason);
  }

  /** @throws InvalidArgumentError for a query parameter that the official client rejects */
  function assertReadable({ query_params, query_id, query }: StatementInput): void {
    try {
      formatParams(query_params ?? {});
    } catch (error) {
      throw new InvalidArgumentError(error, { endpoint, queryId: query_id, sql: query });
    }
  }

  async function run<Result>(
    operation: RecordedStatement['operation'],
    text: string,
    input: StatementInput,
    toResult: (rows: readonly object[], query_id: string) => Result,
  ): Promise<Result> {
    assertAdmitted(input);
    assertReadable(input);
    const query_id = input.query_id ?? `test-${++count}`;
    const statement = recordStatement(operation, text, input);
    try {
      const answer = findAnswer(answers, text);
      if (answer?.error) throw answer.error;
      const result = toResult(answer?.rows ?? [], query_id);
      statements.push(statement);
      return result;
    } catch (cause) {
      const error = parseFailure(cause, { endpoint, queryId: query_id, sql: input.query });
      statements.push({ ...statement, error });
      throw error;
    }
  }

  const base = { response_headers: {} };
  const service: ClickHouseService & Pick<TestService, 'statements' | 'capabilities'> = {
    statements,
    capabilities,
    query<Format extends DataFormat = 'JSON'>(params: StatementInput & { query: string; format?: Format }): Promise<QueryResult<Format>> {
      const format = params.format ?? 'JSON';
      return run('query', params.query, params, (rows, query_id) => {
        assertNoFormatClause(params.query, { endpoint, queryId: query_id, sql: params.query });
        return resultSetOf(rows, format, query_id, json);
      });
    },
    async insert({ values: given, format = 'JSONCompactEachRow', ...params }): Promise<InsertResult> {
      assertAdmitted(params);
      const values = decodeValues(given) ?? given;
      // The official client sends no request for an empty array.
      if (Array.isArray(values) && values.length === 0) return { ...base, executed: false, query_id: '' };
      const context = { endpoint, queryId: params.query_id };
      try {
        assertWritable(values, format, json.stringify);
        if (typeof params.table !== 'string') throw new TypeError('Insert expected "table" to be a text');
      } catch (error) {
        throw new InvalidArgumentError(error, context);
      }
      return run('insert', `INSERT INTO ${params.table}`, { ...params, values, format }, (_, query_id) => {
        if (params.table.trim() === '')
          throw new Error('Code: 62. DB::Exception: Syntax error: expected the name of a table. (SYNTAX_ERROR)');
        const exception = isWhole(values) ? exceptionOfShape(values, format, json.stringify) : undefined;
        if (exception !== undefined) throw new Error(exception);
        return { ...base, executed: true, query_id };
      });
    },
    command: (params): Promise<CommandResult> => run('command', params.query, params, (_, query_id) => ({ ...base, query_id })),
    exec: (params) =>
      run('exec', params.query, params, (rows, query_id) => ({
        ...base,
        query_id,
        stream: bodyOf(rows, formatClauseOf(params.query), json),
      })),
    async ping(): Promise<PingResult> {
      return isClosed ? { success: false, error: new ManagerClosedError(closed) } : { success: true };
    },
    [Symbol.asyncDispose]() {
      return this.close();
    },
    async close() {
      isClosed = true;
    },
  };
  return Object.assign(new DetachedClient('ClickHouse test double'), service);
}
