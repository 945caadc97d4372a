import { describe, expect, it } from 'vitest';
import { CircuitBreaker } from '../../../runtime/src/resilience/circuit-breaker.js';
import { ConnectError, TimeoutError } from '../../../runtime/src/index.js';
import { probeUntilHealthy } from '../../../runtime/src/resilience/recovery-probe.js';
import { failureOf, managerOf, selectOne } from '../../faults/server-under-test.js';
import { describeOnServers } from '../harness/test-servers.js';

/** An open breaker with a clock that only pauses move, and a server that answers from this ping on. */
function probeAfter(failure: Error, answersAt: number) {
  const time = { now: 0 };
  const pauses: number[] = [];
  let pingCount = 0;
  const breaker = new CircuitBreaker({
    endpoint: 'http://a',
    limits: { minimumCalls: 1, openDurationMs: 5_000, jitter: 0 },
    clock: () => time.now,
  });
  breaker.admit().failed(failure);
  const recovered = probeUntilHealthy(breaker, {
    ping: () => Promise.resolve(++pingCount >= answersAt),
    random: () => 0.5,
    pause: (ms) => {
      pauses.push(ms);
      time.now += ms;
      return Promise.resolve();
    },
  });
  return { breaker, pauses, recovered, pings: () => pingCount };
}

const refused = new ConnectError('ECONNREFUSED', false, 'refused');

describe('the recovery probe of an open breaker', () => {
  it('allows a probe as soon as the server answers a ping', async () => {
    const { breaker, pauses, recovered } = probeAfter(refused, 3);
    await recovered;
    expect(pauses).toEqual([500, 500, 500]);
    expect([breaker.state.kind, breaker.isReady]).toEqual(['open', true]);
  });

  it('ends with the open time if the server answers no ping', async () => {
    const { pauses, recovered, pings } = probeAfter(refused, Infinity);
    await recovered;
    expect([pauses.length, pings()]).toEqual([10, 9]);
  });

  it('sends no ping if the server was reached, since an answer would prove nothing', async () => {
    const { breaker, recovered, pings } = probeAfter(new TimeoutError(), 1);
    await recovered;
    expect([pings(), breaker.isReady]).toEqual([0, false]);
  });
});

describeOnServers((startServer) => {
  it('statements succeed soon after a restart of the server, before openDurationMs has passed', async () => {
    await using server = await startServer();
    await using setup = managerOf(server.url, {
      options: { retry: false, breaker: { minimumCalls: 3, openDurationMs: 600_000, maxOpenDurationMs: 600_000 } },
    });
    await setup.manager.service.ping();
    await server.kill();
    await expect.poll(async () => (await failureOf(setup.manager.service.query(selectOne))).code).toBe('BREAKER_OPEN');
    await server.start();
    await expect
      .poll(
        () =>
          setup.manager.service.query(selectOne).then(
            async (result) => result.json(),
            () => undefined,
          ),
        { timeout: 10_000 },
      )
      .toEqual([{ n: 1 }]);
  });
});
