/** The limits of the collectors. */
export interface CollectorLimits {
  /** Upper bounds of the buckets of all durations, in seconds. */
  readonly buckets: readonly number[];
  /** Maximum number of pools, of endpoints and of tables of ingests with series of their own. */
  readonly maxPools: number;
}
