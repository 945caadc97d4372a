import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repository } from '../../places.js';

const dist = (entry: string) => JSON.stringify(join(repository, `runtime/dist/${entry}`));

/** Runs a module in a process of its own. The process must exit by itself. */
function run(code: string) {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(CLICKHOUSE_|VITEST|NODE_ENV)/.test(name)));
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    cwd: repository,
    encoding: 'utf8',
    timeout: 100_000,
    env: clean,
  });
  return { status, stdout, stderr };
}

/** Defines a service that takes rows, or that has no connection. */
const services = `
  const result = { json: async () => [] };
  const query = async () => result;
  const command = async () => ({});
  const taking = { query, command, insert: async ({ values }) => console.log('inserted', String(values()[0].bytes).trim()) };
  const away = { query, command, insert: async () => { throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' }); } };`;

it('a script that adds rows and ends delivers them', () => {
  const code = `
    import { createIngest } from ${dist('ingest.js')};${services}
    const events = createIngest({ table: 'events', service: taking, maxBatchAgeMs: 3_600_000 });
    await events.add({ id: 1 });`;
  expect(run(code)).toMatchObject({ status: 0, stdout: 'inserted {"id":1}\n' });
});

it('an ingest without rows does not keep the process alive, with and without a directory', () => {
  const code = `
    import { createIngest } from ${dist('ingest.js')};${services}
    createIngest({ table: 'events', service: taking });
    const durable = createIngest({ table: 'events', service: taking, directory: ${JSON.stringify(mkdtempSync(join(tmpdir(), 'ingest-idle-')))} });
    await durable.ready();
    console.log('ready');`;
  expect(run(code)).toMatchObject({ status: 0, stdout: 'ready\n' });
});

it('a process that waits for flush() stays alive until the rows are delivered', () => {
  const code = `
    import { createIngest } from ${dist('ingest.js')};${services}
    let failures = 2;
    const events = createIngest({ table: 'events', service: { ...taking, insert: (params) => (failures-- > 0 ? away : taking).insert(params) } });
    await events.add({ id: 1 });
    await events.flush();
    console.log('flushed');`;
  expect(run(code)).toMatchObject({ status: 0, stdout: 'inserted {"id":1}\nflushed\n' });
});

it('an ES module and a CommonJS module of the package share the list of ingests, and closeClickHouse() of one closes those of the other', () => {
  const code = `
    import { createRequire } from 'node:module';
    import { createIngest, openIngests } from ${dist('ingest.js')};${services}
    const require = createRequire(import.meta.url);
    const events = createIngest({ table: 'events', service: taking });
    await events.add({ id: 1 });
    console.log(require(${dist('ingest.cjs')}).openIngests().length);
    await require(${dist('index.cjs')}).closeClickHouse();
    console.log(events.stats.state, openIngests().length);`;
  expect(run(code)).toMatchObject({ status: 0, stdout: '1\ninserted {"id":1}\nclosed 0\n' });
});

it('a process that was killed leaves its rows and no lock', () => {
  const directory = JSON.stringify(mkdtempSync(join(tmpdir(), 'ingest-killed-')));
  const killed = `
    import { createIngest } from ${dist('ingest.js')};${services}
    const events = createIngest({ table: 'events', service: away, directory: ${directory} });
    for (let id = 1; id <= 3; id++) await events.add({ id });
    process.kill(process.pid, 'SIGKILL');`;
  expect(run(killed).status).toBe(null);
  const next = `
    import { createIngest } from ${dist('ingest.js')};${services}
    const events = createIngest({ table: 'events', service: taking, directory: ${directory} });
    await events.flush();
    console.log(await events.close());`;
  expect(run(next)).toMatchObject({ status: 0, stdout: 'inserted {"id":1}\n{"id":2}\n{"id":3}\n{ undeliveredRows: 0 }\n' });
});
