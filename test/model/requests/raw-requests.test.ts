import { describe, expect, it } from 'vitest';
import { ProjectAnalysis } from '../../../src/engine/project-analysis.js';
import { positionAt } from '../../../src/findings/position.js';
import { relativeTo } from '../../../src/project/paths.js';
import { defaultSettings } from '../../../src/settings/schema.js';
import { codeBase } from '../../project/code-base.js';

type Files = Readonly<Record<string, string | object>>;

/** A project with a settings module and a factory. */
const store: Files = {
  'package.json': { name: 'shop', dependencies: { '@clickhouse/client': '1' } },
  'src/settings.ts': `export const settings = { url: process.env.CLICKHOUSE_URL ?? 'http://localhost:8123', database: 'shop' };\nexport const mail = { url: process.env.MAIL_URL ?? '' };\n`,
  'src/store.ts': `import { createClient } from '@clickhouse/client';\nimport { settings } from './settings.js';\nexport const store = createClient({ url: settings.url });\n`,
};

/** Returns the requests that were found, shortened: `src/a.ts:2 fetch configuration CLICKHOUSE_URL`. */
function rawRequestsOf(files: Files, settings: Partial<typeof defaultSettings> = {}): string[] {
  const root = codeBase(files);
  const { model, project } = new ProjectAnalysis(root, { ...defaultSettings, ...settings });
  return model.rawRequests().map(({ span, call, evidence, isPing, statement }) => {
    const { line } = positionAt(project.text(span.file) ?? '', span.start);
    const kind = isPing ? ' ping' : statement === undefined ? '' : ` ${statement}`;
    return `${relativeTo(root, span.file)}:${line} ${call} ${evidence.kind} ${evidence.name}${kind}`;
  });
}

/** The requests in one module beside the factory. */
const beside = (code: string, more: Files = {}): string[] => rawRequestsOf({ ...store, 'src/job.ts': code, ...more });

const settingsImport = `import { settings, mail } from './settings.js';\n`;

