import type { FastifyBaseLogger, FastifyInstance, FastifyPluginAsync, FastifyRequest, RouteShorthandOptions } from 'fastify';
import {
  anyBoolean,
  anyObject,
  anyText,
  assertOptions,
  assertParameter,
  atLeast,
  objectWith,
  type OptionRules,
} from '../config/validate-options.js';
import { waitAtMost } from '../concurrency/wait.js';
import { AppServices, type RequestServices } from '../http/app-services.js';
import { ConfigError } from '../errors/index.js';
import { watchConnections } from '../http/server-connections.js';
import { type ClickHouseHttpOptions, type FailureReport, type HttpService, httpRules } from '../http/options.js';
import { OpenResponses } from '../http/open-responses.js';
import { alive, checkReadiness } from '../http/probes.js';
import { type ObservedResponse, requestSignal } from '../http/request-signal.js';
import { answerFailures, send } from './failures.js';

declare module 'fastify' {
  interface FastifyInstance {
    /** The service of the application. */
    readonly clickhouse: HttpService;
    /** Returns the service of `connections` with this name. @throws ConfigError if there is none */
    clickhouseOf(name: string): HttpService;
  }
  interface FastifyRequest {
    /** The service of the application. Its statements are aborted if the client goes away. */
    readonly clickhouse: HttpService;
    /** Returns the service of `connections` with this name. Its statements are aborted if the client goes away. @throws ConfigError if there is none */
    clickhouseOf(name: string): HttpService;
  }
}

/** Options of the Fastify plugin. */
export interface ClickHousePluginOptions extends ClickHouseHttpOptions {
  /** Whether the plugin answers requests that failed because of ClickHouse. With `false`, your error handler does. Default: `true`. */
  readonly mapErrors?: boolean | undefined;
  /** Maximum time of running statements when the application closes, in milliseconds. Default: 10,000. */
  readonly drainTimeoutMs?: number | undefined;
  /** Start of the paths of both probes, which begins with "/". Default: that of the scope that registers the plugin. */
  readonly prefix?: string | undefined;
  /** Level of the log lines of both probes, such as `silent`. Default: that of the application. */
  readonly logLevel?: RouteShorthandOptions['logLevel'] | undefined;
  /** Serializers of the log lines of both probes. Default: those of the application. */
  readonly logSerializers?: RouteShorthandOptions['logSerializers'] | undefined;
}

const rules: OptionRules<ClickHousePluginOptions> = {
  ...httpRules,
  mapErrors: anyBoolean,
  drainTimeoutMs: atLeast(0),
  prefix: { expected: 'a path that begins with "/"', accepts: (value) => typeof value === 'string' && /^(?:\/|$)/.test(value) },
  logLevel: anyText,
  logSerializers: anyObject,
};

/**
 * The Fastify plugin: `await app.register(clickHousePlugin)`, before the routes. It adds `app.clickhouse`, `request.clickhouse`, two probes
 * and the responses to failures of ClickHouse. When the application closes, it drains its connections after the last request.
 * @throws ConfigError if an option is unknown or invalid
 */
export const clickHousePlugin: FastifyPluginAsync<ClickHousePluginOptions> = Object.assign(plugin, {
  // Fastify documents this property: without it, the decorations would belong to a scope of the plugin.
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: 'clickHousePlugin',
});

async function plugin(app: FastifyInstance, options: ClickHousePluginOptions): Promise<void> {
  assertParameter('clickHousePlugin.app', objectWith('a call by `app.register(clickHousePlugin)`', 'decorate', 'addHook'), app);
  assertOptions('clickHousePlugin', rules, options);
  const { readinessPath = '/readyz', livenessPath = '/livez', mapErrors = true, drainTimeoutMs = 10_000, onFailure } = options;
  if (app.hasDecorator('clickhouse'))
    throw new ConfigError([
      {
        key: 'clickHousePlugin',
        found: 'a second registration in this scope or in one around it',
        expected: 'one registration with several "connections", or scopes beside each other',
      },
    ]);
  const services = new AppServices(options).open();
  decorate(app, services);
  const reportTo = (log: FastifyBaseLogger) => onFailure ?? ((failure: FailureReport) => writeTo(log, failure));
  // Fastify applies these options itself only to a plugin with a scope of its own.
  const { prefix = '', logLevel, logSerializers } = options;
  const route = { ...(logLevel !== undefined && { logLevel }), ...(logSerializers && { logSerializers }) };
  if (livenessPath !== false) app.get(`${prefix}${livenessPath}`, route, (_request, reply) => send(reply, alive));
  if (readinessPath !== false)
    app.get(`${prefix}${readinessPath}`, route, async (request, reply) =>
      send(reply, await checkReadiness(services, reportTo(request.log))),
    );
  if (mapErrors) answerFailures(app, reportTo);

  const connections = watchConnections(app.server);
  app.addHook('preClose', async () => connections.end(drainTimeoutMs));
  const responses = new OpenResponses();
  app.addHook('onRequest', (_request, reply, done) => {
    responses.add(reply.raw);
    done();
  });
  app.addHook('onClose', async () => {
    // The server has answered all requests, but not those of its further addresses.
    await waitAtMost(drainTimeoutMs, responses.whenEnded());
    await services.drain({ timeoutMs: drainTimeoutMs });
  });
}

function decorate(app: FastifyInstance, services: AppServices): void {
  const responses = new WeakMap<FastifyRequest, ObservedResponse>();
  const ofRequest = (request: FastifyRequest): RequestServices =>
    services.forRequest(() => {
      const response = responses.get(request);
      if (!response)
        throw new ConfigError([
          { key: 'clickHousePlugin', found: 'a request before the plugin', expected: 'the plugin before the hooks that use it' },
        ]);
      return requestSignal(response);
    });
  app.decorate('clickhouse', services.main);
  app.decorate('clickhouseOf', (name: string) => services.named(name));
  app.decorateRequest('clickhouse', {
    getter() {
      return ofRequest(this).clickhouse;
    },
  });
  app.decorateRequest('clickhouseOf', function (name: string) {
    return ofRequest(this).clickhouseOf(name);
  });
  // A request of Fastify does not know its response.
  app.addHook('onRequest', (request, reply, done) => {
    responses.set(request, reply.raw);
    done();
  });
}

function writeTo(log: FastifyBaseLogger, { error, status }: FailureReport): void {
  log.error({ clickhouse: error.toJSON(), status }, 'ClickHouse failure');
}
