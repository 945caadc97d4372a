import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Bulkheads } from '../../../runtime/src/concurrency/bulkheads.js';
import { ClickHouseSsotError, DoubleReleaseError } from '../../../runtime/src/index.js';
import { type Permit, type PermitLimits, Semaphore } from '../../../runtime/src/concurrency/semaphore.js';
import { PermitsModel } from '../harness/semaphore-model.js';

type Step =
  | { readonly kind: 'acquire'; readonly share: number; readonly signal: 'none' | 'live' | 'aborted' }
  | { readonly kind: 'release'; readonly which: number }
  | { readonly kind: 'release again'; readonly which: number }
  | { readonly kind: 'abort'; readonly which: number }
  | { readonly kind: 'time passes'; readonly ms: number }
  | { readonly kind: 'promises settle' }
  | { readonly kind: 'close' };

const which = fc.nat(1_000);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 50,
    arbitrary: fc.record({
      kind: fc.constant('acquire' as const),
      share: fc.nat(3),
      signal: fc.constantFrom('none' as const, 'live' as const, 'live' as const, 'aborted' as const),
    }),
  },
  { weight: 40, arbitrary: fc.record({ kind: fc.constant('release' as const), which }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('release again' as const), which }) },
  { weight: 15, arbitrary: fc.record({ kind: fc.constant('abort' as const), which }) },
  { weight: 10, arbitrary: fc.record({ kind: fc.constant('time passes' as const), ms: fc.integer({ min: 1, max: 12 }) }) },
  // Rarer than the others, so that much happens between a grant and the moment when its owner hears of it.
  { weight: 25, arbitrary: fc.constant({ kind: 'promises settle' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'close' as const }) },
);

/** Does to the real ones and to the model what a step says, and compares what can be seen of both. */
class Trial {
  readonly #model: PermitsModel;
  readonly #controllers: AbortController[] = [];
  readonly #held: { readonly request: number; readonly permit: Permit }[] = [];
  readonly #released: Permit[] = [];
  readonly #outcomes: string[] = [];
  readonly #grants: number[] = [];

  constructor(
    max: number,
    private readonly shares: readonly Semaphore[],
    private readonly close: () => void,
  ) {
    this.#model = new PermitsModel(
      max,
      shares.map(({ limits }) => limits),
    );
  }

  async take(steps: readonly Step[]): Promise<void> {
    for (const given of steps) {
      this.#do(given);
      if (given.kind === 'promises settle') await settled();
      this.#compare();
    }
    // Whoever still waits is served, and everything comes back.
    for (await settled(); this.#held.length > 0; await settled()) this.#release(0);
    await Promise.all(this.shares.map((share) => share.whenIdle()));
    this.#compare();
    expect(this.#outcomes).toEqual(this.#model.outcomes);
    expect(this.#grants).toEqual(this.#model.grants);
    expect(this.shares.map(({ inUse, waiting }) => [inUse, waiting])).toEqual(this.shares.map(() => [0, 0]));
    const granted = this.shares.reduce((sum, share) => sum + share.granted, 0);
    const timedOut = this.shares.reduce((sum, share) => sum + share.timedOut, 0);
    expect([granted, timedOut]).toEqual([this.#grants.length, this.#outcomes.filter((outcome) => outcome === 'ACQUIRE_TIMEOUT').length]);
  }

  #do(given: Step): void {
    if (given.kind === 'acquire') this.#acquire(given.share % this.shares.length, given.signal);
    else if (given.kind === 'release') this.#release(given.which);
    else if (given.kind === 'release again') this.#releaseAgain(given.which);
    else if (given.kind === 'abort') this.#abort(given.which);
    else if (given.kind === 'time passes') this.#pass(given.ms);
    else if (given.kind === 'close') this.#close();
  }

  #acquire(share: number, signal: 'none' | 'live' | 'aborted'): void {
    // No two of the same instant: shares are served by who has waited longer.
    this.#pass(1);
    const controller = new AbortController();
    if (signal === 'aborted') controller.abort();
    const request = this.#controllers.push(controller) - 1;
    this.#model.acquire(share, signal);
    this.#outcomes.push('none');
    this.shares[share]?.acquire(signal === 'none' ? undefined : controller.signal).then(
      (permit) => {
        this.#settle(request, 'granted');
        this.#grants.push(request);
        this.#held.push({ request, permit });
      },
      (error: unknown) => this.#settle(request, error instanceof ClickHouseSsotError ? error.code : String(error)),
    );
  }

  #settle(request: number, outcome: string): void {
    expect(this.#outcomes[request]).toBe('none');
    this.#outcomes[request] = outcome;
  }

  #release(which: number): void {
    const [one] = this.#held.splice(which % Math.max(this.#held.length, 1), 1);
    if (!one) return;
    one.permit.release();
    this.#released.push(one.permit);
    this.#model.release(one.request);
  }

  #releaseAgain(which: number): void {
    const permit = this.#released[which % Math.max(this.#released.length, 1)];
    if (permit) expect(() => permit.release()).toThrow(DoubleReleaseError);
  }

  #abort(which: number): void {
    const request = which % Math.max(this.#controllers.length, 1);
    this.#controllers[request]?.abort();
    this.#model.abort(request);
  }

  #close(): void {
    this.close();
    this.#model.close();
  }

  #pass(ms: number): void {
    vi.advanceTimersByTime(ms);
    this.#model.pass(ms);
  }

  #compare(): void {
    const [counters, meant] = [this.shares.map(({ inUse, waiting }) => [inUse, waiting]), this.#model.counters];
    // A matcher takes longer than the step that it looks at.
    if (String(counters) !== String(meant)) expect(counters).toEqual(meant);
    if (this.#model.broken().length > 0) expect(this.#model.broken()).toEqual([]);
  }
}

/** Every microtask that is there, and those that they make. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await Promise.resolve();
}

const steps = fc.array(step, { minLength: 1, maxLength: 40, size: 'max' });
const limits: PermitLimits = { max: 3, maxWaiting: 5, acquireTimeoutMs: 20 };

describe('fault 34: whatever is done to them, in whatever order,', () => {
  beforeAll(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
  afterAll(() => void vi.useRealTimers());

  it('permits are never more than max, go to who came first, settle every request once and all come back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), steps, async (max, taken) => {
        const permits = new Semaphore({ ...limits, max });
        await new Trial(max, [permits], () => permits.close()).take(taken);
      }),
      { numRuns: 7_000 },
    );
  });

  it('shares of them keep to their guarantees and caps besides, and go to the share that has waited longest', async () => {
    const shares = { admin: { guaranteed: 1, acquireTimeoutMs: 7 }, reports: { guaranteed: 1, max: 2, maxWaiting: 2 }, ingest: {} };
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 3, max: 5 }), steps, async (max, taken) => {
        const bulkheads = new Bulkheads({ ...limits, max }, shares);
        const all = [bulkheads.unnamed, ...Object.keys(shares).map((name) => bulkheads.named(name))];
        await new Trial(max, all, () => bulkheads.close()).take(taken);
      }),
      { numRuns: 3_000 },
    );
  });
});
