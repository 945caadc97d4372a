import type { PermitLimits } from '../../../runtime/src/concurrency/semaphore.js';

interface Request {
  readonly share: number;
  readonly since: number;
  readonly isAbortable: boolean;
  outcome: 'none' | 'granted' | 'released' | 'ABORTED' | 'ACQUIRE_TIMEOUT' | 'QUEUE_FULL' | 'MANAGER_CLOSED';
}

/**
 * What permits in shares promise, said as plainly as it can be: every request there ever was in one list, and everything else
 * counted from it each time. One share that is guaranteed nothing is the case of no shares.
 */
export class PermitsModel {
  readonly #requests: Request[] = [];
  readonly grants: number[] = [];
  #now = 0;
  #isClosed = false;

  constructor(
    private readonly max: number,
    private readonly shares: readonly PermitLimits[],
  ) {}

  /** What the owner of each request is told. */
  get outcomes(): string[] {
    return this.#requests.map(({ outcome }) => (outcome === 'released' ? 'granted' : outcome));
  }

  /** In use and waiting, of each share. */
  get counters(): [number, number][] {
    return this.shares.map((_, share) => [this.#inUse(share), this.#queue(share).length]);
  }

  acquire(share: number, signal: 'none' | 'live' | 'aborted'): void {
    const request: Request = { share, since: this.#now, isAbortable: signal === 'live', outcome: 'none' };
    const isFirst = this.#queue(share).length === 0;
    const isFull = this.#queue(share).length >= (this.shares[share]?.maxWaiting ?? 0);
    this.#requests.push(request);
    if (this.#isClosed) request.outcome = 'MANAGER_CLOSED';
    else if (signal === 'aborted') request.outcome = 'ABORTED';
    else if (isFirst && this.#hasRoom(share)) this.#grant(request);
    else if (isFull) request.outcome = 'QUEUE_FULL';
  }

  release(which: number): void {
    const request = this.#requests[which];
    if (request) request.outcome = 'released';
    const next = this.#requests.find(({ outcome, share }) => outcome === 'none' && this.#hasRoom(share));
    if (next) this.#grant(next);
  }

  abort(which: number): void {
    const request = this.#requests[which];
    if (request?.outcome === 'none' && request.isAbortable) request.outcome = 'ABORTED';
  }

  pass(ms: number): void {
    this.#now += ms;
    for (const request of this.#requests)
      if (request.outcome === 'none' && this.#now - request.since >= (this.shares[request.share]?.acquireTimeoutMs ?? 0))
        request.outcome = 'ACQUIRE_TIMEOUT';
  }

  close(): void {
    this.#isClosed = true;
    for (const request of this.#requests) if (request.outcome === 'none') request.outcome = 'MANAGER_CLOSED';
  }

  /** What must never be, in words: the model could be as wrong as what it is compared with. */
  broken(): string[] {
    const counters = this.shares.map(({ max, guaranteed = 0 }, share) => ({
      share,
      max,
      guaranteed,
      inUse: this.#inUse(share),
      waiting: this.#queue(share).length,
    }));
    const claimed = counters.reduce((sum, { inUse, guaranteed }) => sum + Math.max(inUse, guaranteed), 0);
    return [
      ...(claimed > this.max ? [`${claimed} of ${this.max} permits are in use or guaranteed`] : []),
      ...counters.filter(({ inUse, max }) => inUse > max).map(({ share }) => `share ${share} has more than its max`),
      ...counters
        .filter(({ share, waiting }) => waiting > 0 && this.#hasRoom(share))
        .map(({ share }) => `share ${share} waits for what is free`),
      ...counters.filter(({ waiting }) => waiting > 0 && this.#isClosed).map(({ share }) => `share ${share} waits after the end`),
    ];
  }

  #grant(request: Request): void {
    request.outcome = 'granted';
    this.grants.push(this.#requests.indexOf(request));
  }

  #hasRoom(share: number): boolean {
    const { max = 0, guaranteed = 0 } = this.shares[share] ?? {};
    const claimed = this.shares.reduce((sum, limits, other) => sum + Math.max(this.#inUse(other), limits.guaranteed ?? 0), 0);
    const inUse = this.#inUse(share);
    return inUse < max && (inUse < guaranteed || claimed < this.max);
  }

  #inUse(share: number): number {
    return this.#requests.filter((request) => request.share === share && request.outcome === 'granted').length;
  }

  #queue(share: number): Request[] {
    return this.#requests.filter((request) => request.share === share && request.outcome === 'none');
  }
}
