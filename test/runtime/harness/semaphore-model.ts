import type { PermitLimits } from '../../../runtime/src/concurrency/semaphore.js';

interface Request {
  readonly partition: number;
  readonly since: number;
  readonly isAbortable: boolean;
  outcome: 'none' | 'granted' | 'released' | 'ABORTED' | 'ACQUIRE_TIMEOUT' | 'QUEUE_FULL' | 'MANAGER_CLOSED';
}

/**
 * The simplest implementation of partitioned permits: one list of all requests, from which everything else is counted each time. One
 * partition without a guarantee is the case without partitions.
 */
export class SemaphoreModel {
  readonly #requests: Request[] = [];
  /** The granted requests, by their index, in the order of the grants. */
  readonly grants: number[] = [];
  #now = 0;
  #isClosed = false;

  constructor(
    private readonly max: number,
    private readonly partitions: readonly PermitLimits[],
  ) {}

  /** The result of each request for its caller. */
  get outcomes(): string[] {
    return this.#requests.map(({ outcome }) => (outcome === 'released' ? 'granted' : outcome));
  }

  /** Number of permits in use and of waiters, for each partition. */
  get counters(): [number, number][] {
    return this.partitions.map((_, partition) => [this.#inUse(partition), this.#queue(partition).length]);
  }

  acquire(partition: number, signal: 'none' | 'live' | 'aborted'): void {
    const request: Request = { partition, since: this.#now, isAbortable: signal === 'live', outcome: 'none' };
    const isFirst = this.#queue(partition).length === 0;
    const isFull = this.#queue(partition).length >= (this.partitions[partition]?.maxWaiting ?? 0);
    this.#requests.push(request);
    if (this.#isClosed) request.outcome = 'MANAGER_CLOSED';
    else if (signal === 'aborted') request.outcome = 'ABORTED';
    else if (isFirst && this.#hasRoom(partition)) this.#grant(request);
    else if (isFull) request.outcome = 'QUEUE_FULL';
  }

  release(index: number): void {
    const request = this.#requests[index];
    if (request) request.outcome = 'released';
    const next = this.#requests.find(({ outcome, partition }) => outcome === 'none' && this.#hasRoom(partition));
    if (next) this.#grant(next);
  }

  abort(index: number): void {
    const request = this.#requests[index];
    if (request?.outcome === 'none' && request.isAbortable) request.outcome = 'ABORTED';
  }

  advance(ms: number): void {
    this.#now += ms;
    for (const request of this.#requests)
      if (request.outcome === 'none' && this.#now - request.since >= (this.partitions[request.partition]?.acquireTimeoutMs ?? 0))
        request.outcome = 'ACQUIRE_TIMEOUT';
  }

  close(): void {
    this.#isClosed = true;
    for (const request of this.#requests) if (request.outcome === 'none') request.outcome = 'MANAGER_CLOSED';
  }

  /** Returns the violated invariants: the model could have the same bug as the implementation. */
  violations(): string[] {
    const counters = this.partitions.map(({ max, guaranteed = 0 }, partition) => ({
      partition,
      max,
      guaranteed,
      inUse: this.#inUse(partition),
      waiting: this.#queue(partition).length,
    }));
    const committed = counters.reduce((sum, { inUse, guaranteed }) => sum + Math.max(inUse, guaranteed), 0);
    return [
      ...(committed > this.max ? [`${committed} of ${this.max} permits are in use or guaranteed`] : []),
      ...counters.filter(({ inUse, max }) => inUse > max).map(({ partition }) => `partition ${partition} exceeds its max`),
      ...counters
        .filter(({ partition, waiting }) => waiting > 0 && this.#hasRoom(partition))
        .map(({ partition }) => `partition ${partition} waits beside a free permit`),
      ...counters
        .filter(({ waiting }) => waiting > 0 && this.#isClosed)
        .map(({ partition }) => `partition ${partition} waits after close()`),
    ];
  }

  #grant(request: Request): void {
    request.outcome = 'granted';
    this.grants.push(this.#requests.indexOf(request));
  }

  #hasRoom(partition: number): boolean {
    const { max = 0, guaranteed = 0 } = this.partitions[partition] ?? {};
    const committed = this.partitions.reduce((sum, limits, other) => sum + Math.max(this.#inUse(other), limits.guaranteed ?? 0), 0);
    const inUse = this.#inUse(partition);
    return inUse < max && (inUse < guaranteed || committed < this.max);
  }

  #inUse(partition: number): number {
    return this.#requests.filter((request) => request.partition === partition && request.outcome === 'granted').length;
  }

  #queue(partition: number): Request[] {
    return this.#requests.filter((request) => request.partition === partition && request.outcome === 'none');
  }
}
