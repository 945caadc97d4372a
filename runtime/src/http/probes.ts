import { ManagerClosedError, parseFailure } from '../errors/index.js';
import type { ClickHouseConnectionManager } from '../manager/manager.js';
import type { ManagerHealth } from '../manager/options.js';
import type { AppServices } from './app-services.js';
import { sendReport } from './failure-response.js';
import { httpStatusOf } from './http-status.js';
import type { FailureReport, HttpService } from './options.js';

/** The response to a probe. */
export interface ProbeResponse {
  /** 200 or 503. */
  readonly status: number;
  /** Headers with lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** `status`, and for readiness the status of each connection by name. No host and no error is in it. */
  readonly body: { readonly status: string; readonly connections?: Readonly<Record<string, ManagerHealth['status']>> };
}

const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };

/** The response to a liveness probe. ClickHouse has no part in it: a restart of the process does not repair a server. */
export const alive: ProbeResponse = { status: 200, headers, body: { status: 'alive' } };

/** The checks of managers that run. Probes that come meanwhile share them. */
const checks = new WeakMap<ClickHouseConnectionManager, Promise<void>>();

/** Answers a readiness probe: 200 if each service runs statements, else 503. */
export async function checkReadiness(services: Pick<AppServices, 'all'>, report: (failure: FailureReport) => void): Promise<ProbeResponse> {
  const connections: Record<string, ManagerHealth['status']> = Object.fromEntries(
    await Promise.all(services.all.map(async ([name, service]) => [name, await healthOf(service, report)] as const)),
  );
  const status = worstOf(Object.values(connections));
  return isProven(status)
    ? { status: 200, headers, body: { status, connections } }
    : { status: 503, headers: { ...headers, 'retry-after': '1' }, body: { status, connections } };
}

/** Returns the health of a service. If no statement has proven that it works, it is tried. */
export async function healthOf(service: HttpService, report: (failure: FailureReport) => void): Promise<ManagerHealth['status']> {
  try {
    const { manager } = service;
    if (manager === undefined) return await pingedHealth(service, report);
    if (!isProven(manager.health().status) && manager.state === 'open') await warmUpOnce(manager);
    return manager.health().status;
  } catch (error) {
    if (error instanceof ManagerClosedError) return 'draining';
    sendReport(report, { error: parseFailure(error), status: 503 });
    return 'down';
  }
}

/** Whether statements run. */
export function isProven(status: ManagerHealth['status']): boolean {
  return status === 'ready' || status === 'degraded';
}

/** The health of a service without a manager. */
async function pingedHealth(service: HttpService, report: (failure: FailureReport) => void): Promise<ManagerHealth['status']> {
  const result = await service.ping({ select: true });
  if (result.success) return 'ready';
  const error = parseFailure(result.error);
  if (httpStatusOf(error).body.code === 'SHUTTING_DOWN') return 'draining';
  sendReport(report, { error, status: 503 });
  return 'down';
}

function warmUpOnce(manager: ClickHouseConnectionManager): Promise<void> {
  const running = checks.get(manager);
  if (running) return running;
  const check = manager.warmUp().finally(() => checks.delete(manager));
  checks.set(manager, check);
  return check;
}

/** The statuses from the best to the worst. */
const order: readonly ManagerHealth['status'][] = ['ready', 'degraded', 'unknown', 'down', 'draining'];

function worstOf(statuses: readonly ManagerHealth['status'][]): ManagerHealth['status'] {
  return order[Math.max(...statuses.map((status) => order.indexOf(status)))] ?? 'unknown';
}
