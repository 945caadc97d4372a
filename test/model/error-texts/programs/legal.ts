import { caught, type ErrorTextProgram, use } from './program.js';

export const legal: readonly ErrorTextProgram[] = [
  { name: 'the code', files: caught("    if (error.code === '241') return [];"), found: [] },
  { name: 'the type', files: caught("    if (['UNKNOWN_TABLE', 'UNKNOWN_DATABASE'].includes(error.type)) return [];"), found: [] },
  {
    name: 'a code of Node.js',
    files: caught("    if (error.code?.startsWith('ECONN') || error.cause?.code === 'EPIPE') return job(attempt + 1);"),
    found: [],
  },
  { name: 'the name', files: caught("    if (error.name.includes('Abort')) return undefined;"), found: [] },
  { name: 'the class', files: caught("    if (error.constructor.name === 'ClickHouseError') return undefined;"), found: [] },
  {
    name: 'a log of the text',
    files: caught("    console.error(`failed: ${error.message.replace(/password=\\w+/, '')}`, error.message.slice(0, 200));"),
    found: [],
  },
  {
    name: 'the level of a log',
    files: caught("    if (error.message.includes('timeout')) console.warn('slow', error); else console.error(error);"),
    found: [],
  },
  {
    name: 'a word of a log',
    files: caught("    console.error('failed', { isSlow: error.message.includes('timeout') }, error.message.includes('x') ? 'a' : 'b');"),
    found: [],
  },
  {
    name: 'a search for what a user says',
    files: `${use}export async function failures(queries: string[], search: string) {
  const settled = await Promise.allSettled(queries.map((query) => warehouse.command({ query })));
  return settled.filter((one) => one.status === 'rejected').filter(({ reason }) => reason.message.includes(search));
}
`,
    found: [],
  },
  {
    name: 'a prefix that is added once',
    files: caught("    if (!error.message.startsWith('[warehouse] ')) error.message = '[warehouse] ' + error.message;"),
    found: [],
  },
  { name: 'a message with the text', files: caught('    if (error.message) throw new Error(`job: ${error.message}`);'), found: [] },
  {
    name: 'an empty message',
    files: caught("    if (error.message === '' || error.message === undefined || error.message.length > 500) return undefined;"),
    found: [],
  },
  {
    name: 'a position for display',
    files: caught(
      '    const at = /line (\\d+), col (\\d+)/.exec(error.message);\n    if (at) throw Object.assign(error, { line: Number(at[1]), column: Number(at[2]) });',
    ),
    found: [],
  },
  {
    name: 'a position, if there is one',
    files: caught(
      '    const at = error.message.match(/position (\\d+)/)?.[1];\n    return { ok: false, position: at ? Number(at) : undefined };',
    ),
    found: [],
  },
  {
    name: 'the text of the statement',
    files: `${use}export async function job(sql: string) {\n  try { return await warehouse.query({ query: sql }); }\n  catch (error) { if (sql.includes('FINAL')) return warehouse.query({ query: sql.replace('FINAL', '') }); throw error; }\n}\n`,
    found: [],
  },
  {
    name: 'the message of a request',
    files: caught("    if (request.message.includes('timeout')) return undefined;", undefined, "const request = { message: 'x' };"),
    found: [],
  },
  {
    name: 'rows with messages',
    files: `${use}export async function job() {\n  const rows = await (await warehouse.query({ query: 'SELECT message FROM logs' })).json<{ message: string }[]>();\n  return rows.filter((row: any) => row.message.includes('ECONNRESET'));\n}\n`,
    found: [],
  },
  {
    name: 'an error of another client',
    files: `import { Pool } from 'pg';\n${use}const pool = new Pool();\nexport async function job() {\n  await warehouse.query({ query: 'SELECT 1 FROM visits' });\n  try { return await pool.query('SELECT 2'); }\n  catch (error: any) { if (error.message.includes('does not exist')) return []; throw error; }\n}\n`,
    found: [],
  },
  {
    name: 'an error of JSON',
    files: `${use}export async function job() {\n  const text = await (await warehouse.query({ query: 'SELECT 1 FROM visits' })).text();\n  try { return JSON.parse(text); } catch (error: any) { if (error.message.includes('Unexpected')) return null; throw error; }\n}\n`,
    found: [],
  },
  {
    name: 'a word of other interfaces where a request may fail as well',
    files: caught(
      "    if (error.message.includes('not found') || /timed? ?out/.test(error.message)) return [];",
      "await warehouse.insert({ table: 't', values: await (await fetch('https://example.com')).json() });",
    ),
    found: [],
  },
  {
    name: 'an error that the same `try` throws',
    files: `${use}export async function job() {\n  try {\n    const rows = await (await warehouse.query({ query: 'SELECT 1 FROM visits' })).json();\n    if (rows.length === 0) throw new Error('no rows');\n    return rows;\n  } catch (error: any) { if (error.message === 'no rows') return []; throw error; }\n}\n`,
    found: [],
  },
  {
    name: 'a statement with a handler of its own',
    files: `import { send } from './mail';\n${use}export async function job() {\n  try {\n    await warehouse.insert({ table: 't', values: [] }).catch(() => console.error('lost'));\n    await send();\n  } catch (error: any) { if (error.message.includes('limit exceeded')) return; throw error; }\n}\n`,
    found: [],
  },
  {
    name: 'a helper that other modules call for other errors',
    files: {
      'src/job.ts': caught('    if (isPassing(error)) return job(attempt + 1);', undefined, "import { isPassing } from './passing';"),
      'src/mail.ts': `import { isPassing } from './passing';\nexport async function mail() { try { await fetch('https://example.com'); } catch (error) { if (isPassing(error)) return mail(); throw error; } }\n`,
      'src/passing.ts': `export const isPassing = (error: any): boolean => /rate limit|temporarily|timeout/.test(error.message);\n`,
    },
    found: [],
  },
  {
    name: 'a helper that is never asked for an error of ClickHouse',
    files: {
      'src/job.ts': `import { isGone } from './gone';\n${use}export async function job() {\n  try { await fetch('https://example.com'); } catch (error) { if (isGone(error)) return; throw error; }\n  await warehouse.query({ query: 'SELECT 1 FROM visits' });\n}\n`,
      'src/gone.ts': `export const isGone = (error: any): boolean => error.message.includes('UNKNOWN_TABLE');\n`,
    },
    found: [],
  },
  {
    name: 'a retry of something else',
    files: `import retry from 'p-retry';\n${use}export const job = () => retry(() => fetch('https://example.com'), { shouldRetry: (error: Error) => error.message.includes('ECONNRESET') });\nexport const rows = () => warehouse.query({ query: 'SELECT 1 FROM visits' });\n`,
    found: [],
  },
  {
    name: 'a retry wrapper that is given requests alone',
    files: {
      'src/job.ts': `${use}import { withRetry } from './retry';\nexport const job = async () => { await warehouse.query({ query: 'SELECT 1 FROM visits' }); return withRetry(() => fetch('https://example.com')); };\n`,
      'src/retry.ts': `export async function withRetry<T>(run: () => Promise<T>): Promise<T> {\n  try { return await run(); } catch (error: any) { if (error.message.includes('ECONNRESET')) return run(); throw error; }\n}\n`,
    },
    found: [],
  },
  {
    name: 'rejected results by their code',
    files: `${use}export async function job() {\n  const results = await Promise.allSettled([warehouse.query({ query: 'SELECT 1 FROM visits' })]);\n  return results.filter((one) => one.status === 'rejected' && one.reason.code === '60');\n}\n`,
    found: [],
  },
  {
    name: 'the answer of a ping',
    files: `${use}export async function job() {\n  const answer = await warehouse.ping();\n  if (answer.success) return 'up';\n  return { state: 'down', message: answer.error.message };\n}\n`,
    found: [],
  },
  {
    name: 'the event of a stream by its code',
    files: `${use}export async function job(done: (error?: Error) => void) {\n  const stream = (await warehouse.query({ query: 'SELECT 1 FROM visits' })).stream();\n  stream.on('error', (error: NodeJS.ErrnoException) => done(error.code === 'ABORT_ERR' ? undefined : error));\n}\n`,
    found: [],
  },
  {
    name: 'lines of a stream that name errors',
    files: `${use}export async function job() {\n  const stream = (await warehouse.query({ query: 'SELECT 1 FROM visits' })).stream();\n  stream.on('data', (rows: any[]) => rows.filter((row) => row.text.includes('DB::Exception')));\n}\n`,
    found: [],
  },
  {
    name: 'one helper for the whole program',
    files: {
      'src/errors.ts': `export const isMissing = (error: unknown): boolean => String(error).includes('UNKNOWN_TABLE');\nexport function isBusy(error: unknown): boolean {\n  const text = error instanceof Error ? error.message : String(error);\n  return text.includes('TOO_MANY_PARTS');\n}\n`,
      'src/job.ts': caught('    if (isMissing(error)) return [];', undefined, "import { isMissing } from './errors';"),
      'src/load.ts': caught('    if (isBusy(error)) return job(attempt + 1);', undefined, "import { isBusy } from './errors';"),
    },
    found: [],
  },
  {
    name: 'a test',
    files: {
      'test/job.test.ts': `import { warehouse } from '../src/warehouse';\nimport { expect, it } from 'vitest';\nit('fails', async () => { try { await warehouse.query({}); } catch (error: any) { if (error.message.includes('UNKNOWN_TABLE')) expect(1).toBe(1); } });\n`,
    },
    found: [],
  },
  {
    name: 'messages that were seen before',
    files: caught(
      '    if (seen.has(error.message) || error.message === last) return undefined;\n    seen.add(error.message);\n    last = error.message;\n    counts[error.message] = (counts[error.message] ?? 0) + 1;',
      undefined,
      "const seen = new Set<string>(); let last = ''; const counts: Record<string, number> = {};",
    ),
    found: [],
  },
  {
    name: 'a text that is cut for display',
    files: caught(
      "    const end = error.message.indexOf(' (version');\n    return { shown: end > 0 ? error.message.slice(0, end) : error.message };",
    ),
    found: [],
  },
  {
    name: 'a prefix that is taken off',
    files: caught(
      "    let shown = error.message;\n    if (shown.startsWith('Code:')) shown = shown.slice(5);\n    return { shown: shown.includes('DB::Exception:') ? shown.split('DB::Exception:')[1] : shown };",
    ),
    found: [],
  },
  {
    name: 'an exception filter for all errors, by status',
    files: `import { Catch, HttpException } from '@nestjs/common';\nimport { ClickHouseError } from '@clickhouse/client';\n@Catch()\nexport class Filter {\n  catch(exception: any) {\n    if (exception instanceof ClickHouseError) return exception.type === 'UNKNOWN_TABLE' ? 404 : 500;\n    return exception instanceof HttpException ? exception.getStatus() : 500;\n  }\n}\n`,
    found: [],
  },
  {
    name: 'the code, behind a helper that makes an error',
    files: caught(
      "    const failure = toError(error);\n    if (failure.code === '60') return [];",
      undefined,
      'const toError = (value: unknown): any => (value instanceof Error ? value : new Error(String(value)));',
    ),
    found: [],
  },
  {
    name: 'a caught error of a function that does not run statements',
    files: {
      'src/job.ts': `${use}import { readSql } from './sql';\nexport async function job(name: string) {\n  let sql = '';\n  try { sql = await readSql(name); } catch (error: any) { if (error.message.includes('ENOENT')) return undefined; throw error; }\n  return warehouse.query({ query: sql });\n}\n`,
      'src/sql.ts': `import { readFile } from 'node:fs/promises';\nexport const readSql = async (name: string) => readFile(name, 'utf8').catch((error: Error) => { throw new Error(error.message); });\n`,
    },
    found: [],
  },
  {
    name: 'a check of the input beside the statement',
    files: {
      'src/job.ts': caught(
        "    if (error.message.startsWith('Invalid')) return { status: 400 };",
        'await warehouse.query({ query: checked(sql) });',
        "import { checked } from './checked';",
      ).replace('job(attempt = 0)', 'job(sql: string)'),
      'src/checked.ts': `export function checked(sql: string): string {\n  assertShort(sql);\n  return sql;\n}\nfunction assertShort(sql: string): void {\n  if (sql.length > 100) throw new Error('Invalid statement');\n}\n`,
    },
    found: [],
  },
  {
    name: 'an own timeout beside the statement',
    files: `${use}const late = () => new Promise((_, reject) => setTimeout(() => reject(new Error('late: timeout')), 100));\nexport async function job() {\n  try { return await Promise.race([warehouse.query({ query: 'SELECT 1 FROM visits' }), late()]); }\n  catch (error: any) { if (error.message.includes('timeout')) return []; throw error; }\n}\n`,
    found: [],
  },
  {
    name: 'an error of another class',
    files: caught(
      "    if (error instanceof SyntaxError && error.message.includes('JSON')) return [];\n    if (error.name === 'ZodError') return error.message.includes('visits') ? [] : null;",
    ),
    found: [],
  },
  {
    name: 'a code that is kept under the name of an error',
    files: caught("    const { code: err } = error;\n    switch (err) {\n      case '60': return [];\n      default: break;\n    }"),
    found: [],
  },
];
