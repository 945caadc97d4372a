import type { Endpoint } from '../endpoint/endpoint.js';
import type { EndpointHealth, ManagerHealth } from './options.js';

/** Returns the health of a manager with these endpoints. */
export function healthOf(endpoints: readonly Pick<Endpoint, 'url' | 'breaker' | 'contact'>[], isOpen: boolean): ManagerHealth {
  const healths = endpoints.map(healthOfEndpoint);
  return { status: isOpen ? statusOf(healths) : 'draining', endpoints: healths };
}

function healthOfEndpoint({ url, breaker, contact }: Pick<Endpoint, 'url' | 'breaker' | 'contact'>): EndpointHealth {
  const kind = breaker?.state.kind ?? 'closed';
  const isReady = breaker?.isReady ?? true;
  return { url, status: endpointStatus(), breaker: kind, isReady };

  function endpointStatus(): EndpointHealth['status'] {
    if (kind !== 'closed') return isReady ? 'degraded' : 'down';
    return ({ unknown: 'unknown', working: 'ready', failing: 'down' } as const)[contact.state];
  }
}

/** One working endpoint is enough to run statements. Endpoints that were not used yet do not matter then. */
function statusOf(endpoints: readonly EndpointHealth[]): ManagerHealth['status'] {
  const has = (status: EndpointHealth['status']): boolean => endpoints.some((endpoint) => endpoint.status === status);
  if (has('ready')) return has('degraded') || has('down') ? 'degraded' : 'ready';
  if (has('degraded')) return 'degraded';
  return has('unknown') ? 'unknown' : 'down';
}
