import { describe, expect, it } from 'vitest';
import {
  AuthenticationError,
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  loadClickHouseConfig,
} from '../../../runtime/src/index.js';
import { cached, keepCredentialsFresh } from '../../../runtime/src/secrets.js';
import { fakeServer } from '../harness/fake-server.js';

/** A source that counts its reads, and fails from the second read on if the test says so. */
function countingSource({ fails = false } = {}) {
  const source = {
    reads: 0,
    get: () => (++source.reads > 1 && fails ? Promise.reject(new Error('outage')) : Promise.resolve('wrong')),
    describe: () => 'a source',
  };
  return source;
}

it('staleMs is 0 by default: a failing source fails as soon as ttlMs has passed', async () => {
  let now = 0;
  const cache = cached(countingSource({ fails: true }), { ttlMs: 100, now: () => now });
  await cache.get();
  now = 101;
  await expect(cache.get()).rejects.toThrow('outage');
});

describe('keepCredentialsFresh', () => {
  const rejection = 'Code: 516. DB::Exception: default: Authentication failed. (AUTHENTICATION_FAILED)';
  const rejecting = () => fakeServer((response) => response.writeHead(403, { 'x-clickhouse-exception-code': '516' }).end(rejection));
  const managerFor = (url: string) =>
    new ClickHouseConnectionManager({
      config: loadClickHouseConfig({ url, password: 'wrong' }, {}),
      factory: new ClickHouseConnectionFactory(),
    });

  it('pauseMs is ten seconds by default', async () => {
    await using server = await rejecting();
    const manager = managerFor(server.url);
    const source = countingSource();
    let now = 1_000_000;
    using fresh = keepCredentialsFresh(manager, source, { now: () => now });
    const reads: number[] = [];
    for (const pauseMs of [0, 9_999, 1]) {
      now += pauseMs;
      await expect(manager.service.command({ query: 'A' })).rejects.toThrow(AuthenticationError);
      reads.push(source.reads);
    }
    expect(reads).toEqual([1, 1, 2]);
    expect(typeof fresh.refresh).toBe('function');
    await manager.close();
  });

  it('refresh() never rejects, and says whether the manager was rotated', async () => {
    const answers: string[] = ['right', 'right'];
    await using server = await fakeServer((response) => response.end('1\n'));
    const manager = managerFor(server.url);
    const source = {
      get: () => {
        const answer = answers.shift();
        return answer === undefined ? Promise.reject(new Error('outage')) : Promise.resolve(answer);
      },
      describe: () => 'a source',
    };
    const failures: unknown[] = [];
    using fresh = keepCredentialsFresh(manager, source, { pauseMs: 0, onFailure: (failure) => failures.push(failure) });
    expect([await fresh.refresh(), await fresh.refresh(), await fresh.refresh()]).toEqual([true, false, false]);
    expect(failures).toHaveLength(1);
    await manager.close();
  });
});
