import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { drainOnSignals } from '../../../runtime/src/index.js';
import { repository } from '../../places.js';

const runtime = JSON.stringify(join(repository, 'runtime/dist/index.js'));

/** A process with a statement that runs, which the server answers once it is told to; it says `ready`, and how the statement ended. */
async function busyProcess(options: string) {
  const code = `
    import { createServer } from 'node:http';
    import { drainOnSignals, getClickHouseClient, getClickHouseConnectionManager } from ${runtime};
    const server = createServer((request, response) => {
      // Not an order to stop what was cut.
      request.once('data', (body) => body.includes('KILL') || console.log('ready'));
      process.stdin.once('data', () => response.end());
    }).listen(0, '127.0.0.1', async () => {
      process.env.CLICKHOUSE_URL = 'http://127.0.0.1:' + server.address().port;
      drainOnSignals(getClickHouseConnectionManager(), ${options});
      const clickhouse = await getClickHouseClient();
      clickhouse.command({ query: 'A' }).then(() => console.log('done'), ({ code }) => console.log(code));
    });
    process.on('SIGTERM', () => console.log('draining'));
    process.on('SIGUSR2', () => getClickHouseClient().then((client) => client.ping()).catch(({ code }) => console.log('late', code)));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, NODE_ENV: 'test' },
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  await expect.poll(() => said, { timeout: 20_000 }).toContain('ready');
  const ended = once(child, 'close');
  return { child, said: () => said.split('\n').slice(1, -1), ended: () => ended };
}

describe('fault 28: a process that drains on signals', () => {
  it('finishes what runs, refuses what comes, and exits with 0', async () => {
    const { child, said, ended } = await busyProcess('{ timeoutMs: 60_000 }');
    child.kill('SIGTERM');
    await expect.poll(said, { timeout: 20_000 }).toEqual(['draining']);
    child.kill('SIGUSR2');
    await expect.poll(said, { timeout: 20_000 }).toEqual(['draining', 'late MANAGER_CLOSED']);
    child.stdin.write('answer\n');
    expect(await ended()).toEqual([0, null]);
    expect(said()).toEqual(['draining', 'late MANAGER_CLOSED', 'done']);
  });

  it('cuts what does not end in time, and exits with 0', async () => {
    const { child, said, ended } = await busyProcess('{ timeoutMs: 10 }');
    child.kill('SIGINT');
    expect(await ended()).toEqual([0, null]);
    expect(said()).toEqual(['STATEMENT_TERMINATED']);
  });

  it('exits at once at the second signal', async () => {
    const { child, said, ended } = await busyProcess('{ timeoutMs: 60_000 }');
    child.kill('SIGTERM');
    await expect.poll(said, { timeout: 20_000 }).toEqual(['draining']);
    child.kill('SIGINT');
    expect(await ended()).toEqual([130, null]);
  });
});

it('nobody listens before the call, nor after it is taken back', () => {
  const count = () => process.listenerCount('SIGTERM') + process.listenerCount('SIGINT');
  const before = count();
  {
    using stop = drainOnSignals({ drain: () => Promise.resolve() });
    expect(count()).toBe(before + 2);
    expect(typeof stop).toBe('function');
  }
  expect(count()).toBe(before);
});

it('a drain that fails is told, and the process exits with 1', async () => {
  const exited: unknown[] = [];
  const listeners: ((name: string, number: number) => void)[] = [];
  const target = {
    on: (_: string, listener: (name: string, number: number) => void) => listeners.push(listener),
    off: () => undefined,
    exit: (code: number) => exited.push(code),
  };
  expect([exited, target.on.length]).toEqual([[], 2]);
  const warned = once(process, 'warning');
  drainOnSignals({ drain: () => Promise.reject(new Error('no')) }, { signals: ['SIGTERM'], process: target });
  listeners[0]?.('SIGTERM', 15);
  expect(String((await warned)[0])).toContain('no');
  expect(exited).toEqual([1]);
});
