import { AbortedError, AcquireTimeoutError, ManagerClosedError, DoubleReleaseError, QueueFullError } from '../errors/index.js';
import { maxTimerMs } from './wait.js';
import { publishWait } from '../telemetry/telemetry.js';

/** The right to have one statement running. Release it once. */
export interface Permit {
  /** @throws DoubleReleaseError the second time */
  release(): void;
}

export interface PermitLimits {
  readonly max: number;
  readonly maxWaiting: number;
  readonly acquireTimeoutMs: number;
  /** Of the share, where there is one. */
  readonly bulkhead?: string;
  /** How many of `max` nobody else may take, where several shares divide one stock. */
  readonly guaranteed?: number;
}

/** What several shares take their permits from. */
export interface PermitPool {
  readonly inUse: number;
  canAcquire(share: Semaphore): boolean;
  onAcquire(share: Semaphore): void;
  onRelease(share: Semaphore): void;
}

interface Waiter {
  readonly grant: (permit: Permit) => void;
  readonly refuse: (error: Error) => void;
  readonly since: number;
  readonly signal: AbortSignal | undefined;
  readonly abort: (() => void) | undefined;
  next: Waiter | undefined;
  previous: Waiter | undefined;
}

/** So late is no timer of a process that goes on. */
const stallMs = 250;

/**
 * Hands out at most `max` permits, first come, first served, from a queue of bounded length.
 * Whoever waits is granted, refused or timed out, once. Who need not wait pays for no timer and no listener.
 */
export class Semaphore {
  #inUse = 0;
  #waiting = 0;
  #timedOut = 0;
  #granted = 0;
  #refusal: (() => Error) | undefined;
  #first: Waiter | undefined;
  #last: Waiter | undefined;
  #timer: NodeJS.Timeout | undefined;
  #dueAt = 0;
  #hasForgiven = false;
  #idle: (() => void)[] = [];
  readonly #onRelease: () => void;

  constructor(
    readonly limits: PermitLimits,
    private readonly pool?: PermitPool,
  ) {
    this.#onRelease = () => this.#release();
  }

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

  /** Whatever the permits are taken from: those who share it wait for one another. */
  get poolOrSelf(): { readonly inUse: number } {
    return this.pool ?? this;
  }

  /** Since when the first in the queue has been waiting, on the monotonic clock. */
  get waitingSince(): number | undefined {
    return this.#first?.since;
  }

  /** A permit at once, or undefined: never out of turn. */
  tryAcquire(): Permit | undefined {
    return this.#refusal === undefined && this.#first === undefined && this.#hasRoom() ? this.#grant() : undefined;
  }

  /** @throws AcquireTimeoutError, QueueFullError, ManagerClosedError, AbortedError */
  acquire(signal?: AbortSignal): Promise<Permit> {
    if (this.#refusal) return Promise.reject(this.#refusal());
    if (signal?.aborted) return Promise.reject(new AbortedError(signal.reason));
    const permit = this.tryAcquire();
    if (permit) return Promise.resolve(permit);
    if (this.#waiting >= this.limits.maxWaiting) return Promise.reject(new QueueFullError(this.#waiting));
    return new Promise((grant, refuse) => this.#enqueue(grant, refuse, signal));
  }

  /** Does somebody wait who may have one? */
  get canGrant(): boolean {
    return this.#first !== undefined && this.#hasRoom();
  }

  /** Grants to the first who waits, if there is room. */
  grantNext(): void {
    const waiter = this.#first;
    if (!waiter || !this.#hasRoom()) return;
    this.#remove(waiter);
    // First: who is told of it may ask for a permit himself.
    const permit = this.#grant();
    publishWait(this.limits.bulkhead, waiter.since);
    waiter.grant(permit);
  }

  /** Refuses everybody who waits and everybody who comes. Permits in use stay good. */
  close(refusal: () => Error = () => new ManagerClosedError()): void {
    this.#refusal = refusal;
    for (let waiter = this.#first; waiter; waiter = this.#first) this.#refuse(waiter, refusal());
  }

  /** Settles when no permit is in use. */
  whenIdle(): Promise<void> {
    return this.#inUse === 0 ? Promise.resolve() : new Promise((resolve) => this.#idle.push(resolve));
  }

  #hasRoom(): boolean {
    return this.#inUse < this.limits.max && (this.pool === undefined || this.pool.canAcquire(this));
  }

  #grant(): Permit {
    this.#inUse++;
    this.#granted++;
    this.pool?.onAcquire(this);
    return new Grant(this.#onRelease);
  }

  #release(): void {
    this.#inUse--;
    if (this.pool) this.pool.onRelease(this);
    else this.grantNext();
    if (this.#inUse === 0 && this.#idle.length > 0) for (const settle of this.#idle.splice(0)) settle();
  }

  #enqueue(grant: Waiter['grant'], refuse: Waiter['refuse'], signal: AbortSignal | undefined): void {
    const abort = signal && (() => this.#refuse(waiter, new AbortedError(signal.reason)));
    const waiter: Waiter = { grant, refuse, since: performance.now(), signal, abort, next: undefined, previous: this.#last };
    if (abort) signal.addEventListener('abort', abort, { once: true });
    if (this.#last) this.#last.next = waiter;
    else this.#first = waiter;
    this.#last = waiter;
    if (this.#waiting++ > 0) return;
    if (this.#timer) this.#timer.ref();
    else this.#wakeIn(this.limits.acquireTimeoutMs);
  }

  /** One timer for the whole queue: all wait equally long, so the first in it is the first to be late. */
  #wakeIn(ms: number): void {
    this.#dueAt = performance.now() + ms;
    this.#timer = setTimeout(() => this.#refuseLate(), Math.min(ms, maxTimerMs));
  }

  #refuseLate(): void {
    this.#timer = undefined;
    // After a stall timers come first: whoever has ended meanwhile gets his turn before anybody is refused for want of what he gives back.
    const isStall = !this.#hasForgiven && performance.now() - this.#dueAt >= stallMs;
    this.#hasForgiven = isStall;
    if (isStall) return this.#wakeIn(0);
    const { acquireTimeoutMs } = this.limits;
    for (let waiter = this.#first; waiter; waiter = this.#first) {
      // Timers count whole milliseconds, and may be a fraction early.
      const leftMs = waiter.since + acquireTimeoutMs - performance.now();
      if (leftMs >= 1) return this.#wakeIn(leftMs);
      this.#timedOut++;
      this.#refuse(waiter, new AcquireTimeoutError(acquireTimeoutMs, this.poolOrSelf.inUse));
    }
  }

  #refuse(waiter: Waiter, error: Error): void {
    this.#remove(waiter);
    publishWait(this.limits.bulkhead, waiter.since, error);
    waiter.refuse(error);
  }

  /** Who is out of the queue hears of no signal and no timer any more, so nobody is taken out twice. */
  #remove(waiter: Waiter): void {
    if (waiter.abort) waiter.signal?.removeEventListener('abort', waiter.abort);
    if (waiter.previous) waiter.previous.next = waiter.next;
    else this.#first = waiter.next;
    if (waiter.next) waiter.next.previous = waiter.previous;
    else this.#last = waiter.previous;
    // Nobody waits: no reason to keep the process alive.
    if (--this.#waiting === 0) this.#timer?.unref();
  }
}

class Grant implements Permit {
  #onRelease: (() => void) | undefined;

  constructor(onRelease: () => void) {
    this.#onRelease = onRelease;
  }

  release(): void {
    const onRelease = this.#onRelease;
    if (!onRelease) throw new DoubleReleaseError();
    this.#onRelease = undefined;
    onRelease();
  }
}
