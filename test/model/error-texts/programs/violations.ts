import { caught, type ErrorTextProgram, use } from './program.js';

export const violations: readonly ErrorTextProgram[] = [
  {
    name: 'the name of a server error in the message',
    files: caught("    if (error.message.includes('MEMORY_LIMIT_EXCEEDED')) return job(attempt + 1);"),
    found: ['src/job.ts:7'],
  },
  {
    name: 'a phrase of the server, after a test of the class',
    files: caught('    if (error instanceof Error && /memory limit/i.test(error.message)) return [];'),
    found: ['src/job.ts:7'],
  },
  {
    name: 'a message in lower case that is kept in a variable',
    files: caught("    const text = error.message.toLowerCase();\n    if (text.includes('too many parts')) return job(attempt + 1);"),
    found: ['src/job.ts:8'],
  },
  {
    name: 'a text made by a conditional expression',
    files: caught(
      "    const text = error instanceof Error ? error.message : String(error);\n    if (text.indexOf('readonly') !== -1) return null;",
    ),
    found: ['src/job.ts:8'],
  },
  {
    name: 'a message that is taken apart in the `catch`',
    files: `${use}export async function job() {\n  try { await warehouse.insert({ table: 't', values: [] }); }\n  catch ({ message }: any) { if (message.startsWith('Table')) return 'new'; throw message; }\n}\n`,
    found: ['src/job.ts:4'],
  },
  {
    name: 'a `switch` over the message',
    files: caught("    switch (error.message) {\n      case 'Timeout error.': return job(attempt + 1);\n      default: break;\n    }"),
    found: ['src/job.ts:7'],
  },
  {
    name: 'a `switch` over `true`',
    files: caught("    switch (true) {\n      case error.message.includes('quota'): return 'quota';\n      default: break;\n    }"),
    found: ['src/job.ts:8'],
  },
  {
    name: 'a table that is asked by the message',
    files: caught(
      '    const status = statuses[error.message];\n    if (status) return status;',
      undefined,
      "const statuses: Record<string, number> = { 'socket hang up': 503 };",
    ),
    found: ['src/job.ts:7'],
  },
  {
    name: 'a set of messages',
    files: caught(
      '    if (passing.has(error.message)) return job(attempt + 1);',
      undefined,
      "const passing = new Set(['socket hang up', 'read ECONNRESET']);",
    ),
    found: ['src/job.ts:7'],
  },
  {
    name: 'the code that is cut out of the text and compared later',
    files: caught('    const [, code] = /Code: (\\d+)/.exec(String(error)) ?? [];\n    if (Number(code) === 252) return job(attempt + 1);'),
    found: ['src/job.ts:7'],
  },
  {
    name: 'a list of regular expressions',
    files: caught(
      '    if (passing.some((pattern) => pattern.test(error.message))) return job(attempt + 1);',
      undefined,
      'const passing = [/ECONNRESET/, /EPIPE/];',
    ),
    found: ['src/job.ts:7'],
  },
  {
    name: 'a loop over texts',
    files: caught("    for (const part of ['ECONNRESET', 'EPIPE']) if (error.message.includes(part)) return job(attempt + 1);"),
    found: ['src/job.ts:7'],
  },
  {
    name: 'a rejection handler',
    files: `${use}export const job = () =>\n  warehouse.query({ query: 'SELECT 1 FROM visits' }).catch((reason: Error) => {\n    if (reason.message.match(/UNKNOWN_TABLE/)) return undefined;\n    throw reason;\n  });\n`,
    found: ['src/job.ts:4'],
  },
  {
    name: 'the second argument of `then`',
    files: `${use}export const job = () =>\n  warehouse.query({ query: 'SELECT 1 FROM visits' }).then((rows) => rows, (e) => (e.message.includes('denied') ? [] : Promise.reject(e)));\n`,
    found: ['src/job.ts:3'],
  },
  {
    name: 'a named handler in another file',
    files: {
      'src/job.ts': `${use}import { handle } from './handle';\nexport const job = () => warehouse.query({ query: 'SELECT 1 FROM visits' }).catch(handle);\n`,
      'src/handle.ts': `export function handle(error: Error): undefined {\n  if (error.message.includes('Unknown table expression')) return undefined;\n  throw error;\n}\n`,
    },
    found: ['src/handle.ts:2'],
  },
  {
    name: 'a private helper that is a condition',
    files: caught(
      '    if (isGone(error)) return undefined;',
      undefined,
      "const isGone = (failure: unknown) => String(failure).includes('does not exist');",
    ),
    found: ['src/job.ts:2'],
  },
  {
    name: 'a helper of the text alone',
    files: {
      'src/job.ts': caught(
        '    if (isBusy(textOf(error))) return job(attempt + 1);',
        undefined,
        "import { isBusy, textOf } from './texts';",
      ),
      'src/texts.ts': `export const textOf = (value: unknown) => (value instanceof Error ? value.message : String(value));\nexport function isBusy(text: string): boolean {\n  return text.includes('Too many simultaneous queries') || text.includes('ECONNRESET');\n}\n`,
    },
    found: ['src/texts.ts:3'],
  },
  {
    name: 'a retry wrapper of the project that is given the statement',
    files: {
      'src/job.ts': `${use}import { withRetry } from './lib/retry';\nexport const job = () => withRetry(() => warehouse.query({ query: 'SELECT 1 FROM visits' }));\n`,
      'src/lib/retry.ts': `export async function withRetry<T>(run: () => Promise<T>, left = 3): Promise<T> {\n  try {\n    return await run();\n  } catch (error) {\n    const text = error instanceof Error ? error.message : '';\n    if (left > 0 && (text.includes('socket hang up') || text.includes('timeout'))) return withRetry(run, left - 1);\n    throw error;\n  }\n}\n`,
    },
    found: ['src/lib/retry.ts:6'],
  },
  {
    name: 'a predicate in the options of a retry package',
    files: `import retry from 'p-retry';\n${use}const options = { retries: 2, shouldRetry: isPassing };\nfunction isPassing(error: Error) {\n  return error.message.includes('ETIMEDOUT');\n}\nexport const job = () => retry(async () => (await warehouse.query({ query: 'SELECT 1 FROM visits' })).json(), options);\n`,
    found: ['src/job.ts:5'],
  },
  {
    name: 'results of `allSettled` that are filtered',
    files: `${use}export async function job(tables: string[]) {\n  const results = await Promise.allSettled(tables.map((table) => warehouse.command({ query: \`OPTIMIZE TABLE \${table}\` })));\n  return results.filter((one) => one.status === 'rejected' && !one.reason.message.includes('already'));\n}\n`,
    found: ['src/job.ts:4'],
  },
  {
    name: 'the error of a ping, taken apart',
    files: `${use}export async function job() {\n  const { success, error } = (await warehouse.ping()) as { success: boolean; error?: Error };\n  return success ? 'up' : error?.message.includes('ECONNREFUSED') ? 'down' : 'slow';\n}\n`,
    found: ['src/job.ts:4'],
  },
  {
    name: 'a stream that is listened to in a chain',
    files: `${use}export async function job(done: (error?: Error) => void) {\n  const rows = await warehouse.query({ query: 'SELECT 1 FROM visits' });\n  rows.stream().on('end', () => done()).on('error', (failure: Error) => {\n    if (failure.message !== 'aborted') done(failure);\n  });\n}\n`,
    found: ['src/job.ts:5'],
  },
  {
    name: 'rows that are read in the `try`',
    files: caught("    if (error.message.includes('Memory limit')) return [];", 'await rows.json();').replace(
      'job(attempt = 0)',
      "job(attempt = 0, rows = await warehouse.query({ query: 'SELECT 1' }))",
    ),
    found: ['src/job.ts:7'],
  },
  {
    name: 'a repository method that is called in the `try`',
    files: {
      'src/job.ts': `import { Visits } from './visits';\nexport async function job(visits: Visits) {\n  try {\n    return await visits.all();\n  } catch (error: any) {\n    return error.message.includes('UNKNOWN_TABLE') ? [] : Promise.reject(error);\n  }\n}\n`,
      'src/visits.ts': `${use}export class Visits {\n  async all() {\n    const result = await warehouse.query({ query: 'SELECT * FROM visits' });\n    return result.json();\n  }\n}\n`,
    },
    found: ['src/job.ts:6'],
  },
  {
    name: 'a text of ClickHouse where a request may fail as well',
    files: caught(
      "    if (error.message.includes('MEMORY_LIMIT_EXCEEDED')) return [];",
      "await warehouse.insert({ table: 't', values: await (await fetch('https://example.com')).json() });",
    ),
    found: ['src/job.ts:7'],
  },
  {
    name: 'the last error of a loop',
    files: `${use}export async function job() {\n  let last: Error | undefined;\n  for (let left = 3; left > 0; left--) {\n    try { return await warehouse.query({ query: 'SELECT 1 FROM visits' }); } catch (error) { last = error as Error; }\n    if (!last.message.includes('socket hang up')) break;\n  }\n  throw last;\n}\n`,
    found: ['src/job.ts:6'],
  },
  {
    name: 'a class of the client, and then the text',
    files: `import { ClickHouseError } from '@clickhouse/client';\nexport function statusOf(error: unknown): number {\n  if (error instanceof ClickHouseError) return error.message.includes('denied') ? 403 : 400;\n  return 500;\n}\n`,
    found: ['src/job.ts:3'],
  },
  {
    name: 'an answer that names the cause, where code asks for it',
    files: {
      'src/job.ts': `${use}export async function job() {\n  try { return { rows: await warehouse.query({ query: 'SELECT 1 FROM visits' }) }; }\n  catch (error: any) { return { retryable: error.message.includes('ECONNRESET') }; }\n}\n`,
      'src/loop.ts': `import { job } from './job';\nexport async function loop() {\n  const answer = await job().catch(() => ({}));\n  if ('retryable' in answer && answer.retryable) return job();\n  return answer;\n}\n`,
    },
    found: ['src/job.ts:4'],
  },
  {
    name: 'a pair of error and rows',
    files: `import { to } from 'await-to-js';\n${use}export async function job() {\n  const [err, rows] = await to(warehouse.query({ query: 'SELECT 1 FROM visits' }));\n  if (err?.message.includes('UNKNOWN_TABLE')) return [];\n  return rows;\n}\n`,
    found: ['src/job.ts:5'],
  },
  {
    name: 'the callback of a client with callbacks',
    files: `import { ClickHouse } from 'clickhouse';\nconst old = new ClickHouse({});\nexport const job = (done: Function) =>\n  old.query('SELECT 1 FROM visits', (err: any, rows: any) => {\n    if (err && /UNKNOWN_TABLE/.test(err.message)) return done(null, []);\n    done(err, rows);\n  });\n`,
    found: ['src/job.ts:5'],
  },
  {
    name: 'a service of the runtime',
    files: `import { clickHouse } from '@clickhouse-ssot/runtime';\nconst service = clickHouse();\nexport async function job() {\n  try { return await service.query({ query: 'SELECT 1 FROM visits' }); }\n  catch (error) { if (String(error).includes('code 60')) return undefined; throw error; }\n}\n`,
    found: ['src/job.ts:5'],
  },
  {
    name: 'a filter of Nest for errors of the client',
    files: `import { Catch } from '@nestjs/common';\nimport { ClickHouseError } from '@clickhouse/client';\n@Catch(ClickHouseError)\nexport class Filter {\n  catch(exception: any) {\n    if (exception.message.includes('denied')) return 403;\n    return 500;\n  }\n}\n`,
    found: ['src/job.ts:6'],
  },
  {
    name: 'an operator of RxJS',
    files: `import { catchError, from, of, throwError } from 'rxjs';\n${use}export const job = () =>\n  from(warehouse.query({ query: 'SELECT 1 FROM visits' })).pipe(catchError((e) => (e.message.includes('UNKNOWN_TABLE') ? of([]) : throwError(() => e))));\n`,
    found: ['src/job.ts:4'],
  },
  {
    name: 'the retry of a query hook',
    files: `import { useQuery } from '@tanstack/react-query';\n${use}export const useVisits = () =>\n  useQuery({ queryFn: () => warehouse.query({ query: 'SELECT 1 FROM visits' }), retry: (count: number, failure: Error) => count < 3 && failure.message.includes('ETIMEDOUT') });\n`,
    found: ['src/job.ts:4'],
  },
  {
    name: 'the reason in a loop over settled results',
    files: `${use}export async function job() {\n  for (const one of await Promise.allSettled([warehouse.query({}), warehouse.command({})])) {\n    if (one.status === 'rejected' && one.reason.message.includes('UNKNOWN_TABLE')) return 'missing';\n  }\n  return 'there';\n}\n`,
    found: ['src/job.ts:4'],
  },
  {
    name: 'the errors of an aggregate',
    files: caught("    if (error.errors?.some((one: Error) => one.message.includes('ECONNREFUSED'))) return undefined;"),
    found: ['src/job.ts:7'],
  },
  {
    name: 'the answer of a ping behind `then`',
    files: `${use}export const job = () => warehouse.ping().then((answer: any) => (answer.success ? 'up' : /refused/.test(answer.error.message) ? 'down' : 'slow'));\n`,
    found: ['src/job.ts:2'],
  },
  {
    name: 'a retry wrapper that is a method',
    files: {
      'src/job.ts': `${use}class Base {\n  protected async attempt<T>(work: () => Promise<T>): Promise<T> {\n    try { return await work(); }\n    catch (error: any) { if (error.message?.includes('EPIPE')) return work(); throw error; }\n  }\n}\nexport class Jobs extends Base { all() { return this.attempt(() => warehouse.query({ query: 'SELECT 1 FROM visits' })); } }\n`,
    },
    found: ['src/job.ts:5'],
  },
  {
    name: 'a nested `try` that throws on',
    files: `${use}export async function job() {\n  try {\n    try { return await warehouse.query({ query: 'SELECT 1 FROM visits' }); } catch (error) { console.error(error); throw error; }\n  } catch (outer: any) {\n    if (outer.message === 'Timeout error.') return undefined;\n    throw outer;\n  }\n}\n`,
    found: ['src/job.ts:6'],
  },
  {
    name: 'words that are kept as constants of an enum',
    files: caught(
      '    if (error.message.includes(Words.Busy)) return job(attempt + 1);',
      undefined,
      "enum Words { Busy = 'Too many simultaneous queries' }",
    ),
    found: ['src/job.ts:7'],
  },
  {
    name: 'a promise that wraps a callback',
    files: `import { ClickHouse } from 'clickhouse';\nconst old = new ClickHouse({});\nconst rows = (sql: string) => new Promise((resolve, reject) => old.query(sql, (err: any, all: any) => (err ? reject(err) : resolve(all))));\nexport async function job() {\n  try { return await rows('SELECT 1 FROM visits'); } catch (e: any) { if (e.message.includes('Code: 60')) return []; throw e; }\n}\n`,
    found: ['src/job.ts:5'],
  },
  {
    name: 'a text that is split, and compared',
    files: caught("    if (error.message.split('.')[0] === 'Timeout error') return job(attempt + 1);"),
    found: ['src/job.ts:7'],
  },
  {
    name: 'a pipeline from a stream of a result',
    files: `import { pipeline } from 'node:stream/promises';\n${use}export async function job(out: any) {\n  const { stream } = await warehouse.exec({ query: 'SELECT 1 FROM visits FORMAT CSV' });\n  try { await pipeline(stream, out); } catch (error: any) { if (error.message.includes('ECONNRESET')) return false; throw error; }\n}\n`,
    found: ['src/job.ts:5'],
  },
  {
    name: 'pairs of a text and what to do',
    files: caught(
      '    const found = steps.find(([text]) => error.message.includes(text));\n    if (found) return found[1];',
      undefined,
      "const steps: [string, number][] = [['Too many parts', 1], ['ETIMEDOUT', 2]];",
    ),
    found: ['src/job.ts:7'],
  },
  {
    name: 'a CommonJS module',
    files: {
      'src/job.js': `const { warehouse } = require('./warehouse');\nexports.job = async () => {\n  try { return await warehouse.query({ query: 'SELECT 1 FROM visits' }); }\n  catch (err) { if (err.toString().indexOf('UNKNOWN_TABLE') >= 0) return []; throw err; }\n};\n`,
    },
    found: ['src/job.js:4'],
  },
];
