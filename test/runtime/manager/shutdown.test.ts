import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { drainOnSignals } from '../../../runtime/src/index.js';
import { createIngest } from '../../../runtime/src/ingest.js';
import { assertInserted, createTestService } from '../../../runtime/src/testing.js';
import { repository } from '../../places.js';
import { deferred } from '../harness/fake-server.js';

const runtime = JSON.stringify(join(repository, 'runtime/dist/index.js'));

/** Starts a process with a running statement. It prints `ready` and how the statement ended. The server responds after a line on stdin. */
async function busyProcess(options: string) {
  const code = `
    import { createServer } from 'node:http';
    import { drainOnSignals, getClickHouseClient, getClickHouseConnectionManager } from ${runtime};
    const server = createServer((request, response) => {
      // Ignores the kill of the terminated statement.
      request.once('data', (body) => body.includes('KILL') || console.log('ready'));
      process.stdin.once('data', () => response.end());
    }).listen(0, '127.0.0.1', async () => {
      process.env.CLICKHOUSE_URL = 'http://127.0.0.1:' + server.address().port;
      drainOnSignals(getClickHouseConnectionManager(), ${options});
      const clickhouse = await getClickHouseClient();
      clickhouse.command({ query: 'A' }).then(() => console.log('done'), ({ code }) => console.log(code));
    });
    process.on('SIGTERM', () => console.log('draining'));
    process.on('SIGUSR2', () => getClickHouseClient().then((client) => client.command({ query: 'B' })).catch(({ code }) => console.log('late', code)));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, NODE_ENV: 'test' },
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  await expect.poll(() => output, { timeout: 20_000 }).toContain('ready');
  const ended = once(child, 'close');
  return { child, lines: () => output.split('\n').slice(1, -1), ended: () => ended };
}

describe('fault 28: a process that drains on signals', () => {
  it('finishes running statements, rejects new ones, and exits with 0', async () => {
    const { child, lines, ended } = await busyProcess('{ timeoutMs: 60_000 }');
    child.kill('SIGTERM');
    await expect.poll(lines, { timeout: 20_000 }).toEqual(['draining']);
    child.kill('SIGUSR2');
    await expect.poll(lines, { timeout: 20_000 }).toEqual(['draining', 'late MANAGER_CLOSED']);
    child.stdin.write('answer\n');
    expect(await ended()).toEqual([0, null]);
    expect(lines()).toEqual(['draining', 'late MANAGER_CLOSED', 'done']);
  });

  it('terminates statements after the timeout, and exits with 0', async () => {
    const { child, lines, ended } = await busyProcess('{ timeoutMs: 10 }');
    child.kill('SIGINT');
    expect(await ended()).toEqual([0, null]);
    expect(lines()).toEqual(['STATEMENT_TERMINATED']);
  });

  it('exits at once at the second signal', async () => {
    const { child, lines, ended } = await busyProcess('{ timeoutMs: 60_000 }');
    child.kill('SIGTERM');
    await expect.poll(lines, { timeout: 20_000 }).toEqual(['draining']);
    child.kill('SIGINT');
    expect(await ended()).toEqual([130, null]);
  });
});

it('listeners exist only from the call until the handle is disposed of', () => {
  const count = () => process.listenerCount('SIGTERM') + process.listenerCount('SIGINT');
  const before = count();
  {
    using stop = drainOnSignals({ drain: () => Promise.resolve() });
    expect(count()).toBe(before + 2);
    expect(typeof stop).toBe('function');
  }
  expect(count()).toBe(before);
});

/** A process that the test signals. */
function fakeProcess() {
  const listeners: ((name: string, number: number) => void)[] = [];
  const exited = deferred<number>();
  return {
    on: (_: string, listener: (name: string, number: number) => void) => listeners.push(listener),
    off: () => undefined,
    exit: (code: number) => exited.resolve(code),
    terminate: () => listeners[0]?.('SIGTERM', 15),
    exited: exited.promise,
  };
}

it('a failed drain emits a warning, and then the process exits with 1', async () => {
  const target = fakeProcess();
  const events: unknown[] = [];
  process.once('warning', (warning) => events.push(warning.message));
  drainOnSignals({ drain: () => Promise.reject(new Error('no')) }, { signals: ['SIGTERM'], process: target });
  target.terminate();
  events.push(await target.exited);
  expect(events).toEqual([expect.stringContaining('no'), 1]);
});

it('the ingests of the process are closed before a single manager is drained', async () => {
  const target = fakeProcess();
  const double = createTestService();
  const ingest = createIngest({ table: 'events', service: double });
  drainOnSignals({ drain: () => double.close() }, { signals: ['SIGTERM'], process: target });
  await ingest.add({ id: 1 });
  target.terminate();
  expect(await target.exited).toBe(0);
  assertInserted(double, 'events', [{ id: 1 }]);
});
