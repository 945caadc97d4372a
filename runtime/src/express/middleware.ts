import type { IncomingMessage, ServerResponse } from 'node:http';
import { assertOptions } from '../config/validate-options.js';
import { AppServices, type RequestServices } from '../http/app-services.js';
import { writeResponse } from '../http/node-response.js';
import { type ClickHouseHttpOptions, type HttpService, httpRules } from '../http/options.js';
import { probeRoutes } from '../http/probe-routes.js';
import { requestSignal } from '../http/request-signal.js';

declare global {
  namespace Express {
    interface Request {
      /** The service of the application. Its statements are aborted if the client goes away. */
      readonly clickhouse: HttpService;
      /** Returns the service of `connections` with this name. Its statements are aborted if the client goes away. @throws ConfigError if there is none */
      clickhouseOf(name: string): HttpService;
    }
  }
}

/** A middleware of Express, and of each framework that has the middleware of Connect. */
export type Middleware = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void;

/**
 * Returns the middleware for Express: `app.use(clickHouseMiddleware())`, before the routes. It adds `request.clickhouse` and answers two
 * probes.
 * @throws ConfigError if an option is unknown or invalid
 */
export function clickHouseMiddleware(options: ClickHouseHttpOptions = {}): Middleware {
  assertOptions('clickHouseMiddleware', httpRules, options);
  const services = new AppServices(options);
  const probe = probeRoutes(services, options);
  return (request, response, next) => {
    const [path = '/'] = (request.url ?? '/').split('?', 1);
    const answer = probe(request.method, path);
    if (answer) {
      answer.then((probed) => writeResponse(response, probed)).catch(next);
      return;
    }
    Object.defineProperties(request, propertiesOf(services.forRequest(() => requestSignal(response))));
    next();
  };
}

/** The properties of a request. Most requests use one service at most. */
function propertiesOf(services: RequestServices): PropertyDescriptorMap {
  return {
    clickhouse: { get: () => services.clickhouse, configurable: true },
    clickhouseOf: { value: services.clickhouseOf, writable: true, configurable: true },
  };
}
