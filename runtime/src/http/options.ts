import { anyFunction, isObject, objectWith, type OptionRule, type OptionRules } from '../config/validate-options.js';
import type { ClickHouseSsotError } from '../errors/index.js';
import type { ClickHouseConnectionManager } from '../manager/manager.js';
import type { ManagedClient } from '../statement/service.js';

/** A service as `clickHouse()` returns it. The test double and other services without a manager fit as well. */
export interface HttpService extends ManagedClient {
  /** The manager, for its health and its drain. A service without one is pinged and closed. Default: none. */
  readonly manager?: ClickHouseConnectionManager | undefined;
}

/** A failure of ClickHouse for a log. `error.toJSON()` contains no SQL, no credentials and no text of the server. */
export interface FailureReport {
  /** The failure, with its cause. */
  readonly error: ClickHouseSsotError;
  /** The HTTP status of the response. */
  readonly status: number;
}

/** Options of an error handler. */
export interface FailureOptions {
  /**
   * Receives each failure whose response hides it, for a log. Aborts by the client (499) are not reported. Default: writes the error's
   * `toJSON()` to the log of the framework, or to `console.error` if it has none. If it throws or rejects, the response stays the same, and a
   * process warning says so.
   */
  readonly onFailure?: ((report: FailureReport) => void) | undefined;
}

/** The services of one application. */
export interface AppServiceOptions {
  /** The service of the application. Default: `clickHouse()`. */
  readonly service?: HttpService | undefined;
  /** Further services by name, such as `{ analytics: clickHouse({ connection: 'analytics' }) }`. `default` is no such name. Default: none. */
  readonly connections?: Readonly<Record<string, HttpService>> | undefined;
}

/** Options that the adapters of Fastify, Express and Hono have in common. */
export interface ClickHouseHttpOptions extends AppServiceOptions, FailureOptions {
  /** Path of the readiness probe, which answers 200 if all services run statements, else 503. Default: `/readyz`. `false`: no route. */
  readonly readinessPath?: string | false | undefined;
  /** Path of the liveness probe, which answers 200 as long as the process responds. Default: `/livez`. `false`: no route. */
  readonly livenessPath?: string | false | undefined;
}

const service = objectWith('a service, such as clickHouse()', 'query', 'insert', 'command', 'exec', 'ping', 'close');

/** The path of a probe, or `false` for none. */
export const pathOrFalse: OptionRule = {
  expected: 'a path that begins with "/", or false',
  accepts: (value) => value === false || (typeof value === 'string' && value.startsWith('/')),
};

/** The valid values of `FailureOptions`. */
export const failureRules: OptionRules<FailureOptions> = { onFailure: anyFunction };

/** The valid values of `AppServiceOptions`. */
export const appServiceRules: OptionRules<AppServiceOptions> = {
  service,
  connections: {
    expected: 'services by name, such as { analytics: clickHouse({ connection: "analytics" }) }. The name default is that of "service"',
    accepts: (value) => isObject(value) && !('default' in value) && Object.values(value).every((each) => service.accepts(each)),
  },
};

/** The valid values of `ClickHouseHttpOptions`. */
export const httpRules: OptionRules<ClickHouseHttpOptions> = {
  ...appServiceRules,
  ...failureRules,
  readinessPath: pathOrFalse,
  livenessPath: pathOrFalse,
};
