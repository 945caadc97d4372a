import express from 'express';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import Fastify, { type FastifyInstance } from 'fastify';
import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { clickHouseErrorHandler as expressErrorHandler, clickHouseMiddleware as expressMiddleware } from '../../../runtime/src/express.js';
import { clickHousePlugin, type ClickHousePluginOptions } from '../../../runtime/src/fastify.js';
import { clickHouseErrorHandler, clickHouseMiddleware } from '../../../runtime/src/hono.js';
import { clickHouse, ConfigError, ManagerClosedError } from '../../../runtime/src/index.js';
import { createTestService } from '../../../runtime/src/testing.js';
import { fakeServer } from '../harness/fake-server.js';

const query = { query: 'SELECT n FROM t', format: 'JSONEachRow' } as const;
const double = () => createTestService([{ when: 'FROM t', rows: [{ n: 1 }] }]);
const failing = () => createTestService([{ when: 'FROM t', error: new Error('Code: 241. DB::Exception: Memory limit exceeded') }]);

afterEach(() => vi.restoreAllMocks());

describe('the Fastify plugin', () => {
  const readRows = async (app: Pick<FastifyInstance, 'clickhouse'>) => (await app.clickhouse.query(query)).json();

  it('runs with the test double, which it closes with the application', async () => {
    const service = double();
    const app = Fastify();
    await app.register(clickHousePlugin, { service });
    app.get('/', () => readRows(app));
    expect((await app.inject('/')).json()).toEqual([{ n: 1 }]);
    expect((await app.inject('/readyz')).json()).toEqual({ status: 'ready', connections: { default: 'ready' } });
    await app.close();
    await expect(service.query(query)).rejects.toBeInstanceOf(ManagerClosedError);
  });

  it('applies prefix and logLevel of Fastify to its probes', async () => {
    const lines: string[] = [];
    const app = Fastify({ logger: { stream: { write: (line: string) => void lines.push(line) } } });
    await app.register(clickHousePlugin, { service: double(), prefix: '/internal', logLevel: 'silent' });
    app.get('/', () => readRows(app));
    expect((await app.inject('/internal/livez')).statusCode).toBe(200);
    expect((await app.inject('/internal/readyz')).statusCode).toBe(200);
    expect(lines).toEqual([]);
    expect((await app.inject('/livez')).statusCode).toBe(404);
    expect((await app.inject('/')).json()).toEqual([{ n: 1 }]);
    await app.close();
  });

  it('answers failures also if the application sets its error handler before, later or for a route', async () => {
    const onFailure = vi.fn();
    const app = Fastify();
    app.setErrorHandler((error, _request, reply) => reply.code(418).send(`before: ${String(error)}`));
    await app.register(clickHousePlugin, { service: failing(), onFailure });
    app.get('/', () => readRows(app));
    app.get('/foreign', () => Promise.reject(new Error('mine')));
    await app.register(async (scope) => {
      scope.setErrorHandler((error, _request, reply) => reply.code(419).send(`scope: ${String(error)}`));
      scope.get('/scope', () => readRows(app));
      scope.get('/scope/foreign', () => Promise.reject(new Error('mine')));
    });
    app.get('/route', {
      handler: (request) => (request.query === undefined ? [] : Promise.reject(new Error('mine'))),
      errorHandler: (error, _request, reply) => void reply.code(420).send(`route: ${String(error)}`),
    });
    const statusOf = async (path: string) => [(await app.inject(path)).statusCode, (await app.inject(path)).body];
    expect(await statusOf('/')).toEqual([500, expect.stringContaining('INTERNAL_ERROR')]);
    expect(await statusOf('/scope')).toEqual([500, expect.stringContaining('INTERNAL_ERROR')]);
    expect(await statusOf('/foreign')).toEqual([418, 'before: Error: mine']);
    expect(await statusOf('/scope/foreign')).toEqual([419, 'scope: Error: mine']);
    expect(await statusOf('/route')).toEqual([420, 'route: Error: mine']);
    expect(onFailure).toHaveBeenCalledWith({ error: expect.objectContaining({ kind: 'ResourceLimitError' }), status: 500 });
    await app.close();
  });

  it('answers failures of the handler for unknown paths, of the application or of a scope, and of their hooks', async () => {
    const app = Fastify();
    app.setErrorHandler((error, _request, reply) => reply.code(418).send(`own: ${String(error)}`));
    await app.register(clickHousePlugin, { service: failing(), onFailure: () => undefined });
    app.setNotFoundHandler((request) => (request.url === '/foreign' ? Promise.reject(new Error('mine')) : readRows(app)));
    await app.register(
      async (scope) => {
        scope.setNotFoundHandler({ preHandler: () => readRows(app) }, (_request, reply) => reply.send('unreachable'));
      },
      { prefix: '/scope' },
    );
    for (const path of ['/unknown', '/scope/unknown']) {
      const answer = await app.inject(path);
      expect([answer.statusCode, answer.headers['content-type']]).toEqual([500, expect.stringContaining('application/problem+json')]);
    }
    expect((await app.inject('/foreign')).body).toBe('own: Error: mine');
    await app.close();
  });

  it('sends its answers through the onSend hooks, as other answers', async () => {
    const sent: unknown[] = [];
    const app = Fastify();
    await app.register(clickHousePlugin, { service: failing(), onFailure: () => undefined });
    app.addHook('onSend', async (_request, reply, payload) => {
      sent.push(payload);
      reply.header('x-request', '7');
      return String(payload).replace('INTERNAL_ERROR', 'REPLACED');
    });
    app.get('/', () => readRows(app));
    app.setNotFoundHandler(() => readRows(app));
    for (const path of ['/', '/unknown']) {
      const { headers, statusCode, body } = await app.inject(path);
      expect([statusCode, headers['x-request'], JSON.parse(body)]).toEqual([500, '7', expect.objectContaining({ code: 'REPLACED' })]);
    }
    expect(sent).toHaveLength(2);
    await app.close();
  });

  it('answers the failure of an onSend hook without the text of the server, once', async () => {
    const onFailure = vi.fn();
    const app = Fastify();
    await app.register(clickHousePlugin, { service: failing(), onFailure });
    app.addHook('onRequest', async (_request, reply) => void reply.header('access-control-allow-origin', '*'));
    app.addHook('onSend', () => readRows(app));
    app.get('/', () => 'rows');
    const { headers, statusCode, body } = await app.inject('/');
    expect([statusCode, JSON.parse(body)]).toEqual([500, expect.objectContaining({ code: 'INTERNAL_ERROR' })]);
    expect(headers).toMatchObject({
      'content-type': expect.stringContaining('application/problem+json') as string,
      'access-control-allow-origin': '*',
    });
    expect(onFailure).toHaveBeenCalledOnce();
    await app.close();
  });

  it('answers the failure of a stream before its first byte, and cuts the connection after it', async () => {
    const app = Fastify();
    await app.register(clickHousePlugin, { service: failing(), onFailure: () => undefined });
    app.addHook('onSend', async (_request, reply) => void reply.header('content-encoding', 'identity'));
    const failure = await readRows(app).catch((error: unknown) => error);
    app.get('/before', (_request, reply) =>
      reply.send(
        new Readable({
          read() {
            this.destroy(failure as Error);
          },
        }),
      ),
    );
    app.get('/after', async (_request, reply) => {
      reply.raw.write('row 1');
      await readRows(app);
    });
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    const response = await fetch(`${url}/before`);
    expect([response.status, await response.json()]).toEqual([500, expect.objectContaining({ code: 'INTERNAL_ERROR' })]);
    expect(response.headers.get('content-encoding')).toBeNull();
    await expect(fetch(`${url}/after`).then((begun) => begun.text())).rejects.toThrow();
    await app.close();
  });

  it('keeps the options of each registration in its scope', async () => {
    const [first, second] = [vi.fn(), vi.fn()];
    const app = Fastify();
    app.setErrorHandler((_error, _request, reply) => reply.code(418).send('own'));
    const scopes: readonly (readonly [string, Pick<ClickHousePluginOptions, 'onFailure' | 'mapErrors'>])[] = [
      ['/first', { onFailure: first }],
      ['/second', { onFailure: second }],
      ['/unmapped', { mapErrors: false }],
    ];
    for (const [prefix, options] of scopes)
      await app.register(
        async (scope) => {
          await scope.register(clickHousePlugin, { service: failing(), ...options });
          scope.get('/', async ({ clickhouse }) => (await clickhouse.query(query)).json());
          scope.setNotFoundHandler(() => readRows(scope));
        },
        { prefix },
      );
    for (const path of ['', '/unknown']) {
      expect((await app.inject(`/first${path}`)).statusCode).toBe(500);
      expect((await app.inject(`/second${path}`)).statusCode).toBe(500);
      expect((await app.inject(`/unmapped${path}`)).body).toBe('own');
    }
    expect([first.mock.calls.length, second.mock.calls.length]).toEqual([2, 2]);
    expect((await app.inject('/second/livez')).statusCode).toBe(200);
    await app.close();
  });

  it('rejects a second registration in one scope, and names the option for several connections', async () => {
    const app = Fastify();
    await app.register(clickHousePlugin, { service: double() });
    const second = app.register(clickHousePlugin, { service: double(), readinessPath: false, livenessPath: false });
    await expect(second).rejects.toThrow(
      'found a second registration in this scope or in one around it, expected one registration with several "connections"',
    );
    await app.close();
  });

  it('leaves all errors to the application without mapErrors, and adds no probe without a path', async () => {
    const app = Fastify();
    await app.register(clickHousePlugin, { service: failing(), mapErrors: false, readinessPath: false, livenessPath: '/alive' });
    app.setErrorHandler((error, _request, reply) => reply.code(418).send(error instanceof Error ? error.name : ''));
    app.get('/', () => readRows(app));
    expect((await app.inject('/')).body).toBe('ResourceLimitError');
    expect((await app.inject('/readyz')).statusCode).toBe(404);
    expect((await app.inject('/alive')).statusCode).toBe(200);
    await app.close();
  });

  it('names the connections that exist', async () => {
    const app = Fastify();
    await app.register(clickHousePlugin, { service: double(), connections: { analytics: double() } });
    expect(() => app.clickhouseOf('analytic')).toThrow('found no "analytic", expected one of "analytics"');
    await app.close();
  });

  it('rejects an option that it does not know', async () => {
    await expect(Fastify().register(clickHousePlugin, { readyPath: '/r' } as object)).rejects.toThrow('readinessPath');
  });

  it('drains a connection with the last application that uses it', async () => {
    await using server = await fakeServer((response) => response.end('{"n":1}\n'));
    const service = clickHouse({ url: server.url, env: false });
    const [first, second] = [Fastify(), Fastify()];
    for (const app of [first, second]) await app.register(clickHousePlugin, { service });
    const { manager } = service;
    await first.close();
    expect(manager.state).toBe('open');
    await second.close();
    expect(manager.state).toBe('closed');
  });

  it('reports an invalid configuration in the readiness probe', async () => {
    const onFailure = vi.fn();
    const app = Fastify();
    await app.register(clickHousePlugin, { service: clickHouse({ url: 'ftp://secret', env: false }), onFailure });
    const { statusCode, body } = await app.inject('/readyz');
    expect([statusCode, JSON.parse(body)]).toEqual([503, { status: 'down', connections: { default: 'down' } }]);
    expect(onFailure).toHaveBeenCalledWith({ error: expect.any(ConfigError), status: 503 });
    await app.close();
  });
});

