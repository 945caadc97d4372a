import { AsyncLocalStorage } from 'node:async_hooks';
import { NestedAcquireError } from './errors.js';
import type { Permit, Permits } from './permits.js';
import { callerOutside } from './recursion-guard.js';

/** What a statement holds, or is about to, and what its caller held when it asked. */
export interface Holding {
  readonly permits: Permits;
  readonly site: string;
  readonly outer: Holding | undefined;
  /** Its caller has heard of it: what comes from him now comes on top of it. */
  isHeld: boolean;
  /** Statements of its caller's that wait meanwhile. */
  waiting: number;
}

/**
 * Finds callers who wait for a permit that only they could give back: each of them holds one, an unread result or a session, and asks for another.
 * It remembers who holds what by the asynchronous context, which makes every `await` of a process dearer on Node 20 and 22.
 */
export class NestedAcquires {
  readonly #context = new AsyncLocalStorage<Holding>();
  readonly #stuck = new Set<Holding>();

  /** To be called with the statement, before anything is awaited: then the context is its caller's, and what that does next is known to come after it. */
  begin(permits: Permits): Holding {
    let outer = this.#context.getStore();
    // Statements that were started side by side do not hold anything against one another.
    while (outer && !outer.isHeld) outer = outer.outer;
    const holding: Holding = { permits, site: callerOutside(), outer, isHeld: false, waiting: 0 };
    this.#context.enterWith(holding);
    return holding;
  }

  /** @throws NestedAcquireError if with this one everybody waits who could give a permit back; what waiting throws */
  async acquire({ permits, outer }: Holding, signal: AbortSignal | undefined): Promise<Permit> {
    const held: Holding[] = [];
    for (let holding = outer; holding; holding = holding.outer) if (holding.isHeld) held.push(holding);
    for (const holding of held) if (holding.waiting++ === 0) this.#stuck.add(holding);
    try {
      const [nearest] = held.filter((holding) => holding.permits.stockOrSelf === permits.stockOrSelf);
      if (nearest && this.#isDeadlock(permits)) throw new NestedAcquireError(permits.inUse, nearest.site);
      return await permits.acquire(signal);
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

  #isDeadlock(permits: Permits): boolean {
    const stuck = [...this.#stuck].map((holding) => holding.permits);
    const isFull = permits.inUse === permits.limits.max && stuck.filter((each) => each === permits).length >= permits.inUse;
    return isFull || stuck.filter(({ stockOrSelf }) => stockOrSelf === permits.stockOrSelf).length >= permits.stockOrSelf.inUse;
  }
}