describe('a request to the configured server is found', () => {
  it.each([
    ['fetch', `await fetch(settings.url, { method: 'POST', body: 'SELECT now()' });`, 'fetch'],
    ['a member of globalThis', `await globalThis.fetch(settings.url, { method: 'POST', body: 'SELECT now()' });`, 'globalThis.fetch'],
    ['another name for fetch', `const call = fetch;\nawait call(settings.url, { body: 'SELECT now()', method: 'POST' });`, 'call'],
    ['node-fetch', `import get from 'node-fetch';\nawait get(settings.url, { method: 'POST', body: 'SELECT now()' });`, 'get'],
    ['axios', `import axios from 'axios';\nawait axios.post(settings.url, 'SELECT now()');`, 'axios.post'],
    [
      'axios with one object',
      `import axios from 'axios';\nawait axios({ method: 'post', url: settings.url, data: 'SELECT now()' });`,
      'axios',
    ],
    [
      'axios.request',
      `import axios from 'axios';\nawait axios.request({ method: 'POST', baseURL: settings.url, url: '/', data: 'SELECT now()' });`,
      'axios.request',
    ],
    [
      'an instance of axios',
      `import axios from 'axios';\nconst http = axios.create({ baseURL: settings.url });\nawait http.post('/', 'SELECT now()');`,
      'http.post',
    ],
    ['got', `import got from 'got';\nawait got.post(settings.url, { body: 'SELECT now()' }).json();`, 'got.post'],
    [
      'an instance of got',
      `import got from 'got';\nconst http = got.extend({ prefixUrl: settings.url });\nawait http.post('', { body: 'SELECT now()' });`,
      'http.post',
    ],
    ['ky', `import ky from 'ky';\nawait ky.post(settings.url, { body: 'SELECT now()' }).text();`, 'ky.post'],
    [
      'undici.request',
      `import { request } from 'undici';\nawait request(settings.url, { method: 'POST', body: 'SELECT now()' });`,
      'request',
    ],
    [
      'a pool of undici',
      `import { Pool } from 'undici';\nconst pool = new Pool(settings.url);\nawait pool.request({ path: '/', method: 'POST', body: 'SELECT now()' });`,
      'pool.request',
    ],
    ['superagent', `import agent from 'superagent';\nawait agent.post(settings.url).send('SELECT now()');`, 'agent.post'],
    ['needle', `import needle from 'needle';\nawait needle('post', settings.url, 'SELECT now()');`, 'needle'],
    ['ofetch', `import { ofetch } from 'ofetch';\nawait ofetch(settings.url, { method: 'POST', body: 'SELECT now()' });`, 'ofetch'],
    ['the global of Nuxt', `await $fetch(settings.url, { method: 'POST', body: 'SELECT now()' });`, '$fetch'],
    [
      'node:http',
      `import http from 'node:http';\nconst call = http.request(settings.url, { method: 'POST' });\ncall.end('SELECT now()');`,
      'http.request',
    ],
    ['a Request object', `const call = new Request(settings.url, { method: 'POST', body: 'SELECT now()' });\nawait fetch(call);`, 'fetch'],
    [
      'a URL object',
      `const url = new URL('/', settings.url);\nurl.searchParams.set('query', 'SELECT now()');\nawait fetch(url.toString());`,
      'fetch',
    ],
  ])('by %s', (_, code, call) => {
    const [found, ...others] = beside(settingsImport + code);
    expect(found).toMatch(/^src\/job\.ts:\d+ /);
    expect(found).toContain(` ${call} configuration CLICKHOUSE_URL query`);
    expect(others).toEqual([]);
  });

  it.each([
    ['fetch', `await fetch(mail.url, { method: 'POST', body: 'SELECT now()' });`],
    [
      'an instance of axios',
      `import axios from 'axios';\nconst http = axios.create({ baseURL: mail.url });\nawait http.post('/', settings.database);`,
    ],
    ['undici', `import { request } from 'undici';\nawait request(mail.url, { method: 'POST', body: settings.database });`],
    ['a chain', `import agent from 'superagent';\nawait agent.post(mail.url).set('X-Api-Key', 'k').send('SELECT now()');`],
    [
      'a URL object',
      `const url = new URL('/?query=a', mail.url);\nurl.searchParams.set('database', settings.database);\nawait fetch(url);`,
    ],
    ['a method of another object', `const http = { post: (url: string) => url };\nhttp.post(settings.url);`],
    ['a mock of a server', `import { http } from 'msw';\nexport const handler = http.post(settings.url, () => undefined);`],
    ['a message', `console.log('the server is', settings.url);\nexport const fetch = 1;`],
  ])('but none to another server, or without a request: %s', (_, code) => {
    expect(beside(settingsImport + code)).toEqual([]);
  });
});

