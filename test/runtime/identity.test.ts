import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { processState } from '../../runtime/src/identity.js';
import { repository } from '../places.js';

/** Runs a module in a folder where two copies of the package lie side by side. */
function withTwoCopies(code: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-copies-'));
  for (const copy of ['one', 'two']) {
    cpSync(join(repository, 'runtime/dist'), join(folder, copy), { recursive: true });
    writeFileSync(join(folder, copy, 'package.json'), '{ "type": "module" }');
  }
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'main.mjs'), code);
  const { stdout, stderr } = spawnSync(process.execPath, ['main.mjs'], { cwd: folder, encoding: 'utf8' });
  return stdout + stderr;
}

describe('two copies of the package in one process', () => {
  it('share one manager and know each other’s errors', () => {
    const output = withTwoCopies(`
      import * as one from './one/index.js';
      import * as two from './two/index.js';
      console.log('same manager', one.getClickHouseConnectionManager() === two.getClickHouseConnectionManager());
      console.log('known error', new one.ManagerClosedError() instanceof two.ManagerClosedError, new one.ManagerClosedError() instanceof two.QueueFullError);
    `);
    expect(output).toContain('same manager true');
    expect(output).toContain('known error true false');
  });

  it('say loudly when they cannot share', () => {
    const output = withTwoCopies(`
      globalThis[Symbol.for('@clickhouse-ssot/runtime')] = { shape: 99 };
      const { getClickHouseConnectionManager } = await import('./one/index.js');
      getClickHouseConnectionManager();
    `);
    expect(output).toContain('ClickHouseSsotWarning: Two incompatible copies of @clickhouse-ssot/runtime are loaded');
  });

  it('are counted once each', () => {
    const first = processState('file:///a');
    processState('file:///b');
    processState('file:///b');
    expect(first.copies).toEqual(['file:///a', 'file:///b']);
  });
});

describe('an idle process', () => {
  it('exits by itself, without a word of goodbye', () => {
    const { status, signal } = spawnSync(
      process.execPath,
      ['--input-type=module', '-e', `import { getClickHouseClient } from '${join(repository, 'runtime/dist/index.js')}'; const c = await getClickHouseClient(); await c.ping(); console.log('done');`],
      { cwd: repository, encoding: 'utf8', timeout: 30_000, env: { ...process.env, CLICKHOUSE_URL: 'http://127.0.0.1:9' } },
    );
    expect({ status, signal }).toEqual({ status: 0, signal: null });
  });
});
