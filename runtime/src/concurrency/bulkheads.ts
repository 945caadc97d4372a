import { ConfigError, type ConfigProblem } from '../errors/index.js';
import { UnknownBulkheadError } from '../errors/interruption.js';
import { type PermitLimits, Semaphore, type PermitPool } from './semaphore.js';

/** A named share of the permits. What it does not say is as for the manager as a whole. */
export interface BulkheadLimits {
  /** So many are for it alone: nobody else takes them, however long the queues. 0 by default. */
  readonly guaranteed?: number;
  /** It never has more than these, however idle the others are. */
  readonly max?: number;
  readonly maxWaiting?: number;
  readonly acquireTimeoutMs?: number;
}

/**
 * One stock of permits, divided into shares. Each share is first come, first served within; what is guaranteed to nobody goes
 * to whoever has waited longest among those that may have more. So no share starves, and none sits on what it cannot use.
 */
export class Bulkheads implements PermitPool {
  readonly #partitions = new Map<string, Semaphore>();
  /** In use or guaranteed: what the shares hold, or may claim at any time. Never more than `max`. */
  #committed = 0;
  /** For who names no bulkhead. */
  readonly unnamed: Semaphore;
  readonly #all: readonly Semaphore[];

  /** @throws ConfigError */
  constructor(
    readonly limits: PermitLimits,
    bulkheads: Readonly<Record<string, BulkheadLimits>> = {},
  ) {
    const problems = [...mistakes(limits.max, bulkheads)];
    if (problems.length > 0) throw new ConfigError(problems);
    for (const [name, partition] of Object.entries(bulkheads)) {
      this.#partitions.set(name, new Semaphore({ ...limits, ...partition, bulkhead: name }, this));
      this.#committed += partition.guaranteed ?? 0;
    }
    // Without shares there is nothing to divide, and nobody to ask.
    this.unnamed = new Semaphore(limits, this.#partitions.size > 0 ? this : undefined);
    this.#all = [this.unnamed, ...this.#partitions.values()];
  }

  get inUse(): number {
    return this.#sum((partition) => partition.inUse);
  }

  get waiting(): number {
    return this.#sum((partition) => partition.waiting);
  }

  get granted(): number {
    return this.#sum((partition) => partition.granted);
  }

  get timedOut(): number {
    return this.#sum((partition) => partition.timedOut);
  }

  /** @throws UnknownBulkheadError */
  named(name: string): Semaphore {
    const partition = this.#partitions.get(name);
    if (!partition) throw new UnknownBulkheadError(name, [...this.#partitions.keys()]);
    return partition;
  }

  close(): void {
    for (const partition of this.#all) partition.close();
  }

  /** Settles when no permit is in use. */
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
    // One came back, so one may go.
    let next: Semaphore | undefined;
    for (const partition of this.#all)
      if (partition.canGrant && (partition.waitingSince ?? 0) < (next?.waitingSince ?? Infinity)) next = partition;
    next?.grantNext();
  }

  #sum(count: (partition: Semaphore) => number): number {
    return this.#all.reduce((sum, partition) => sum + count(partition), 0);
  }
}

function* mistakes(max: number, bulkheads: Readonly<Record<string, BulkheadLimits>>): Iterable<ConfigProblem> {
  let guaranteed = 0;
  for (const [name, partition] of Object.entries(bulkheads)) {
    const cap = partition.max ?? max;
    const [key, least] = [`bulkheads.${name}`, partition.guaranteed ?? 0];
    if (!Number.isInteger(cap) || cap < 1 || cap > max)
      yield {
        key: `${key}.max`,
        found: String(partition.max),
        expected: `a whole number from 1 to ${max}, the maxConcurrentStatements of all`,
      };
    if (!Number.isInteger(least) || least < 0 || least > cap)
      yield {
        key: `${key}.guaranteed`,
        found: String(partition.guaranteed),
        expected: `a whole number from 0 to ${cap}, the most it may have`,
      };
    for (const limit of ['maxWaiting', 'acquireTimeoutMs'] as const) {
      const value = partition[limit];
      if (value !== undefined && !(value >= 0)) yield { key: `${key}.${limit}`, found: String(value), expected: 'a number, 0 or more' };
    }
    guaranteed += least;
  }
  if (guaranteed >= max && guaranteed > 0)
    yield {
      key: 'bulkheads',
      found: `guarantees of ${guaranteed} permits together`,
      expected: `at most ${max - 1}, so that of maxConcurrentStatements one is left for statements of no bulkhead`,
    };
}