describe('the address comes from', () => {
  it.each([
    ['a variable', `fetch(process.env.CLICKHOUSE_URL, { method: 'POST' })`, 'CLICKHOUSE_URL'],
    [
      'a host and a port',
      'fetch(`http://${process.env.CLICKHOUSE_HOST}:${process.env.CLICKHOUSE_PORT}/`, { method: "POST" })',
      'CLICKHOUSE_HOST',
    ],
    ['a binding of a worker', 'export default { run: (env: Env) => fetch(`${env.CLICKHOUSE_URL}/?database=a`) }', 'env.CLICKHOUSE_URL'],
    [
      'a destructured binding',
      'export function run(env: Env) {\n  const { CLICKHOUSE_HOST } = env;\n  return fetch(new URL(CLICKHOUSE_HOST), { method: "POST" });\n}',
      'env.CLICKHOUSE_HOST',
    ],
    [
      'a container',
      `export class Job { constructor(private config: ConfigService) {}\n run() { return fetch(this.config.get('CLICKHOUSE_URL'), { method: 'POST' }); } }`,
      'CLICKHOUSE_URL',
    ],
    [
      'an injected configuration',
      `export class Job { constructor(private options: ClickHouseOptions) {}\n run(body: string) { return fetch(this.options.url, { method: 'POST', body }); } }`,
      'options.url',
    ],
    [
      'a function',
      `const connection = () => ({ host: process.env.CLICKHOUSE_HOST, headers: {} });\nexport const run = () => { const { host, headers } = connection(); return fetch(host + '/?query=x', { headers }); };`,
      'CLICKHOUSE_HOST',
    ],
    [
      'a validated environment',
      `import { z } from 'zod';\nconst env = z.object({ CLICKHOUSE_URL: z.string() }).parse(process.env);\nawait fetch(env.CLICKHOUSE_URL, { method: 'POST' });`,
      'CLICKHOUSE_URL',
    ],
    [
      'a function that joins paths',
      'const join = (base: string, path: string) => `${base}${path}`;\nawait fetch(join(process.env.CLICKHOUSE_URL ?? "", "/?query=x"));',
      'CLICKHOUSE_URL',
    ],
    [
      'a list of hosts',
      "for (const host of (process.env.CLICKHOUSE_HOSTS ?? '').split(',')) await fetch(`http://${host}/?query=x`);",
      'CLICKHOUSE_HOSTS',
    ],
  ])('%s', (_, code, name) => {
    const [found, ...others] = rawRequestsOf({ 'src/job.ts': code });
    expect(found).toContain(` configuration ${name}`);
    expect(others).toEqual([]);
  });

  it('a variable without the name of ClickHouse that a client has too', () => {
    const client = `import { createClient } from '@clickhouse/client';\nexport const options = { url: process.env.REPORTS_STORE };\nexport const store = createClient(options);`;
    const code = `import { options } from './db.js';\nawait fetch(options.url, { method: 'POST', body: 'SELECT now()' });`;
    expect(rawRequestsOf({ 'src/db.ts': client, 'src/job.ts': code })).toEqual(['src/job.ts:2 fetch configuration REPORTS_STORE query']);
  });

  it('a field of a class whose options a client has too', () => {
    const code = `import { createClient } from '@clickhouse/client';\nexport class Store {\n  private client;\n  constructor(private options: { url: string }) { this.client = createClient({ url: this.options.url }); }\n  raw(body: string) { return fetch(this.options.url, { method: 'POST', body }); }\n}`;
    expect(rawRequestsOf({ 'src/db.ts': code })).toEqual(['src/db.ts:5 fetch configuration ']);
  });

  it.each([
    ['the variable of another program', 'await fetch(`${process.env.CLICKHOUSE_METRICS_URL}/x`, { method: "POST" });'],
    ['the control interface', 'await fetch(`${process.env.CLICKHOUSE_API_URL}/services`);'],
    ['another service of the cloud', "await fetch('https://queries.clickhouse.cloud/run/1?database=a');"],
    ['the name of ClickHouse at another service', "await fetch('https://clickhouse.discourse.group/search.json?query=merge');"],
    ['another program with the name of ClickHouse', "await fetch('http://clickhouse-west/loki/api/v1/query_range?query=errors');"],
    [
      'the metrics, at a port of their own',
      "const url = new URL(process.env.CLICKHOUSE_URL ?? '');\nexport const metrics = () => { const at = new URL(url); at.port = '9363'; at.pathname = '/metrics'; return fetch(at); };",
    ],
    [
      'another key of the same schema',
      `import { createEnv } from '@t3-oss/env-core';\nconst env = createEnv({ server: {}, runtimeEnv: { CLICKHOUSE_URL: process.env.CLICKHOUSE_URL, HOOK: process.env.HOOK } });\nawait fetch(env.HOOK, { method: 'POST' });`,
    ],
    [
      'a function that joins paths for all servers',
      'const join = (base: string, path: string) => `${base}${path}`;\nexport const shown = join(process.env.CLICKHOUSE_URL ?? "", "/");\nawait fetch(join(process.env.HOOK ?? "", "/"));',
    ],
    ['a database in the query of another API', 'await fetch(`${process.env.REPORTS_URL}/export?db=${process.env.CLICKHOUSE_DATABASE}`);'],
    ['the own route', 'await fetch(`/api/clickhouse/tables?query=${encodeURIComponent("SELECT 1")}`);'],
    ['a route of another service', 'await fetch(`${process.env.CLOUD_URL}/managed-clickhouse/clusters?database=a`);'],
  ])('but not %s', (_, code) => {
    expect(rawRequestsOf({ 'src/job.ts': code })).toEqual([]);
  });
});

