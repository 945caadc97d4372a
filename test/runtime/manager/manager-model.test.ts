import { type ClickHouseClient, ClickHouseError } from '@clickhouse/client';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import {
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  loadClickHouseConfig,
  parseFailure,
} from '../../../runtime/src/index.js';

// The pauses after failed creations use the fake clock as well.
vi.mock('node:timers/promises', () => ({ setTimeout: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)) }));

type Step =
  | { readonly kind: 'run'; readonly partition: number; readonly signal: 'none' | 'live' | 'aborted' }
  | { readonly kind: 'succeed'; readonly which: number }
  | { readonly kind: 'reject'; readonly which: number }
  | { readonly kind: 'disconnect'; readonly which: number }
  | { readonly kind: 'abort'; readonly which: number }
  | { readonly kind: 'connect' }
  | { readonly kind: 'fail-to-connect' }
  | { readonly kind: 'rotate' }
  | { readonly kind: 'turn' }
  | { readonly kind: 'close' };

const which = fc.nat(1_000);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 40,
    arbitrary: fc.record({
      kind: fc.constant('run' as const),
      partition: fc.nat(1),
      signal: fc.constantFrom('none' as const, 'none' as const, 'live' as const, 'aborted' as const),
    }),
  },
  { weight: 20, arbitrary: fc.record({ kind: fc.constant('succeed' as const), which }) },
  { weight: 10, arbitrary: fc.record({ kind: fc.constant('reject' as const), which }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('disconnect' as const), which }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('abort' as const), which }) },
  { weight: 15, arbitrary: fc.constant({ kind: 'connect' as const }) },
  { weight: 4, arbitrary: fc.constant({ kind: 'fail-to-connect' as const }) },
  { weight: 5, arbitrary: fc.constant({ kind: 'rotate' as const }) },
  { weight: 25, arbitrary: fc.constant({ kind: 'turn' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'close' as const }) },
);

const [max, maxWaiting] = [3, 4];
const config = loadClickHouseConfig(
  { url: 'http://127.0.0.1:1', maxConcurrentStatements: max, maxWaitingStatements: maxWaiting, acquireTimeoutMs: 5_000 },
  {},
);
const reset = () => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
const commandResult = { query_id: 'q', response_headers: {}, http_headers: {} };

/** A statement that was sent and has not ended. */
interface Sent {
  readonly client: ClickHouseClient;
  readonly succeed: () => void;
  readonly fail: (error: Error) => void;
}

/** A factory whose clients have no connection: the test decides how each statement ends. */
class Wire {
  readonly sent = new Set<Sent>();
  readonly open = new Set<ClickHouseClient>();
  readonly succeeded = new Set<number>();
  /** The numbers of the inserts, in the order of their arrival. */
  readonly received: number[] = [];
  readonly violations: string[] = [];
  creating: { readonly connect: () => void; readonly fail: () => void } | undefined;

  readonly factory = new ClickHouseConnectionFactory({
    // A creation that is given up goes on beside the next one.
    onCreateTimeoutMs: Infinity,
    onCreate: async (client) => {
      if (this.creating) this.violations.push('two creations at once');
      await new Promise<void>((connect, fail) => (this.creating = { connect, fail: () => fail(new Error('the hook fails')) })).finally(
        () => (this.creating = undefined),
      );
      this.open.add(client);
      Object.assign(client, {
        ping: () => Promise.resolve({ success: true }),
        // A kill is not a statement of the test.
        command: ({ query, abort_signal }: { query: string; abort_signal?: AbortSignal }) =>
          query.startsWith('KILL') ? Promise.resolve(commandResult) : this.#send(client, Number(/\d+/.exec(query)), abort_signal),
        close: () => this.#close(client),
      });
    },
  });

