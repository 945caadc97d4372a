import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { authenticate, MissingCredentials } from './authentication.js';
import { acceptedCoding } from './codings.js';
import type { Engine, StatementNumbers } from './engine.js';
import { fromEngine, ServerException } from './exceptions.js';
import { contentTypeOf } from './formats.js';
import { sessionsOf } from './http-sessions.js';
import type { FrontOptions, FrontUser } from './options.js';
import { pipesIn } from './pipes.js';
import { type Reply, replyOn } from './reply.js';
import { type FrontRequest, readRequest } from './request.js';
import { applyRequest, runStatement } from './run-statement.js';
import { hasQueryId, parseStatement, type Statement } from './statement.js';

/** Handles a request that has a statement. Never rejects: each error becomes a response. */
export type StatementHandler = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>;

/** Returns the handler of statements. */
export function statementHandler(engine: Engine, options: FrontOptions): StatementHandler {
  const lease = sessionsOf(engine);
  const openPipe = pipesIn(options.temporaryPath);
  const control = engine.connect();
  const running = new Set<string>();

  async function run(request: IncomingMessage, response: ServerResponse, user: FrontUser, parsed: FrontRequest, queryId: string) {
    const { parameters, settings } = parsed;
    const statement = parseStatement(parsed.source);
    assertWritable(statement, request.method, user, parsed);
    if (running.has(queryId))
      throw new ServerException(216, 'QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING', `Query with id = ${queryId} is already running.`);
    const { connection, isKept, release } = lease(parameters, user.name);
    running.add(queryId);
    let reply: Reply | undefined;
    let stopProgress = (): void => undefined;
    try {
      const restore = await applyRequest(connection, user.name, queryId, parsed, isKept);
      const defaultFormat = headerOf(request, 'x-clickhouse-format') ?? parameters.get('default_format') ?? 'TabSeparated';
      const format = 'format' in statement ? (statement.format ?? defaultFormat) : defaultFormat;
      reply = startReply(request, response, parsed, queryId, format);
      if (settings.get('send_progress_in_http_headers') === '1')
        stopProgress = sendProgress(queryId, reply, Number(settings.get('http_headers_progress_interval_ms') ?? 100));
      if (settings.get('cancel_http_readonly_queries_on_client_close') === '1' && statement.kind === 'rows')
        response.on('close', () => void (running.has(queryId) && kill(queryId)));
      const { write } = reply;
      const numbers = await runStatement({
        connection,
        control,
        queryId,
        statement,
        request: parsed,
        defaultFormat,
        openPipe,
        folder: options.temporaryPath,
        write,
      });
      await restore();
      reply.end(summaryOf(numbers, statement));
    } catch (error) {
      // The engine keeps the rows and the process of a failed statement until the next one of the connection.
      if (isKept) await connection.run('SELECT 1').catch(() => undefined);
      if (reply === undefined) throw error;
      reply.fail(fromEngine(error));
    } finally {
      stopProgress();
      running.delete(queryId);
      release();
    }
  }

  function startReply(
    request: IncomingMessage,
    response: ServerResponse,
    { parameters, settings }: FrontRequest,
    queryId: string,
    format: string,
  ) {
    const exceptionTag = randomBytes(8).toString('hex');
    const isCompressed = settings.get('enable_http_compression') === '1';
    return replyOn(response, {
      headers: {
        ...commonHeaders(queryId),
        'Content-Type': contentTypeOf(format),
        'X-ClickHouse-Format': format,
        'X-ClickHouse-Exception-Tag': exceptionTag,
      },
      coding: isCompressed ? acceptedCoding(headerOf(request, 'accept-encoding')) : undefined,
      isHeld: ['1', 'true'].includes(parameters.get('wait_end_of_query') ?? ''),
      isImmediate: format === 'JSONEachRowWithProgress',
      version: engine.version,
      exceptionTag,
    });
  }

  function commonHeaders(queryId: string): Record<string, string> {
    return {
      'X-ClickHouse-Server-Display-Name': 'http-front',
      'X-ClickHouse-Query-Id': queryId,
      'X-ClickHouse-Timezone': engine.timezone,
      'Keep-Alive': `timeout=${options.keepAliveSeconds}, max=9999`,
      'Access-Control-Expose-Headers':
        'X-ClickHouse-Query-Id,X-ClickHouse-Summary,X-ClickHouse-Server-Display-Name,X-ClickHouse-Format,X-ClickHouse-Timezone,X-ClickHouse-Exception-Code,X-ClickHouse-Exception-Tag',
    };
  }

  function sendProgress(queryId: string, reply: Reply, intervalMs: number): () => void {
    const columns = ['read_rows', 'read_bytes', 'total_rows_to_read', 'elapsed_ns'];
    const query = `SELECT read_rows, read_bytes, total_rows_approx, toUInt64(elapsed * 1e9) FROM system.processes WHERE ${hasQueryId(queryId)}`;
    const timer = setInterval(() => {
      void control.read(query, 'TSV').then((text) => {
        const values = text.trim().split('\t');
        if (running.has(queryId) && values.length === columns.length)
          reply.progress(JSON.stringify(Object.fromEntries(columns.map((name, index) => [name, values[index]]))));
      });
    }, intervalMs);
    return () => clearInterval(timer);
  }

  const kill = (queryId: string) => control.run(`KILL QUERY WHERE ${hasQueryId(queryId)} ASYNC`).catch(() => undefined);

  return async (request, response, url) => {
    const given = url.searchParams.get('query_id') ?? '';
    const queryId = given === '' ? randomUUID() : given;
    try {
      const parsed = await readRequest(request, url);
      const user = authenticate(request, parsed.parameters, options.users);
      await run(request, response, user, parsed, queryId);
    } catch (error) {
      if (error instanceof MissingCredentials) {
        response.statusCode = 401;
        response.setHeader('WWW-Authenticate', 'Basic realm="ClickHouse server HTTP API"');
      }
      const headers = commonHeaders(queryId);
      replyOn(response, { headers, coding: undefined, isHeld: false, isImmediate: false, version: engine.version, exceptionTag: '' }).fail(
        fromEngine(error),
      );
    }
  };
}