describe('an address in the code', () => {
  it.each([
    [`fetch('http://localhost:8123/', { method: 'POST', body: 'CREATE TABLE a (b Int8) ENGINE = Memory' })`, '8123 command'],
    ['fetch(`http://${host}:8123/?query=${sql}`)', '8123'],
    [`fetch('http://' + host + ':8123/')`, '8123 ping'],
    [`fetch('http://localhost:8123/', { method: 'POST', body: 'INSERT INTO a SELECT b FROM c' })`, '8123 command'],
    [
      `fetch('https://x1.eu-west-1.aws.clickhouse.cloud:8443', { method: 'POST', body: 'INSERT INTO a VALUES (1)' })`,
      'x1.eu-west-1.aws.clickhouse.cloud insert',
    ],
    [`fetch('https://x1.clickhouse.cloud/?query=SELECT%20a%20FROM%20b')`, 'x1.clickhouse.cloud query'],
    [`fetch('https://clickhouse.internal:8443/', { method: 'POST', body: sql })`, 'clickhouse.internal'],
    [`fetch('http://clickhouse.internal/?database=logs', { method: 'POST', body: sql })`, 'clickhouse.internal'],
    ['fetch(`https://clickhouse.internal/?${new URLSearchParams({ query: sql })}`)', 'clickhouse.internal'],
    [`fetch('https://dwh.internal:8443/?query=' + encodeURIComponent('SELECT a FROM b'))`, undefined],
    [`fetch('https://dwh.internal:8443/?query=SELECT+a+FROM+b')`, 'dwh.internal query'],
    [`fetch('http://clickhouse:9363/metrics')`, undefined],
    [`fetch('http://clickhouse:8123/metrics')`, undefined],
    [`fetch('https://api.clickhouse.cloud/v1/organizations?query=a')`, undefined],
    [`fetch('https://clickhouse.com/docs/?query=select')`, undefined],
    [`fetch('https://api.github.com/repos/ClickHouse/ClickHouse/releases?query=SELECT%201')`, undefined],
    [`fetch('http://grafana:3000/api/ds/query?ds_type=grafana-clickhouse-datasource', { method: 'POST', body: 'SELECT 1' })`, undefined],
    [`fetch('https://keycloak.internal:8443/realms/clickhouse')`, undefined],
    [`fetch('https://search.internal/?query=SELECT%201')`, undefined],
    [`fetch('https://reports.internal/', { method: 'POST', body: 'SELECT a FROM b' })`, undefined],
    [`fetch('https://cdn.internal/clickhouse/logo.svg?database=a')`, undefined],
  ])('%s', (code, expected) => {
    const found = rawRequestsOf({ 'src/job.ts': `export const run = (host: string, sql: string) => ${code};` });
    expect(found).toEqual(expected === undefined ? [] : [`src/job.ts:1 fetch address ${expected}`]);
  });

  it('in the options of node:http is found', () => {
    const code = `import { request } from 'node:http';\nexport const run = () => request({ host: 'db', port: 8123, path: '/', method: 'POST' }).end('SELECT a FROM b');`;
    expect(rawRequestsOf({ 'src/job.ts': code })).toEqual(['src/job.ts:2 request address 8123 query']);
  });

  it('is found in a Vue component and in JavaScript', () => {
    const vue = `<script setup>\nconst load = () => fetch('http://localhost:8123/?query=SELECT a FROM b');\n</script>\n<template><p /></template>`;
    const js = `const axios = require('axios');\nmodule.exports = (sql) => axios.get('http://localhost:8123', { params: { query: sql } });`;
    expect(rawRequestsOf({ 'src/Page.vue': vue, 'src/job.js': js })).toEqual([
      'src/Page.vue:2 fetch address 8123 query',
      'src/job.js:2 axios.get address 8123',
    ]);
  });
});

