import { AbortedError, AcquireTimeoutError, DoubleReleaseError, ManagerClosedError, QueueFullError } from '../errors/index.js';
import { onAbort } from './abort-listeners.js';
import { inNextTurn, maxTimerMs, ref, unref } from './wait.js';

/** The right to have one statement running. It must be released once. */
export interface Permit {
  /** Returns the permit to its semaphore, which grants it to the next waiter. @throws DoubleReleaseError on the second call */
  release(): void;
}

/** Limits of one semaphore. */
export interface PermitLimits {
  /** Maximum number of permits in use. */
  readonly max: number;
  /** Maximum number of waiters. Further ones are rejected with QueueFullError. */
  readonly maxWaiting: number;
  /** Maximum wait, in milliseconds. After it, a waiter is rejected with AcquireTimeoutError. */
  readonly acquireTimeoutMs: number;
  /** Name of the partition. Undefined for the partition of statements without a bulkhead, and without partitions. */
  readonly bulkhead?: string;
  /** Returns the reason of a timeout, and what to do. Default: all permits are in use, read results or raise the limit. */
  readonly timeoutReason?: () => string;
  /** Number of permits that are reserved for this partition. Default: 0. */
  readonly guaranteed?: number;
  /**
   * Called at the end of each wait, with the start of the wait on the clock of `performance.now()`. `failure` is undefined if a permit was
   * granted. It must not throw. Default: none.
   */
  readonly onWaitEnd?: (bulkhead: string | undefined, since: number, failure?: Error) => void;
}

/** A pool of permits that several partitions share. */
export interface PermitPool {
  /** Number of permits in use, in all partitions. */
  readonly inUse: number;
  /** Whether the pool has a permit for this partition. The partition checks its own `max` itself. */
  canAcquire(partition: Semaphore): boolean;
  /** Called after the partition has counted a granted permit. */
  onAcquire(partition: Semaphore): void;
  /** Called after the partition has counted a released permit. Grants it to the next waiter of any partition. */
  onRelease(partition: Semaphore): void;
}

/** An entry of the queue, which is a doubly linked list. */
interface Waiter {
  readonly grant: (permit: Permit) => void;
  readonly reject: (error: Error) => void;
  /** Start of the wait, on the clock of `performance.now()`, in milliseconds. */
  readonly since: number;
  /** Removes the listener of the waiter from its signal. */
  readonly stopListening: (() => void) | undefined;
  next: Waiter | undefined;
  previous: Waiter | undefined;
}

/** A timer that fires this late, in milliseconds, indicates a blocked event loop. */
const minStallMs = 250;

/**
 * Grants at most `max` permits, first come, first served, from a queue of bounded length. Each waiter is granted, rejected or timed out,
 * once. An acquire without a wait creates no timer and no listener.
 */
export class Semaphore {
  #inUse = 0;
  #waiting = 0;
  #timedOut = 0;
  #granted = 0;
  #closedError: (() => Error) | undefined;
  #first: Waiter | undefined;
  #last: Waiter | undefined;
  #timer: NodeJS.Timeout | NodeJS.Immediate | undefined;
  #dueAt = 0;
  #hasDeferredTimeout = false;
  #idleListeners: (() => void)[] = [];
  readonly #onRelease: () => void;

  constructor(
    readonly limits: PermitLimits,
    private readonly pool?: PermitPool,
  ) {
    this.#onRelease = () => this.#release();
  }

  /** Number of permits in use. */
  get inUse(): number {
    return this.#inUse;
  }

  /** Length of the queue. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Number of permits granted so far. */
  get granted(): number {
    return this.#granted;
  }

  /** Number of waiters rejected with AcquireTimeoutError so far. */
  get timedOut(): number {
    return this.#timedOut;
  }

  /** The pool that this semaphore shares with other partitions, or itself. */
  get poolOrSelf(): { readonly inUse: number } {
    return this.pool ?? this;
  }

  /** Start of the wait of the first waiter, on the clock of `performance.now()`, in milliseconds. Undefined if the queue is empty. */
  get waitingSince(): number | undefined {
    return this.#first?.since;
  }

  /** Returns a permit, or undefined if none is free, another caller waits, or the semaphore is closed. */
  tryAcquire(): Permit | undefined {
    return this.#closedError === undefined && this.#first === undefined && this.#hasRoom() ? this.#grant() : undefined;
  }

