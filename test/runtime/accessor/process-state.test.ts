import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { processState, packageVersion } from '../../../runtime/src/accessor/process-state.js';
import { repository } from '../../places.js';

const folder = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-copies-'));
afterAll(() => rmSync(folder, { recursive: true }));
for (const copy of ['one', 'two']) {
  cpSync(join(repository, 'runtime/dist'), join(folder, copy), { recursive: true });
  writeFileSync(join(folder, copy, 'package.json'), '{ "type": "module" }');
}
symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));

/** Runs a module next to two copies of the package, and returns its output. */
function runWithCopies(code: string): string {
  writeFileSync(join(folder, 'main.mjs'), code);
  const { stdout, stderr } = spawnSync(process.execPath, ['main.mjs'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, CLICKHOUSE_URL: 'http://127.0.0.1:9' },
  });
  return stdout + stderr;
}

describe('two copies of the package in one process', () => {
  it('share one manager and recognise each other’s errors', () => {
    const output = runWithCopies(`
      import * as one from './one/index.js';
      import * as two from './two/index.js';
      console.log('same manager', one.getClickHouseConnectionManager() === two.getClickHouseConnectionManager());
      console.log('known error', new one.ManagerClosedError() instanceof two.ManagerClosedError, new one.ManagerClosedError() instanceof two.QueueFullError);
    `);
    expect(output).toBe('same manager true\nknown error true false\n');
  });

  it('detect recursion from one to the other', () => {
    const output = runWithCopies(`
      import * as one from './one/index.js';
      import * as two from './two/index.js';
      const factory = new one.ClickHouseConnectionFactory({ onCreate: async () => void (await (await two.getClickHouseClient()).ping()) });
      one.useClickHouseConnectionManager(new one.ClickHouseConnectionManager({ config: one.loadClickHouseConfig(), factory }), factory);
      const service = await one.getClickHouseClient();
      console.log(await service.ping().catch((error) => error.code));
    `);
    expect(output).toBe('CONNECTION_RECURSION\n');
  });

  it('warn once, with versions and files, if they cannot share their state', () => {
    const output = runWithCopies(`
      globalThis[Symbol.for('@clickhouse-ssot/runtime')] = { shape: 99, copies: [{ version: '9.8.7', path: 'file:///other.js' }] };
      const { getClickHouseConnectionManager } = await import('./one/index.js');
      getClickHouseConnectionManager();
      getClickHouseConnectionManager();
    `);
    expect(output.match(/ClickHouseSsotWarning/g)).toHaveLength(1);
    expect(output).toContain(`${packageVersion} in file://`);
    expect(output).toContain('/one/');
    expect(output).toContain('9.8.7 in file:///other.js');
  });

  it('are listed once each', () => {
    const [a, b] = ['file:///a', 'file:///b'].map((path) => ({ version: '1.0.0', path }));
    const first = processState(a);
    processState(b);
    processState(b);
    expect(first.copies).toEqual([a, b]);
  });
});

it('the version of a copy is that of its package.json', () => {
  expect(JSON.parse(readFileSync(join(repository, 'runtime/package.json'), 'utf8'))).toHaveProperty('version', packageVersion);
});
