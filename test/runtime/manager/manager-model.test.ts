import { type ClickHouseClient, ClickHouseError } from '@clickhouse/client';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import {
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  loadClickHouseConfig,
  parseFailure,
} from '../../../runtime/src/index.js';

// Pauses after failed creations pass on the same clock as everything else.
vi.mock('node:timers/promises', () => ({ setTimeout: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)) }));

type Step =
  | { readonly kind: 'run'; readonly share: number; readonly signal: 'none' | 'live' | 'aborted' }
  | { readonly kind: 'answer'; readonly which: number }
  | { readonly kind: 'refuse'; readonly which: number }
  | { readonly kind: 'break'; readonly which: number }
  | { readonly kind: 'abort'; readonly which: number }
  | { readonly kind: 'connect' }
  | { readonly kind: 'fail to connect' }
  | { readonly kind: 'rotate' }
  | { readonly kind: 'a turn' }
  | { readonly kind: 'close' };

const which = fc.nat(1_000);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 40,
    arbitrary: fc.record({
      kind: fc.constant('run' as const),
      share: fc.nat(1),
      signal: fc.constantFrom('none' as const, 'none' as const, 'live' as const, 'aborted' as const),
    }),
  },
  { weight: 20, arbitrary: fc.record({ kind: fc.constant('answer' as const), which }) },
  { weight: 10, arbitrary: fc.record({ kind: fc.constant('refuse' as const), which }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('break' as const), which }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('abort' as const), which }) },
  { weight: 15, arbitrary: fc.constant({ kind: 'connect' as const }) },
  { weight: 4, arbitrary: fc.constant({ kind: 'fail to connect' as const }) },
  { weight: 5, arbitrary: fc.constant({ kind: 'rotate' as const }) },
  { weight: 25, arbitrary: fc.constant({ kind: 'a turn' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'close' as const }) },
);

const [max, maxWaiting] = [3, 4];
const config = loadClickHouseConfig(
  { url: 'http://127.0.0.1:1', maxConcurrentStatements: max, maxWaitingStatements: maxWaiting, acquireTimeoutMs: 5_000 },
  {},
);
const reset = () => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
const told = { query_id: 'q', response_headers: {}, http_headers: {} };

interface Sent {
  readonly client: ClickHouseClient;
  readonly answer: () => void;
  readonly fail: (error: Error) => void;
}

/** Clients that reach nobody: what is sent, and what becomes of it, is up to the test. */
class Wire {
  readonly sent = new Set<Sent>();
  readonly open = new Set<ClickHouseClient>();
  readonly answered = new Set<number>();
  /** In the order in which they came. */
  readonly received: number[] = [];
  readonly wrongs: string[] = [];
  creating: { readonly connect: () => void; readonly fail: () => void } | undefined;

  readonly factory = new ClickHouseConnectionFactory({
    onCreate: async (client) => {
      if (this.creating) this.wrongs.push('two creations at once');
      await new Promise<void>((connect, fail) => (this.creating = { connect, fail: () => fail(new Error('the hook fails')) })).finally(
        () => (this.creating = undefined),
      );
      this.open.add(client);
      Object.assign(client, {
        ping: () => Promise.resolve({ success: true }),
        // An order to stop what was given up is no statement.
        command: ({ query, abort_signal }: { query: string; abort_signal?: AbortSignal }) =>
          query.startsWith('KILL') ? Promise.resolve(told) : this.#send(client, Number(/\d+/.exec(query)), abort_signal),
        close: () => this.#close(client),
      });
    },
  });

  #send(client: ClickHouseClient, insert: number, signal: AbortSignal | undefined): Promise<typeof told> {
    if (!this.open.has(client)) this.wrongs.push('a statement on a closed client');
    if (this.received.includes(insert)) this.wrongs.push('an insert was sent twice');
    this.received.push(insert);
    const settled = new Promise<typeof told>((resolve, fail) => {
      const sent: Sent = {
        client,
        answer: () => {
          this.sent.delete(sent);
          this.answered.add(insert);
          resolve(told);
        },
        fail: (error) => {
          this.sent.delete(sent);
          fail(error);
        },
      };
      this.sent.add(sent);
      signal?.addEventListener('abort', () => sent.fail(new Error('The user aborted a request.')));
    });
    return settled;
  }

  /** As the official client: it lets nothing end. */
  async #close(client: ClickHouseClient): Promise<void> {
    this.open.delete(client);
    for (const sent of this.sent) if (sent.client === client) sent.fail(reset());
  }
}

interface Asked {
  readonly share: number;
  /** Asked when there was a connection, it is sent as soon as it has its permit. */
  readonly isReady: boolean;
  readonly controller: AbortController;
  outcome: string | undefined;
}

