import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repository } from '../places.js';
import { browserFile, launchBrowser } from '../report/html/chromium.js';
import { frontServer } from '../runtime/harness/test-servers.js';
import { serviceWith } from './app.js';
import { mainProgram } from './main-program.js';
import { webProgram } from './web-program.js';
import { webServer } from './web-server.js';

/** The addresses of the servers of the programs. */
interface Addresses {
  readonly fake: string;
  readonly front: string;
  readonly away: string;
}

/** Prints the outcomes of `webProgram`. */
const printer = `
import { run } from './program.mjs';
const [addresses] = (globalThis.Deno?.args ?? process.argv.slice(2));
console.log(JSON.stringify(await run(JSON.parse(addresses))));
(globalThis.Deno?.exit ?? process.exit)(0);
`;

/** Answers with the outcomes of `webProgram`, and with the types of the globals that only some run times have. */
const worker = `
import { run } from './program.mjs';
export default {
  async fetch(request) {
    const globals = ['process', 'Buffer', 'setImmediate'].map((name) => typeof globalThis[name]);
    return Response.json({ globals, outcomes: await run(await request.json()) });
  },
};
`;

/** A Worker that makes one service for all requests, or one for each request, by its path. */
const lifeCycles = `
import { createClickHouseService, loadClickHouseConfig } from '@clickhouse-ssot/runtime/web';
let shared;
export default {
  async fetch(request) {
    const { url, query, isShared, isRead } = await request.json();
    const create = () =>
      createClickHouseService({ config: loadClickHouseConfig({ url, maxConcurrentStatements: 1, maxWaitingStatements: 0 }) });
    const service = isShared ? (shared ??= create()) : create();
    try {
      const result = await service.query({ query, format: 'JSONEachRow' });
      return Response.json(isRead ? await result.json() : 'left unread');
    } catch (error) {
      return Response.json(error.kind);
    }
  },
};
`;

const workerdConfig = (file: string): string => `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [ (name = "main", worker = .mainWorker), (name = "internet", network = (allow = ["public", "private"])) ],
  sockets = [ (name = "http", address = "127.0.0.1:0", http = (), service = "main") ]
);
const mainWorker :Workerd.Worker = (
  modules = [ (name = "worker.js", esModule = embed "${file}") ],
  compatibilityDate = "2025-01-01"
);
`;

const folder = serviceWith(
  { 'program.mjs': webProgram, 'print.mjs': printer, 'worker.mjs': worker, 'life-cycles.mjs': lifeCycles, 'main.mjs': mainProgram },
  ['chdb'],
);
const binary = (name: string): string => join(repository, 'node_modules/.bin', name);
const children: ChildProcess[] = [];
const resources: AsyncDisposable[] = [];
let addresses: Addresses;

