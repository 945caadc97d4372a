import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repository } from '../../places.js';
import { realServer, type RealServer } from '../harness/real-server.js';
import { onRealServer, serverBinary } from '../harness/server-binary.js';

const runtime = JSON.stringify(join(repository, 'runtime/dist/index.js'));
const rows = 20_000;

/** The programs read into `count`, or into the file of the first argument. */
const readers = {
  'json()': 'count = (await result.json()).length;',
  'text()': "count = (await result.text()).split('\\n').length - 1;",
  'a loop over stream()': 'for await (const batch of result.stream()) count += batch.length;',
  'a slow loop over stream()': 'for await (const batch of result.stream()) { await sleep(10); count += batch.length; }',
  'a pipeline to a file': `
    const toLines = new Transform({ writableObjectMode: true, transform: (batch, _, done) => done(null, batch.map(({ text }) => text + '\\n').join('')) });
    await pipeline(result.stream(), toLines, createWriteStream(process.argv[1]));`,
};

describe.skipIf(serverBinary() === undefined)(`a process that receives SIGTERM while it reads a result, ${onRealServer}`, () => {
  let server: RealServer | undefined;
  let folder = '';

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-drain-'));
    server = await realServer();
  });

  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  it.each(Object.entries(readers))('has all rows when it exits, with %s', async (name, read) => {
    const file = join(folder, 'rows');
    const code = `
      import { createWriteStream } from 'node:fs';
      import { Transform } from 'node:stream';
      import { pipeline } from 'node:stream/promises';
      import { setTimeout as sleep } from 'node:timers/promises';
      import { drainOnSignals, getClickHouseClient, getClickHouseConnectionManager } from ${runtime};
      drainOnSignals(getClickHouseConnectionManager(), { timeoutMs: 60_000 });
      let count = 0;
      process.on('exit', () => console.log(count));
      // Keeps the process alive, as a server does.
      setInterval(() => undefined, 1_000);
      const clickhouse = await getClickHouseClient();
      const query = 'SELECT number, toString(number) AS text FROM system.numbers LIMIT ${rows}';
      const result = await clickhouse.query({ query, format: 'JSONEachRow', clickhouse_settings: { max_block_size: 500 } });
      process.kill(process.pid, 'SIGTERM');
      ${read}`;
    const env = { ...process.env, NODE_ENV: 'test', CLICKHOUSE_URL: server?.url };
    const child = spawn(process.execPath, ['--input-type=module', '-e', code, file], { stdio: ['ignore', 'pipe', 'inherit'], env });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    expect(await once(child, 'close')).toEqual([0, null]);
    const count = name === 'a pipeline to a file' ? readFileSync(file, 'utf8').split('\n').length - 1 : Number(output);
    expect(count).toBe(rows);
  });
});
