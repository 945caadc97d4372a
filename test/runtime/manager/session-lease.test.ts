import { describe, expect, it } from 'vitest';
import {
  AcquireTimeoutError,
  type ClickHouseConfigInput,
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  type FactoryOptions,
  loadClickHouseConfig,
  ManagerClosedError,
  QueueFullError,
  UnknownBulkheadError,
} from '../../../runtime/src/index.js';
import { fakeServer } from '../harness/fake-server.js';

function managerFor(url: string, input: ClickHouseConfigInput = {}, options: FactoryOptions = {}): ClickHouseConnectionManager {
  return new ClickHouseConnectionManager({
    config: loadClickHouseConfig({ maxConcurrentStatements: 2, ...input }, { CLICKHOUSE_URL: url }),
    factory: new ClickHouseConnectionFactory(options),
    bulkheads: { reports: { max: 1, acquireTimeoutMs: 20, maxWaiting: 1 } },
    detectNestedAcquires: false,
  });
}

describe('the lease of a session', () => {
  it('of a bulkhead that is not configured fails with the names that are', async () => {
    const manager = managerFor('http://127.0.0.1:9');
    await expect(manager.session({ bulkhead: 'report' })).rejects.toMatchObject({ bulkhead: 'report', known: ['reports'] });
    await expect(manager.session({ bulkhead: 'report' })).rejects.toThrow(UnknownBulkheadError);
    await manager.close();
  });

  it('holds a permit of its bulkhead', async () => {
    await using server = await fakeServer((response) => response.end());
    const manager = managerFor(server.url);
    await using session = await manager.session({ bulkhead: 'reports' });
    await expect(manager.bulkhead('reports').command({ query: 'A' })).rejects.toThrow(AcquireTimeoutError);
    await manager.service.command({ query: 'A' });
    await session.close();
    await manager.bulkhead('reports').command({ query: 'A' });
    await manager.close();
  });

  it('without a permit fails as a statement does', async () => {
    await using server = await fakeServer((response) => response.end());
    const manager = managerFor(server.url);
    await using session = await manager.session({ bulkhead: 'reports' });
    const leases = await Promise.allSettled([manager.session({ bulkhead: 'reports' }), manager.session({ bulkhead: 'reports' })]);
    expect(leases.map((lease) => lease.status === 'rejected' && (lease.reason as unknown))).toEqual([
      expect.any(AcquireTimeoutError),
      expect.any(QueueFullError),
    ]);
    await session.close();
    await manager.close();
    await expect(manager.session()).rejects.toThrow(ManagerClosedError);
  });

  it('fails with the error of onCreate, and gives its permit back', async () => {
    await using server = await fakeServer((response) => response.end());
    const error = new Error('not yet');
    const manager = managerFor(server.url, {}, { onCreate: () => Promise.reject(error) });
    await expect(manager.session()).rejects.toBe(error);
    expect(manager.stats.inUse).toBe(0);
    await manager.close();
  });

  it('has no deadline: that of the session does not limit the wait for the lease', async () => {
    await using server = await fakeServer((response) => response.end());
    const manager = managerFor(server.url, { maxConcurrentStatements: 1, acquireTimeoutMs: 100 });
    await using session = await manager.session();
    await expect(manager.session({ deadlineMs: 1 })).rejects.toThrow(AcquireTimeoutError);
    await session.close();
    await manager.close();
  });
});

describe('a session', () => {
  it('is leased, lost or released, and close() may be repeated', async () => {
    await using server = await fakeServer((response) => void response.socket?.resetAndDestroy());
    const manager = managerFor(server.url);
    const lost = await manager.session();
    expect(lost.state).toBe('leased');
    await expect(lost.command({ query: 'A' })).rejects.toThrow();
    expect(lost.state).toBe('lost');
    const closed = await manager.session();
    await closed.close();
    expect([closed.state, manager.stats.inUse]).toEqual(['released', 0]);
    await closed.close();
    await manager.close();
  });

  it('keeps the session for 60 seconds by default', async () => {
    await using server = await fakeServer((response) => response.end());
    const manager = managerFor(server.url);
    await using session = await manager.session();
    await session.command({ query: 'A' });
    expect(server.requests[0]).toContain('session_timeout=60');
    await session.close();
    await manager.close();
  });
});
