import { beforeAll, describe, expect, it } from 'vitest';
import { codeBase } from '../project/code-base.js';
import { migrate, textOf } from './run-migrate.js';

interface Case {
  readonly title: string;
  readonly before: string;
  /** The text after the edit; undefined if the file stays. */
  readonly after?: string;
  /** A part of the reason, if something is left. */
  readonly left?: string;
}

const official = `import { createClient } from '@clickhouse/client';\n`;
const runtime = `import { clickHouse } from '@clickhouse-ssot/runtime';\n`;
const tenants = `import { ClickHouseTenants } from '@clickhouse-ssot/runtime';\n\n/** One connection for each server and user that callers name. Idle ones are closed. */\nconst clickHouseTenants = new ClickHouseTenants();\n`;

const cases: readonly Case[] = [
  {
    title: 'no options: the server of the official client',
    before: `${official}export const a = createClient();\n`,
    after: `${runtime}export const a = clickHouse({ url: 'http://localhost:8123', env: false });\n`,
  },
  {
    title: 'options with other names',
    before: `${official}export const a = createClient({ url: 'http://ch:8123', request_timeout: 5, max_open_connections: 20, access_token: 't', role: 'r' });\n`,
    after: `${runtime}export const a = clickHouse({ url: 'http://ch:8123', requestTimeoutMs: 5, maxConcurrentStatements: 20, accessToken: 't', role: 'r', env: false });\n`,
  },
  {
    title: 'a short property whose name changes',
    before: `${official}const request_timeout = 5;\nexport const a = createClient({ host: 'http://ch:8123', request_timeout });\n`,
    after: `${runtime}const request_timeout = 5;\nexport const a = clickHouse({ url: 'http://ch:8123', requestTimeoutMs: request_timeout, env: false });\n`,
  },
  {
    title: 'a server that may be missing',
    before: `${official}export const a = createClient({\n  url: process.env.REPORT_URL,\n});\n`,
    after: `${runtime}export const a = clickHouse({\n  url: process.env.REPORT_URL ?? 'http://localhost:8123',\n  env: false,\n});\n`,
  },
  {
    title: 'a server that may be missing, in a constant',
    before: `${official}const url = process.env.REPORT_URL;\nexport const a = createClient({ url });\n`,
    after: `${runtime}const url = process.env.REPORT_URL;\nexport const a = clickHouse({ url: url ?? 'http://localhost:8123', env: false });\n`,
  },
  {
    title: 'a server of an optional member',
    before: `${official}declare const config: { readonly server?: string };\nexport const a = createClient({ url: config.server });\n`,
    after: `${runtime}declare const config: { readonly server?: string };\nexport const a = clickHouse({ url: config.server ?? 'http://localhost:8123', env: false });\n`,
  },
  {
    title: 'a server whose type is string: the code is kept',
    before: `${official}declare const config: { readonly server: string };\nexport const a = createClient({ url: config.server });\n`,
    after: `${runtime}declare const config: { readonly server: string };\nexport const a = clickHouse({ url: config.server, env: false });\n`,
  },
  {
    title: 'a server whose type says nothing: the code is kept',
    before: `${official}declare const config: any;\nexport const a = createClient({ url: config.server });\n`,
    after: `${runtime}declare const config: any;\nexport const a = clickHouse({ url: config.server, env: false });\n`,
  },
  {
    title: 'a variable that the code asserts: the code is kept',
    before: `${official}export const a = createClient({ url: process.env.REPORT_URL!, database: 'b' });\n`,
    after: `${runtime}export const a = clickHouse({ url: process.env.REPORT_URL!, database: 'b', env: false });\n`,
  },
  {
    title: 'a server as an object',
    before: `${official}export const a = createClient({ url: new URL('http://ch:8123') });\n`,
    after: `${runtime}export const a = clickHouse({ url: new URL('http://ch:8123').href, env: false });\n`,
  },
  {
    title: 'options that belong under the key client, with their comments',
    before: `${official}export const a = createClient({\n  url: 'http://ch:8123',\n  keep_alive: { enabled: true }, // short\n  database: 'shop',\n  // Integers stay exact.\n  json: {\n    parse: JSON.parse,\n    stringify: JSON.stringify,\n  },\n  application: 'a',\n});\n`,
    after: `${runtime}export const a = clickHouse({\n  url: 'http://ch:8123',\n  client: {\n    keep_alive: { enabled: true }, // short\n    // Integers stay exact.\n    json: {\n      parse: JSON.parse,\n      stringify: JSON.stringify,\n    },\n  },\n  database: 'shop',\n  application: 'a',\n  env: false,\n});\n`,
  },
  {
    title: 'flags of compression',
    before: `${official}export const a = createClient({ url: 'http://ch:8123', compression: { request: true, response: false } });\n`,
    after: `${runtime}export const a = clickHouse({ url: 'http://ch:8123', compressRequests: true, compressResponses: false, env: false });\n`,
  },
  {
    title: 'files of TLS',
    before: `import { readFileSync } from 'node:fs';\n${official}export const a = createClient({ url: 'https://ch:8443', tls: { ca_cert: readFileSync('ca.pem') } });\n`,
    after: `import { readFileSync } from 'node:fs';\n${runtime}export const a = clickHouse({ url: 'https://ch:8443', caFile: 'ca.pem', env: false });\n`,
  },
  {
    title: 'the variables of the environment',
    before: `${official}export const a = createClient({ url: process.env.CLICKHOUSE_URL, username: process.env.CLICKHOUSE_USER, password: process.env['CLICKHOUSE_PASSWORD'], database: process.env.CLICKHOUSE_DB });\n`,
    after: `${runtime}export const a = clickHouse();\n`,
  },
  {
    title: 'the variables of a named connection',
    before: `${official}export const a = createClient({ url: process.env.CLICKHOUSE_EVENTS_URL, username: process.env.CLICKHOUSE_EVENTS_USER, password: process.env.CLICKHOUSE_EVENTS_PASSWORD, database: process.env.CLICKHOUSE_EVENTS_DATABASE });\n`,
    after: `${runtime}export const a = clickHouse({ connection: 'events' });\n`,
  },
  {
    title: 'a server and a user that the caller names',
    before: `${official}export const of = (key: { url: string; user: string }) => {\n  const { user } = key;\n  return createClient({ url: key.url, username: user, request_timeout: 5 });\n};\n`,
    after: `${tenants}export const of = (key: { url: string; user: string }) => {\n  const { user } = key;\n  return clickHouseTenants.for({ url: key.url, username: user, requestTimeoutMs: 5 });\n};\n`,
  },
  {
    title: 'a timeout that the caller names: the server is the same',
    before: `${official}export const of = (request_timeout: number) => createClient({ url: 'http://ch:8123', request_timeout });\n`,
    after: `${runtime}export const of = (request_timeout: number) => clickHouse({ url: 'http://ch:8123', requestTimeoutMs: request_timeout, env: false });\n`,
  },
  {
    title: 'options under a condition',
    before: `${official}export const of = (user?: string) => createClient({ url: 'http://ch:8123', ...(user ? { database: user, request_timeout: 5 } : {}) });\n`,
    after: `${runtime}export const of = (user?: string) => clickHouse({ url: 'http://ch:8123', ...(user ? { database: user, requestTimeoutMs: 5 } : {}), env: false });\n`,
  },
  {
    title: 'a constant with options, and its type',
    before: `import { createClient, type ClickHouseClientConfigOptions } from '@clickhouse/client';\nconst options: ClickHouseClientConfigOptions = { url: 'http://ch:8123', request_timeout: 5 };\nexport const a = createClient(options);\n`,
    after: `import { clickHouse, type ClickHouseOptions } from '@clickhouse-ssot/runtime';\nconst options: ClickHouseOptions = { url: 'http://ch:8123', requestTimeoutMs: 5, env: false };\nexport const a = clickHouse(options);\n`,
  },
  {
    title: 'a constant with options, and no type',
    before: `${official}const options = { url: 'http://ch:8123', request_timeout: 5 };\nexport const a = createClient(options);\n`,
    after: `${runtime}const options = { url: 'http://ch:8123', requestTimeoutMs: 5, env: false as const };\nexport const a = clickHouse(options);\n`,
  },
  {
    title: 'a function that gives options, and no type',
    before: `${official}const options = () => ({ url: 'http://ch:8123', request_timeout: 5 });\nexport const a = createClient(options());\n`,
    after: `${runtime}const options = () => ({ url: 'http://ch:8123', requestTimeoutMs: 5, env: false as const });\nexport const a = clickHouse(options());\n`,
  },
  {
    title: 'options that satisfy the type of the official client',
    before: `import { createClient, type ClickHouseClientConfigOptions } from '@clickhouse/client';\nconst options = { url: 'http://ch:8123', request_timeout: 5 } satisfies ClickHouseClientConfigOptions;\nexport const a = createClient(options);\n`,
    after: `import { clickHouse, type ClickHouseOptions } from '@clickhouse-ssot/runtime';\nconst options = { url: 'http://ch:8123', requestTimeoutMs: 5, env: false } satisfies ClickHouseOptions;\nexport const a = clickHouse(options);\n`,
  },
  {
    title: 'an argument that satisfies the type of the official client',
    before: `import { createClient, type ClickHouseClientConfigOptions } from '@clickhouse/client';\nexport const a = createClient({ url: 'http://ch:8123', request_timeout: 5 } satisfies ClickHouseClientConfigOptions);\n`,
    after: `import { clickHouse, type ClickHouseOptions } from '@clickhouse-ssot/runtime';\nexport const a = clickHouse({ url: 'http://ch:8123', requestTimeoutMs: 5, env: false } satisfies ClickHouseOptions);\n`,
  },
  {
    title: 'a constant with options that other code reads',
    before: `${official}export const options = { request_timeout: 5, log: { level: 1 } };\nexport const a = createClient({ url: 'http://ch:8123', ...options });\n`,
    after: `${runtime}export const options = { request_timeout: 5, log: { level: 1 } };\nexport const a = clickHouse({ url: 'http://ch:8123', requestTimeoutMs: options.request_timeout, client: { log: options.log }, env: false });\n`,
  },
  {
    title: 'a client that a function makes and closes',
    before: `${official}export async function run() {\n  const client = createClient({ url: 'http://ch:8123' });\n  await client.ping();\n  await client.close();\n}\n`,
    after: `${runtime}export async function run() {\n  const client = clickHouse({ url: 'http://ch:8123', env: false });\n  await client.ping();\n}\n`,
  },
  {
    title: 'a client of the module: its close() stays',
    before: `${official}const client = createClient({ url: 'http://ch:8123' });\nexport const stop = () => client.close();\n`,
    after: `${runtime}const client = clickHouse({ url: 'http://ch:8123', env: false });\nexport const stop = () => client.close();\n`,
  },
  {
    title: 'a check for the timeout',
    before: `${official}const client = createClient({ url: 'http://ch:8123' });\nexport async function run() {\n  try {\n    await client.command({ query: 'SELECT 1' });\n  } catch (error: any) {\n    if (error.message !== 'Timeout error.') throw error;\n  }\n}\n`,
    after: `import { clickHouse, isTimeout } from '@clickhouse-ssot/runtime';\nconst client = clickHouse({ url: 'http://ch:8123', env: false });\nexport async function run() {\n  try {\n    await client.command({ query: 'SELECT 1' });\n  } catch (error: any) {\n    if (!isTimeout(error)) throw error;\n  }\n}\n`,
  },
  {
    title: 'a check for a code of the server: it holds as before',
    before: `import { ClickHouseError, createClient } from '@clickhouse/client';\nconst client = createClient({ url: 'http://ch:8123' });\nexport const run = () => client.command({ query: 'SELECT 1' }).catch((error) => error instanceof ClickHouseError && error.code === '60');\n`,
    after: `import { ClickHouseError } from '@clickhouse/client';\n${runtime}const client = clickHouse({ url: 'http://ch:8123', env: false });\nexport const run = () => client.command({ query: 'SELECT 1' }).catch((error) => error instanceof ClickHouseError && error.code === '60');\n`,
  },
  {
    title: 'left: a session of the client',
    before: `${official}export const a = createClient({ url: 'http://ch:8123', session_id: 's' });\n`,
    left: 'lease a session with `manager.session()`',
  },
  {
    title: 'left: options whose names the code does not show',
    before: `${official}export const of = (options: object) => createClient({ ...options });\n`,
    left: 'The options come from `options`',
  },
  {
    title: 'left: contents of TLS files',
    before: `${official}export const of = (ca_cert: Buffer) => createClient({ url: 'https://ch:8443', tls: { ca_cert } });\n`,
    left: '`caFile`, `certFile` and `keyFile`',
  },
  {
    title: 'left: a header with credentials',
    before: `${official}export const a = createClient({ http_headers: { 'X-ClickHouse-User': 'u' } });\n`,
    left: 'The header `X-ClickHouse-User` is refused',
  },
  {
    title: 'left: the client for the web',
    before: `import { createClient } from '@clickhouse/client-web';\nexport const a = createClient();\n`,
    left: 'is built on "@clickhouse/client", for Node.js',
  },
  {
    title: 'left: a close() in an expression',
    before: `${official}declare function within(promise: Promise<void>): void;\nexport function run() {\n  const client = createClient();\n  within(client.close());\n}\n`,
    left: 'closes its client in an expression',
  },
  {
    title: 'left: a check for a code of Node.js, if the error has a type',
    before: `${official}const client = createClient({ url: 'http://ch:8123' });\nexport async function run() {\n  try {\n    await client.command({ query: 'SELECT 1' });\n  } catch (error) {\n    return (error as { code: string }).code === 'ECONNREFUSED';\n  }\n}\n`,
    after: `${runtime}const client = clickHouse({ url: 'http://ch:8123', env: false });\nexport async function run() {\n  try {\n    await client.command({ query: 'SELECT 1' });\n  } catch (error) {\n    return (error as { code: string }).code === 'ECONNREFUSED';\n  }\n}\n`,
    left: 'The runtime has this code in `systemCode`',
  },
];

