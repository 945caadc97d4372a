import rule from '../../rules/no-swallowed-error.js';
import { fixture } from '../places.js';
import { testRule } from './rule-tester.js';

const filename = `${fixture('rule-tester')}/src/rows.ts`;

/** Returns a module that imports a client, which is not enough to be in the slice, with the given code. */
function user(code: string): string {
  return `import { client } from './factory.js';\n${code}`;
}

/** Returns a module with a function that has the given body. */
function body(code: string): string {
  return user(`export async function store(values: object[], done: (error?: unknown) => void) {\n${code}\n}`);
}

/** Returns a function whose `catch` has the given body. */
function caught(handler: string): string {
  return body(`try {\n  await client.insert({ table: 't', values });\n} catch (error) {\n${handler}\n}`);
}

const found = (messageId: string, line: number, column?: number) => ({ messageId, line, ...(column === undefined ? {} : { column }) });

testRule(rule, {
  valid: [
    { name: 'an empty file', filename, code: '' },
    { name: 'thrown', filename, code: caught('throw error;') },
    { name: 'thrown with a cause', filename, code: caught("throw new Error('not stored', { cause: error });") },
    { name: 'thrown unless it is an abort', filename, code: caught("if ((error as Error).name !== 'AbortError') throw error;") },
    { name: 'passed to a callback', filename, code: caught('done(error);') },
    { name: 'answered with', filename, code: caught('return { ok: false, error };') },
    { name: 'answered by a status', filename, code: caught('return { ok: false };') },
    { name: 'answered by a flag that tells it', filename, code: caught('return { rows: [], stale: true };') },
    { name: 'kept in a state that tells it', filename, code: caught('state.broken = true;') },
    { name: 'done again later', filename, code: caught('setTimeout(() => store(values), 1000);') },
    {
      name: 'counted among settled results',
      filename,
      code: user(
        "export const all = async (queries: string[]) => {\n  const settled = await Promise.allSettled(queries.map((query) => client.command({ query })));\n  const done = settled.filter(({ status }) => status === 'fulfilled');\n  if (done.length < settled.length) throw new Error('some failed');\n};",
      ),
    },
    { name: 'answered by a status of failure', filename, code: caught('res.status(503).json([]);') },
    { name: 'answered by no', filename, code: caught('return false;') },
    { name: 'logged as an error', filename, code: caught("console.error('not stored', error);") },
    {
      name: 'emitted',
      filename,
      code: user(
        "import { EventEmitter } from 'node:events';\nexport class Buffer extends EventEmitter {\n  async flush() { try { await client.command({ query: 'OPTIMIZE TABLE t' }); } catch (error) { this.emit('error', error); } }\n}",
      ),
    },
    {
      name: 'answered with a value that stands for it',
      filename,
      code: user(
        "const unknown = { rows: 'unknown' };\nexport const rows = async () => { try { return await client.query({ query: 'SELECT 2' }); } catch { return unknown; } };",
      ),
    },
    {
      name: 'explained by a comment',
      filename,
      code: caught('// The user has no grant on system.mutations. The work is repeated then, which does no harm.\nreturn [];'),
    },
    { name: 'done in another way', filename, code: caught('await fetch("http://spare");') },
    {
      name: 'put back',
      filename,
      code: user(
        'const queue: object[] = [];\nexport async function flush() { const values = queue.splice(0); try { await client.insert({ values }); } catch { queue.unshift(...values); } }',
      ),
    },
    { name: 'a best effort with a comment', filename, code: caught('// best effort: the next sweep repeats it') },
    {
      name: 'kept, and thrown after the last try',
      filename,
      code: body(
        "let last: unknown;\nfor (let attempt = 0; attempt < 3; attempt++) {\n  try { return await client.insert({ table: 't', values }); } catch (error) { last = error; }\n}\nthrow last;",
      ),
    },
    {
      name: 'another client after a failure',
      filename,
      code: body("try { return await client.insert({ table: 't', values }); } catch {}\nreturn spare.insert({ table: 't', values });"),
    },
    {
      name: 'a flag that tells of it',
      filename,
      code: body("let isStored = false;\ntry { await client.insert({ table: 't', values }); isStored = true; } catch {}\nreturn isStored;"),
    },
    {
      name: 'a state that tells of it',
      filename,
      code: body("let state = 'up';\ntry { await client.insert({ table: 't', values }); } catch { state = 'down'; }\nreturn state;"),
    },
    {
      name: 'a result that is asked for',
      filename,
      code: body("let rows;\ntry { rows = await client.query({ query: 'SELECT 2' }); } catch {}\nif (!rows) throw new Error('no rows');"),
    },
    {
      name: 'repeated until it succeeds',
      filename,
      code: body("while (true) {\n  try { await client.insert({ table: 't', values }); break; } catch { await sleep(500); }\n}"),
    },
    {
      name: 'repeated until it answers',
      filename,
      code: body("for (;;) {\n  try { return await client.query({ query: 'SELECT 2' }); } catch { await sleep(500); continue; }\n}"),
    },
    {
      name: 'repeated by a label',
      filename,
      code: body(
        'again: while (true) {\n  for (const value of values) {\n    try { await client.insert({ values: [value] }); } catch { continue again; }\n  }\n  return;\n}',
      ),
    },
    {
      name: 'repeated until the code behind returns',
      filename,
      code: body(
        "for (;;) {\n  let result;\n  try { result = await client.query({ query: 'SELECT 2' }); } catch { await sleep(500); continue; }\n  return result.json();\n}",
      ),
    },
    {
      name: 'nothing that is asked for',
      filename,
      code: body(
        "const result = await client.query({ query: 'SELECT 2' }).catch(() => null);\nif (!result) throw new Error('no result');\nreturn result.json();",
      ),
    },
    {
      name: 'nothing that ends the process',
      filename,
      code: body(
        "const result = await client.query({ query: 'SELECT 2' }).catch(() => undefined);\nif (result === undefined) { console.log('down'); process.exit(1); }\nreturn result.json();",
      ),
    },
    {
      name: 'nothing that is answered with an error',
      filename,
      code: body(
        "const result = await client.query({ query: 'SELECT 2' }).catch(() => null);\nif (result) return result.json();\nreturn { error: 'not available' };",
      ),
    },
    {
      name: 'nothing among several answers that are asked for',
      filename,
      code: body(
        "const [a, b] = await Promise.all([client.query({ query: 'SELECT 2' }).catch(() => null), client.query({ query: 'SELECT 2' }).catch(() => null)]);\nif (!a || !b) throw new Error('no result');\nreturn [a, b];",
      ),
    },
    {
      name: 'nothing that is asked for again and again',
      filename,
      code: body(
        "let result;\ndo { result = await client.query({ query: 'SELECT 2' }).catch(() => null); } while (!result);\nreturn result;",
      ),
    },
    {
      name: 'nothing that the caller asks for',
      filename,
      code: user(
        "const load = () => client.query({ query: 'SELECT 2' }).catch(() => null);\nexport async function rows() {\n  const result = await load();\n  if (result == null) return { error: 'not available' };\n  return result.json();\n}",
      ),
    },
    {
      name: 'nothing for which the caller reads something else',
      filename,
      code: user(
        "async function load() { try { return await client.query({ query: 'SELECT 2' }); } catch { return null; } }\nexport const rows = async () => (await load()) ?? (await fetch('http://spare'));",
      ),
    },
    {
      name: 'nothing behind a function of another function',
      filename,
      code: user(
        "async function load() { try { return await client.query({ query: 'SELECT 2' }); } catch (error) { console.log(error); } }\nconst cached = () => load();\nexport async function rows() {\n  const result = await cached();\n  if (!result?.query_id) throw new Error('no result');\n}",
      ),
    },
    {
      name: 'a flag for which the next call throws',
      filename,
      code: user(
        "let open = false;\nexport async function store(values: object[]) {\n  if (open) throw new Error('the circuit is open');\n  try { await client.insert({ values }); } catch { open = true; }\n}",
      ),
    },
    {
      name: 'a member for which the next call does something else',
      filename,
      code: user(
        "export class Store {\n  tripped = false;\n  async store(values: object[]) {\n    if (this.tripped) return fetch('http://spare');\n    try { await client.insert({ values }); } catch { this.tripped = true; }\n  }\n}",
      ),
    },
    {
      name: 'counted as failed',
      filename,
      code: body(
        'let failed = 0;\nfor (const value of values) {\n  try { await client.insert({ values: [value] }); } catch { failed += 1; }\n}\nreturn { failed };',
      ),
    },
    {
      name: 'counted, and asked after the loop',
      filename,
      code: body(
        "let attempt = 0;\nwhile (attempt < 3) {\n  try { return await client.insert({ values }); } catch { attempt++; }\n}\nif (attempt === 3) throw new Error('not stored');",
      ),
    },
    {
      name: 'a time of failure',
      filename,
      code: user(
        'export const state = { lastFailure: 0 };\nexport async function store(values: object[]) { try { await client.insert({ values }); } catch { state.lastFailure = Date.now(); } }',
      ),
    },
    {
      name: 'a time that opens a circuit',
      filename,
      code: user(
        "let openedAt = 0;\nexport async function store(values: object[]) {\n  if (Date.now() - openedAt < 1000) throw new Error('the circuit is open');\n  try { await client.insert({ values }); } catch { openedAt = Date.now(); }\n}",
      ),
    },
    { name: 'a process that fails', filename, code: caught('process.exit(1);') },
    { name: 'a response with a status of failure', filename, code: caught('res.sendStatus(500);') },
    { name: 'a response that ends after a status of failure', filename, code: caught('res.statusCode = 500;\nres.end();') },
    {
      name: 'called again until a limit, then thrown',
      filename,
      code: body(
        'try { await client.insert({ values }); } catch (error) {\n  if (left > 0) return store(values, done);\n  throw error;\n}',
      ),
    },
    {
      name: 'called again until a limit, and thrown behind',
      filename,
      code: body(
        "try { return await client.insert({ values }); } catch {\n  if (left > 0) return store(values, done);\n}\nthrow new Error('not stored');",
      ),
    },
    {
      name: 'called again without a limit',
      filename,
      code: body('try { return await client.insert({ values }); } catch { await sleep(100); return store(values, done); }'),
    },
    {
      name: 'no statement in the `try`',
      filename,
      code: body(
        "const text = await (await client.query({ query: 'SELECT 2' })).text();\ntry { return JSON.parse(text); } catch { return null; }",
      ),
    },
    {
      name: 'a statement that the `try` does not wait for',
      filename,
      code: body("try { return client.insert({ table: 't', values }); } catch { return undefined; }"),
    },
    { name: 'a release', filename, code: body('await client.close().catch(() => {});') },
    {
      name: 'dropping a temporary table',
      filename,
      code: body("await client.command({ query: 'DROP TABLE IF EXISTS tmp' }).catch(() => {});"),
    },
    {
      name: 'a function that closes',
      filename,
      code: user('export async function shutdown() { await client.insert({ values: [] }).catch(() => {}); }'),
    },
    {
      name: 'rejected results that are looked at',
      filename,
      code: body(
        "const results = await Promise.allSettled([client.insert({ values })]);\nfor (const result of results) if (result.status === 'rejected') done(result.reason);",
      ),
    },
    {
      name: 'settled results that are returned',
      filename,
      code: body('const results = await Promise.allSettled([client.insert({ values })]);\nreturn results;'),
    },
    { name: 'a ping whose answer is looked at', filename, code: body('const { success } = await client.ping();\nreturn success;') },
    { name: 'a ping that opens a connection', filename, code: user('export async function warm() { await client.ping(); }') },
    {
      name: 'a callback that passes the error on',
      filename,
      code: "import { ClickHouse } from 'clickhouse';\nconst client = new ClickHouse({});\nexport const rows = (done: Function) => client.query('SELECT 2', (error: unknown, all: unknown) => done(error, all));",
    },
    {
      name: 'the client of another database',
      filename,
      code: user(
        "import { Pool } from 'pg';\nconst pool = new Pool();\nexport const rows = async () => { try { return await pool.query('SELECT 2'); } catch { return []; } };\nexport const known = client;",
      ),
    },
    {
      name: 'a function that handles the failure itself',
      filename,
      code: user(
        'async function store() { try { await client.insert({ values: [] }); } catch (error) { console.error(error); } }\nexport async function run() { try { await store(); } catch { return []; } }',
      ),
    },
  ],
  invalid: [
    {
      name: 'an empty `catch`',
      filename,
      code: body("try {\n  await client.insert({ table: 't', values });\n} catch {}"),
      errors: [found('dropped', 5, 3)],
    },
    { name: 'a comment without a reason', filename, code: caught('// nothing to do'), errors: [found('dropped', 5)] },
    {
      name: 'no rows',
      filename,
      code: caught('return [];'),
      errors: [{ ...found('answered', 5, 3), data: { call: 'client.insert', answer: '[]' } }],
    },
    {
      name: 'a ping whose answer a health check replaces',
      filename,
      code: user('export const isHealthy = () => client.ping().then(() => true);'),
      errors: [{ messageId: 'ping' }],
    },
    { name: 'an empty response', filename, code: caught('res.json([]);'), errors: [found('dropped', 5)] },
    { name: 'a frozen empty list', filename, code: caught('return Object.freeze([]);'), errors: [found('dropped', 5)] },
    { name: 'zeros', filename, code: caught('return { current: 0, rows: [] };'), errors: [found('answered', 5)] },
    { name: 'a success', filename, code: caught('return { ok: true };'), errors: [found('answered', 5)] },
    {
      name: 'no rows and a line on the console',
      filename,
      code: caught("console.log('failed', error);\nreturn [];"),
      errors: [found('answered', 5)],
    },
    { name: 'a warning without the error', filename, code: caught("console.warn('going on');"), errors: [found('dropped', 5)] },
    { name: 'a callback without the error', filename, code: caught('done();'), errors: [found('dropped', 5)] },
    {
      name: 'an emptied buffer',
      filename,
      code: user(
        'export class Buffer {\n  values: object[] = [];\n  async flush() { try { await client.insert({ values: this.values }); } catch { this.values = []; } }\n}',
      ),
      errors: [found('dropped', 4)],
    },
    {
      name: 'a last error that nothing reads',
      filename,
      code: body(
        "let last: unknown;\nfor (let attempt = 0; attempt < 3; attempt++) {\n  try { return await client.insert({ table: 't', values }); }\n  catch (error) { last = error; await new Promise((resolve) => setTimeout(resolve, 100)); }\n}\nconsole.log('gave up');",
      ),
      errors: [found('dropped', 6)],
    },
    {
      name: 'a loop that goes on',
      filename,
      code: body(
        "const failures: unknown[] = [];\nfor (const value of values) {\n  try { await client.insert({ table: 't', values: [value] }); } catch { continue; }\n}\nif (failures.length > 0) throw new AggregateError(failures);",
      ),
      errors: [found('dropped', 5)],
    },
    {
      name: 'a loop without an end that drops what it took',
      filename,
      code: body(
        'while (true) {\n  try {\n    const value = values.pop();\n    if (!value) return;\n    await client.insert({ values: [value] });\n  } catch { await sleep(500); }\n}',
      ),
      errors: [found('dropped', 8)],
    },
    {
      name: 'a loop that the handler leaves',
      filename,
      code: body(
        "while (true) {\n  try { await client.insert({ table: 't', values }); break; } catch (error) { console.log('down'); break; }\n}\ndone();",
      ),
      errors: [found('dropped', 4)],
    },
    {
      name: 'tries that run out',
      filename,
      code: body(
        "let isStored = false;\nfor (let left = 3; !isStored && left > 0; left--) {\n  try { await client.insert({ table: 't', values }); isStored = true; } catch {}\n}\ndone();",
      ),
      errors: [found('dropped', 5)],
    },
    {
      name: 'nothing that becomes no rows',
      filename,
      code: body("const result = await client.query({ query: 'SELECT 2' }).catch(() => null);\nreturn result ? result.json() : [];"),
      errors: [found('answered', 3)],
    },
    {
      name: 'nothing for which the code answers nothing',
      filename,
      code: body(
        "const result = await client.query({ query: 'SELECT 2' }).catch(() => null);\nif (!result) return [];\nreturn result.json();",
      ),
      errors: [found('answered', 3)],
    },
    {
      name: 'nothing that one of two callers asks for',
      filename,
      code: user(
        "const load = () => client.query({ query: 'SELECT 2' }).catch(() => null);\nexport async function rows() { const result = await load(); if (!result) throw new Error('no result'); }\nexport async function others() { return (await load()) ?? []; }",
      ),
      errors: [found('answered', 2)],
    },
    {
      name: 'nothing that may be an answer too',
      filename,
      code: user(
        "const find = async () => (await (await client.query({ query: 'SELECT 2' })).json())[0] ?? null;\nexport async function store(values: object[]) {\n  const known = await find().catch(() => null);\n  if (!known) await client.insert({ values });\n}",
      ),
      errors: [found('answered', 4)],
    },
    {
      name: 'a flag for which the next call does nothing',
      filename,
      code: user(
        'let started = false;\nexport async function store(values: object[]) {\n  if (started) return;\n  try { await client.insert({ values }); } catch { started = true; }\n}',
      ),
      errors: [found('dropped', 5)],
    },
    {
      name: 'a flag that success sets too',
      filename,
      code: user(
        "let tried = false;\nexport async function store(values: object[]) {\n  if (tried) throw new Error('once');\n  try { await client.insert({ values }); tried = true; } catch { tried = true; }\n}",
      ),
      errors: [found('dropped', 5)],
    },
    {
      name: 'a counter of tries that run out',
      filename,
      code: body(
        "let left = 3;\nwhile (left > 0) {\n  try { await client.insert({ values }); return; } catch (error) { left--; console.log(left, error); }\n}\nconsole.log('gave up');",
      ),
      errors: [found('dropped', 5)],
    },
    {
      name: 'a counter and a growing delay',
      filename,
      code: body(
        'let attempt = 0, delay = 100;\nwhile (attempt < 3) {\n  try { await client.insert({ values }); return; } catch { attempt += 1; await sleep(delay); }\n}',
      ),
      errors: [found('dropped', 5)],
    },
    {
      name: 'a time of the last run',
      filename,
      code: user(
        'export const state = { lastRun: new Date() };\nexport async function store(values: object[]) { try { await client.insert({ values }); } catch { state.lastRun = new Date(); } }',
      ),
      errors: [found('dropped', 3)],
    },
    { name: 'a process that succeeds', filename, code: caught('process.exit(0);'), errors: [found('dropped', 5)] },
    { name: 'a response with a status of success', filename, code: caught('res.sendStatus(200);'), errors: [found('dropped', 5)] },
    { name: 'a response that ends', filename, code: caught('res.status(202).end();'), errors: [found('dropped', 5)] },
    { name: 'a result type that tells success', filename, code: caught('return ok([]);'), errors: [found('dropped', 5)] },
    { name: 'a zero for each value', filename, code: caught('return values.map(() => 0);'), errors: [found('dropped', 5)] },
    {
      name: 'called again until a limit, then no rows',
      filename,
      code: body(
        'try { return await client.insert({ values }); } catch {\n  if (left > 0) { await sleep(100); return store(values, done); }\n  return [];\n}',
      ),
      errors: [found('answered', 3)],
    },
    {
      name: 'called again until a limit, and then nothing',
      filename,
      code: body('try { await client.insert({ values }); } catch {\n  if (left > 0) await store(values, done);\n}'),
      errors: [found('dropped', 3)],
    },
    {
      name: 'a flag that is set anyway',
      filename,
      code: body("let isStored = true;\ntry { await client.insert({ table: 't', values }); isStored = true; } catch {}\nreturn isStored;"),
      errors: [found('dropped', 4)],
    },
    {
      name: 'a rejection handler that does nothing',
      filename,
      code: body('await client.insert({ values }).catch(() => {});'),
      errors: [found('dropped', 3, 33)],
    },
    {
      name: 'a rejection handler that answers',
      filename,
      code: body("return client.query({ query: 'SELECT 2' }).then((result) => result.json()).catch(() => []);"),
      errors: [found('answered', 3)],
    },
    {
      name: 'the second argument of `then`',
      filename,
      code: body("return client.query({ query: 'SELECT 2' }).then((result) => result.json(), () => null);"),
      errors: [found('answered', 3)],
    },
    {
      name: 'a promise that is resolved',
      filename,
      code: user(
        "export const rows = () => new Promise((resolve) => { client.query({ query: 'SELECT 2' }).then(resolve).catch(() => resolve(null)); });",
      ),
      errors: [found('dropped', 2)],
    },
    {
      name: 'many at a time',
      filename,
      code: body('await Promise.all(values.map((value) => client.insert({ values: [value] }))).catch(() => {});'),
      errors: [found('dropped', 3)],
    },
    {
      name: 'settled results that are dropped',
      filename,
      code: body('await Promise.allSettled([client.insert({ values })]);'),
      errors: [found('settled', 3)],
    },
    {
      name: 'settled results of which the fulfilled ones are taken',
      filename,
      code: body(
        "const results = await Promise.allSettled([client.insert({ values })]);\nreturn results.filter((result) => result.status === 'fulfilled');",
      ),
      errors: [found('settled', 3)],
    },
    {
      name: 'a ping in a `try`',
      filename,
      code: body("try { await client.ping(); return 'up'; } catch { return 'down'; }"),
      errors: [found('ping', 3)],
    },
    {
      name: 'a health check that answers after a ping',
      filename,
      code: user('export async function isHealthy() {\n  await client.ping();\n  return true;\n}'),
      errors: [found('ping', 3)],
    },
    {
      name: 'a `return` in `finally`',
      filename,
      code: body("try { await client.insert({ values }); } finally { return 'done'; }"),
      errors: [found('finally', 3)],
    },
    {
      name: 'a callback that ignores its error',
      filename,
      code: "import { ClickHouse } from 'clickhouse';\nconst client = new ClickHouse({});\nexport const rows = (done: Function) => client.query('SELECT 2', (error: unknown, all: unknown) => done(null, all));",
      errors: [found('callback', 3)],
    },
    {
      name: 'a function of the project that runs the statement',
      filename,
      code: user(
        'const store = async (values: object[]) => { await client.insert({ values }); };\nexport const run = async (values: object[]) => { try { await store(values); } catch { return []; } };',
      ),
      errors: [found('answered', 3)],
    },
    {
      name: 'a method of a class that gets a client',
      filename,
      code: "import type { ClickHouseClient } from '@clickhouse/client';\nexport class Store {\n  constructor(private readonly client: ClickHouseClient) {}\n  rows() { return this.client.query({ query: 'SELECT 2' }); }\n}\nexport const run = async (store: Store) => { try { return await store.rows(); } catch { return undefined; } };",
      errors: [found('answered', 6)],
    },
    {
      name: 'a service of the runtime',
      filename,
      code: "import { getClickHouseClient } from '@clickhouse-ssot/runtime';\nexport async function store() { const service = await getClickHouseClient(); await service.insert({ values: [] }).catch(() => undefined); }",
      errors: [found('answered', 2)],
    },
  ],
});