  #send(client: ClickHouseClient, insert: number, signal: AbortSignal | undefined): Promise<typeof commandResult> {
    if (!this.open.has(client)) this.violations.push('a statement on a closed client');
    if (this.received.includes(insert)) this.violations.push('an insert was sent twice');
    this.received.push(insert);
    const settled = new Promise<typeof commandResult>((resolve, fail) => {
      const sent: Sent = {
        client,
        succeed: () => {
          this.sent.delete(sent);
          this.succeeded.add(insert);
          resolve(commandResult);
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

  /** Fails the running statements, as the official client does. */
  async #close(client: ClickHouseClient): Promise<void> {
    this.open.delete(client);
    for (const sent of this.sent) if (sent.client === client) sent.fail(reset());
  }
}

interface TestStatement {
  readonly partition: number;
  /** A client existed at the time of the call, so the statement is sent as soon as it has a permit. */
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
  readonly #statements: TestStatement[] = [];
  readonly #rotations: Promise<unknown>[] = [];

  async take(steps: readonly Step[]): Promise<void> {
    for (const current of steps) {
      this.#apply(current);
      if (current.kind === 'turn') await turn();
      // An answer arrives in a turn of its own: a later abort cannot overtake it.
      else if (current.kind === 'succeed') await new Promise(setImmediate);
      this.#assertInvariants();
    }
    const closed = this.#manager.close();
    for (let turns = 0; turns < 3; turns++) {
      this.#wire.creating?.connect();
      await turn();
    }
    await Promise.all([closed, ...this.#rotations]);
    this.#assertInvariants();
    this.#run(0, 'none');
    await turn();
    expect(this.#statements.pop()?.outcome).toBe('MANAGER_CLOSED');
    expect(this.#statements.filter(({ outcome }) => outcome === undefined)).toEqual([]);
    expect([...this.#statements.keys()].filter((number) => this.#statements[number]?.outcome === 'succeeded')).toEqual(
      [...this.#wire.succeeded].sort((one, other) => one - other),
    );
    expect(this.#manager.stats).toMatchObject({ inUse: 0, waiting: 0, timedOut: this.#count('ACQUIRE_TIMEOUT') });
    expect([this.#wire.sent.size, this.#wire.open.size]).toEqual([0, 0]);
  }

  #apply(current: Step): void {
    const { sent, creating } = this.#wire;
    if (current.kind === 'run') this.#run(current.partition, current.signal);
    else if (current.kind === 'succeed') any(sent, current.which)?.succeed();
    else if (current.kind === 'reject')
      any(sent, current.which)?.fail(new ClickHouseError({ message: 'Syntax error', code: '62', type: 'SYNTAX_ERROR' }));
    else if (current.kind === 'disconnect') any(sent, current.which)?.fail(reset());
    else if (current.kind === 'abort') any(this.#statements, current.which)?.controller.abort('reason');
    else if (current.kind === 'connect') creating?.connect();
    else if (current.kind === 'fail-to-connect') creating?.fail();
    // Before the first creation there is no client to rotate.
    else if (current.kind === 'rotate' && this.#wire.open.size > 0)
      this.#rotations.push(this.#manager.rotate(config, { timeoutMs: 1_500 }).catch(() => undefined));
    else if (current.kind === 'close') void this.#manager.drain({ timeoutMs: 1_500 });
  }

  #run(partition: number, signal: 'none' | 'live' | 'aborted'): void {
    const controller = new AbortController();
    if (signal === 'aborted') controller.abort();
    const statement: TestStatement = { partition, isReady: this.#wire.open.size > 0, controller, outcome: undefined };
    const number = this.#statements.push(statement) - 1;
    const service = partition === 0 ? this.#manager.service : this.#manager.bulkhead('admin');
    const settle = (outcome: string) => {
      if (statement.outcome !== undefined) this.#wire.violations.push('a statement settled twice');
      statement.outcome = outcome;
    };
    service.command({ query: `INSERT INTO t VALUES (${number})`, ...(signal !== 'none' && { abort_signal: controller.signal }) }).then(
      () => settle('succeeded'),
      (error: unknown) => settle(parseFailure(error).code),
    );
  }

  #assertInvariants(): void {
    const { inUse, waiting, granted } = this.#manager.stats;
    expect(inUse).toBeLessThanOrEqual(max);
    expect(this.#wire.sent.size).toBeLessThanOrEqual(inUse);
    expect(waiting).toBeLessThanOrEqual(2 * maxWaiting);
    expect(granted).toBeLessThanOrEqual(this.#statements.length);
    if (this.#manager.state !== 'open') expect(waiting).toBe(0);
    for (const partition of [0, 1]) {
      const numbers = this.#wire.received.filter(
        (number) => this.#statements[number]?.partition === partition && this.#statements[number].isReady,
      );
      expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
    }
    expect(this.#wire.violations).toEqual([]);
  }

  #count(outcome: string): number {
    return this.#statements.filter((statement) => statement.outcome === outcome).length;
  }
}

function any<Item>(items: Iterable<Item>, which: number): Item | undefined {
  const all = [...items];
  return all[which % Math.max(all.length, 1)];
}

/** Runs all pending callbacks, and advances the clock by one second. */
async function turn(): Promise<void> {
  await new Promise(setImmediate);
  vi.advanceTimersByTime(1_000);
  await new Promise(setImmediate);
}

beforeAll(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterAll(() => void vi.useRealTimers());

it('fault 34: for any order of statements, creations and rotations, each statement settles once, at most max run, one creation runs at a time, and nothing is left after the close', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40, size: 'max' }), async (steps) => new Trial().take(steps)),
    { numRuns: 10_000 },
  );
}, 600_000);
