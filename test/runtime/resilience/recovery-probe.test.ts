import { describe, expect, it } from 'vitest';
import { CircuitBreaker } from '../../../runtime/src/resilience/circuit-breaker.js';
import { ConnectError, TimeoutError } from '../../../runtime/src/index.js';
import { probeUntilHealthy } from '../../../runtime/src/resilience/recovery-probe.js';
import { failureOf, managerOf, selectOne } from '../../faults/server-under-test.js';
import { realServer } from '../harness/real-server.js';
import { onRealServer, serverBinary } from '../harness/server-binary.js';

/** An open breaker, a clock that only pauses move, and a server that answers from the given ping on. */
function given(failure: Error, answersAt: number) {
  const time = { now: 0 };
  const pauses: number[] = [];
  let pings = 0;
  const breaker = new CircuitBreaker({
    endpoint: 'http://a',
    limits: { minimumCalls: 1, openDurationMs: 5_000, jitter: 0 },
    clock: () => time.now,
  });
  breaker.admit().failed(failure);
  const recovered = probeUntilHealthy(breaker, {
    ping: () => Promise.resolve(++pings >= answersAt),
    random: () => 0.5,
    pause: (ms) => {
      pauses.push(ms);
      time.now += ms;
      return Promise.resolve();
    },
  });
  return { breaker, pauses, recovered, pinged: () => pings };
}

const refused = new ConnectError('ECONNREFUSED', false, 'refused');

describe('a breaker that is open for a server that cannot be reached', () => {
  it('lets statements try as soon as a ping is answered', async () => {
    const { breaker, pauses, recovered } = given(refused, 3);
    await recovered;
    expect(pauses).toEqual([500, 500, 500]);
    expect([breaker.state.kind, breaker.isReady]).toEqual(['open', true]);
  });

  it('waits out its time where none is', async () => {
    const { pauses, recovered, pinged } = given(refused, Infinity);
    await recovered;
    expect([pauses.length, pinged()]).toEqual([10, 9]);
  });

  it('waits out its time where the server was reached and failed otherwise: an answer to a ping would prove nothing', async () => {
    const { breaker, recovered, pinged } = given(new TimeoutError(), 1);
    await recovered;
    expect([pinged(), breaker.isReady]).toEqual([0, false]);
  });
});

describe.skipIf(serverBinary() === undefined)(onRealServer, () => {
  it('statements succeed soon after a server is back, and not only when a breaker has waited out its time', async () => {
    await using server = await realServer();
    await using given = managerOf(server.url, {
      options: { retry: false, breaker: { minimumCalls: 3, openDurationMs: 600_000, maxOpenDurationMs: 600_000 } },
    });
    await given.manager.service.ping();
    await server.kill();
    await expect.poll(async () => (await failureOf(given.manager.service.query(selectOne))).code).toBe('BREAKER_OPEN');
    await server.start();
    await expect
      .poll(
        () =>
          given.manager.service.query(selectOne).then(
            async (result) => result.json(),
            () => undefined,
          ),
        { timeout: 10_000 },
      )
      .toEqual([{ n: 1 }]);
  });
});
