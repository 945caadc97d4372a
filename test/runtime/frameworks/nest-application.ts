import 'reflect-metadata';
import {
  type ArgumentsHost,
  Catch,
  Controller,
  type ExceptionFilter,
  Get,
  type INestApplication,
  type ModuleMetadata,
  Res,
} from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import type { ServerResponse } from 'node:http';

/** The platforms of NestJS. */
export type Platform = 'Express' | 'Fastify';

/** A response of Express, or a reply of Fastify. */
export type PlatformResponse = ServerResponse | { readonly raw: ServerResponse };

/** Returns a controller with one route at each path. */
export function controllerOf(routes: Readonly<Record<string, (response: PlatformResponse) => unknown>>, prefix = '') {
  class TestController {
    readonly name = 'test';
  }
  Controller(prefix)(TestController);
  for (const [path, route] of Object.entries(routes)) {
    Object.defineProperty(TestController.prototype, path, { value: route, configurable: true });
    // A route that takes the response writes it itself.
    if (route.length > 0) Res()(TestController.prototype, path, 0);
    Get(path)(TestController.prototype, path, Object.getOwnPropertyDescriptor(TestController.prototype, path) ?? {});
  }
  return TestController;
}

/** Returns an exception filter. @param kinds the classes of errors that it catches. None: all. */
export function filterOf(status: number, text: string, ...kinds: readonly (abstract new (...args: never) => unknown)[]): ExceptionFilter {
  class TestFilter implements ExceptionFilter {
    catch(_error: unknown, context: ArgumentsHost): void {
      context.switchToHttp().getResponse<{ status(code: number): { send(body: string): void } }>().status(status).send(text);
    }
  }
  Catch(...kinds)(TestFilter);
  return new TestFilter();
}

/** An application of NestJS that listens. */
export interface ListeningApp extends AsyncDisposable {
  readonly app: INestApplication;
  readonly url: string;
}

/** Starts an application on a platform. @param prepare called before it starts */
export async function listen(
  platform: Platform,
  metadata: ModuleMetadata,
  prepare: { readonly override?: (builder: TestingModuleBuilder) => unknown; readonly app?: (app: INestApplication) => unknown } = {},
): Promise<ListeningApp> {
  const builder = Test.createTestingModule(metadata);
  prepare.override?.(builder);
  const module = await builder.compile();
  const app: INestApplication =
    platform === 'Fastify'
      ? module.createNestApplication(new FastifyAdapter(), { logger: false })
      : module.createNestApplication({ logger: false });
  prepare.app?.(app);
  await app.listen(0, '127.0.0.1');
  return { app, url: await app.getUrl(), [Symbol.asyncDispose]: () => app.close() };
}
