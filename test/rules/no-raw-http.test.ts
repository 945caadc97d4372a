import rule from '../../rules/no-raw-http.js';
import { fixture } from '../places.js';
import { testRule } from './rule-tester.js';

const root = fixture('rule-tester');
const filename = `${root}/src/service.ts`;

const client = 'Take the client from src/factory.ts';

testRule(rule, {
  valid: [
    { name: 'an empty file', filename, code: '' },
    { name: 'another server', filename, code: `export const up = () => fetch('http://kafka:8080/health');` },
    { name: 'a variable of another server', filename, code: `export const up = () => fetch(process.env.SEARCH_URL + '/?query=SELECT 1');` },
    { name: 'the own route', filename, code: `export const tables = () => fetch('/api/clickhouse/tables?query=a');` },
    { name: 'the Prometheus endpoint', filename, code: `export const scrape = () => fetch('http://clickhouse:9363/metrics');` },
    {
      name: 'the control interface',
      filename,
      code: `export const list = () => fetch('https://api.clickhouse.cloud/v1/services?query=a');`,
    },
    {
      name: 'a header of a response',
      filename,
      code: `export const of = (answer: Response) => answer.headers.get('X-ClickHouse-Summary');`,
    },
    {
      name: 'a server of a user',
      filename,
      code: `export const attempt = (req: { body: { url: string } }) => fetch(req.body.url, { headers: { 'X-ClickHouse-User': 'a' } });`,
    },
    { name: 'a test', filename: `${root}/test/service.test.ts`, code: `export const up = () => fetch('http://localhost:8123/ping');` },
    {
      name: 'an instance that gets the address of another server',
      filename,
      code: `import axios from 'axios';\nconst http = axios.create();\nhttp.defaults.baseURL = process.env.SEARCH_URL;\nexport const ask = (sql: string) => http.get('/', { params: { query: sql } });`,
    },
  ],
  invalid: [
    {
      name: 'an instance that gets its address later',
      filename,
      code: `import axios from 'axios';\nconst http = axios.create();\nhttp.defaults.baseURL = process.env.CLICKHOUSE_URL;\nexport const ask = (sql: string) => http.get('/', { params: { query: sql } });`,
      errors: [{ messageId: 'request', line: 4, column: 37 }],
    },
    {
      name: 'a header that is set on the options that a function returns',
      filename,
      code: `import axios, { type AxiosRequestConfig } from 'axios';\nfunction options(data: string): AxiosRequestConfig {\n  const config: AxiosRequestConfig = { method: 'POST', url: '/', baseURL: 'http://db:80', data };\n  config.headers = {};\n  config.headers['X-ClickHouse-Format'] = 'JSON';\n  return config;\n}\nexport const run = (sql: string) => axios.request(options(sql));`,
      errors: [{ messageId: 'request', line: 8 }],
    },
    {
      name: 'a statement, reported at the callee',
      filename,
      code: `export const count = () => fetch('http://localhost:8123/?query=SELECT a FROM b');`,
      errors: [
        {
          messageId: 'request',
          data: { call: 'fetch', evidence: 'its address has the port 8123', client, method: '`client.query({ query })`' },
          line: 1,
          column: 28,
          endLine: 1,
          endColumn: 33,
        },
      ],
    },
    {
      name: 'a ping',
      filename,
      code: `export const up = () => fetch(process.env.CLICKHOUSE_URL + '/ping');`,
      errors: [
        {
          messageId: 'ping',
          data: { call: 'fetch', evidence: 'its address comes from `CLICKHOUSE_URL`', client, method: '`client.ping()`' },
          line: 1,
          column: 25,
        },
      ],
    },
    {
      name: 'an insert',
      filename,
      code: `import axios from 'axios';\nexport const save = (url: string) => axios.post(url, 'INSERT INTO a VALUES (1)', { headers: { 'X-ClickHouse-Key': 'k' } });`,
      errors: [
        {
          messageId: 'request',
          data: {
            call: 'axios.post',
            evidence: 'it sends the header `X-ClickHouse-Key`',
            client,
            method: '`client.insert({ table, values, format })`',
          },
          line: 2,
          column: 38,
          endLine: 2,
          endColumn: 48,
        },
      ],
    },
    {
      name: 'a command',
      filename,
      code: `export const make = () => fetch('https://a.b.clickhouse.cloud:8443', { method: 'POST', body: 'DROP TABLE a' });`,
      errors: [
        {
          messageId: 'request',
          data: { call: 'fetch', evidence: 'its address is a.b.clickhouse.cloud', client, method: '`client.command({ query })`' },
        },
      ],
    },
    {
      name: 'a statement that is not known',
      filename,
      code: `export const run = (sql: string) => fetch('http://localhost:8123', { method: 'POST', body: sql });`,
      errors: [
        {
          messageId: 'request',
          data: {
            call: 'fetch',
            evidence: 'its address has the port 8123',
            client,
            method: '`client.query({ query })`, `insert()` or `command()`',
          },
        },
      ],
    },
    {
      name: 'a function that gets the URL, at its call',
      filename,
      code: `const post = (url: string, body: string) => fetch(url, { method: 'POST', body });\nexport const a = () => post('http://localhost:8123', 'SELECT a FROM b');\nexport const b = () => post('http://chat:80', 'text');`,
      errors: [{ messageId: 'request', line: 2, column: 24, endLine: 2, endColumn: 28 }],
    },
  ],
});