describe('the error handler of Express', () => {
  it('cuts the connection of a response that has begun, and logs no text of the error', async () => {
    const onFailure = vi.fn();
    const logged = vi.spyOn(console, 'error').mockReturnValue();
    const app = express();
    app.get('/', async (_request, response) => {
      response.write('row 1');
      await failing().query(query);
    });
    app.use(expressErrorHandler({ onFailure }));
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(fetch(`http://127.0.0.1:${port}`).then((response) => response.text())).rejects.toThrow();
    expect(onFailure).toHaveBeenCalledTimes(1);
    expect(logged).not.toHaveBeenCalled();
    server.close();
  });

  it('has four parameters, by which Express recognises it', () => {
    expect(expressErrorHandler()).toHaveLength(4);
    expect(express().use(expressMiddleware({ service: double() }), expressErrorHandler())).toBeDefined();
  });
});

describe('the adapter of Hono', () => {
  const appWith = (service: ReturnType<typeof createTestService>) => {
    const app = new Hono();
    app.use(clickHouseMiddleware({ service }));
    app.get('/', async (c) => c.json((await (await c.var.clickhouse.query(query)).json<{ n: number }>())[0] ?? { n: 0 }));
    app.get('/http', () => {
      throw new HTTPException(401, { message: 'no token' });
    });
    app.get('/foreign', () => {
      throw new Error('mine');
    });
    return app;
  };

  it('runs without a server', async () => {
    const app = appWith(double());
    expect(await (await app.request('/')).json()).toEqual({ n: 1 });
    expect(await (await app.request('/readyz')).json()).toMatchObject({ status: 'ready' });
  });

  it('answers failures, and all other errors as Hono does', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue(undefined);
    const app = appWith(failing());
    const plain = appWith(failing());
    app.onError(clickHouseErrorHandler());
    expect((await app.request('/')).headers.get('content-type')).toBe('application/problem+json');
    expect(log).toHaveBeenCalledWith(expect.stringContaining('ResourceLimitError'));
    expect(log).not.toHaveBeenCalledWith(expect.stringContaining('Memory limit exceeded'));
    for (const path of ['/http', '/foreign']) {
      const [answer, expected] = [await app.request(path), await plain.request(path)];
      expect([answer.status, await answer.text()]).toEqual([expected.status, await expected.text()]);
    }
  });

  it('aborts statements with the signal of the request', async () => {
    const service = double();
    const request = new Request('http://localhost/', { signal: AbortSignal.abort() });
    const app = appWith(service);
    app.onError(clickHouseErrorHandler());
    expect((await app.request(request)).status).toBe(499);
  });
});