class Trial {
  readonly #wire = new Wire();
  readonly #manager = new ClickHouseConnectionManager({
    config,
    factory: this.#wire.factory,
    bulkheads: { admin: { guaranteed: 1, max: 2 } },
  });
  readonly #statements: Asked[] = [];
  readonly #rotations: Promise<unknown>[] = [];

  async take(steps: readonly Step[]): Promise<void> {
    for (const given of steps) {
      this.#do(given);
      if (given.kind === 'a turn') await turn();
      this.#look();
    }
    const closed = this.#manager.close();
    for (let turns = 0; turns < 3; turns++) {
      this.#wire.creating?.connect();
      await turn();
    }
    await Promise.all([closed, ...this.#rotations]);
    this.#look();
    this.#run(0, 'none');
    await turn();
    expect(this.#statements.pop()?.outcome).toBe('MANAGER_CLOSED');
    expect(this.#statements.filter(({ outcome }) => outcome === undefined)).toEqual([]);
    expect([...this.#statements.keys()].filter((number) => this.#statements[number]?.outcome === 'answered')).toEqual(
      [...this.#wire.answered].sort((one, other) => one - other),
    );
    expect(this.#manager.stats).toMatchObject({ inUse: 0, waiting: 0, timedOut: this.#count('ACQUIRE_TIMEOUT') });
    expect([this.#wire.sent.size, this.#wire.open.size]).toEqual([0, 0]);
  }

  #do(given: Step): void {
    const { sent, creating } = this.#wire;
    if (given.kind === 'run') this.#run(given.share, given.signal);
    else if (given.kind === 'answer') any(sent, given.which)?.answer();
    else if (given.kind === 'refuse')
      any(sent, given.which)?.fail(new ClickHouseError({ message: 'Syntax error', code: '62', type: 'SYNTAX_ERROR' }));
    else if (given.kind === 'break') any(sent, given.which)?.fail(reset());
    else if (given.kind === 'abort') any(this.#statements, given.which)?.controller.abort('enough');
    else if (given.kind === 'connect') creating?.connect();
    else if (given.kind === 'fail to connect') creating?.fail();
    // Before the first connection there is nothing to rotate.
    else if (given.kind === 'rotate' && this.#wire.open.size > 0)
      this.#rotations.push(this.#manager.rotate(config, { timeoutMs: 1_500 }).catch(() => undefined));
    else if (given.kind === 'close') void this.#manager.drain({ timeoutMs: 1_500 });
  }

  #run(share: number, signal: 'none' | 'live' | 'aborted'): void {
    const controller = new AbortController();
    if (signal === 'aborted') controller.abort();
    const statement: Asked = { share, isReady: this.#wire.open.size > 0, controller, outcome: undefined };
    const number = this.#statements.push(statement) - 1;
    const service = share === 0 ? this.#manager.service : this.#manager.bulkhead('admin');
    const settle = (outcome: string) => {
      if (statement.outcome !== undefined) this.#wire.wrongs.push('a statement settled twice');
      statement.outcome = outcome;
    };
    service.command({ query: `INSERT INTO t VALUES (${number})`, ...(signal !== 'none' && { abort_signal: controller.signal }) }).then(
      () => settle('answered'),
      (error: unknown) => settle(parseFailure(error).code),
    );
  }

  #look(): void {
    const { inUse, waiting, granted } = this.#manager.stats;
    expect(inUse).toBeLessThanOrEqual(max);
    expect(this.#wire.sent.size).toBeLessThanOrEqual(inUse);
    expect(waiting).toBeLessThanOrEqual(2 * maxWaiting);
    expect(granted).toBeLessThanOrEqual(this.#statements.length);
    if (this.#manager.state !== 'open') expect(waiting).toBe(0);
    for (const share of [0, 1]) {
      const inTurn = this.#wire.received.filter((number) => this.#statements[number]?.share === share && this.#statements[number].isReady);
      expect(inTurn).toEqual(inTurn.toSorted((one, other) => one - other));
    }
    expect(this.#wire.wrongs).toEqual([]);
  }

  #count(outcome: string): number {
    return this.#statements.filter((statement) => statement.outcome === outcome).length;
  }
}

function any<Item>(items: Iterable<Item>, which: number): Item | undefined {
  const all = [...items];
  return all[which % Math.max(all.length, 1)];
}

/** All that is under way comes as far as it can, and a second passes. */
async function turn(): Promise<void> {
  await new Promise(setImmediate);
  vi.advanceTimersByTime(1_000);
  await new Promise(setImmediate);
}

beforeAll(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterAll(() => void vi.useRealTimers());

it('fault 34: whatever becomes of statements, creations and rotations, each statement settles once, no more than max run, one creation goes on at a time, and after the end nothing is left', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40, size: 'max' }), async (steps) => new Trial().take(steps)),
    { numRuns: 10_000 },
  );
}, 600_000);
