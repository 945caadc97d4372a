import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from '../places.js';
import { configureEslint, copyOf, type EslintPackage, type EslintResult, reportsOf } from './hosts.js';

function lintStdin(eslint: EslintPackage, folder: string, text: string, args: readonly string[]) {
  configureEslint(folder);
  const { stdout } = spawnSync(
    process.execPath,
    [join(repository, 'node_modules', eslint, 'bin/eslint.js'), '--stdin', '--format', 'json', ...args],
    { cwd: folder, input: text, encoding: 'utf8' },
  );
  const results: EslintResult[] = JSON.parse(stdout);
  return reportsOf(folder, results).map(({ rule, line }) => `${rule} ${line}`);
}

describe.each(['eslint', 'eslint9'] as const)('%s --stdin', (eslint) => {
  const folder = copyOf('recursion/missed-one');
  const reconnect = readFileSync(join(folder, 'src/reconnect.ts'), 'utf8');
  const health = readFileSync(join(folder, 'src/health.ts'), 'utf8');

  it('with a file name checks the text instead of the file on disk', () => {
    const lint = (text: string) => lintStdin(eslint, folder, text, ['--stdin-filename', 'src/reconnect.ts']);
    expect(lint(`\n${reconnect}`)).toEqual(['no-connection-recursion 7', 'require-manager-bypass 7']);
    expect(lint(reconnect.replace('getClient()', 'getClient({ bypassManager: true })'))).toEqual([]);
  });

  it('with the name of a file that does not exist checks the text as a file at that path', () => {
    expect(
      lintStdin(eslint, folder, reconnect.replace('./client.js', '../client.js'), ['--stdin-filename', 'src/new/reconnect.ts']),
    ).toEqual([]);
    expect(
      lintStdin(
        eslint,
        folder,
        health.replace('./reconnect.js', '@clickhouse/client').replace('reconnect(', 'createClient(').replace('reconnect', 'createClient'),
        ['--stdin-filename', 'src/new.ts'],
      ),
    ).toEqual(['no-direct-client 11']);
  });

  it('without a file name checks the text alone', () => {
    expect(lintStdin(eslint, folder, `import { createClient } from '@clickhouse/client';\ncreateClient();\n`, [])).toEqual([
      'no-direct-client 2',
    ]);
    expect(lintStdin(eslint, folder, '', [])).toEqual([]);
  });
});
