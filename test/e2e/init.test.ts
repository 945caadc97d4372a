import { spawnSync } from 'node:child_process';
import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { configSamples } from '../init/eslint-configs.js';
import { codeBase } from '../project/code-base.js';
import { repository } from '../places.js';
import { type EslintResult, reportsOf } from './hosts.js';

const client = `import { createClient } from '@clickhouse/client';\nexport const client: unknown = createClient();\n`;
const use = `import { client } from './clickhouse.js';\nexport const used = client;\n`;

/** Sets a project up by the built command line. Afterwards a file makes a second client. */
function initialized(files: Readonly<Record<string, string | object>>): string {
  const root = codeBase({ 'src/clickhouse.ts': client, 'src/use.ts': use, ...files });
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
  const args = [join(repository, 'dist/src/cli/main.js'), 'init', '--yes', root];
  expect(spawnSync(process.execPath, args, { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  writeFileSync(join(root, 'src/second.ts'), client);
  return root;
}

describe('after init, ESLint 9 and 10 report a second client with', () => {
  it.each(Object.entries(configSamples))('%s', (_, { file, text, with: further = {} }) => {
    const root = initialized({ 'package.json': { type: file.endsWith('.js') ? 'module' : 'commonjs' }, [file]: text, ...further });
    for (const eslint of ['eslint', 'eslint9']) {
      const args = [join(repository, 'node_modules', eslint, 'bin/eslint.js'), 'src', '--format', 'json'];
      const run = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
      expect(run.stderr).toBe('');
      const results: EslintResult[] = JSON.parse(run.stdout);
      expect(reportsOf(root, results).filter(({ rule }) => rule === 'no-direct-client')).toMatchObject([
        { file: 'src/second.ts', line: 2 },
      ]);
    }
  });
});

describe('after init, oxlint reports a second client with', () => {
  it.each<[string, Readonly<Record<string, string | object>>]>([
    ['no configuration before', { 'package.json': { devDependencies: { oxlint: '^1.89.0' } } }],
    ['comments and rules', { '.oxlintrc.json': '{\n  // ours\n  "rules": {\n    "no-debugger": "error", // always\n  },\n}\n' }],
    [
      'other plugins',
      {
        '.oxlintrc.json': '{ "jsPlugins": ["./own.js"], "categories": {} }',
        'own.js': `export default { meta: { name: 'own' }, rules: {} };`,
      },
    ],
  ])('%s', (_, files) => {
    const root = initialized(files);
    const run = spawnSync(join(repository, 'node_modules/.bin/oxlint'), ['src'], { cwd: root, encoding: 'utf8' });
    expect(stripVTControlCharacters(run.stdout)).toContain('clickhouse-ssot(no-direct-client)');
    expect(stripVTControlCharacters(run.stdout)).toContain('src/second.ts:2:');
    expect(stripVTControlCharacters(run.stdout)).not.toContain('src/clickhouse.ts:');
  });
});

it('init needs a terminal or --yes, and writes nothing without', () => {
  const root = codeBase({ 'src/clickhouse.ts': client });
  const run = spawnSync(process.execPath, [join(repository, 'dist/src/cli/main.js'), 'init', root], { encoding: 'utf8', input: 'y\n' });
  expect(run).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('found no terminal') as string });
  expect(existsSync(join(root, 'clickhouse-ssot.config.json'))).toBe(false);
});
