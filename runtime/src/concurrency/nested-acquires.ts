import { AsyncLocalStorage } from 'node:async_hooks';
import type { Readable } from 'node:stream';
import { NestedAcquireError } from '../errors/index.js';
import { callSite, type CallSite, describeCallSite, type EntryPoints } from './call-site.js';
import type { Permit, Semaphore } from './semaphore.js';

/** How often somebody who waits is looked at: not at once, for what he asked for first may be read in the same breath. */
const lookEveryMs = 10;

/** Who leaves what has arrived for so long is not about to read it. */
const leftMs = 1_000;

/** What a statement holds, or is about to, and what its caller held when it asked. */
export interface Holding {
  readonly permits: Semaphore;
  readonly acquiredAt: CallSite;
  readonly outer: Holding | undefined;
  /** Its caller has heard of it: what comes from him now comes on top of it. */
  isHeld: boolean;
  /** Statements of its caller's that wait meanwhile. */
  waiting: number;
  /** Of its result. A session has none. */
  body: Readable | undefined;
  /** What of that has arrived and is not read, and since when it has been as much. */
  unread: number;
  unreadSince: number;
}

/**
 * Finds callers who wait for a permit that only they could give back: each of them holds one, a result that nobody reads or a session, and asks for another.
 * It remembers who holds what by the asynchronous context, which makes every `await` of a process dearer on Node 20 and 22.
 */
export class NestedAcquires {
  readonly #context = new AsyncLocalStorage<Holding>();
  readonly #stuck = new Set<Holding>();

  /** To be called with the statement, before anything is awaited: then the context is its caller's, and what that does next is known to come after it. */
  begin(permits: Semaphore, [entryPoint]: EntryPoints): Holding {
    let outer = this.#context.getStore();
    // Statements that were started side by side do not hold anything against one another.
    while (outer && !outer.isHeld) outer = outer.outer;
    const holding: Holding = {
      permits,
      acquiredAt: callSite(entryPoint),
      outer,
      isHeld: false,
      waiting: 0,
      body: undefined,
      unread: 0,
      unreadSince: 0,
    };
    this.#context.enterWith(holding);
    return holding;
  }

  /** @throws NestedAcquireError if with this one everybody waits who could give a permit back; what waiting throws */
  async acquire({ permits, outer }: Holding, signal: AbortSignal | undefined): Promise<Permit> {
    const held: Holding[] = [];
    for (let holding = outer; holding; holding = holding.outer) if (holding.isHeld) held.push(holding);
    for (const holding of held) if (holding.waiting++ === 0) this.#stuck.add(holding);
    try {
      const [nearest] = held.filter((holding) => holding.permits.poolOrSelf === permits.poolOrSelf);
      return await (nearest ? this.#acquireNested(permits, nearest, signal) : permits.acquire(signal));
    } finally {
      for (const holding of held) if (--holding.waiting === 0) this.#stuck.delete(holding);
    }
  }

  /** The permit, whose release ends the holding. */
  held(holding: Holding, permit: Permit): Permit {
    return {
      release: () => {
        holding.isHeld = false;
        this.#stuck.delete(holding);
        permit.release();
      },
    };
  }

  async #acquireNested(permits: Semaphore, { acquiredAt }: Holding, signal: AbortSignal | undefined): Promise<Permit> {
    let refusal: NestedAcquireError | undefined;
    const found = new AbortController();
    const watch = setInterval(() => {
      if (!this.#isDeadlock(permits)) return;
      refusal = new NestedAcquireError(permits.inUse, describeCallSite(acquiredAt));
      found.abort(refusal);
    }, lookEveryMs);
    try {
      return await permits.acquire(signal ? AbortSignal.any([signal, found.signal]) : found.signal);
    } catch (error) {
      throw refusal ?? error;
    } finally {
      clearInterval(watch);
    }
  }

  #isDeadlock(permits: Semaphore): boolean {
    const stuck = [...this.#stuck].filter(isLeft).map((holding) => holding.permits);
    const isFull = permits.inUse === permits.limits.max && stuck.filter((each) => each === permits).length >= permits.inUse;
    return isFull || stuck.filter(({ poolOrSelf }) => poolOrSelf === permits.poolOrSelf).length >= permits.poolOrSelf.inUse;
  }
}

/** Nobody reads it. What is being read ends by itself, unless its reader is the very one who waits: then he leaves what arrives. */
function isLeft(holding: Holding): boolean {
  const { body } = holding;
  if (!body) return true;
  if (body.readableFlowing === null) return true;
  const now = performance.now();
  // To be asked from a timer: by then every willing reader has taken what there was.
  if (body.readableLength === 0 || body.readableLength !== holding.unread) {
    holding.unread = body.readableLength;
    holding.unreadSince = now;
  }
  return now - holding.unreadSince >= leftMs;
}
