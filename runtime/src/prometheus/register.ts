import { register } from 'prom-client';
import { anyText, assertOptions, countFrom, objectWith, type OptionRules } from '../config/validate-options.js';
import { ConfigError } from '../errors/index.js';
import { processWideValue } from '../process/process-wide-value.js';
import { collect } from './collectors.js';
import type { CollectorLimits } from './limits.js';
import { type MetricsRegistry, MetricSet } from './metrics.js';

/** Options of `collectClickHouseMetrics()`. */
export interface PrometheusOptions {
  /** The registry that gets the metrics. Default: the global one of `prom-client`. */
  readonly registry?: MetricsRegistry | undefined;
  /** Start of all names: letters, digits and underscores. Default: `clickhouse_client_`. */
  readonly prefix?: string | undefined;
  /** Upper bounds of the buckets of all durations, in seconds, ascending. Default: 0.001 to 10, those of the OpenTelemetry metrics. */
  readonly buckets?: readonly number[] | undefined;
  /** Maximum number of pools, of endpoints and of tables of ingests with series of their own. All others have the label `other`. Default: 100. */
  readonly maxPools?: number | undefined;
}

const rules: OptionRules<PrometheusOptions> = {
  registry: objectWith('a Registry of prom-client', 'registerMetric', 'getSingleMetric', 'removeSingleMetric', 'getMetricsAsArray'),
  prefix: {
    ...anyText,
    expected: 'letters, digits and underscores, not beginning with a digit',
    accepts: (value) => typeof value === 'string' && /^[A-Za-z_]\w*$/.test(value),
  },
  buckets: {
    expected: 'a list of ascending, finite numbers above 0',
    accepts: (value) =>
      Array.isArray(value) &&
      value.length > 0 &&
      value.every((bound, index) => Number.isFinite(bound) && bound > (index && value[index - 1])),
  },
  maxPools: countFrom(1),
};

/** The boundaries that the OpenTelemetry conventions recommend for databases. */
const defaultBuckets = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

/** The collectors of one registry and prefix, which all callers with the same options share. */
interface Registration {
  readonly options: string;
  readonly isRegistered: () => boolean;
  readonly stop: () => void;
  users: number;
}

/** By registry and prefix. All copies of this package share them: each would count all statements of the process. */
const registrations = processWideValue<WeakMap<object, Map<string, Registration>>>(
  'prometheus-registrations@1',
  (value): value is WeakMap<object, Map<string, Registration>> => value instanceof WeakMap,
  () => new WeakMap(),
);

/**
 * Adds metrics of all managers of the process to a registry of `prom-client`. No label contains SQL, and all labels have a bounded number of
 * values. A second call with the same options shares the metrics of the first; they are removed when all results are disposed of.
 * @throws ConfigError if an option is unknown or invalid, if the registry has a metric of the same name, or if an earlier call for this
 * registry and prefix had other options
 */
export function collectClickHouseMetrics(options: PrometheusOptions = {}): Disposable {
  assertOptions('collectClickHouseMetrics', rules, options);
  const { registry = register, prefix = 'clickhouse_client_', buckets = defaultBuckets, maxPools = 100 } = options;
  const byPrefix = registrations().get(registry) ?? new Map<string, Registration>();
  registrations().set(registry, byPrefix);
  const registration =
    shared(byPrefix.get(prefix), JSON.stringify({ buckets, maxPools })) ?? start(registry, prefix, { buckets, maxPools });
  byPrefix.set(prefix, registration);
  registration.users++;
  let isDisposed = false;
  return {
    [Symbol.dispose]: () => {
      if (isDisposed) return;
      isDisposed = true;
      if (--registration.users > 0) return;
      registration.stop();
      if (byPrefix.get(prefix) === registration) byPrefix.delete(prefix);
    },
  };
}

/** Returns the earlier registration if it is still in use. @throws ConfigError if its options are others */
function shared(earlier: Registration | undefined, options: string): Registration | undefined {
  if (earlier?.isRegistered() !== true) {
    earlier?.stop();
    return undefined;
  }
  if (earlier.options === options) return earlier;
  const expected = `the options of the earlier call for this registry, ${earlier.options}, another prefix, or the disposal of the earlier result`;
  throw new ConfigError([{ key: 'collectClickHouseMetrics', found: options, expected }]);
}

/** @throws ConfigError if the registry has a metric of this name */
function start(registry: MetricsRegistry, prefix: string, limits: CollectorLimits): Registration {
  const metrics = new MetricSet(registry, prefix);
  const collectors = collectInto(metrics, limits);
  return {
    options: JSON.stringify(limits),
    isRegistered: () => metrics.isRegistered,
    stop: () => {
      collectors[Symbol.dispose]();
      metrics.remove();
    },
    users: 0,
  };
}

/** Creates all metrics or none. @throws ConfigError if a name is taken */
function collectInto(metrics: MetricSet, limits: CollectorLimits): Disposable {
  try {
    return collect(metrics, limits);
  } catch (error) {
    metrics.remove();
    throw error;
  }
}
