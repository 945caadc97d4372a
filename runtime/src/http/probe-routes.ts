import type { AppServices } from './app-services.js';
import { reportToConsole } from './failure-response.js';
import type { ClickHouseHttpOptions } from './options.js';
import { alive, checkReadiness, type ProbeResponse } from './probes.js';

/** Returns the function that answers probes, for frameworks without routes of a plugin. It returns undefined for all other requests. */
export function probeRoutes(
  services: AppServices,
  { readinessPath = '/readyz', livenessPath = '/livez', onFailure = reportToConsole }: ClickHouseHttpOptions,
): (method: string | undefined, path: string) => Promise<ProbeResponse> | undefined {
  return (method, path) => {
    if (method !== 'GET' && method !== 'HEAD') return undefined;
    if (path === livenessPath) return Promise.resolve(alive);
    return path === readinessPath ? checkReadiness(services, onFailure) : undefined;
  };
}