describe('a header of the interface', () => {
  const send = (code: string): string[] => rawRequestsOf({ 'src/job.ts': code });

  it.each([
    ['an object', `export const run = (url: string, key: string) => fetch(url, { headers: { 'X-ClickHouse-Key': key } });`],
    [
      'an object of another function',
      `const auth = (key: string) => ({ 'X-ClickHouse-Key': key });\nexport const run = (url: string) => fetch(url, { headers: { ...auth('a'), accept: 'text/csv' } });`,
    ],
    ['a list of pairs', `export const run = (url: string, key: string) => fetch(url, { headers: [['X-ClickHouse-Key', key]] });`],
    [
      'Headers',
      `export const run = (url: string, key: string) => { const headers = new Headers();\n headers.append('X-ClickHouse-Key', key);\n return fetch(url, { headers }); };`,
    ],
    [
      'an assignment',
      `export const run = (url: string, key: string) => { const headers: Record<string, string> = {};\n headers['X-ClickHouse-Key'] = key;\n return fetch(url, { headers }); };`,
    ],
    [
      'a constant as its name',
      `const keyHeader = 'X-ClickHouse-Key';\nexport const run = (url: string, key: string) => fetch(url, { headers: { [keyHeader]: key } });`,
    ],
    [
      'a method of a class',
      `export class Http { headers() { return { 'X-ClickHouse-Key': 'a' }; }\n run(url: string) { return fetch(url, { headers: this.headers() }); } }`,
    ],
    [
      'defaults of an instance',
      `import axios from 'axios';\nexport class Http { private http = axios.create({ headers: { 'X-ClickHouse-Key': 'a' } });\n run(url: string, sql: string) { return this.http.post(url, sql); } }`,
    ],
    [
      'setHeader',
      `import https from 'https';\nexport const run = (url: string) => { const call = https.request(url);\n call.setHeader('X-ClickHouse-Key', 'a');\n call.end(); };`,
    ],
    [
      'options in a constant',
      `export const run = (url: string) => { const init = { method: 'POST', headers: { 'X-ClickHouse-Key': 'a' } };\n return fetch(url, init); };`,
    ],
  ])('is found in %s', (_, code) => {
    expect(send(code).map((found) => found.split(' header ')[1]?.split(' ')[0])).toEqual(['X-ClickHouse-Key']);
  });

  it.each([
    ['is read from a response', `export const run = async (url: string) => (await fetch(url)).headers.get('X-ClickHouse-Summary');`],
    [
      'is sent by a server',
      `import { createServer } from 'node:http';\nexport const server = createServer((request, response) => { response.setHeader('X-ClickHouse-Format', 'JSON'); response.end(); });`,
    ],
    ['goes to the own route', `export const run = () => fetch('/api/query', { headers: { 'X-ClickHouse-Database': 'a' } });`],
    ['is that of another API', `export const run = (url: string) => fetch(url, { headers: { 'X-Vault-Token': 'a' } }); // clickhouse`],
    [
      'is given to the client',
      `import { createClient } from '@clickhouse/client';\nexport const store = createClient({ http_headers: { 'X-ClickHouse-Key': 'a' } });\nexport const ping = () => fetch('https://status.internal');`,
    ],
  ])('is no finding if it %s', (_, code) => {
    expect(send(code)).toEqual([]);
  });
});

describe('a server that the code is given', () => {
  it.each([
    [
      'by a request',
      `app.post('/try', async (req, res) => {\n  const { host, username } = req.body;\n  const answer = await fetch(\`\${host}/?query=SELECT 1\`, { headers: { 'X-ClickHouse-User': username } });\n  res.json(answer.ok);\n});`,
    ],
    [
      'by a request of Hono',
      `app.post('/try', async (c) => { const { url } = await c.req.json();\n  return fetch(url, { headers: { 'X-ClickHouse-User': 'a' } }); });`,
    ],
    [
      'by a decorated parameter',
      `export class Tries { @Post() run(@Body() server: { url: string }) { return fetch(server.url, { headers: { 'X-ClickHouse-User': 'a' } }); } }`,
    ],
    [
      'by the input of a procedure',
      `export const tryIt = procedure.mutation(({ input }) => fetch(input.url, { headers: { 'X-ClickHouse-User': input.user } }));`,
    ],
    [
      'by a row',
      'export const run = async (id: string) => { const target = await db.servers.findOne(id);\n  return fetch(`http://${target.host}:8123/`, { headers: { "X-ClickHouse-User": target.user } }); };',
    ],
    [
      'by a form',
      `export function Page() { const [host] = useState('http://localhost:8123');\n  return <button onClick={() => fetch(host + '/?query=SELECT 1')} />; }`,
    ],
    [
      'by the command line',
      'const url = process.argv[2];\nawait fetch(`${url}/?query=SELECT 1`, { headers: { "X-ClickHouse-User": "a" } });',
    ],
    [
      'to a test of a connection',
      `export async function testConnection(server: { url: string; user: string }) { return fetch(server.url, { headers: { 'X-ClickHouse-User': server.user } }); }`,
    ],
  ])('%s is no finding', (_, code) => {
    expect(rawRequestsOf({ ...store, 'src/page.tsx': code })).toEqual([]);
  });

  it('is a finding if it is the own one', () => {
    const code = `import { settings } from './settings.js';\napp.post('/try', async (req, res) => res.json((await fetch(settings.url, { method: 'POST', body: req.body.sql })).ok));`;
    expect(rawRequestsOf({ ...store, 'src/page.ts': code })).toEqual(['src/page.ts:2 fetch configuration CLICKHOUSE_URL']);
  });
});