  /** Resolves with a permit, after a wait if none is free. @throws AcquireTimeoutError, QueueFullError, ManagerClosedError, AbortedError */
  acquire(signal?: AbortSignal): Promise<Permit> {
    if (this.#closedError) return Promise.reject(this.#closedError());
    if (signal?.aborted) return Promise.reject(new AbortedError(signal.reason));
    const permit = this.tryAcquire();
    if (permit) return Promise.resolve(permit);
    if (this.#waiting >= this.limits.maxWaiting) return Promise.reject(this.#queueFull());
    return new Promise((grant, reject) => this.#enqueue(grant, reject, signal));
  }

  /** Whether there is a waiter, and a permit for it. */
  get canGrant(): boolean {
    return this.#first !== undefined && this.#hasRoom();
  }

  /** Grants a permit to the first waiter. Does nothing if `canGrant` is false. */
  grantNext(): void {
    const waiter = this.#first;
    if (!waiter || !this.#hasRoom()) return;
    this.#remove(waiter);
    // Counts the permit before the event is published: a subscriber may call `tryAcquire`.
    const permit = this.#grant();
    this.limits.onWaitEnd?.(this.limits.bulkhead, waiter.since);
    waiter.grant(permit);
  }

  /** Rejects all waiters and all later calls of `acquire`. Permits in use stay valid. */
  close(createError: () => Error = () => new ManagerClosedError()): void {
    this.#closedError = createError;
    for (let waiter = this.#first; waiter; waiter = this.#first) this.#reject(waiter, createError());
  }

  /** Resolves when no permit is in use. */
  whenIdle(): Promise<void> {
    return this.#inUse === 0 ? Promise.resolve() : new Promise((resolve) => this.#idleListeners.push(resolve));
  }

  #queueFull(): QueueFullError {
    const { bulkhead } = this.limits;
    return new QueueFullError(this.#waiting, bulkhead === undefined ? undefined : `maxWaiting of the bulkhead "${bulkhead}"`);
  }

  #hasRoom(): boolean {
    return this.#inUse < this.limits.max && (this.pool === undefined || this.pool.canAcquire(this));
  }

  #grant(): Permit {
    this.#inUse++;
    this.#granted++;
    this.pool?.onAcquire(this);
    return new GrantedPermit(this.#onRelease);
  }

  #release(): void {
    this.#inUse--;
    if (this.pool) this.pool.onRelease(this);
    else this.grantNext();
    if (this.#inUse === 0 && this.#idleListeners.length > 0) for (const resolve of this.#idleListeners.splice(0)) resolve();
  }

  #enqueue(grant: Waiter['grant'], reject: Waiter['reject'], signal: AbortSignal | undefined): void {
    const stopListening = signal && onAbort(signal, () => this.#reject(waiter, new AbortedError(signal.reason)));
    const waiter: Waiter = { grant, reject, since: performance.now(), stopListening, next: undefined, previous: this.#last };
    if (this.#last) this.#last.next = waiter;
    else this.#first = waiter;
    this.#last = waiter;
    if (this.#waiting++ > 0) return;
    if (this.#timer) ref(this.#timer);
    else this.#startTimer(this.limits.acquireTimeoutMs);
  }

  /** Starts the one timer of the queue: all waiters have the same timeout, so the first one expires first. */
  #startTimer(ms: number): void {
    this.#dueAt = performance.now() + ms;
    this.#timer = setTimeout(() => this.#rejectExpired(), Math.min(ms, maxTimerMs));
  }

  #rejectExpired(): void {
    this.#timer = undefined;
    // After a stall of the event loop, timers fire before other events. Waits one turn, once, so that finished statements can release permits.
    const shouldDefer = !this.#hasDeferredTimeout && performance.now() - this.#dueAt >= minStallMs;
    this.#hasDeferredTimeout = shouldDefer;
    // An immediate first: a timer alone may fire before the other events of this turn if the process is slow.
    if (shouldDefer) return void (this.#timer = inNextTurn(() => this.#startTimer(0)));
    const { acquireTimeoutMs, timeoutReason } = this.limits;
    for (let waiter = this.#first; waiter; waiter = this.#first) {
      // Timers have a resolution of one millisecond and may fire a fraction early.
      const remainingMs = waiter.since + acquireTimeoutMs - performance.now();
      if (remainingMs >= 1) return this.#startTimer(remainingMs);
      this.#timedOut++;
      this.#reject(waiter, new AcquireTimeoutError(acquireTimeoutMs, this.poolOrSelf.inUse, timeoutReason?.()));
    }
  }

  #reject(waiter: Waiter, error: Error): void {
    this.#remove(waiter);
    this.limits.onWaitEnd?.(this.limits.bulkhead, waiter.since, error);
    waiter.reject(error);
  }

  /** Removes a waiter from the queue, and its listener from the signal: a waiter is removed once. */
  #remove(waiter: Waiter): void {
    waiter.stopListening?.();
    if (waiter.previous) waiter.previous.next = waiter.next;
    else this.#first = waiter.next;
    if (waiter.next) waiter.next.previous = waiter.previous;
    else this.#last = waiter.previous;
    // The timer of an empty queue must not keep the process alive.
    if (--this.#waiting === 0) unref(this.#timer);
  }
}

class GrantedPermit implements Permit {
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
