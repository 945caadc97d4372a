import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { ClickHouseClient } from '@clickhouse/client';
import { requestSignal, withSignal } from '../../../runtime/src/http.js';
import { AbortedError, clickHouse } from '../../../runtime/src/index.js';
import { createTestService } from '../../../runtime/src/testing.js';

const query = 'SELECT 1';

describe('a service with the signal of a request', () => {
  it('rejects statements after the abort, and leaves the service as it is', async () => {
    const service = createTestService();
    const controller = new AbortController();
    const scoped = withSignal(service, controller.signal);
    await scoped.command({ query });
    controller.abort();
    const statements = [
      () => scoped.query({ query }),
      () => scoped.command({ query }),
      () => scoped.exec({ query }),
      () => scoped.insert({ table: 't', values: [{ n: 1 }], format: 'JSONEachRow' }),
    ];
    for (const run of statements) await expect(run()).rejects.toBeInstanceOf(AbortedError);
    await service.command({ query });
    expect(service.statements).toHaveLength(2);
  });

  it('keeps the signal of a statement', async () => {
    const scoped = withSignal(createTestService(), new AbortController().signal);
    await expect(scoped.query({ query, abort_signal: AbortSignal.abort() })).rejects.toBeInstanceOf(AbortedError);
  });

  it('has the class, the manager and the other members of the service', () => {
    const service = clickHouse({ url: 'http://127.0.0.1:1', env: false });
    const scoped = withSignal(service, new AbortController().signal);
    expect(scoped).toBeInstanceOf(ClickHouseClient);
    expect(scoped.manager).toBe(service.manager);
  });

  it('pings with the signal', async () => {
    const service = clickHouse({ url: 'http://127.0.0.1:1', env: false });
    expect(await withSignal(service, AbortSignal.abort()).ping()).toMatchObject({ success: false, error: { name: 'AbortError' } });
  });
});

/** The part of a response that the signal needs. */
class FakeResponse extends EventEmitter {
  constructor(
    readonly writableFinished: boolean,
    readonly destroyed = false,
  ) {
    super();
  }
}

describe('the signal of a request', () => {
  it('is aborted if the connection closes before the response is complete', () => {
    const response = new FakeResponse(false);
    const signal = requestSignal(response);
    expect(signal.aborted).toBe(false);
    response.emit('close');
    expect(signal.reason).toMatchObject({ name: 'AbortError', message: expect.stringContaining('client closed the connection') });
  });

  it('is not aborted after a complete response', () => {
    const response = new FakeResponse(true);
    const signal = requestSignal(response);
    response.emit('close');
    expect(signal.aborted).toBe(false);
  });

  it('is aborted at once if the client is gone already', () => {
    expect(requestSignal(new FakeResponse(false, true)).aborted).toBe(true);
  });

  it('is one for each response', () => {
    const response = new FakeResponse(false);
    expect(requestSignal(response)).toBe(requestSignal(response));
  });
});
