/**
 * A program for any run time, as an ES module. `run` uses the entry without Node.js against two servers, and resolves with what happened, as
 * JSON, by the names of scenarios. `fake` is `webServer()`; `front` is a ClickHouse with the user `guarded`; `away` is an address where nothing listens.
 */
export const webProgram = `
import {
  createClickHouseService, isAuthenticationError, isConnectError, loadClickHouseConfig, outcomeOf, parseFailure, ServerError, ServerState,
} from '@clickhouse-ssot/runtime/web';

const serviceAt = (url, { retry, fetch, ...input } = {}, options = {}) =>
  createClickHouseService({ config: loadClickHouseConfig({ url, ...input }), ...options });
const rowsOf = async (result) => (await result).json();
const failureOf = (promise) => promise.then(() => 'no failure', (error) => error);
const named = ({ kind, code }) => kind + ' ' + code;

const scenarios = {
  async 'configuration from variables'({ front }) {
    const env = { CLICKHOUSE_URL: front, CLICKHOUSE_MAX_CONCURRENT_STATEMENTS: '3', BUCKET: { get() {} } };
    const { engine, maxConcurrentStatements, provenance } = loadClickHouseConfig({}, env);
    return [engine.url === front, maxConcurrentStatements, provenance.maxConcurrentStatements];
  },
  async 'a configuration without a server'() {
    try {
      loadClickHouseConfig({}, { NODE_ENV: 'development' });
    } catch (error) {
      return named(error) + ': ' + error.problems.map(({ key }) => key).join();
    }
  },
  async 'a query'({ front }) {
    return rowsOf(serviceAt(front).query({ query: 'SELECT number AS n FROM numbers(3)', format: 'JSONEachRow' }));
  },
  async 'an insert'({ front, name }) {
    const service = serviceAt(front);
    await service.command({ query: 'CREATE TABLE ' + name + ' (id UInt32) ENGINE = MergeTree ORDER BY id' });
    await service.insert({ table: name, values: [{ id: 1 }, { id: 2 }], format: 'JSONEachRow' });
    const rows = await rowsOf(service.query({ query: 'SELECT id FROM ' + name + ' ORDER BY id', format: 'JSONEachRow' }));
    await service.command({ query: 'DROP TABLE ' + name });
    return rows;
  },
  async 'streamed rows'({ front }) {
    const result = await serviceAt(front).query({ query: 'SELECT number AS n FROM numbers(100000)', format: 'JSONEachRow' });
    const reader = result.stream().getReader();
    let [rows, sum] = [0, 0];
    for (let part = await reader.read(); !part.done; part = await reader.read())
      for (const row of part.value) [rows, sum] = [rows + 1, sum + Number(row.json().n)];
    return [rows, sum];
  },
  async 'a ping'({ front, away }) {
    const [here, gone] = [await serviceAt(front).ping(), await serviceAt(away, {}, { retry: false }).ping()];
    return [here.success, gone.success];
  },
  async 'a wrong password'({ front }) {
    const service = serviceAt(front, { username: 'guarded', password: 'wrong' });
    const failure = await failureOf(service.query({ query: 'SELECT 1' }));
    return [failure.kind, isAuthenticationError(failure), outcomeOf(failure)];
  },
  async 'a statement that the server refuses'({ front }) {
    const failure = await failureOf(serviceAt(front).query({ query: 'SELEC 1' }));
    return [named(failure), failure instanceof ServerError, failure.message.includes('Syntax error'), outcomeOf(failure)];
  },
  async 'a server that is away'({ away }) {
    const failure = await failureOf(serviceAt(away, {}, { retry: { maxAttempts: 2 } }).query({ query: 'SELECT 1' }));
    return [failure.kind, failure.attempts, isConnectError(failure), outcomeOf(failure)];
  },
  async 'a write to a server that is away'({ away }) {
    const failure = await failureOf(serviceAt(away).insert({ table: 't', values: [{ id: 1 }], format: 'JSONEachRow' }));
    return [failure.kind, outcomeOf(failure)];
  },
  async 'status 503 before a success'({ fake }) {
    return rowsOf(serviceAt(fake).query({ query: 'SELECT 503 once', format: 'JSONEachRow' }));
  },
  async 'status 503 for a write'({ fake }) {
    const failure = await failureOf(serviceAt(fake).insert({ table: 'busy', values: [{ id: 1 }], format: 'JSONEachRow' }));
    return [failure.kind, failure.attempts];
  },
  async 'a page of a proxy'({ fake }) {
    const failure = await failureOf(serviceAt(fake, {}, { retry: false }).query({ query: 'SELECT page' }));
    return [failure.kind, failure.httpStatus];
  },
  async 'a redirect'({ fake }) {
    const failure = await failureOf(serviceAt(fake).insert({ table: 'redirect', values: [{ id: 1 }], format: 'JSONEachRow' }));
    return [failure.kind, failure.httpStatus, outcomeOf(failure)];
  },
  async 'a statement that is aborted'({ fake }) {
    const controller = new AbortController();
    const failure = failureOf(serviceAt(fake).query({ query: 'SELECT hang', abort_signal: controller.signal }));
    controller.abort(new Error('the user left'));
    const { kind, cause } = await failure;
    return [kind, cause.message];
  },
  async 'a result that is aborted'({ fake }) {
    const controller = new AbortController();
    const result = await serviceAt(fake).query({ query: 'SELECT endless', format: 'JSONEachRow', abort_signal: controller.signal });
    const reader = result.stream().getReader();
    const first = await reader.read();
    controller.abort();
    return [first.value[0].json().n, (await failureOf(reader.read().then(() => reader.read()))).kind];
  },
  async 'a deadline'({ fake }) {
    const failure = await failureOf(serviceAt(fake, { deadlineMs: 50 }).query({ query: 'SELECT hang' }));
    return named(failure);
  },
  async 'an exception after rows'({ fake }) {
    const result = await serviceAt(fake).query({ query: 'SELECT exception', format: 'JSONEachRow' });
    const failure = await failureOf(result.json());
    return [failure.kind, failure.cause.kind, failure.cause.code];
  },
  async 'a connection that is lost after rows'({ fake }) {
    const result = await serviceAt(fake).query({ query: 'SELECT cut', format: 'JSONEachRow' });
    const failure = await failureOf(result.json());
    return [failure.kind, outcomeOf(failure)];
  },
  async '100 statements under 5 permits'({ fake }) {
    const service = serviceAt(fake, { maxConcurrentStatements: 5 });
    const results = await Promise.all(Array.from({ length: 100 }, () => rowsOf(service.query({ query: 'SELECT five', format: 'JSONEachRow' }))));
    const [{ most }] = await rowsOf(service.query({ query: 'SELECT most', format: 'JSONEachRow' }));
    return [results.length, most];
  },
  async 'a full queue'({ fake }) {
    const service = serviceAt(fake, { maxConcurrentStatements: 1, maxWaitingStatements: 0 });
    const unread = await service.query({ query: 'SELECT endless', format: 'JSONEachRow' });
    const failure = await failureOf(service.query({ query: 'SELECT 1' }));
    await unread.close();
    return named(failure);
  },
  async 'an open breaker, known to another service'({ fake }) {
    const servers = new ServerState({ breaker: { minimumCalls: 2 } });
    const query = () => serviceAt(fake, {}, { servers, retry: false }).query({ query: 'SELECT page' });
    const failures = [await failureOf(query()), await failureOf(query()), await failureOf(query())];
    return failures.map(({ kind }) => kind);
  },
  async 'a closed service'({ front }) {
    const service = serviceAt(front);
    await service.close();
    return named(await failureOf(service.query({ query: 'SELECT 1' })));
  },
  async 'an error of the official client'() {
    return parseFailure(Object.assign(new Error('Code: 60. DB::Exception: no table'), { code: '60' })).kind;
  },
};

export async function run(addresses, names = Object.keys(scenarios)) {
  const outcomes = {};
  for (const name of names)
    outcomes[name] = await scenarios[name](addresses).catch((error) => 'threw ' + String(error?.stack ?? error));
  return outcomes;
}
`;
