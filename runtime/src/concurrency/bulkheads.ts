import {
  atLeast,
  countFrom,
  findOptionProblems,
  givenOptions,
  isObject,
  type OptionRule,
  type OptionRules,
} from '../config/validate-options.js';
import { ConfigError, type ConfigProblem } from '../errors/index.js';
import { UnknownBulkheadError } from '../errors/interruption.js';
import { type PermitLimits, type PermitPool, Semaphore } from './semaphore.js';

/** Limits of a bulkhead, a named partition of the manager's permits. Limits that are left out have the values of the manager. */
export interface BulkheadLimits {
  /** Permits that are reserved for this bulkhead: no other statement gets them. From 0 to `max`. Default: 0. */
  readonly guaranteed?: number | undefined;
  /**
   * Maximum number of permits of this bulkhead, even if others are free. From 1 to `maxConcurrentStatements`. Default:
   * `maxConcurrentStatements`.
   */
  readonly max?: number | undefined;
  /**
   * Maximum number of statements that wait for a permit of this bulkhead. Further ones fail with QueueFullError. 0 or more. Default:
   * `maxWaitingStatements`.
   */
  readonly maxWaiting?: number | undefined;
  /**
   * Maximum wait for a permit of this bulkhead, in milliseconds. After it, a statement fails with AcquireTimeoutError. 0 or more. Default:
   * `acquireTimeoutMs`.
   */
  readonly acquireTimeoutMs?: number | undefined;
}

/**
 * One pool of permits, divided into partitions. Each partition is first come, first served. A permit without a guarantee goes to the
 * partition with the longest wait among those that may have more permits. No partition starves, and none reserves more than its guarantee.
 */
export class Bulkheads implements PermitPool {
  readonly #partitions = new Map<string, Semaphore>();
  /** Sum over all partitions of the permits in use or guaranteed, whichever are more. Never exceeds `limits.max`. */
  #committed = 0;
  /** The partition of statements without a bulkhead. */
  readonly unnamed: Semaphore;
  readonly #all: readonly Semaphore[];

  /** @throws ConfigError with every invalid limit */
  constructor(
    readonly limits: PermitLimits,
    bulkheads: Readonly<Record<string, BulkheadLimits>> = {},
  ) {
    const problems = bulkheadProblems(limits.max, bulkheads);
    if (problems.length > 0) throw new ConfigError(problems);
    for (const [name, partition] of Object.entries(bulkheads)) {
      this.#partitions.set(name, new Semaphore({ ...limits, ...givenOptions(partition), bulkhead: name }, this));
      this.#committed += partition.guaranteed ?? 0;
    }
    // Without bulkheads there is nothing to divide: the semaphore works faster without a pool.
    this.unnamed = new Semaphore(limits, this.#partitions.size > 0 ? this : undefined);
    this.#all = [this.unnamed, ...this.#partitions.values()];
  }

  /** Number of permits in use, in all partitions. */
  get inUse(): number {
    return this.#sum((partition) => partition.inUse);
  }

  /** Number of statements that wait, in all partitions. */
  get waiting(): number {
    return this.#sum((partition) => partition.waiting);
  }

  /** Number of permits granted so far, in all partitions. */
  get granted(): number {
    return this.#sum((partition) => partition.granted);
  }

  /** Number of waits that ended by the timeout so far, in all partitions. */
  get timedOut(): number {
    return this.#sum((partition) => partition.timedOut);
  }

  /** Returns the partition of this name. @throws UnknownBulkheadError */
  named(name: string): Semaphore {
    const partition = this.#partitions.get(name);
    if (!partition) throw new UnknownBulkheadError(name, [...this.#partitions.keys()]);
    return partition;
  }

  /** Rejects all statements that wait and all later ones with ManagerClosedError. */
  close(): void {
    for (const partition of this.#all) partition.close();
  }

  /** Resolves when no permit is in use. */
  async whenIdle(): Promise<void> {
    await Promise.all(this.#all.map((partition) => partition.whenIdle()));
  }

  canAcquire({ inUse, limits: { guaranteed = 0 } }: Semaphore): boolean {
    return inUse < guaranteed || this.#committed < this.limits.max;
  }

  onAcquire({ inUse, limits: { guaranteed = 0 } }: Semaphore): void {
    if (inUse > guaranteed) this.#committed++;
  }

  onRelease({ inUse, limits: { guaranteed = 0 } }: Semaphore): void {
    if (inUse >= guaranteed) this.#committed--;
    // One release makes room for one grant.
    let next: Semaphore | undefined;
    for (const partition of this.#all)
      if (partition.canGrant && (partition.waitingSince ?? 0) < (next?.waitingSince ?? Infinity)) next = partition;
    next?.grantNext();
  }

  #sum(count: (partition: Semaphore) => number): number {
    return this.#all.reduce((sum, partition) => sum + count(partition), 0);
  }
}

/** Limits whose range depends on other limits. */
const checkedBelow: OptionRule = { expected: 'a whole number', accepts: () => true };

const rules: OptionRules<BulkheadLimits> = {
  guaranteed: checkedBelow,
  max: checkedBelow,
  maxWaiting: countFrom(0),
  acquireTimeoutMs: atLeast(0),
};

/** Returns a problem for each limit that is unknown or invalid, and for guarantees that leave no permit for other statements. */
export function bulkheadProblems(total: number, bulkheads: Readonly<Record<string, BulkheadLimits>>): ConfigProblem[] {
  return [...findProblems(total, bulkheads)];
}

function* findProblems(total: number, bulkheads: Readonly<Record<string, BulkheadLimits>>): Iterable<ConfigProblem> {
  let totalGuaranteed = 0;
  for (const [name, partition] of Object.entries(bulkheads)) {
    const key = `bulkheads.${name}`;
    yield* findOptionProblems(key, rules, partition);
    if (!isObject(partition)) continue;
    const max = partition.max ?? total;
    const guaranteed = partition.guaranteed ?? 0;
    if (!Number.isInteger(max) || max < 1 || max > total)
      yield { key: `${key}.max`, found: String(partition.max), expected: `a whole number from 1 to ${total} (maxConcurrentStatements)` };
    if (!Number.isInteger(guaranteed) || guaranteed < 0 || guaranteed > max)
      yield {
        key: `${key}.guaranteed`,
        found: String(partition.guaranteed),
        expected: `a whole number from 0 to ${max} (max of this bulkhead)`,
      };
    totalGuaranteed += Number.isInteger(guaranteed) ? guaranteed : 0;
  }
  if (totalGuaranteed >= total && totalGuaranteed > 0)
    yield {
      key: 'bulkheads',
      found: `guarantees of ${totalGuaranteed} permits in total`,
      expected: `at most ${total - 1}: one permit of maxConcurrentStatements must be left for statements without a bulkhead`,
    };
}
