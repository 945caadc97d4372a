import { assertParameter, objectWith } from '../config/validate-options.js';
import type { ClickHouseService } from '../statement/service.js';

/** The part of the parameters of a statement that this file reads. */
interface Abortable {
  readonly abort_signal?: AbortSignal | undefined;
}

const serviceRule = objectWith('a service, such as clickHouse()', 'query', 'insert', 'command', 'exec', 'ping');
const signalRule = objectWith('an AbortSignal', 'addEventListener', 'throwIfAborted');

/**
 * Returns a service whose statements are aborted with this signal, for the service of one request. A statement that has an `abort_signal` of
 * its own is aborted by either. All else is that of the given service: `close()` closes it.
 * @throws ConfigError if the first parameter is no service, or the second one no signal
 */
export function withSignal<Service extends ClickHouseService>(service: Service, signal: AbortSignal): Service {
  assertParameter('withSignal.service', serviceRule, service);
  assertParameter('withSignal.signal', signalRule, signal);
  return withLazySignal(service, () => signal);
}

/** Does the same with a signal that is created for the first statement. */
export function withLazySignal<Service extends ClickHouseService>(service: Service, signalOf: () => AbortSignal): Service {
  const abortable = <Params extends Abortable>(params: Params) => ({
    ...params,
    abort_signal: params.abort_signal === undefined ? signalOf() : AbortSignal.any([signalOf(), params.abort_signal]),
  });
  const methods: Pick<ClickHouseService, 'query' | 'insert' | 'command' | 'exec' | 'ping'> = {
    query: (params) => service.query(abortable(params)),
    insert: (params) => service.insert(abortable(params)),
    command: (params) => service.command(abortable(params)),
    exec: (params) => service.exec(abortable(params)),
    ping: (params = { select: false }) => service.ping(abortable(params)),
  };
  return new Proxy(service, {
    get: (target, name): unknown => (Object.hasOwn(methods, name) ? Reflect.get(methods, name) : Reflect.get(target, name)),
  });
}
