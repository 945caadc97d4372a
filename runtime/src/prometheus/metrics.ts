import { Counter, Gauge, Histogram, type OpenMetricsContentType, type Registry } from 'prom-client';
import { ConfigError } from '../errors/index.js';

/** A registry of `prom-client`, in the text format of Prometheus or of OpenMetrics. */
export type MetricsRegistry = Registry | Registry<OpenMetricsContentType>;

/** Sets the values of a gauge: called for each series of one scrape. Series that are not set are removed. */
type SetValue<Label extends string> = (labels: Readonly<Record<Label, string>>, value: number) => void;

/** Creates metrics in a registry, and removes them. All names begin with the prefix. A name that is taken is a ConfigError. */
export class MetricSet {
  readonly #names: string[] = [];

  constructor(
    private readonly registry: MetricsRegistry,
    private readonly prefix: string,
  ) {}

  /** A number of events. Its name ends with `_total`. */
  counter<Label extends string>(name: string, help: string, labelNames: readonly Label[]): Counter<Label> {
    return new Counter(this.#base(name, help, labelNames));
  }

  /** The distribution of a duration. Its name ends with `_seconds`. */
  histogram<Label extends string>(name: string, help: string, labelNames: readonly Label[], buckets: readonly number[]): Histogram<Label> {
    return new Histogram({ ...this.#base(name, help, labelNames), buckets: [...buckets] });
  }

  /**
   * A value that is read at each scrape. Values with equal labels are added up.
   * @param aggregator what `AggregatorRegistry` of `prom-client` makes of the values of all workers. Default: `sum`.
   */
  gauge<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    read: (set: SetValue<Label>) => void,
    aggregator: 'sum' | 'max' = 'sum',
  ): void {
    const gauge = new Gauge<Label>({
      ...this.#base(name, help, labelNames),
      aggregator,
      collect: () => {
        gauge.reset();
        read((labels, value) => gauge.inc(labels, value));
      },
    });
  }

  /** Whether the registry still has a metric of this set. Code may have cleared the registry. */
  get isRegistered(): boolean {
    return this.#names.some((name) => this.registry.getSingleMetric(name) !== undefined);
  }

  /** Removes the metrics of this set from the registry, and no others. */
  remove(): void {
    for (const name of this.#names.splice(0)) this.registry.removeSingleMetric(name);
  }

  #base<Label extends string>(name: string, help: string, labelNames: readonly Label[]) {
    const fullName = this.prefix + name;
    if (this.registry.getSingleMetric(fullName) !== undefined) {
      const found = `"${this.prefix}", and the registry has a metric ${fullName} already`;
      throw new ConfigError([{ key: 'collectClickHouseMetrics.prefix', found, expected: 'a prefix whose names are free' }]);
    }
    this.#names.push(fullName);
    const registers: MetricsRegistry[] = [this.registry];
    return { name: fullName, help, labelNames, registers };
  }
}
