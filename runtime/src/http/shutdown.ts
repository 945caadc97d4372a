import { EventEmitter } from 'node:events';
import { closeClickHouse } from '../accessor/accessors.js';
import { waitAtMost } from '../concurrency/wait.js';
import { ConfigError } from '../errors/index.js';
import { drainAtSignals, type SignalOptions } from '../manager/shutdown.js';
import { watchConnections, type WatchedServer } from './server-connections.js';

/** An HTTP, HTTPS or HTTP/2 server of Node.js. */
export interface ClosableServer extends WatchedServer {
  /** Takes no further connections. Calls back when all connections have ended. */
  close(callback?: (error?: Error) => void): unknown;
  /** Closes all connections, also those that carry a request. */
  closeAllConnections?(): void;
}

/** An application of a framework, such as Fastify or NestJS. */
export interface ClosableApp {
  /** Takes no further requests. Resolves when all running ones have been answered. */
  close(): PromiseLike<unknown>;
}

/**
 * Shuts the process down at SIGTERM and SIGINT, in this order: takes no further requests, waits for the running ones, drains all connections
 * as `closeClickHouse()` does, and exits with 0, or with 1 if the drain failed. A second signal ends the process at once.
 *
 * Requests and statements have `timeoutMs` together, 10 seconds by default. After it, connections are closed, and statements are
 * terminated.
 * @param target an HTTP server, right after its creation, or an application with a method `close()` that returns a promise
 * @returns a function, which is also a `Disposable`, that removes the listeners of the signals
 * @throws ConfigError if the target cannot be closed, as an application of Express; or if an option is unknown or invalid
 */
export function shutdownOnSignals(target: ClosableServer | ClosableApp, options: SignalOptions = {}): (() => void) & Disposable {
  if (typeof Reflect.get(Object(target), 'close') !== 'function')
    throw new ConfigError([
      { key: 'target', found: 'no method close', expected: 'the server that listen() returns, or an application with a method close()' },
    ]);
  const app: Closable = target instanceof EventEmitter ? appOf(target) : { close: () => target.close(), cut: () => undefined };
  return drainAtSignals(
    {
      drain: async ({ timeoutMs = Infinity }) => {
        const start = performance.now();
        if (!(await settlesWithin(timeoutMs, app.close()))) {
          process.emitWarning(
            `Requests were still running ${timeoutMs} ms after the signal, and are terminated. Raise timeoutMs of shutdownOnSignals, or find out what they wait for.`,
            'ClickHouseSsotWarning',
          );
          app.cut();
        }
        await closeClickHouse({ timeoutMs: Math.max(0, timeoutMs - (performance.now() - start)) });
      },
    },
    options,
    'shutdownOnSignals',
  );
}

/** A server or an application. */
interface Closable extends ClosableApp {
  /** Closes all connections. An application has none that are known here: the exit of the process closes them. */
  cut(): void;
}

/** Returns a server as an application. */
function appOf(server: ClosableServer): Closable {
  const connections = watchConnections(server);
  return {
    close: () =>
      new Promise<void>((resolve, reject) => {
        server.close((error) => (error && Reflect.get(error, 'code') !== 'ERR_SERVER_NOT_RUNNING' ? reject(error) : resolve()));
        connections.end(Infinity);
      }),
    cut: () => {
      server.closeAllConnections?.();
      connections.destroy();
    },
  };
}

/** Whether the promise resolves in time. @throws the error of the promise */
async function settlesWithin(timeoutMs: number, promise: PromiseLike<unknown>): Promise<boolean> {
  const state = { hasSettled: false };
  const settled = async (): Promise<void> => {
    await promise;
    state.hasSettled = true;
  };
  await waitAtMost(timeoutMs, settled());
  return state.hasSettled;
}
