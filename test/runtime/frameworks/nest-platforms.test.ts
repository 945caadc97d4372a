import type { DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ClickHouseSsotError } from '../../../runtime/src/index.js';
import { ClickHouseModule, clickHouseToken, type FailureReport } from '../../../runtime/src/nestjs.js';
import { createTestService } from '../../../runtime/src/testing.js';
import type { TestingModuleBuilder } from '@nestjs/testing';
import { controllerOf, filterOf, listen, type Platform } from './nest-application.js';

const query = { query: 'SELECT n FROM t', format: 'JSONEachRow' } as const;
const double = () => createTestService([{ when: 'FROM t', rows: [{ n: 1 }] }]);
const failing = () => createTestService([{ when: 'FROM t', error: new Error('Code: 241. DB::Exception: Memory limit exceeded') }]);
const failed = { status: 500, title: 'Internal Server Error', code: 'INTERNAL_ERROR', detail: expect.any(String) as string };
const read = () => failing().query(query);
const answerOf = async (url: string) => {
  const response = await fetch(url);
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => response.text());
  return { status: response.status, body };
};

afterEach(() => vi.restoreAllMocks());

describe.each<Platform>(['Express', 'Fastify'])('NestJS with %s', (platform) => {
  it('answers failures as problem documents', async () => {
    const onFailure = vi.fn();
    await using listening = await listen(platform, {
      imports: [ClickHouseModule.forRoot({ service: double(), onFailure })],
      controllers: [controllerOf({ rows: read })],
    });
    const response = await fetch(`${listening.url}/rows`);
    expect([response.status, await response.json()]).toEqual([500, failed]);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(onFailure).toHaveBeenCalledOnce();
  });

  it('leaves failures to the application without mapErrors', async () => {
    await using listening = await listen(platform, {
      imports: [ClickHouseModule.forRoot({ service: double(), mapErrors: false })],
      controllers: [controllerOf({ rows: read })],
    });
    expect((await answerOf(`${listening.url}/rows`)).body).toEqual({ statusCode: 500, message: 'Internal server error' });
  });

  it('cuts the connection of a response that has begun', async () => {
    await using listening = await listen(platform, {
      imports: [ClickHouseModule.forRoot({ service: double(), onFailure: () => undefined })],
      controllers: [
        controllerOf({
          rows: async (response) => {
            ('raw' in response ? response.raw : response).write('row 1');
            await read();
          },
        }),
      ],
    });
    await expect(fetch(`${listening.url}/rows`).then((response) => response.text())).rejects.toThrow();
  });

  describe('the filters of the application', () => {
    const module = (onFailure?: (report: FailureReport) => void) => ClickHouseModule.forRoot({ service: double(), onFailure });
    const controllers = [controllerOf({ rows: read, foreign: () => Promise.reject(new TypeError('mine')) })];
    const ownFilter = filterOf(418, 'own answer', ClickHouseSsotError);

    it.each([
      ['before', (own: DynamicModule, imported: DynamicModule) => [own, imported]],
      ['after', (own: DynamicModule, imported: DynamicModule) => [imported, own]],
    ])('are asked first if APP_FILTER is in a module that is imported %s this one', async (_, inOrder) => {
      class OwnModule {
        readonly name = 'own';
      }
      const onFailure = vi.fn();
      const own = { module: OwnModule, providers: [{ provide: APP_FILTER, useValue: ownFilter }] };
      await using listening = await listen(platform, { imports: inOrder(own, module(onFailure)), controllers });
      expect(await answerOf(`${listening.url}/rows`)).toEqual({ status: 418, body: 'own answer' });
      expect(onFailure).not.toHaveBeenCalled();
    });

    it('are asked first if APP_FILTER is in the root module', async () => {
      const providers = [{ provide: APP_FILTER, useFactory: () => ownFilter }];
      await using listening = await listen(platform, { imports: [module()], controllers, providers });
      expect(await answerOf(`${listening.url}/rows`)).toEqual({ status: 418, body: 'own answer' });
    });

    it('are asked first if useGlobalFilters registers them', async () => {
      await using listening = await listen(
        platform,
        { imports: [module()], controllers },
        { app: (app) => app.useGlobalFilters(ownFilter) },
      );
      expect(await answerOf(`${listening.url}/rows`)).toEqual({ status: 418, body: 'own answer' });
    });

    it('answer other errors, and leave those of ClickHouse to this package', async () => {
      const providers = [{ provide: APP_FILTER, useValue: filterOf(419, 'a type error', TypeError) }];
      await using listening = await listen(platform, { imports: [module(() => undefined)], controllers, providers });
      expect(await answerOf(`${listening.url}/foreign`)).toEqual({ status: 419, body: 'a type error' });
      expect(await answerOf(`${listening.url}/rows`)).toEqual({ status: 500, body: failed });
    });
  });

  it('answers and reports a failure once with several modules, also if the report of one fails', async () => {
    const warned = vi.spyOn(process, 'emitWarning').mockReturnValue();
    const reported: unknown[] = [];
    const shared = ({ error }: FailureReport) => void reported.push(error.kind);
    const broken = () => {
      throw new Error('no log');
    };
    const answers = vi.fn();
    await using listening = await listen(
      platform,
      {
        imports: [
          ClickHouseModule.forRootAsync({ name: 'broken', useFactory: () => ({ service: double(), onFailure: broken }) }),
          ClickHouseModule.forRoot({ service: double(), onFailure: shared }),
          ClickHouseModule.forRoot({ name: 'analytics', service: double(), onFailure: shared }),
          ClickHouseModule.forRoot({ name: 'silent', service: double(), mapErrors: false }),
        ],
        controllers: [controllerOf({ rows: read })],
      },
      {
        app: (app) => {
          const adapter = app.getHttpAdapter();
          const reply = adapter.reply.bind(adapter);
          adapter.reply = (...parameters: Parameters<typeof reply>) => {
            answers();
            return reply(...parameters) as unknown;
          };
        },
      },
    );
    expect(await answerOf(`${listening.url}/rows`)).toEqual({ status: 500, body: failed });
    expect(answers).toHaveBeenCalledOnce();
    expect(reported).toEqual(['ResourceLimitError']);
    await vi.waitFor(() => expect(warned).toHaveBeenCalledWith(expect.stringContaining('no log'), 'ClickHouseSsotWarning'));
  });

  describe('the probes', () => {
    it('answer as those of the other adapters, for the services of all modules', async () => {
      await using listening = await listen(platform, {
        imports: [
          ClickHouseModule.forRoot({ service: double() }),
          ClickHouseModule.forRootAsync({ name: 'analytics', useFactory: async () => ({ service: double() }) }),
        ],
      });
      expect(await answerOf(`${listening.url}/livez`)).toEqual({ status: 200, body: { status: 'alive' } });
      const ready = { status: 'ready', connections: { default: 'ready', analytics: 'ready' } };
      expect(await answerOf(`${listening.url}/readyz`)).toEqual({ status: 200, body: ready });
      const { headers, status } = await fetch(`${listening.url}/readyz`, { method: 'HEAD' });
      expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
      expect(headers.get('content-type')).toContain('application/json');
    });

    it('answer 503 with Retry-After if a service runs no statements, and report the failure', async () => {
      const onFailure = vi.fn();
      const broken = double();
      vi.spyOn(broken, 'ping').mockResolvedValue({ success: false, error: new Error('Code: 516. DB::Exception: Authentication failed') });
      await using listening = await listen(platform, { imports: [ClickHouseModule.forRoot({ service: broken, onFailure })] });
      const response = await fetch(`${listening.url}/readyz`);
      expect([response.status, await response.json()]).toEqual([503, { status: 'down', connections: { default: 'down' } }]);
      expect(response.headers.get('retry-after')).toBe('1');
      expect(onFailure).toHaveBeenCalledWith({ error: expect.objectContaining({ kind: 'AuthenticationError' }), status: 503 });
      expect((await answerOf(`${listening.url}/livez`)).status).toBe(200);
    });

    it('need no authentication, and have no global prefix', async () => {
      await using listening = await listen(
        platform,
        {
          imports: [ClickHouseModule.forRoot({ service: double() })],
          controllers: [controllerOf({ rows: () => 'rows' })],
          providers: [{ provide: APP_GUARD, useValue: { canActivate: () => false } }],
        },
        { app: (app) => app.setGlobalPrefix('api') },
      );
      expect((await answerOf(`${listening.url}/api/rows`)).status).toBe(403);
      expect((await answerOf(`${listening.url}/livez`)).status).toBe(200);
      expect((await answerOf(`${listening.url}/readyz`)).status).toBe(200);
    });

    it('have the paths that one of the modules names, and leave other paths to the controllers', async () => {
      await using listening = await listen(platform, {
        imports: [
          ClickHouseModule.forRoot({ service: double(), readinessPath: '/health/ready', livenessPath: false }),
          ClickHouseModule.forRoot({ name: 'analytics', service: double() }),
        ],
        controllers: [controllerOf({ readyz: () => 'own' })],
      });
      expect((await answerOf(`${listening.url}/health/ready`)).status).toBe(200);
      expect((await answerOf(`${listening.url}/livez`)).status).toBe(404);
      expect(await answerOf(`${listening.url}/readyz`)).toEqual({ status: 200, body: 'own' });
    });

    it('check the service by which a test replaces the real one', async () => {
      const imports = [ClickHouseModule.forRootAsync({ useFactory: () => Promise.reject(new Error('no environment')) })];
      const override = (builder: TestingModuleBuilder) => builder.overrideProvider(clickHouseToken()).useValue(double());
      await using listening = await listen(platform, { imports }, { override });
      expect((await answerOf(`${listening.url}/readyz`)).status).toBe(200);
    });
  });
});
