import { AbortedError, AcquireTimeoutError, ManagerClosedError, PermitMisuseError, QueueFullError } from './errors.js';

/** The right to have one statement running. Release it once. */
export interface Permit {
  release(): void;
}

export interface PermitLimits {
  readonly max: number;
  readonly maxWaiting: number;
  readonly acquireTimeoutMs: number;
}

interface Waiter {
  readonly grant: (permit: Permit) => void;
  readonly refuse: (error: Error) => void;
  next: Waiter | undefined;
  previous: Waiter | undefined;
  isQueued: boolean;
}

/**
 * Hands out at most `max` permits, first come, first served, from a queue of bounded length.
 * Whoever waits is granted, refused or timed out, once. Who need not wait pays for no timer and no listener.
 */
export class Permits {
  #inUse = 0;
  #waiting = 0;
  #timedOut = 0;
  #granted = 0;
  #isClosed = false;
  #first: Waiter | undefined;
  #last: Waiter | undefined;
  #idle: (() => void)[] = [];

  constructor(readonly limits: PermitLimits) {}

  get inUse(): number {
    return this.#inUse;
  }

  get waiting(): number {
    return this.#waiting;
  }

  get granted(): number {
    return this.#granted;
  }

  get timedOut(): number {
    return this.#timedOut;
  }

  /** A permit at once, or undefined: never out of turn. */
  tryAcquire(): Permit | undefined {
    return !this.#isClosed && this.#inUse < this.limits.max && this.#first === undefined ? this.#grant() : undefined;
  }

  /** @throws AcquireTimeoutError, QueueFullError, ManagerClosedError, AbortedError */
  acquire(signal?: AbortSignal): Promise<Permit> {
    if (this.#isClosed) return Promise.reject(new ManagerClosedError());
    if (signal?.aborted) return Promise.reject(new AbortedError(signal.reason));
    const permit = this.tryAcquire();
    if (permit) return Promise.resolve(permit);
    if (this.#waiting >= this.limits.maxWaiting) return Promise.reject(new QueueFullError(this.#waiting));
    return this.#wait(signal);
  }

  /** Refuses everybody who waits and everybody who comes. Permits in use stay good. */
  close(): void {
    this.#isClosed = true;
    for (let waiter = this.#first; waiter; waiter = this.#first) {
      this.#remove(waiter);
      waiter.refuse(new ManagerClosedError());
    }
  }

  /** Settles when no permit is in use. */
  whenIdle(): Promise<void> {
    return this.#inUse === 0 ? Promise.resolve() : new Promise((resolve) => this.#idle.push(resolve));
  }

  #grant(): Permit {
    this.#inUse++;
    this.#granted++;
    let isReleased = false;
    return {
      release: () => {
        if (isReleased) throw new PermitMisuseError();
        isReleased = true;
        this.#release();
      },
    };
  }

  #release(): void {
    this.#inUse--;
    const waiter = this.#first;
    if (waiter) {
      this.#remove(waiter);
      waiter.grant(this.#grant());
    } else if (this.#inUse === 0) for (const settle of this.#idle.splice(0)) settle();
  }

  #wait(signal: AbortSignal | undefined): Promise<Permit> {
    return new Promise((resolve, reject) => {
      const settle = <Outcome>(finish: (outcome: Outcome) => void) => (outcome: Outcome) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        finish(outcome);
      };
      const waiter: Waiter = { grant: settle(resolve), refuse: settle(reject), next: undefined, previous: this.#last, isQueued: true };
      const abort = () => this.#giveUp(waiter, new AbortedError(signal?.reason));
      const timer = setTimeout(() => {
        this.#timedOut++;
        this.#giveUp(waiter, new AcquireTimeoutError(this.limits.acquireTimeoutMs, this.#inUse));
      }, this.limits.acquireTimeoutMs);
      signal?.addEventListener('abort', abort, { once: true });
      if (this.#last) this.#last.next = waiter;
      else this.#first = waiter;
      this.#last = waiter;
      this.#waiting++;
    });
  }

  #giveUp(waiter: Waiter, error: Error): void {
    if (!waiter.isQueued) return;
    this.#remove(waiter);
    waiter.refuse(error);
  }

  #remove(waiter: Waiter): void {
    waiter.isQueued = false;
    if (waiter.previous) waiter.previous.next = waiter.next;
    else this.#first = waiter.next;
    if (waiter.next) waiter.next.previous = waiter.previous;
    else this.#last = waiter.previous;
    this.#waiting--;
  }
}
