import rule from '../../rules/no-undrained-result.js';
import { fixture } from '../places.js';
import { testRule } from './rule-tester.js';

const filename = `${fixture('rule-tester')}/src/rows.ts`;

/** Returns a module that imports a client, which is not enough to be in the slice, with the given code. */
function user(code: string): string {
  return `import { client } from './factory.js';\n${code}`;
}

/** Returns a module with a function that has the given body. */
function body(code: string): string {
  return user(`export async function read(query: string, wanted: boolean) {\n${code}\n}`);
}

const found = (messageId: string, line: number, column?: number) => ({ messageId, line, ...(column === undefined ? {} : { column }) });

/** A finding with the suggestion that gives this code. */
const suggesting = (messageId: string, line: number, output: string) => ({
  messageId,
  line,
  suggestions: [{ messageId: 'sendAsCommand', output }],
});

testRule(rule, {
  valid: [
    { name: 'an empty file', filename, code: '' },
    { name: 'a result that is read', filename, code: body('const result = await client.query({ query });\nreturn result.json();') },
    { name: 'a result that is read at once', filename, code: body('return (await client.query({ query })).json();') },
    { name: 'a result that `then` reads', filename, code: body('return client.query({ query }).then((result) => result.text());') },
    { name: 'a function that reads it in `then`', filename, code: body('return client.query({ query }).then(toRows);') },
    { name: 'a result that is closed', filename, code: body('const result = await client.query({ query });\nresult.close();') },
    { name: '`using`', filename, code: body('using result = await client.query({ query });\nreturn result.query_id;') },
    {
      name: 'a loop over the stream',
      filename,
      code: body('for await (const rows of (await client.query({ query })).stream()) return rows;'),
    },
    {
      name: 'a stream that flows until its end',
      filename,
      code: body("const { stream } = await client.exec({ query });\nstream.resume();\nawait once(stream, 'end');"),
    },
    {
      name: 'results that `Promise.allSettled` gives',
      filename,
      code: body('return Promise.allSettled(tables.map((table) => client.query({ query: query + table })));'),
    },
    { name: 'a listener for data', filename, code: body("(await client.query({ query })).stream().on('error', fail).on('data', add);") },
    { name: 'a pipeline', filename, code: body('const { stream } = await client.exec({ query });\nawait pipeline(stream, out);') },
    { name: 'a stream that is destroyed', filename, code: body('(await client.exec({ query })).stream.destroy();') },
    {
      name: 'a reader of the stream',
      filename,
      code: body('const reader = (await client.query({ query })).stream().getReader();\nreader.closed.catch(fail);\nreturn reader.read();'),
    },
    {
      name: 'an iterator in a loop',
      filename,
      code: body('const rows = (await client.query({ query })).stream()[Symbol.asyncIterator]();\nwhile (wanted) await rows.next();'),
    },
    {
      name: 'a statement that a test expects to fail',
      filename,
      code: body("await expect(client.query({ query })).rejects.toThrow('denied');"),
    },
    {
      name: 'statements without rows',
      filename,
      code: body('await client.command({ query });\nawait client.insert({ table: query, values: [] });\nawait client.ping();'),
    },
    {
      name: 'a result that a function of another package gets',
      filename,
      code: user("import { drain } from 'drains';\nexport const run = async () => drain(await client.query({ query: 'SELECT 1' }));"),
    },
    {
      name: 'a parameter that is read',
      filename,
      code: user(
        "const rows = (set: { json(): unknown }) => set.json();\nexport const run = async () => rows(await client.query({ query: 'SELECT 1' }));",
      ),
    },
    {
      name: 'all results of `Promise.all`',
      filename,
      code: body(
        'const [a, b] = await Promise.all([client.query({ query }), client.query({ query })]);\nreturn [await a.json(), await b.json()];',
      ),
    },
    {
      name: 'an array of results',
      filename,
      code: body(
        'const all = await Promise.all([query].map((one) => client.query({ query: one })));\nfor (const one of all) await one.json();',
      ),
    },
    {
      name: 'a result that is read on each path',
      filename,
      code: body('const result = await client.query({ query });\nif (wanted) return result.json();\nreturn result.text();'),
    },
    {
      name: 'a condition on the result itself',
      filename,
      code: body("const result = await client.query({ query });\nif (result.query_id === '') return [];\nreturn result.json();"),
    },
    {
      name: 'a path that throws',
      filename,
      code: body("const result = await client.query({ query });\nif (wanted) throw new Error('unwanted');\nreturn result.json();"),
    },
    {
      name: 'a field that other code can read',
      filename,
      code: user(
        'export class Cursor {\n  result: unknown;\n  async open(query: string) { this.result = await client.query({ query }); }\n}',
      ),
    },
    {
      name: 'a private field that a method closes',
      filename,
      code: user(
        'export class Cursor {\n  #result: { close(): void } | undefined;\n  async open(query: string) { this.#result = await client.query({ query }); }\n  end() { this.#result?.close(); }\n}',
      ),
    },
    {
      name: 'a function that gives the result to its caller',
      filename,
      code: user(
        'const run = (query: string) => client.query({ query });\nexport const rows = async () => (await run("SELECT 2")).json();',
      ),
    },
    {
      name: 'the client of another database',
      filename,
      code: user(
        "import { Pool } from 'pg';\nconst pool = new Pool();\nexport const begin = async () => { await pool.query('BEGIN'); };\nexport const known = client;",
      ),
    },
    {
      name: 'a client of another package, whose results are rows',
      filename,
      code: "import { ClickHouse } from 'clickhouse';\nconst client = new ClickHouse({});\nexport const run = () => { client.query('SELECT 1').toPromise(); };",
    },
  ],
  invalid: [
    { name: 'a result that is dropped', filename, code: body('await client.query({ query });'), errors: [found('unread', 3, 7)] },
    { name: 'a promise that is dropped', filename, code: body('void client.query({ query });'), errors: [found('unread', 3, 6)] },
    {
      name: 'only the query id',
      filename,
      code: body('const result = await client.query({ query });\nif (!result.query_id) throw new Error(query);\nreturn result.query_id;'),
      errors: [found('unread', 3, 22)],
    },
    {
      name: 'only the query id by a pattern',
      filename,
      code: body('const { query_id: id } = await client.query({ query });\nreturn id;'),
      errors: [found('unread', 3)],
    },
    {
      name: 'a stream without a reader',
      filename,
      code: body("(await client.query({ query })).stream().on('end', stop).on('error', fail);"),
      errors: [found('unread', 3, 8)],
    },
    {
      name: 'the stream of `exec`',
      filename,
      code: body('const { stream, query_id } = await client.exec({ query });\nreturn query_id;'),
      errors: [found('stream', 3, 36)],
    },
    {
      name: 'a stream of which code only awaits the end',
      filename,
      code: body("const { stream } = await client.exec({ query });\nawait once(stream, 'end');"),
      errors: [found('stream', 3)],
    },
    {
      name: 'results that `Promise.allSettled` drops',
      filename,
      code: body('await Promise.allSettled(tables.map((table) => client.query({ query: query + table })));'),
      errors: [found('unread', 3)],
    },
    {
      name: '`exec` for a statement without rows',
      filename,
      code: body("await client.exec({ query: 'OPTIMIZE TABLE t' });"),
      errors: [suggesting('command', 3, body("await client.command({ query: 'OPTIMIZE TABLE t' });"))],
    },
    {
      name: '`query` for a definition',
      filename,
      code: user(
        'const ddl = `\n-- events\nCREATE TABLE t (x Int8) ENGINE = Memory`;\nexport const create = async () => { await client.query({ query: ddl }); };',
      ),
      errors: [
        suggesting(
          'command',
          5,
          user(
            'const ddl = `\n-- events\nCREATE TABLE t (x Int8) ENGINE = Memory`;\nexport const create = async () => { await client.command({ query: ddl }); };',
          ),
        ),
      ],
    },
    {
      name: '`query` for an INSERT',
      filename,
      code: body('await client.query({ query: `INSERT INTO t VALUES (${query})` });'),
      errors: [found('insert', 3)],
    },
    {
      name: 'a definition with a format and comments, whose failure is handled',
      filename,
      code: body("// Drops.\nvoid client /* ours */ .query({ format: 'JSON', query: 'DROP TABLE t' /* old */ }).catch(fail);"),
      errors: [
        suggesting('command', 4, body("// Drops.\nvoid client /* ours */ .command({ query: 'DROP TABLE t' /* old */ }).catch(fail);")),
      ],
    },
    {
      name: 'a format behind the statement',
      filename,
      code: body("await client.query({\n  query: 'DROP TABLE t',\n  format: 'JSON',\n});"),
      errors: [suggesting('command', 3, body("await client.command({\n  query: 'DROP TABLE t',\n});"))],
    },
    {
      name: 'definitions at the same time',
      filename,
      code: body("await Promise.all([client.query({ query: 'DROP TABLE a' }), client.command({ query })]);"),
      errors: [
        suggesting('command', 3, body("await Promise.all([client.command({ query: 'DROP TABLE a' }), client.command({ query })]);")),
      ],
    },
    {
      name: '`query` for an INSERT of selected rows',
      filename,
      code: body('await client.query({ query: `INSERT INTO t SELECT * FROM ${query}`, query_params: { a: 1 } });'),
      errors: [
        suggesting('insert', 3, body('await client.command({ query: `INSERT INTO t SELECT * FROM ${query}`, query_params: { a: 1 } });')),
      ],
    },
    {
      name: 'a definition with an option that `command` may not have, or with a comment at its format',
      filename,
      code: body(
        "await client.exec({ query: 'DROP TABLE t', values: rows });\nawait client.query({ query: 'DROP TABLE t', /* rows */ format: 'CSV' });",
      ),
      errors: [found('command', 3), found('command', 4)],
    },
    {
      name: 'a definition whose result goes elsewhere',
      filename,
      code: body("const result = await client.query({ query: 'DROP TABLE t' });\nreturn result.query_id;"),
      errors: [found('command', 3)],
    },
    {
      name: 'a definition with the type of its rows',
      filename,
      code: body("await client.query<'JSON'>({ query: 'DROP TABLE t' });"),
      errors: [found('command', 3)],
    },
    {
      name: '`query` for a check',
      filename,
      code: body("await client.query({ query: 'SELECT 1', format: 'JSON' });\nreturn true;"),
      errors: [found('probe', 3)],
    },
    {
      name: 'a reader of the stream that reads nothing',
      filename,
      code: body('const reader = (await client.query({ query })).stream().getReader();\nreader.closed.catch(fail);\nreader.releaseLock();'),
      errors: [found('unread', 3)],
    },
    {
      name: 'one element of an iterator',
      filename,
      code: body('const rows = (await client.query({ query })).stream()[Symbol.asyncIterator]();\nreturn (await rows.next()).value;'),
      errors: [found('unread', 3)],
    },
    {
      name: 'one of two',
      filename,
      code: body('const [a, b] = await Promise.all([client.query({ query }), client.query({ query })]);\nreturn a.json();'),
      errors: [found('unread', 3, 60)],
    },
    {
      name: 'many at a time',
      filename,
      code: body('await Promise.all([query].map(async (one) => client.query({ query: one })));'),
      errors: [found('unread', 3)],
    },
    {
      name: 'their number',
      filename,
      code: body('const all = await Promise.all([query].map((one) => client.query({ query: one })));\nreturn all.length;'),
      errors: [found('unread', 3)],
    },
    { name: 'in `forEach`', filename, code: body('[query].forEach((one) => client.query({ query: one }));'), errors: [found('unread', 3)] },
    {
      name: 'a `then` that does not read it',
      filename,
      code: body('return client.query({ query }).then(() => true);'),
      errors: [found('unread', 3)],
    },
    {
      name: 'a `then` that gives something else of it',
      filename,
      code: body('return client.query({ query }).then((result) => result.query_id);'),
      errors: [found('unread', 3)],
    },
    {
      name: 'a `catch` alone',
      filename,
      code: body('await client.query({ query }).catch(() => undefined);'),
      errors: [found('unread', 3)],
    },
    {
      name: 'read in one branch',
      filename,
      code: body('const result = await client.query({ query });\nif (wanted) return result.json();\nreturn [];'),
      errors: [found('partly', 3)],
    },
    {
      name: 'read in one branch of an expression',
      filename,
      code: body('const result = await client.query({ query });\nreturn wanted ? result.json() : [];'),
      errors: [found('partly', 3)],
    },
    {
      name: 'a return before it is read',
      filename,
      code: body('const result = await client.query({ query });\nif (wanted) return [];\nreturn result.json();'),
      errors: [found('partly', 3)],
    },
    {
      name: 'a private field that is never read',
      filename,
      code: user(
        'export class Cursor {\n  private result: unknown;\n  async open(query: string) { this.result = await client.query({ query }); }\n  end() { this.result = undefined; }\n}',
      ),
      errors: [found('unread', 4)],
    },
    {
      name: 'a parameter that is not read',
      filename,
      code: user(
        "const isThere = (set?: { query_id: string }) => set !== undefined;\nexport const run = async () => isThere(await client.query({ query: 'SELECT 2' }));",
      ),
      errors: [found('unread', 3)],
    },
    {
      name: 'the result of a function that only passes it on',
      filename,
      code: user("const run = (query: string) => client.query({ query });\nexport const touch = async () => { await run('SELECT 2'); };"),
      errors: [found('unread', 3, 42)],
    },
    {
      name: 'a client that is a parameter',
      filename,
      code: "import type { ClickHouseClient } from '@clickhouse/client';\nexport class Store {\n  constructor(private readonly client: ClickHouseClient) {}\n  async create() { await this.client.query({ query: 'CREATE TABLE t' }); }\n}",
      errors: [
        suggesting(
          'command',
          4,
          "import type { ClickHouseClient } from '@clickhouse/client';\nexport class Store {\n  constructor(private readonly client: ClickHouseClient) {}\n  async create() { await this.client.command({ query: 'CREATE TABLE t' }); }\n}",
        ),
      ],
    },
    {
      name: 'a service of the runtime',
      filename,
      code: "import { getClickHouseClient } from '@clickhouse-ssot/runtime';\nexport async function warm() { const service = await getClickHouseClient(); await service.query({ query: 'SELECT 2' }); }",
      errors: [found('unread', 2)],
    },
    {
      name: 'a session of the runtime',
      filename,
      code: "import { clickHouse } from '@clickhouse-ssot/runtime';\nexport const warm = () => clickHouse().manager.session(async (session) => { await session.query({ query: 'SELECT 2' }); });",
      errors: [found('unread', 2)],
    },
  ],
});
