import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { writeCommandScripts } from '../cli/command-scripts.js';
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

it('after init, the workflow for pull requests reports a second client of a change, and no known one', () => {
  const root = initialized({
    'package.json': {},
    '.gitignore': 'node_modules\n',
    '.github/workflows/release.yml': 'on: push\n',
    'src/known.ts': `${client}export const known = client;\n`,
  });
  const { jobs } = parse(readFileSync(join(root, '.github/workflows/clickhouse-ssot.yml'), 'utf8')) as {
    readonly jobs: { readonly audit: { readonly steps: readonly { readonly run?: string }[] } };
  };
  const audit = jobs.audit.steps.find(({ run }) => run?.includes('--since'))?.run ?? '';
  const git = 'git -c user.name=a -c user.email=a@b.c -c commit.gpgsign=false';
  const commit = (files: string) => `${git} add ${files} && ${git} commit --quiet --message change`;
  const base = `${git} init --quiet --initial-branch main && ${commit('--all -- :!src/second.ts')}`;
  const change = `${git} checkout --quiet -b change && ${commit('src/second.ts')}`;
  const merge = `${git} checkout --quiet main && ${git} merge --quiet --no-ff change`;
  const bin = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-bin-'));
  writeCommandScripts(bin);
  const env = { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}` };
  const run = (script: string) => spawnSync('bash', ['-e', '-c', script], { cwd: root, encoding: 'utf8', env });
  expect(run(`${base}\n${change}\n${merge}`)).toMatchObject({ status: 0 });
  const { status, stdout } = run(audit);
  expect(status).toBe(1);
  expect(new Set([...stdout.matchAll(/^::error file=([^,]+)/gm)].map(([, file]) => file))).toEqual(new Set(['src/second.ts']));
  for (const report of ['ssot.sarif', 'ssot.md', 'ssot.html']) expect(existsSync(join(root, report))).toBe(true);
});

it('init needs a terminal or --yes, and writes nothing without', () => {
  const root = codeBase({ 'src/clickhouse.ts': client });
  const run = spawnSync(process.execPath, [join(repository, 'dist/src/cli/main.js'), 'init', root], { encoding: 'utf8', input: 'y\n' });
  expect(run).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('found no terminal') as string });
  expect(existsSync(join(root, 'clickhouse-ssot.config.json'))).toBe(false);
});
