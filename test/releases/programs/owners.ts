import type { ReleasePair } from './release-pair.js';

export const owners: readonly ReleasePair[] = [
  {
    name: 'a listener that closes',
    open: `
export async function report(response: { once(event: string, done: () => void): void; end(): void }) {
  const client = createClient();
  const result = await client.query({ query: '' });
  response.once('close', () => console.info('closed'));
  return result.json();
}
`,
    released: `
export async function report(response: { once(event: string, done: () => void): void; end(): void }) {
  const client = createClient();
  response.once('close', () => void client.close());
  const result = await client.query({ query: '' });
  return result.json();
}
`,
  },
  {
    name: 'a report that other modules ask for',
    open: {
      'report.ts': `
import { createClient } from '@clickhouse/client';
export async function report(day: string) { const client = createClient(); return client.query({ query: day }); }
`,
      'server.ts': `
import express from 'express';
import { report } from './report';
const app = express();
app.get('/', async (request, response) => response.json(await report('1')));
`,
    },
    released: {
      'report.ts': `
import { createClient } from '@clickhouse/client';
export async function report(day: string) { const client = createClient(); return client.query({ query: day }); }
`,
      'print.ts': `
import { report } from './report';
async function print() { console.info(await report('1')); process.exit(0); }
print().catch(() => process.exit(1));
`,
    },
  },
  {
    name: 'a client of the routes of a server',
    open: {
      'server.ts': `
import express from 'express';
import { createClient } from '@clickhouse/client';
const app = express();
app.get('/', async (request, response) => { const client = createClient(); response.json(await client.ping()); });
`,
    },
    released: {
      'server.ts': `
import express from 'express';
import { createClient } from '@clickhouse/client';
export function makeServer() {
  const app = express();
  const client = createClient();
  app.get('/', async (request, response) => response.json(await client.ping()));
  return app;
}
`,
      'listen.ts': `
import { makeServer } from './server';
makeServer().listen(3000);
`,
    },
  },
  {
    name: 'clients of a list',
    open: `
export async function report(urls: string[]) {
  const clients = urls.map((url) => createClient({ url }));
  return Promise.all(clients.map((client) => client.ping()));
}
`,
    released: `
export async function report(urls: string[]) {
  const clients = urls.map((url) => createClient({ url }));
  try { return await Promise.all(clients.map((client) => client.ping())); } finally { await Promise.all(clients.map((client) => client.close())); }
}
`,
  },
  {
    name: 'the function of the package for each element',
    open: `
export async function report(settings: object[]) {
  const clients = settings.map(createClient);
  return Promise.all(clients.map((client) => client.ping()));
}
`,
    released: `
export async function report(settings: object[]) {
  const clients = settings.map(createClient);
  try { return await Promise.all(clients.map((client) => client.ping())); } finally { for (const client of clients) await client.close(); }
}
`,
  },
  {
    name: 'a map of clients',
    open: `
export async function report(names: string[]) {
  const clients = new Map<string, ClickHouseClient>();
  for (const name of names) clients.set(name, createClient({ database: name }));
  return await Promise.all([...clients.values()].map((client) => client.ping()));
}
`,
    released: `
export async function report(names: string[]) {
  const clients = new Map<string, ClickHouseClient>();
  try {
    for (const name of names) clients.set(name, createClient({ database: name }));
    return await Promise.all([...clients.values()].map((client) => client.ping()));
  } finally { for (const client of clients.values()) await client.close(); }
}
`,
  },
  {
    name: 'a getter',
    open: `
export class Reports {
  private get client() { return createClient(); }
  daily() { return this.client.query({ query: 'SELECT 1' }); }
}
`,
    released: `
export class Reports {
  private made?: ClickHouseClient;
  private get client() { return (this.made ??= createClient()); }
  daily() { return this.client.query({ query: 'SELECT 1' }); }
}
`,
  },
  {
    name: 'a client of each connection',
    open: `
export function serve(server: { on(event: string, run: (socket: { on(event: string, run: () => void): void }) => void): void }) {
  server.on('connection', (socket) => {
    const client = createClient();
    socket.on('message', () => void client.ping());
    socket.on('close', () => console.info('left'));
  });
}
`,
    released: `
export function serve(server: { on(event: string, run: (socket: { on(event: string, run: () => void): void }) => void): void }) {
  server.on('connection', (socket) => {
    const client = createClient();
    socket.on('message', () => void client.ping());
    socket.on('close', () => void client.close());
  });
}
`,
  },
  {
    name: 'a helper that runs a callback',
    open: `
async function withClient<T>(work: (client: ClickHouseClient) => Promise<T>): Promise<T> {
  const client = createClient();
  return await work(client);
}
export const report = (day: string) => withClient((client) => client.query({ query: day }));
`,
    released: `
async function withClient<T>(work: (client: ClickHouseClient) => Promise<T>): Promise<T> {
  const client = createClient();
  try { return await work(client); } finally { await client.close(); }
}
export const report = (day: string) => withClient((client) => client.query({ query: day }));
`,
  },
  {
    name: 'an object with a client and a function that closes it',
    open: `
function open() {
  const client = createClient();
  return { client, stop: () => client.close() };
}
export async function report(day: string) {
  const { client } = open();
  return await client.query({ query: day });
}
`,
    released: `
function open() {
  const client = createClient();
  return { client, stop: () => client.close() };
}
export async function report(day: string) {
  const { client, stop } = open();
  try { return await client.query({ query: day }); } finally { await stop(); }
}
`,
  },
  {
    name: 'a class that takes the client and closes it',
    open: `
class Repository {
  constructor(private readonly client: ClickHouseClient) {}
  count() { return this.client.query({ query: '' }); }
  close() { return this.client.close(); }
}
export async function report(day: string) {
  const repository = new Repository(createClient());
  try { return await repository.count(); } finally { console.info(day); }
}
`,
    released: `
class Repository {
  constructor(private readonly client: ClickHouseClient) {}
  count() { return this.client.query({ query: '' }); }
  close() { return this.client.close(); }
}
export async function report(day: string) {
  const repository = new Repository(createClient());
  try { return await repository.count(); } finally { await repository.close(); }
}
`,
  },
  {
    name: 'close as an argument in finally',
    open: `
async function logged(name: string, promise: Promise<void>) { try { await promise; } catch (error) { console.warn(name, error); } }
export async function report(day: string) {
  const client = createClient();
  try { await client.command({ query: day }); } finally { await logged('client', Promise.resolve()); }
}
`,
    released: `
async function logged(name: string, promise: Promise<void>) { try { await promise; } catch (error) { console.warn(name, error); } }
export async function report(day: string) {
  const client = createClient();
  try { await client.command({ query: day }); } finally { await logged('client', client.close()); }
}
`,
  },
  {
    name: 'a factory that callers use for each request',
    open: {
      'factory.ts': `import { createClient } from '@clickhouse/client';
export const makeClient = () => createClient({ url: 'http://localhost:8123' });
`,
      'route.ts': `import { makeClient } from './factory';
export async function GET() { const result = await makeClient().query({ query: '' }); return result.json(); }
`,
    },
    released: {
      'factory.ts': `import { createClient } from '@clickhouse/client';
export const makeClient = () => createClient({ url: 'http://localhost:8123' });
`,
      'route.ts': `import { makeClient } from './factory';
const client = makeClient();
export async function GET() { const result = await client.query({ query: '' }); return result.json(); }
`,
    },
  },
  {
    name: 'a getter without and with a memo',
    open: {
      'store.ts': `import { createClient } from '@clickhouse/client';
export function store() { return createClient(); }
`,
      'route.ts': `import { store } from './store';
export async function count(day: string) { const client = store(); return client.query({ query: day }); }
`,
    },
    released: {
      'store.ts': `import { createClient, type ClickHouseClient } from '@clickhouse/client';
let client: ClickHouseClient | undefined;
export function store() { client ??= createClient(); return client; }
`,
      'route.ts': `import { store } from './store';
export async function count(day: string) { const client = store(); return client.query({ query: day }); }
`,
    },
  },
  {
    name: 'a script and a timer',
    open: `
async function main() { const client = createClient(); await client.command({ query: '' }); }
setInterval(() => void main(), 1000);
`,
    released: `
async function main() { const client = createClient(); await client.command({ query: '' }); }
main().catch(console.error);
`,
  },
  {
    name: 'a provider of Nest for each request',
    open: {
      'store.ts': `import { Injectable, Scope } from '@nestjs/common';
import { createClient } from '@clickhouse/client';
@Injectable({ scope: Scope.REQUEST })
export class Store {
  readonly client = createClient();
  async onModuleDestroy() { await this.client.close(); }
}
`,
    },
    released: {
      'store.ts': `import { Injectable } from '@nestjs/common';
import { createClient } from '@clickhouse/client';
@Injectable()
export class Store {
  readonly client = createClient();
}
`,
    },
  },
];
