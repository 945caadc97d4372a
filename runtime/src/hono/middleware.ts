import type { MiddlewareHandler } from 'hono';
import { assertOptions } from '../config/validate-options.js';
import { AppServices } from '../http/app-services.js';
import { type ClickHouseHttpOptions, type HttpService, httpRules } from '../http/options.js';
import { probeRoutes } from '../http/probe-routes.js';

declare module 'hono' {
  interface ContextVariableMap {
    /** The service of the application. Its statements are aborted if the client goes away. */
    readonly clickhouse: HttpService;
    /** Returns the service of `connections` with this name. Its statements are aborted if the client goes away. @throws ConfigError if there is none */
    readonly clickhouseOf: (name: string) => HttpService;
  }
}

/**
 * Returns the middleware for Hono: `app.use(clickHouseMiddleware())`, before the routes. It sets `c.var.clickhouse` and answers two probes.
 * @throws ConfigError if an option is unknown or invalid
 */
export function clickHouseMiddleware(options: ClickHouseHttpOptions = {}): MiddlewareHandler {
  assertOptions('clickHouseMiddleware', httpRules, options);
  const services = new AppServices(options);
  const probe = probeRoutes(services, options);
  return async (context, next) => {
    const answer = await probe(context.req.method, context.req.path);
    if (answer) return new Response(JSON.stringify(answer.body), { status: answer.status, headers: answer.headers });
    // The server of the run time aborts this signal if the client goes away.
    const { clickhouse, clickhouseOf } = services.forRequest(() => context.req.raw.signal);
    context.set('clickhouse', clickhouse);
    context.set('clickhouseOf', clickhouseOf);
    await next();
    return undefined;
  };
}
