import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EngineConnection } from '../../../runtime/src/embedded.js';
import { serialize } from '../../../runtime/src/embedded/serial-connection.js';
import { ManagerClosedError } from '../../../runtime/src/index.js';
import { deferred } from '../harness/fake-server.js';

const answer = { query_id: '', response_headers: {} };

/** An engine whose first connection runs a statement until the test ends it. */
function createEngine() {
  const calls: string[] = [];
  const statement = deferred<typeof answer>();
  const connect = (run: () => Promise<typeof answer>): EngineConnection => {
    const reject = () => Promise.reject(new Error('not scripted'));
    const close = () => Promise.resolve(void calls.push('closed'));
    return { command: run, close, query: reject, exec: reject, insert: reject, ping: reject };
  };
  const other = () => ({ ...connect(() => Promise.resolve(answer)), close: () => Promise.resolve() });
  const serial = serialize(
    connect(() => statement.promise),
    { connect: other, open: () => Promise.resolve(other()) },
  );
  const run = (query: string) => serial.run({ query }, (connection, params) => connection.command(params));
  return { calls, serial, run, end: () => statement.resolve(answer) };
}

describe('closing the embedded engine', () => {
  const warnings: string[] = [];
  beforeEach(() => {
    vi.useFakeTimers();
    vi.spyOn(process, 'emitWarning').mockImplementation((text) => void warnings.push(String(text)));
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
    warnings.length = 0;
  });

  it('takes two seconds at most, and says that a killed statement still runs', async () => {
    const { calls, serial, run, end } = createEngine();
    const running = run('SELECT slow');
    const [ended, closed] = [vi.fn(), vi.fn()];
    running.catch(ended);
    await vi.advanceTimersByTimeAsync(0);
    const closing = serial.close().then(closed);
    await vi.advanceTimersByTimeAsync(1_999);
    expect(closed).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    await closing;
    expect(warnings).toEqual([expect.stringContaining('still runs a statement')]);
    await expect(running).rejects.toMatchObject({ code: 'STATEMENT_TERMINATED' });
    expect(calls).toEqual([]);
    end();
    await vi.runAllTimersAsync();
    expect(calls).toEqual(['closed']);
  });

  it('rejects the queue at once, and later statements', async () => {
    const { serial, run, end } = createEngine();
    const running = run('SELECT slow');
    await vi.advanceTimersByTimeAsync(0);
    const waiting = run('SELECT 1');
    const closing = serial.close();
    await expect(waiting).rejects.toBeInstanceOf(ManagerClosedError);
    await expect(run('SELECT 2')).rejects.toBeInstanceOf(ManagerClosedError);
    end();
    await expect(running).resolves.toEqual(answer);
    await vi.advanceTimersByTimeAsync(0);
    await closing;
  });

  it('warns of nothing if the statement ends in time', async () => {
    const { calls, serial, run, end } = createEngine();
    const running = run('SELECT slow');
    await vi.advanceTimersByTimeAsync(0);
    const closing = serial.close();
    end();
    await vi.runAllTimersAsync();
    await Promise.all([closing, running]);
    expect({ warnings, calls }).toEqual({ warnings: [], calls: ['closed'] });
  });
});
