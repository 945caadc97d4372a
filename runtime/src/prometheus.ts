export { collectClickHouseMetrics, type PrometheusOptions } from './prometheus/register.js';
export type { MetricsRegistry } from './prometheus/metrics.js';
