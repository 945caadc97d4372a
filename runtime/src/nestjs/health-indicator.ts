import type { HttpService } from '../http/options.js';
import { healthOf, isProven } from '../http/probes.js';
import { reportToLogger } from './exception-filter.js';

/** A result as a health check of `@nestjs/terminus` expects it. */
export type ClickHouseHealthResult<Key extends string> = Record<Key, { readonly status: 'up' | 'down'; readonly health: string }>;

/** The health indicator for `@nestjs/terminus`: `health.check([() => indicator.check('clickhouse', this.clickhouse)])`. */
export class ClickHouseHealthIndicator {
  /**
   * Resolves with `up` if the service runs statements, else with `down`. `health` is the status of its manager. It never rejects: the failure
   * is in the log of the application.
   * @param key name of the entry in the report
   */
  async check<Key extends string>(key: Key, service: HttpService): Promise<ClickHouseHealthResult<Key>> {
    const health = await healthOf(service, reportToLogger);
    return entry(key, { status: isProven(health) ? 'up' : 'down', health });
  }
}

/** Returns an object with one key. A computed key alone has the type of any text. */
function entry<Key extends string, Value>(key: Key, value: Value): Record<Key, Value> {
  const result: Partial<Record<Key, Value>> = {};
  return Object.assign(result, { [key]: value } satisfies Record<string, Value>);
}
