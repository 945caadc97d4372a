import { ConfigError, type ConfigProblem } from '../errors/index.js';
import { UnknownBulkheadError } from '../errors/interruption.js';
import { type PermitLimits, Permits, type PermitStock } from './semaphore.js';

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
export class Bulkheads implements PermitStock {
  readonly #shares = new Map<string, Permits>();
  /** In use or guaranteed: what the shares hold, or may claim at any time. Never more than `max`. */
  #committed = 0;
  /** For who names no bulkhead. */
  readonly common: Permits;
  readonly #all: readonly Permits[];

  /** @throws ConfigError */
  constructor(
    readonly limits: PermitLimits,
    bulkheads: Readonly<Record<string, BulkheadLimits>> = {},
  ) {
    const problems = [...mistakes(limits.max, bulkheads)];
    if (problems.length > 0) throw new ConfigError(problems);
    for (const [name, share] of Object.entries(bulkheads)) {
      this.#shares.set(name, new Permits({ ...limits, ...share, bulkhead: name }, this));
      this.#committed += share.guaranteed ?? 0;
    }
    // Without shares there is nothing to divide, and nobody to ask.
    this.common = new Permits(limits, this.#shares.size > 0 ? this : undefined);
    this.#all = [this.common, ...this.#shares.values()];
  }

  get inUse(): number {
    return this.#sum((share) => share.inUse);
  }

  get waiting(): number {
    return this.#sum((share) => share.waiting);
  }

  get granted(): number {
    return this.#sum((share) => share.granted);
  }

  get timedOut(): number {
    return this.#sum((share) => share.timedOut);
  }

  /** @throws UnknownBulkheadError */
  named(name: string): Permits {
    const share = this.#shares.get(name);
    if (!share) throw new UnknownBulkheadError(name, [...this.#shares.keys()]);
    return share;
  }

  close(): void {
    for (const share of this.#all) share.close();
  }

  /** Settles when no permit is in use. */
  async whenIdle(): Promise<void> {
    await Promise.all(this.#all.map((share) => share.whenIdle()));
  }

  admits({ inUse, limits: { guaranteed = 0 } }: Permits): boolean {
    return inUse < guaranteed || this.#committed < this.limits.max;
  }

  took({ inUse, limits: { guaranteed = 0 } }: Permits): void {
    if (inUse > guaranteed) this.#committed++;
  }

  gaveBack({ inUse, limits: { guaranteed = 0 } }: Permits): void {
    if (inUse >= guaranteed) this.#committed--;
    // One came back, so one may go.
    let next: Permits | undefined;
    for (const share of this.#all) if (share.isServable && (share.waitingSince ?? 0) < (next?.waitingSince ?? Infinity)) next = share;
    next?.serve();
  }

  #sum(count: (share: Permits) => number): number {
    return this.#all.reduce((sum, share) => sum + count(share), 0);
  }
}

function* mistakes(max: number, bulkheads: Readonly<Record<string, BulkheadLimits>>): Iterable<ConfigProblem> {
  let guaranteed = 0;
  for (const [name, share] of Object.entries(bulkheads)) {
    const cap = share.max ?? max;
    const [key, least] = [`bulkheads.${name}`, share.guaranteed ?? 0];
    if (!Number.isInteger(cap) || cap < 1 || cap > max)
      yield {
        key: `${key}.max`,
        found: String(share.max),
        expected: `a whole number from 1 to ${max}, the maxConcurrentStatements of all`,
      };
    if (!Number.isInteger(least) || least < 0 || least > cap)
      yield {
        key: `${key}.guaranteed`,
        found: String(share.guaranteed),
        expected: `a whole number from 0 to ${cap}, the most it may have`,
      };
    for (const limit of ['maxWaiting', 'acquireTimeoutMs'] as const) {
      const value = share[limit];
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
