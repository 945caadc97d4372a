import type { EntryPoints } from '../concurrency/call-site.js';
import { classifyEffect, type Effect } from '../errors/outcome.js';
import type { NodePlatform, Platform } from './platform.js';
import type { Statement } from './statement.js';

/** The parameters that the runtime reads, of all that the client takes. */
export interface StatementParams {
  /** Aborts the statement, whether it waits, runs or streams its result. */
  readonly abort_signal?: AbortSignal;
  /** Settings of this statement, over those of the configuration. */
  readonly clickhouse_settings?: Readonly<Record<string, unknown>>;
  /** The SQL. An insert and a ping have none. */
  readonly query?: string;
  /** Identifies the first attempt at the server. Default: a random UUID for each attempt. */
  readonly query_id?: string;
  /** Whether a ping runs a query, which needs valid credentials. Only a ping has it. */
  readonly select?: boolean;
  /** The rows of an insert, or the stream that they come from. */
  readonly values?: unknown;
}

/** Sends one attempt by the client of its endpoint. Resolves when the headers of the response have arrived. */
export type SendAttempt<Params, Result, On extends Platform = NodePlatform> = (
  client: On['client'],
  params: Params,
  statement: Statement,
) => Promise<Result>;

/** Values that come from the caller's stream, iterable or function, as an attempt sees them. */
export interface StatementInput {
  /** Whether the values were read, at least in part, and cannot be read again. */
  readonly isSpent: boolean;
  /** Returns the failure of the source that an error of the client comes from. Undefined if it comes from elsewhere. */
  failureBehind(error: unknown): unknown;
}

/** A statement as its caller requests it. */
export interface StatementRequest<Params extends StatementParams, Result, On extends Platform = NodePlatform> {
  readonly params: Params;
  readonly send: SendAttempt<Params, Result, On>;
  /** The values of `params`, if they come from a stream, an iterable or a function. */
  readonly input?: StatementInput | undefined;
  /**
   * Returns the result for the caller, and ends the statement when its body has ended. Without it the statement ends as soon as `send`
   * resolves.
   */
  readonly onResult?: ((result: Result, statement: Statement, results: On['results']) => Result) | undefined;
  /** The functions that the caller may have called, for the locations in error messages. */
  readonly entryPoints: EntryPoints;
}

/** Runs a statement. @throws every error of a statement; `runtime/README.md` lists them */
export type ExecuteStatement = <Params extends StatementParams, Result>(request: StatementRequest<Params, Result>) => Promise<Result>;

/** Returns the effect of sending a statement once more. An insert has values and no SQL, a ping has neither. */
export function effectOf({ params, input }: { readonly params: StatementParams; readonly input?: StatementInput | undefined }): Effect {
  const { query, values, clickhouse_settings } = params;
  if (input?.isSpent === true) return 'streamed-write';
  if (query !== undefined) return classifyEffect({ sql: query });
  // The values themselves do not matter here: they are complete, or unread.
  return values === undefined ? 'read' : classifyEffect({ values: [] }, clickhouse_settings);
}
