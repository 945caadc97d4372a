import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from '../../places.js';

const runtime = JSON.stringify(join(repository, 'runtime/dist/index.js'));

/** Runs a module in a process of its own. The process must exit by itself. */
function run(code: string, env: Record<string, string> = {}) {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(CLICKHOUSE_|VITEST|NODE_ENV)/.test(name)));
  const { status, signal, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    cwd: repository,
    encoding: 'utf8',
    timeout: 100_000,
    env: { ...clean, ...env },
  });
  return { status, signal, stdout };
}

/** Starts a server that answers every request, and sets `url`. */
const server = `
  import { createServer } from 'node:http';
  const server = createServer((_, response) => response.end('Ok.')).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = 'http://127.0.0.1:' + server.address().port;`;

describe('a module that exports clickHouse()', () => {
  const folder = mkdtempSync(join(tmpdir(), 'click-house-'));
  const file = join(folder, 'clickhouse.mjs');
  writeFileSync(file, `import { clickHouse } from ${runtime};\nexport const clickhouse = clickHouse();\n`);
  const load = `import { clickhouse } from ${JSON.stringify(file)};`;

  it('needs no settings in development: its statements run on the embedded engine', () => {
    const code = `${load}
      const result = await clickhouse.query({ query: 'SELECT 1 AS n', format: 'JSONEachRow' });
      console.log(JSON.stringify(await result.json()));`;
    expect(run(code)).toEqual({ status: 0, signal: null, stdout: '[{"n":1}]\n' });
  });

  it('does nothing at the import in production without a server, and rejects the first statement', () => {
    const code = `
      const before = Reflect.ownKeys(globalThis).length;
      ${load}
      console.log(Reflect.ownKeys(globalThis).length === before);
      console.log(await clickhouse.command({ query: 'SELECT 1' }).catch((error) => error.code));`;
    expect(run(code, { NODE_ENV: 'production' })).toEqual({ status: 0, signal: null, stdout: 'true\nCONFIG_INVALID\n' });
  });

  it('shares one manager if it is evaluated twice, as hot module replacement does', () => {
    const code = `
      ${server}
      process.env.CLICKHOUSE_URL = url;
      const [one, two] = await Promise.all(['1', '2'].map((version) => import(${JSON.stringify(file)} + '?v=' + version)));
      await Promise.all([one.clickhouse.ping(), two.clickhouse.ping()]);
      console.log(one.clickhouse === two.clickhouse, one.clickhouse.manager === two.clickhouse.manager, one.clickhouse.manager.stats.created);
      server.close();`;
    expect(run(code)).toEqual({ status: 0, signal: null, stdout: 'false true 1\n' });
  });
});

it('a process with 300 tenants exits by itself, and closeClickHouse() drains them all', () => {
  const code = `
    import { ClickHouseTenants, closeClickHouse } from ${runtime};
    ${server}
    const tenants = new ClickHouseTenants({ max: 300 });
    const services = Array.from({ length: 300 }, (_, index) => tenants.for({ url, username: 'tenant_' + index, password: 'p' + index }));
    const managers = services.map(({ manager }) => manager);
    await Promise.all(services.map((service) => service.command({ query: 'SELECT 1' })));
    console.log(tenants.stats.open, managers.every(({ stats }) => stats.created === 1));
    if (process.env.CLOSE) await closeClickHouse();
    if (process.env.CLOSE) console.log(managers.every(({ state }) => state === 'closed'), tenants.stats.open);
    server.close();`;
  expect(run(code)).toEqual({ status: 0, signal: null, stdout: '300 true\n' });
  expect(run(code, { CLOSE: '1' })).toEqual({ status: 0, signal: null, stdout: '300 true\ntrue 0\n' });
});

it('300 tenants of which 20 may be open work one after the other', () => {
  const code = `
    import { ClickHouseTenants } from ${runtime};
    ${server}
    const tenants = new ClickHouseTenants({ max: 20 });
    for (let index = 0; index < 300; index++) await tenants.for({ url, username: 'tenant_' + index }).command({ query: 'SELECT 1' });
    console.log(JSON.stringify(tenants.stats));
    server.close();`;
  expect(run(code)).toEqual({ status: 0, signal: null, stdout: '{"max":20,"open":20,"busy":0,"opened":300,"evicted":280,"expired":0}\n' });
});

it('a manager that nothing uses any more is not kept for closeClickHouse()', () => {
  const code = `
    import { setFlagsFromString } from 'node:v8';
    import { runInNewContext } from 'node:vm';
    import * as runtime from ${runtime};
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc');
    const config = runtime.loadClickHouseConfig({ url: 'http://127.0.0.1:9' }, {});
    const make = () => new WeakRef(new runtime.ClickHouseConnectionManager({ config, factory: new runtime.ClickHouseConnectionFactory() }));
    const references = Array.from({ length: 5 }, make);
    for (let turn = 0; turn < 20; turn++) {
      await new Promise(setImmediate);
      gc();
    }
    console.log(references.filter((reference) => reference.deref()).length);`;
  expect(run(code)).toEqual({ status: 0, signal: null, stdout: '0\n' });
});
