import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Bulkheads } from '../../../runtime/src/concurrency/bulkheads.js';
import { ClickHouseSsotError, DoubleReleaseError } from '../../../runtime/src/index.js';
import { type Permit, type PermitLimits, Semaphore } from '../../../runtime/src/concurrency/semaphore.js';
import { SemaphoreModel } from '../harness/semaphore-model.js';

type Action =
  | { readonly kind: 'acquire'; readonly partition: number; readonly signal: 'none' | 'live' | 'aborted' }
  | { readonly kind: 'release'; readonly index: number }
  | { readonly kind: 'release-again'; readonly index: number }
  | { readonly kind: 'abort'; readonly index: number }
  | { readonly kind: 'advance'; readonly ms: number }
  | { readonly kind: 'settle' }
  | { readonly kind: 'close' };

const index = fc.nat(1_000);
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 50,
    arbitrary: fc.record({
      kind: fc.constant('acquire' as const),
      partition: fc.nat(3),
      signal: fc.constantFrom('none' as const, 'live' as const, 'live' as const, 'aborted' as const),
    }),
  },
  { weight: 40, arbitrary: fc.record({ kind: fc.constant('release' as const), index }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('release-again' as const), index }) },
  { weight: 15, arbitrary: fc.record({ kind: fc.constant('abort' as const), index }) },
  { weight: 10, arbitrary: fc.record({ kind: fc.constant('advance' as const), ms: fc.integer({ min: 1, max: 12 }) }) },
  // Rare enough that several actions fall between a grant and the moment when its promise settles.
  { weight: 25, arbitrary: fc.constant({ kind: 'settle' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'close' as const }) },
);

/** Applies each action to the semaphores and to the model, and compares their observable state. */
class Trial {
  readonly #model: SemaphoreModel;
  readonly #controllers: AbortController[] = [];
  readonly #held: { readonly request: number; readonly permit: Permit }[] = [];
  readonly #released: Permit[] = [];
  readonly #outcomes: string[] = [];
  readonly #grants: number[] = [];

  constructor(
    max: number,
    private readonly partitions: readonly Semaphore[],
    private readonly close: () => void,
  ) {
    this.#model = new SemaphoreModel(
      max,
      partitions.map(({ limits }) => limits),
    );
  }

  async run(actions: readonly Action[]): Promise<void> {
    for (const each of actions) {
      this.#apply(each);
      if (each.kind === 'settle') await settled();
      this.#compare();
    }
    // Releases all permits, which also grants the remaining waits.
    for (await settled(); this.#held.length > 0; await settled()) this.#release(0);
    await Promise.all(this.partitions.map((partition) => partition.whenIdle()));
    this.#compare();
    expect(this.#outcomes).toEqual(this.#model.outcomes);
    expect(this.#grants).toEqual(this.#model.grants);
    expect(this.partitions.map(({ inUse, waiting }) => [inUse, waiting])).toEqual(this.partitions.map(() => [0, 0]));
    const granted = this.partitions.reduce((sum, partition) => sum + partition.granted, 0);
    const timedOut = this.partitions.reduce((sum, partition) => sum + partition.timedOut, 0);
    expect([granted, timedOut]).toEqual([this.#grants.length, this.#outcomes.filter((outcome) => outcome === 'ACQUIRE_TIMEOUT').length]);
  }

  #apply(action: Action): void {
    if (action.kind === 'acquire') this.#acquire(action.partition % this.partitions.length, action.signal);
    else if (action.kind === 'release') this.#release(action.index);
    else if (action.kind === 'release-again') this.#releaseAgain(action.index);
    else if (action.kind === 'abort') this.#abort(action.index);
    else if (action.kind === 'advance') this.#advance(action.ms);
    else if (action.kind === 'close') this.#close();
  }

  #acquire(partition: number, signal: 'none' | 'live' | 'aborted'): void {
    // Waits with the same start have no order between partitions.
    this.#advance(1);
    const controller = new AbortController();
    if (signal === 'aborted') controller.abort();
    const request = this.#controllers.push(controller) - 1;
    this.#model.acquire(partition, signal);
    this.#outcomes.push('none');
    this.partitions[partition]?.acquire(signal === 'none' ? undefined : controller.signal).then(
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

  #release(index: number): void {
    const [released] = this.#held.splice(index % Math.max(this.#held.length, 1), 1);
    if (!released) return;
    released.permit.release();
    this.#released.push(released.permit);
    this.#model.release(released.request);
  }

  #releaseAgain(index: number): void {
    const permit = this.#released[index % Math.max(this.#released.length, 1)];
    if (permit) expect(() => permit.release()).toThrow(DoubleReleaseError);
  }

  #abort(index: number): void {
    const request = index % Math.max(this.#controllers.length, 1);
    this.#controllers[request]?.abort();
    this.#model.abort(request);
  }

  #close(): void {
    this.close();
    this.#model.close();
  }

  #advance(ms: number): void {
    vi.advanceTimersByTime(ms);
    this.#model.advance(ms);
  }

  #compare(): void {
    const [counters, expected] = [this.partitions.map(({ inUse, waiting }) => [inUse, waiting]), this.#model.counters];
    // Compares strings first: a matcher takes longer than the action.
    if (String(counters) !== String(expected)) expect(counters).toEqual(expected);
    if (this.#model.violations().length > 0) expect(this.#model.violations()).toEqual([]);
  }
}

/** Resolves after the pending microtasks, and the ones that they queue. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await Promise.resolve();
}

const actions = fc.array(action, { minLength: 1, maxLength: 40, size: 'max' });
const limits: PermitLimits = { max: 3, maxWaiting: 5, acquireTimeoutMs: 20 };

describe('fault 34: with any actions in any order,', () => {
  beforeAll(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
  afterAll(() => void vi.useRealTimers());

  it('permits never exceed max, are granted first come, first served, settle every request once and are all released', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), actions, async (max, input) => {
        const permits = new Semaphore({ ...limits, max });
        await new Trial(max, [permits], () => permits.close()).run(input);
      }),
      { numRuns: 7_000 },
    );
  });

  it('partitions also keep their guarantees and maxima, and a free permit goes to the partition with the longest wait', async () => {
    const partitions = { admin: { guaranteed: 1, acquireTimeoutMs: 7 }, reports: { guaranteed: 1, max: 2, maxWaiting: 2 }, ingest: {} };
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 3, max: 5 }), actions, async (max, input) => {
        const bulkheads = new Bulkheads({ ...limits, max }, partitions);
        const all = [bulkheads.unnamed, ...Object.keys(partitions).map((name) => bulkheads.named(name))];
        await new Trial(max, all, () => bulkheads.close()).run(input);
      }),
      { numRuns: 3_000 },
    );
  });
});