describe('a function that gets the URL', () => {
  const http = {
    'src/http.ts': 'export async function post(url: string, body: string) {\n  return fetch(`${url}/`, { method: "POST", body });\n}\n',
  };

  it('is judged where it is called', () => {
    const code = `${settingsImport}import { post } from './http.js';\nawait post(mail.url, 'a');\nawait post(settings.url, 'SELECT a FROM b');`;
    expect(beside(code, http)).toEqual(['src/job.ts:4 post configuration CLICKHOUSE_URL query']);
  });

  it('can be a method', () => {
    const files = { 'src/http.ts': `export class Http { send(url: string, init: object) { return fetch(url, init); } }` };
    const code = `${settingsImport}import { Http } from './http.js';\nconst http = new Http();\nawait http.send(settings.url, { method: 'POST' });\nawait http.send(mail.url, {});`;
    expect(beside(code, files)).toEqual(['src/job.ts:4 http.send configuration CLICKHOUSE_URL']);
  });

  it('can get it as a property', () => {
    const files = {
      'src/http.ts': `export const send = ({ url, body }: { url: string; body: string }) => fetch(url, { method: 'POST', body });`,
    };
    const code = `${settingsImport}import { send } from './http.js';\nawait send({ url: settings.url, body: 'a' });\nawait send({ url: mail.url, body: settings.database });`;
    expect(beside(code, files)).toEqual(['src/job.ts:3 send configuration CLICKHOUSE_URL']);
  });

  it('can call another one', () => {
    const files = {
      ...http,
      'src/retry.ts': `import { post } from './http.js';\nexport const retry = (url: string) => post(url, 'SELECT a FROM b');\nfetch;`,
    };
    expect(beside(`${settingsImport}import { retry } from './retry.js';\nawait retry(settings.url);`, files)).toHaveLength(1);
  });

  it('can return a function', () => {
    const files = {
      'src/http.ts': `export const sender = (url: string) => ({ run: (body: string) => fetch(url, { method: 'POST', body }) });`,
    };
    expect(
      beside(`${settingsImport}import { sender } from './http.js';\nexport const run = sender(settings.url).run;`, files),
    ).toHaveLength(1);
  });

  it('is no finding as the option `fetch` of a client, but with the own URL it is', () => {
    const traced = `import { createClient } from '@clickhouse/client-web';\nimport { settings } from './settings.js';\nconst traced: typeof fetch = (input, init) => fetch(input, { ...init, headers: { 'X-ClickHouse-Trace': 'a' } });\nexport const web = createClient({ url: settings.url, fetch: traced });\n`;
    expect(beside(traced)).toEqual([]);
    expect(beside(`${traced}export const raw = () => traced(settings.url, { method: 'POST' });`)).toHaveLength(1);
  });
});

describe('the code that is judged', () => {
  const code = `export const run = (sql: string) => fetch('http://localhost:8123/', { method: 'POST', body: sql });`;
  const ping = `await fetch('http://localhost:8123/ping');`;

  it('is production code and scripts, without tests, examples and what tests import alone', () => {
    const files = {
      'src/job.ts': code,
      'src/job.test.ts': code,
      'examples/job.ts': code,
      'scripts/job.ts': code,
      'src/harness.ts': code,
      'src/a.test.ts': `import './harness.js';`,
    };
    expect(rawRequestsOf(files).map((found) => found.split(':')[0])).toEqual(['scripts/job.ts', 'src/job.ts']);
  });

  it('may wait for the server in a script', () => {
    expect(rawRequestsOf({ 'scripts/wait.mjs': ping })).toEqual([]);
    expect(rawRequestsOf({ 'src/health.mjs': ping })).toEqual(['src/health.mjs:1 fetch address 8123 ping']);
  });

  it('is not a declared factory', () => {
    expect(rawRequestsOf({ 'src/db.ts': code }, { factories: ['src/db.ts'] })).toEqual([]);
  });

  it('includes a project without a client', () => {
    expect(rawRequestsOf({ 'package.json': { name: 'worker' }, 'src/job.ts': code })).toHaveLength(1);
  });
});
