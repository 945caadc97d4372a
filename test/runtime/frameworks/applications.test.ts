import { rmSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clickHouse } from '../../../runtime/src/index.js';
import { guardedPassword, type RealServer } from '../harness/real-server.js';
import { frontServer } from '../harness/test-servers.js';
import { request, sendUntilClosed } from './http-load.js';
import { compileNestApp } from './nest-program.js';
import { type AppProgram, type RunningApp, sourceApp, startApp } from './running-app.js';

const secret = 'wrong-secret-7f3a';
const rows = JSON.stringify([{ n: 0 }, { n: 1 }, { n: 2 }]);

let server: RealServer;
beforeAll(async () => {
  server = await frontServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const frameworks: readonly (readonly [string, () => AppProgram])[] = [
  ['Fastify', () => sourceApp('fastify')],
  ['Express', () => sourceApp('express')],
  ['Hono', () => sourceApp('hono')],
  ['NestJS as ES modules', () => compileNestApp('module')],
  ['NestJS as CommonJS', () => compileNestApp('commonjs')],
  ['NestJS with Fastify', () => compileNestApp('module', 'fastify')],
];

describe.each(frameworks)('an application of %s', (framework, programOf) => {
  let program: AppProgram;
  /** Both connections work. */
  let app: RunningApp;
  /** The server of the connection is away, and the password of the other connection is wrong. */
  let brokenApp: RunningApp;

  beforeAll(async () => {
    program = programOf();
    const analytics = { CLICKHOUSE_ANALYTICS_URL: server.url, CLICKHOUSE_ANALYTICS_USER: 'guarded' };
    [app, brokenApp] = await Promise.all([
      startApp(program, { CLICKHOUSE_URL: server.url, ...analytics, CLICKHOUSE_ANALYTICS_PASSWORD: guardedPassword }),
      startApp(program, { CLICKHOUSE_URL: 'http://127.0.0.1:1', ...analytics, CLICKHOUSE_ANALYTICS_PASSWORD: secret }),
    ]);
  });

  afterAll(async () => {
    await Promise.all([app[Symbol.asyncDispose](), brokenApp[Symbol.asyncDispose]()]);
    if (program.folder !== process.cwd()) rmSync(program.folder, { recursive: true });
  });

  it('is ready and alive', async () => {
    const connections = { default: 'ready', analytics: 'ready' };
    const { status, body } = await request(`${app.url}/readyz`);
    expect([status, JSON.parse(body)]).toEqual([200, { status: 'ready', connections }]);
    expect(await request(`${app.url}/livez`)).toMatchObject({ status: 200, body: expect.stringContaining('alive') });
  });

  it('answers hundreds of requests at once, over both connections', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 100 });
    const paths = Array.from({ length: 300 }, (_, index) => (index % 2 === 0 ? '/rows' : '/analytics'));
    const answers = await Promise.all(paths.map((path) => request(app.url + path, agent)));
    agent.destroy();
    expect(new Set(answers.map(({ status, body }) => `${status} ${body}`))).toEqual(new Set([`200 ${rows}`]));
  });

  it('aborts the statement of a client that goes away, also on the server', async () => {
    await using client = clickHouse({ url: server.url, env: false });
    const running = async () => {
      const result = await client.query({
        query: "SELECT count() AS n FROM system.processes WHERE query LIKE '%slow statement%' AND query NOT LIKE '%processes%'",
        format: 'JSONEachRow',
      });
      return Number((await result.json<{ n: string }>())[0]?.n);
    };
    const slow = get(`${app.url}/slow`).on('error', () => undefined);
    await expect.poll(running, { timeout: 30_000 }).toBe(1);
    slow.destroy();
    await expect.poll(running, { timeout: 30_000 }).toBe(0);
  });

  it('keeps its own errors and their responses', async () => {
    expect(await request(`${app.url}/own-error`)).toMatchObject({ status: 404, body: 'missing: order 7' });
    expect(await request(`${app.url}/no-such-route`)).toMatchObject({ status: 404 });
  });

  it('answers 503 with Retry-After while the server is away, is not ready, and stays alive', async () => {
    expect(await request(`${brokenApp.url}/rows`)).toMatchObject({
      status: 503,
      headers: { 'retry-after': expect.stringMatching(/^\d+$/), 'content-type': expect.stringContaining('application/problem+json') },
    });
    expect(await request(`${brokenApp.url}/readyz`)).toMatchObject({ status: 503 });
    expect(await request(`${brokenApp.url}/livez`)).toMatchObject({ status: 200 });
  });

  it('answers 500 for a wrong password, and neither the response nor the log has a secret', async () => {
    const { status, body, headers } = await request(`${brokenApp.url}/analytics`);
    expect(status).toBe(500);
    expect(JSON.parse(body)).toMatchObject({ status: 500, code: 'INTERNAL_ERROR' });
    for (const hidden of [secret, 'guarded', '127.0.0.1', 'SELECT', '516', 'ClickHouse'])
      expect(body + JSON.stringify({ ...headers, date: '' })).not.toContain(hidden);
    await expect.poll(() => brokenApp.output()).toContain('AuthenticationError');
    expect(brokenApp.output()).not.toContain(secret);
    expect(brokenApp.output()).not.toContain('SELECT');
  });

  it('answers each request that it has accepted before SIGTERM, and exits with 0', async () => {
    let termination: ReturnType<RunningApp['terminate']> | undefined;
    const answers = await sendUntilClosed(`${app.url}/rows`, 40, (count) => {
      if (count >= 200) termination ??= app.terminate();
    });
    const { exitCode, counts } = (await termination) ?? {};
    expect(exitCode).toBe(0);
    // Fastify answers requests that arrive while it closes with 503 itself.
    const complete = answers.filter(({ status }) => !(framework.endsWith('Fastify') && status === 503));
    expect(complete.length).toBeGreaterThanOrEqual(200);
    expect(new Set(complete.map(({ status, body }) => `${status} ${body}`))).toEqual(new Set([`200 ${rows}`]));
    // The statement of the client that went away.
    expect(counts?.lost).toBe(1);
  });
});
