import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { drainOnSignals } from '../../../runtime/src/index.js';
import { repository } from '../../places.js';

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

it('a failed drain emits a warning, and the process exits with 1', async () => {
  const exitCodes: unknown[] = [];
  const listeners: ((name: string, number: number) => void)[] = [];
  const target = {
    on: (_: string, listener: (name: string, number: number) => void) => listeners.push(listener),
    off: () => undefined,
    exit: (code: number) => exitCodes.push(code),
  };
  expect([exitCodes, target.on.length]).toEqual([[], 2]);
  const warning = once(process, 'warning');
  drainOnSignals({ drain: () => Promise.reject(new Error('no')) }, { signals: ['SIGTERM'], process: target });
  listeners[0]?.('SIGTERM', 15);
  expect(String((await warning)[0])).toContain('no');
  expect(exitCodes).toEqual([1]);
});
