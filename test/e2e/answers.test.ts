import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { fixture, repository } from '../places.js';

const heavyPackages = ['ts-morph', 'oxc-resolver', 'yaml', '@clack/prompts'];

/** A code base in a git repository, with linters and the plugin of this repository. */
let root = '';
let hook = '';

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-answers-'));
  cpSync(fixture('recursion/missed-one'), root, { recursive: true });
  mkdirSync(join(root, 'node_modules'));
  symlinkSync(repository, join(root, 'node_modules/eslint-plugin-clickhouse-ssot'));
  for (const name of ['eslint', 'oxlint', '@typescript-eslint'])
    symlinkSync(join(repository, 'node_modules', name), join(root, 'node_modules', name));
  writeFileSync(
    join(root, 'eslint.config.mjs'),
    `import plugin from 'eslint-plugin-clickhouse-ssot';
import parser from '@typescript-eslint/parser';
const parsed = { files: ['**/*.ts'], languageOptions: { parser: { parse: parser.parse, parseForESLint: parser.parseForESLint } } };
export default [parsed, plugin.configs.strict];\n`,
  );
  writeFileSync(
    join(root, '.oxlintrc.json'),
    JSON.stringify({ jsPlugins: ['eslint-plugin-clickhouse-ssot'], rules: { 'clickhouse-ssot/no-connection-recursion': 'error' } }),
  );
  execFileSync('git', ['init', '--quiet'], { cwd: root });
  hook = join(mkdtempSync(join(tmpdir(), 'clickhouse-ssot-hook-')), 'loaded.cjs');
  writeFileSync(
    hook,
    `process.on('exit', () => {
  const loaded = ${JSON.stringify(heavyPackages)}.filter((name) => Object.keys(require.cache).some((file) => file.includes('/node_modules/' + name + '/')));
  process.stderr.write('\\nloaded: ' + loaded.join(', ') + '\\n');
});\n`,
  );
});

/** Runs a program of the repository, and returns its output, its debug facts about the cache, and the heavy packages that it loaded. */
function run(program: string, args: readonly string[]) {
  const env = { ...process.env, NODE_OPTIONS: `--require ${hook}`, DEBUG: 'clickhouse-ssot', CLICKHOUSE_SSOT_CACHE: '' };
  const { stdout, stderr } = spawnSync(process.execPath, [join(repository, program), ...args], { cwd: root, env, encoding: 'utf8' });
  const facts = stderr.split('\n').filter((line) => line.startsWith('clickhouse-ssot: cache: '));
  return { stdout, facts, loaded: /^loaded: (.*)$/m.exec(stderr)?.[1] };
}

describe('a second run on unchanged code takes the answer from the disk and does not load TypeScript', () => {
  it.each([
    ['the audit', 'dist/src/cli/main.js', ['audit', '--format', 'json']],
    ['ESLint', 'node_modules/eslint/bin/eslint.js', ['src', '--format', 'json']],
    ['oxlint', 'node_modules/oxlint/bin/oxlint', ['src', '--format', 'json']],
  ])('in %s', (_, program, args) => {
    rmSync(join(root, 'node_modules/.cache'), { recursive: true, force: true });
    const first = run(program, args);
    expect(first.stdout).toContain('reconnect.ts');
    expect(first.loaded).toContain('ts-morph');
    const second = run(program, args);
    expect(second.facts.filter((fact) => !fact.startsWith('clickhouse-ssot: cache: hit'))).toEqual([]);
    expect(second.facts).not.toEqual([]);
    expect(second.loaded).toBe('');
    expect(withoutTimes(second.stdout)).toBe(withoutTimes(first.stdout));
    expect(readdirSync(join(root, 'node_modules/.cache/clickhouse-ssot'))).toContain('.gitignore');
  });

  it('and the audit analyses the code if the user says so', () => {
    expect(run('dist/src/cli/main.js', ['audit', '--no-cache'])).toMatchObject({
      facts: ['clickhouse-ssot: cache: off, because --no-cache was given'],
      loaded: expect.stringContaining('ts-morph') as string,
    });
  });
});

/** oxlint reports its own time. */
function withoutTimes(output: string): string {
  return output.replace(/"(?:start_time|time|duration)\w*":\s*[\d.]+/g, '');
}
