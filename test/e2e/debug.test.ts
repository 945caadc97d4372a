import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { repository } from '../places.js';
import { configureEslint, configureOxlint, copyOf } from './hosts.js';

const cli = join(repository, 'dist/src/cli/main.js');

function run(folder: string, args: readonly string[], debug = ''): { readonly stdout: string; readonly stderr: string } {
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env: { ...process.env, DEBUG: debug } });
  return { stdout, stderr };
}

const hosts: Record<string, (folder: string) => { readonly stdout: string; readonly stderr: string }> = {
  'the audit with --debug': (folder) => run(folder, [cli, 'audit', '.', '--format', 'json', '--debug']),
  'the audit with DEBUG=clickhouse-ssot': (folder) => run(folder, [cli, 'audit', '.', '--format', 'json'], 'clickhouse-ssot'),
  'ESLint with DEBUG=clickhouse-ssot': (folder) => {
    configureEslint(folder);
    return run(folder, [join(repository, 'node_modules/eslint/bin/eslint.js'), '.', '--format', 'json'], 'other,clickhouse-ssot');
  },
  'oxlint with DEBUG=*': (folder) => {
    configureOxlint(folder);
    return run(folder, [join(repository, 'node_modules/oxlint/bin/oxlint'), '-c', 'oxlintrc.json', '--format', 'json', '.'], '*');
  },
};

describe.each(Object.keys(hosts))('%s', (host) => {
  let stdout = '';
  let stderr = '';
  beforeAll(() => {
    ({ stdout = '', stderr = '' } = hosts[host]?.(copyOf('recursion/callback')) ?? {});
  });

  it('writes why each file is analysed', () => {
    const files = stderr.split('\n').filter((line) => /^clickhouse-ssot: \S+\.ts /.test(line));
    expect(files).toEqual([
      'clickhouse-ssot: src/client.ts is a seed file: it names "@clickhouse/client"',
      'clickhouse-ssot: src/manager.ts imports `getClient` from src/client.ts',
      'clickhouse-ssot: src/pool.ts is an import-cycle neighbor of src/manager.ts',
    ]);
  });

  it('writes how long each step and each rule takes', () => {
    expect(stderr).toMatch(/^clickhouse-ssot: step seed files: 1 in \d+\.\d ms$/m);
    expect(stderr).toMatch(/^clickhouse-ssot: step value flow: sites \d+, escaped 0 in \d+\.\d ms$/m);
    expect(stderr).toMatch(/^clickhouse-ssot: rule no-connection-recursion: findings 1, sanctioned 0, exceeded 0 in \d+\.\d ms$/m);
  });

  it('does not change the report', () => {
    const report: unknown = JSON.parse(stdout);
    expect(JSON.stringify(report)).toContain('no-connection-recursion');
  });
});

it('the audit writes no debug facts by default', () => {
  expect(run(copyOf('recursion/callback'), [cli, 'audit', '.']).stderr).toBe('');
});
