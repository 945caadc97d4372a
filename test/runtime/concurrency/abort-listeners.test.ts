import { describe, expect, it, vi } from 'vitest';
import { getEventListeners } from 'node:events';
import { onAbort } from '../../../runtime/src/concurrency/abort-listeners.js';
import { ClickHouseConnectionFactory, ClickHouseConnectionManager, loadClickHouseConfig } from '../../../runtime/src/index.js';
import { deferred, fakeServer } from '../harness/fake-server.js';

describe('listeners of one abort signal', () => {
  it('are one listener of the signal, which is removed with the last of them', () => {
    const { signal } = new AbortController();
    const removals = Array.from({ length: 20 }, () => onAbort(signal, () => undefined));
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    for (const remove of removals.slice(1)) remove();
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    removals[0]?.();
    removals[0]?.();
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('are called once each, in the order of their registration, unless they were removed', () => {
    const controller = new AbortController();
    const calls: string[] = [];
    onAbort(controller.signal, () => calls.push('first'))();
    onAbort(controller.signal, () => {
      calls.push('second');
      removeFourth();
    });
    onAbort(controller.signal, () => calls.push('third'));
    const removeFourth = onAbort(controller.signal, () => calls.push('fourth'));
    controller.abort();
    controller.abort();
    expect(calls).toEqual(['second', 'third']);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });
});

describe('many statements with one abort signal', () => {
  it('cause no warning, leave no listener, and are all aborted', async () => {
    const warn = vi.fn();
    process.on('warning', warn);
    const release = deferred<undefined>();
    await using server = await fakeServer((response) => void release.promise.then(() => response.end()));
    const config = loadClickHouseConfig({ url: server.url, maxConcurrentStatements: 20 }, {});
    await using service = new ClickHouseConnectionManager({ config, factory: new ClickHouseConnectionFactory() }).service;
    const controller = new AbortController();
    const run = () => Array.from({ length: 40 }, () => service.command({ query: 'SELECT 1', abort_signal: controller.signal }));

    const finished = run();
    await server.received(20);
    release.resolve(undefined);
    await Promise.all(finished);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);

    const aborted = run();
    controller.abort();
    for (const result of await Promise.allSettled(aborted)) expect(result).toMatchObject({ reason: { code: 'ABORTED' } });
    await new Promise(setImmediate);
    expect(warn).not.toHaveBeenCalled();
    process.off('warning', warn);
  });
});
