import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { repository } from '../../places.js';
import { fakeServer } from '../harness/fake-server.js';

const runtime = JSON.stringify(join(repository, 'runtime/dist/index.js'));

function run(code: string, env: Record<string, string> = {}) {
  const { status, signal, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    cwd: repository,
    encoding: 'utf8',
    timeout: 60_000,
    env: { ...process.env, ...env },
  });
  return { status, signal, stdout };
}

it('an import has no side effects, even with an invalid environment', () => {
  const code = `
    const observable = () => [Reflect.ownKeys(globalThis).length, process.getActiveResourcesInfo().length, process.eventNames().length].join();
    await import('@clickhouse/client');
    const before = observable();
    await import(${runtime});
    const after = observable();
    console.log(after === before);`;
  expect(run(code, { CLICKHOUSE_PORT: 'nonsense' }).stdout).toBe('true\n');
});

it('fault 29: a process that used a server exits by itself, without a close', () => {
  const code = `
    import { createServer } from 'node:http';
    import { getClickHouseClient } from ${runtime};
    const server = createServer((_, response) => response.end('Ok.')).listen(0, '127.0.0.1', async () => {
      process.env.CLICKHOUSE_URL = 'http://127.0.0.1:' + server.address().port;
      console.log((await (await getClickHouseClient()).ping()).success);
      server.close();
    });`;
  expect(run(code)).toEqual({ status: 0, signal: null, stdout: 'true\n' });
});

it('fault 29: a process that used the embedded engine exits by itself, without a close', () => {
  const code = `import { getClickHouseClient } from ${runtime}; console.log((await (await getClickHouseClient()).ping()).success);`;
  expect(run(code, { NODE_ENV: 'test' })).toEqual({ status: 0, signal: null, stdout: 'true\n' });
});

it.each(['closeClickHouse({ timeoutMs: 50 })', 'closeClickHouse({ timeoutMs: 0 })'])(
  'a process with a large unread result goes on after %s',
  async (close) => {
    await using server = await fakeServer((response) => response.end('{"n":1}\n'.repeat(1_000_000)));
    const code = `
      import { clickHouse, closeClickHouse } from ${runtime};
      const service = clickHouse({ url: '${server.url}', env: false });
      await service.query({ query: 'SELECT 1', format: 'JSONEachRow' });
      await ${close};
      console.log('closed');`;
    expect((await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code], { cwd: repository })).stdout).toBe('closed\n');
  },
);