/** Throws an exception if the statement may change something that the method or the user may not. @throws ServerException */
function assertWritable(statement: Statement, method: string | undefined, user: FrontUser, { settings }: FrontRequest): void {
  const [setting] = settings.keys();
  if (user.readonly === 1 && setting !== undefined)
    throw new ServerException(164, 'READONLY', `Cannot modify '${setting}' setting in readonly mode`);
  const isReading = statement.kind === 'rows' ? !/^\s*KILL\b/i.test(statement.original) : /^\s*(?:SET|USE)\b/i.test(statement.original);
  if (isReading || statement.kind === 'text') return;
  if (user.readonly === 1 || user.readonly === 2)
    throw new ServerException(
      497,
      'ACCESS_DENIED',
      `${user.name}: Not enough privileges. To execute this query, it's necessary to have more grants`,
    );
  if (method === 'GET')
    throw new ServerException(
      164,
      'READONLY',
      'Cannot execute query in readonly mode. For queries over HTTP, method GET implies readonly. You should use method POST for modifying queries.',
    );
}

function summaryOf({ resultRows, resultBytes, elapsedNs }: StatementNumbers, statement: Statement): string {
  const isInsert = statement.kind === 'insert';
  const numbers = {
    read_rows: resultRows,
    read_bytes: resultBytes,
    written_rows: isInsert ? resultRows : 0,
    written_bytes: isInsert ? resultBytes : 0,
    total_rows_to_read: 0,
    result_rows: resultRows,
    result_bytes: resultBytes,
    elapsed_ns: elapsedNs,
  };
  return JSON.stringify(Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, String(value)])));
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