const fileOf = (title: string) => `src/case-${cases.findIndex((one) => one.title === title)}.ts`;

let root: string;
let stdout: string;

beforeAll(async () => {
  root = codeBase({
    'package.json': { name: 'app', type: 'module' },
    'tsconfig.json': { compilerOptions: { module: 'nodenext', strict: true, skipLibCheck: true }, include: ['src'] },
    ...Object.fromEntries(cases.map(({ title, before }) => [fileOf(title), before])),
    'src/main.ts': cases.map(({ title }) => `import './${fileOf(title).slice(4, -3)}.js';\n`).join(''),
  });
  ({ stdout } = await migrate(root, { to: 'runtime', write: true }));
}, 300_000);

describe('with --to runtime', () => {
  it.each(cases.map((one) => [one.title, one] as const))('%s', (title, { before, after = before }) => {
    expect(textOf(root, fileOf(title))).toBe(after);
  });

  it.each(cases.filter(({ left }) => left !== undefined).map((one) => [one.title, one] as const))(
    'the reason is listed: %s',
    (title, { left = '' }) => {
      const listed = stdout.slice(stdout.indexOf(' left:\n')).split(/\n {2}(?=\S)/);
      expect(listed.find((entry) => entry.startsWith(`${fileOf(title)}:`))).toContain(left);
    },
  );

  it('a second run changes nothing and lists the same', async () => {
    const again = await migrate(root, { to: 'runtime', write: true });
    expect(again.stdout).toContain('Nothing was written');
    for (const { title, before, after = before } of cases) expect(textOf(root, fileOf(title))).toBe(after);
  });

  it('says how the runtime is installed', () => {
    expect(stdout).toContain('Next: npm i @clickhouse-ssot/runtime @clickhouse/client@latest');
  });

  it('takes no factory', async () => {
    expect((await migrate(root, { to: 'runtime', factory: 'src/a.ts' })).stderr).toContain('--factory: found with --to runtime');
    expect((await migrate(root, { to: 'rust' })).stderr).toBe('--to: found "rust", expected factory or runtime. Name one of them.\n');
  });
});
