import { AsyncLocalStorage } from 'node:async_hooks';
import type { Readable } from 'node:stream';
import { NestedAcquireError } from '../errors/index.js';
import { callSite, type CallSite, describeCallSite, type EntryPoints } from './call-site.js';
import type { Permit, Semaphore } from './semaphore.js';

/** Interval of the checks for a deadlock, in milliseconds. The first check is not immediate: the caller may be about to read its result. */
const checkIntervalMs = 10;

/** A body whose unread bytes have not changed for this long, in milliseconds, counts as abandoned. */
const abandonedAfterMs = 1_000;

/** A statement or session of one caller, and the permit that it holds or waits for. */
export interface Holding {
  /** Where the permit comes from. */
  readonly permits: Semaphore;
  readonly acquiredAt: CallSite;
  /** The holding in whose asynchronous context this one started, if that holding was held. */
  readonly outer: Holding | undefined;
  /** Whether the caller has its result or session and holds the permit: statements that it starts from then on are nested. */
  isHeld: boolean;
  /** Number of nested statements that wait for a permit. */
  nestedWaits: number;
  /** Body of the result. Undefined for a session. */
  body: Readable | undefined;
  /** Number of bytes that have arrived and are not read, at the last check. */
  unreadBytes: number;
  /** Time since which `unreadBytes` has not changed, on the clock of `performance.now()`, in milliseconds. */
  unreadSince: number;
}

/**
 * Detects deadlocks: all permits are held by callers that wait for another permit, each with a session or a result that nothing reads.
 * The asynchronous context identifies the caller. On Node 20 and 22 it makes every `await` of the process slower.
 */
export class NestedAcquires {
  readonly #context = new AsyncLocalStorage<Holding>();
  /** The holdings whose callers wait for another permit. */
  readonly #blocked = new Set<Holding>();

  /**
   * Starts the holding of a statement. It must be called synchronously by the statement: then the context is that of the caller, and later
   * statements of the caller see this holding.
   */
  begin(permits: Semaphore, [entryPoint]: EntryPoints): Holding {
    let outer = this.#context.getStore();
    // Statements that were started concurrently are not nested.
    while (outer && !outer.isHeld) outer = outer.outer;
    const holding: Holding = {
      permits,
      acquiredAt: callSite(entryPoint),
      outer,
      isHeld: false,
      nestedWaits: 0,
      body: undefined,
      unreadBytes: 0,
      unreadSince: 0,
    };
    this.#context.enterWith(holding);
    return holding;
  }

  /** Resolves with a permit for the holding. @throws NestedAcquireError if this wait completes a deadlock; the errors of `Semaphore.acquire` */
  async acquire({ permits, outer }: Holding, signal: AbortSignal | undefined): Promise<Permit> {
    const held: Holding[] = [];
    for (let holding = outer; holding; holding = holding.outer) if (holding.isHeld) held.push(holding);
    for (const holding of held) if (holding.nestedWaits++ === 0) this.#blocked.add(holding);
    try {
      const [nearest] = held.filter((holding) => holding.permits.poolOrSelf === permits.poolOrSelf);
      return await (nearest ? this.#acquireNested(permits, nearest, signal) : permits.acquire(signal));
    } finally {
      for (const holding of held) if (--holding.nestedWaits === 0) this.#blocked.delete(holding);
    }
  }

  /** Returns the permit, whose release ends the holding. */
  holdPermit(holding: Holding, permit: Permit): Permit {
    return {
      release: () => {
        holding.isHeld = false;
        this.#blocked.delete(holding);
        permit.release();
      },
    };
  }

  async #acquireNested(permits: Semaphore, { acquiredAt }: Holding, signal: AbortSignal | undefined): Promise<Permit> {
    let deadlock: NestedAcquireError | undefined;
    const controller = new AbortController();
    const timer = setInterval(() => {
      if (!this.#isDeadlock(permits)) return;
      deadlock = new NestedAcquireError(permits.inUse, describeCallSite(acquiredAt));
      controller.abort(deadlock);
    }, checkIntervalMs);
    try {
      return await permits.acquire(signal ? AbortSignal.any([signal, controller.signal]) : controller.signal);
    } catch (error) {
      throw deadlock ?? error;
    } finally {
      clearInterval(timer);
    }
  }

  /** Whether blocked callers hold all permits of this partition, or all permits in use of its pool. */
  #isDeadlock(permits: Semaphore): boolean {
    const blocked = [...this.#blocked].filter(isAbandoned).map((holding) => holding.permits);
    const isFull = permits.inUse === permits.limits.max && blocked.filter((each) => each === permits).length >= permits.inUse;
    return isFull || blocked.filter(({ poolOrSelf }) => poolOrSelf === permits.poolOrSelf).length >= permits.poolOrSelf.inUse;
  }
}

/**
 * Whether nothing reads the body. A body that is being read ends by itself, unless its reader is the caller that waits: then its bytes stay
 * unread. Must be called from a timer: by then every active reader has taken the bytes that have arrived.
 */
function isAbandoned(holding: Holding): boolean {
  const { body } = holding;
  if (!body) return true;
  if (body.readableFlowing === null) return true;
  const now = performance.now();
  if (body.readableLength === 0 || body.readableLength !== holding.unreadBytes) {
    holding.unreadBytes = body.readableLength;
    holding.unreadSince = now;
  }
  return now - holding.unreadSince >= abandonedAfterMs;
}