beforeAll(async () => {
  const [fake, front] = await Promise.all([webServer(), frontServer()]);
  resources.push(fake, front);
  addresses = { fake: fake.url, front: front.url, away: `http://127.0.0.1:${await closedPort()}` };
});

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  for (const resource of resources) await resource[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** Resolves with a port that was free a moment ago. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Runs a file of the folder, and resolves with the JSON that it printed. */
async function outcomesIn([command = '', ...options]: readonly string[], file: string, argument: object): Promise<unknown> {
  const printed = await new Promise<string>((resolve, reject) => {
    execFile(command, [...options, file, JSON.stringify(argument)], { cwd: folder }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${command} failed: ${stderr}`, { cause: error }));
      else resolve(stdout);
    });
  });
  return JSON.parse(printed);
}

/** Starts a Worker in workerd, and resolves with a function that posts JSON to it. */
async function startWorker(entry: string): Promise<(body: object) => Promise<unknown>> {
  const file = `${entry}.bundle.js`;
  await build({
    entryPoints: [join(folder, `${entry}.mjs`)],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    outfile: join(folder, file),
    logLevel: 'silent',
  });
  writeFileSync(join(folder, `${entry}.capnp`), workerdConfig(file));
  const child = spawn(binary('workerd'), ['serve', `${entry}.capnp`, '--control-fd=1'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const [line]: unknown[] = await once(createInterface(child.stdout), 'line');
  const { port }: { readonly port: number } = JSON.parse(String(line));
  return async (body) => (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: JSON.stringify(body) })).json();
}

const runTimes: Readonly<Record<string, readonly string[]>> = {
  'Node.js': [process.execPath],
  Bun: [binary('bun')],
  Deno: [binary('deno'), 'run', '--allow-all'],
};

/** What `webProgram` promises in every run time. */
const everywhere = {
  'configuration from variables': [true, 3, 'CLICKHOUSE_MAX_CONCURRENT_STATEMENTS'],
  'a configuration without a server': 'ConfigError CONFIG_INVALID: CLICKHOUSE_URL',
  'a query': [{ n: 0 }, { n: 1 }, { n: 2 }],
  'an insert': [{ id: 1 }, { id: 2 }],
  'streamed rows': [100_000, 4_999_950_000],
  'a ping': [true, false],
  'a wrong password': ['AuthenticationError', true, 'refused'],
  'a statement that the server refuses': ['ServerError 62', true, true, 'refused'],
  'status 503 before a success': [{ n: 1 }],
  'status 503 for a write': ['AmbiguousWriteError', 1],
  'a page of a proxy': ['GatewayError', 200],
  'a redirect': ['GatewayError', 302, 'refused'],
  'a statement that is aborted': ['AbortedError', 'the user left'],
  'a result that is aborted': [1, 'AbortedError'],
  'a deadline': 'DeadlineExceededError DEADLINE_EXCEEDED',
  'an exception after rows': ['StreamError', 'ServerError', '395'],
  'a connection that is lost after rows': ['StreamError', 'failed-mid-stream'],
  '100 statements under 5 permits': [100, 5],
  'a full queue': 'QueueFullError QUEUE_FULL',
  'an open breaker, known to another service': ['GatewayError', 'GatewayError', 'BreakerOpenError'],
  'a closed service': 'ManagerClosedError MANAGER_CLOSED',
  'an error of the official client': 'ServerError',
};

/** Where `fetch` says that it opened no connection. */
const saysThatItIsAway = {
  'a server that is away': ['ConnectError', 2, true, 'never-sent'],
  'a write to a server that is away': ['ConnectError', 'never-sent'],
};

/** In a Worker and in a browser, `fetch` does not say it. */
const mayHaveSent = {
  'a server that is away': ['ConnectionLostError', 2, false, 'unknown'],
  'a write to a server that is away': ['AmbiguousWriteError', 'unknown'],
};

/** What `mainProgram` promises. */
const onMainEntry = {
  queries: [{ n: 0 }, { n: 1 }],
  'inserts of arrays and of streams, with compressed requests': [3],
  'streamed rows': 100_000,
  'a wrong password': ['AuthenticationError', 'refused'],
  'a write to a server that is away counts as never sent': ['ConnectError', 'never-sent'],
  'the status of a response decides about a retry': ['AmbiguousWriteError', 503, 'OverloadedError'],
  'an abort of a running statement': 'AbortedError',
  'a deadline': 'DeadlineExceededError',
  'an exception after rows': ['StreamError', '395'],
  'a connection that is lost after rows': 'StreamError',
  '100 statements under 5 permits': 100,
  sessions: [0],
  'connections of three statements in a row, by their events': 1,
  events: [['SELECT', true]],
  'a drain': 'closed',
  'secrets of files': 'right',
  'the embedded engine': [{ n: 1 }],
};

describe.each(Object.entries(runTimes))('%s', (runTime, command) => {
  it('runs the entry without Node.js', async () => {
    const name = `web_${runTime.replace('.', '')}`;
    expect(await outcomesIn(command, 'print.mjs', { ...addresses, name })).toEqual({ ...everywhere, ...saysThatItIsAway });
  });

  it('runs the main entry', async () => {
    const secretFile = join(folder, 'secret');
    writeFileSync(secretFile, 'right');
    const name = `main_${runTime.replace('.', '')}`;
    expect(await outcomesIn(command, 'main.mjs', { ...addresses, name, secretFile })).toEqual(onMainEntry);
  });
});

describe('a Worker', () => {
  it('runs the entry without Node.js, without process, Buffer and setImmediate', async () => {
    const post = await startWorker('worker');
    expect(await post({ ...addresses, name: 'web_worker' })).toEqual({
      globals: ['undefined', 'undefined', 'undefined'],
      outcomes: { ...everywhere, ...mayHaveSent },
    });
  });

  it('has a service for each request: a request that leaves a result unread keeps no permit from others', async () => {
    const post = await startWorker('life-cycles');
    const leave = { url: addresses.fake, query: 'SELECT endless', isRead: false };
    const read = { url: addresses.fake, query: 'SELECT 1', isRead: true };
    expect(await post({ ...leave, isShared: false })).toBe('left unread');
    expect(await post({ ...read, isShared: false })).toEqual([{ n: 1 }]);
    expect(await post({ ...leave, isShared: true })).toBe('left unread');
    expect(await post({ ...read, isShared: true })).toBe('QueueFullError');
  });
});

describe.skipIf(browserFile === undefined)('a page in Chromium', () => {
  it('runs the entry without Node.js against a server of another origin, which allows it', async () => {
    // The scenarios without a database: the HTTP front allows no other origin.
    const outcomes = { ...Object.fromEntries(Object.entries(everywhere).filter(([name]) => inPage.includes(name))), ...mayHaveSent };
    const { outputFiles } = await build({
      entryPoints: [join(folder, 'program.mjs')],
      bundle: true,
      format: 'iife',
      globalName: 'program',
      write: false,
      logLevel: 'silent',
    });
    await using own = await webServer();
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      await page.goto(own.url);
      await page.addScriptTag({ content: outputFiles[0]?.text ?? '' });
      const call = `program.run(${JSON.stringify(addresses)}, ${JSON.stringify(Object.keys(outcomes))})`;
      expect(await page.evaluate(call)).toEqual(outcomes);
    } finally {
      await browser.close();
    }
  });
});

/** The scenarios of `webProgram` that need only the scripted server. */
const inPage = [
  'configuration from variables',
  'a configuration without a server',
  'status 503 before a success',
  'status 503 for a write',
  'a page of a proxy',
  'a redirect',
  'a statement that is aborted',
  'a result that is aborted',
  'a deadline',
  'an exception after rows',
  'a connection that is lost after rows',
  '100 statements under 5 permits',
  'a full queue',
  'an open breaker, known to another service',
  'an error of the official client',
];
