import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { isObject } from '../config/validate-options.js';
import { failureResponse } from '../http/failure-response.js';
import type { HttpFailure } from '../http/http-status.js';
import { cutResponse } from '../http/node-response.js';
import type { FailureReport } from '../http/options.js';
import type { ProbeResponse } from '../http/probes.js';

/** Headers that belong to a body that is not sent. */
const bodyHeaders: ReadonlySet<string> = new Set(['content-encoding', 'content-length', 'etag', 'trailer', 'transfer-encoding']);

/**
 * Answers the failures of ClickHouse on the routes, and in the handlers of unknown paths, that are added to the scope later. All other errors
 * go to the error handler of the route, and of the application.
 * @param reportTo returns the report of a request with this log
 */
export function answerFailures(app: FastifyInstance, reportTo: (log: FastifyBaseLogger) => (failure: FailureReport) => void): void {
  const sending = new WeakSet<FastifyRequest>();
  app.addHook('onSend', (request, _reply, payload, done) => {
    sending.add(request);
    done(null, payload);
  });

  const answering = (own: RouteOptions['errorHandler']): NonNullable<RouteOptions['errorHandler']> =>
    function (error, request, reply) {
      const response = failureResponse(error, reportTo(request.log));
      if (response === undefined) {
        if (own) return own.call(this, error, request, reply);
        throw error;
      }
      if (reply.raw.headersSent) cutResponse(reply);
      // The hooks would fail again, and Fastify would then ask the next error handler, which may send the text of the error.
      else if (sending.has(request)) writeWithoutHooks(reply, response);
      else void send(reply, response);
    };

  app.addHook('onRoute', (route) => {
    route.errorHandler = answering(route.errorHandler);
  });
  // Fastify has no hook for such handlers. Scopes inside this one inherit the method.
  const setNotFoundHandler: unknown = Reflect.get(app, 'setNotFoundHandler');
  if (typeof setNotFoundHandler !== 'function') return;
  Object.defineProperty(app, 'setNotFoundHandler', {
    configurable: true,
    writable: true,
    value(this: FastifyInstance, ...parameters: readonly unknown[]): unknown {
      const [options, handler] = typeof parameters[0] === 'function' ? [{}, parameters[0]] : parameters;
      const withAnswers = { ...(isObject(options) && options), errorHandler: answering(undefined) };
      return Reflect.apply(setNotFoundHandler, this, [withAnswers, handler]);
    },
  });
}

/** Sends text, which no schema of a response changes. */
export function send(reply: FastifyReply, { status, headers, body }: HttpFailure | ProbeResponse): FastifyReply {
  return reply.code(status).headers(headers).send(JSON.stringify(body));
}

/** Writes a response with the headers that the hooks have set so far. */
function writeWithoutHooks(reply: FastifyReply, { status, headers, body }: HttpFailure): void {
  const text = JSON.stringify(body);
  const kept = Object.entries(reply.getHeaders()).filter(([name]) => !bodyHeaders.has(name));
  reply.hijack();
  for (const name of bodyHeaders) reply.raw.removeHeader(name);
  reply.raw.writeHead(status, { ...Object.fromEntries(kept), ...headers, 'content-length': Buffer.byteLength(text) });
  reply.raw.end(text);
}
