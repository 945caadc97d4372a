import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { detectLinters } from '../../src/init/detect-linters.js';
import { detectPackageManager } from '../../src/init/detect-package-manager.js';
import { readRootManifest } from '../../src/init/package-json.js';
import { openProjectFolder } from '../../src/init/project-folder.js';
import { codeBase } from '../project/code-base.js';

function lintersOf(files: Readonly<Record<string, string | object>>) {
  const folder = openProjectFolder(codeBase(files));
  const { linters, nested } = detectLinters(folder, readRootManifest(folder));
  return { linters: linters.map((linter) => `${linter.kind} ${linter.file}`), nested };
}

describe('the linters of a project', () => {
  it.each<[string, Readonly<Record<string, string | object>>, string[]]>([
    ['nothing', { 'package.json': {} }, []],
    ['a flat configuration', { 'eslint.config.mts': '' }, ['eslint eslint.config.mts']],
    ['ESLint 9 with both forms', { 'eslint.config.js': '', '.eslintrc.json': '{}' }, ['eslint eslint.config.js']],
    ['.eslintrc', { '.eslintrc': '' }, ['too-old .eslintrc']],
    ['.eslintrc.yml', { '.eslintrc.yml': '' }, ['too-old .eslintrc.yml']],
    ['eslintConfig in package.json', { 'package.json': { eslintConfig: {} } }, ['too-old package.json']],
    [
      'ESLint 8 with a flat configuration',
      { 'eslint.config.js': '', 'package.json': { devDependencies: { eslint: '^8.57.0' } } },
      ['too-old eslint.config.js'],
    ],
    [
      'ESLint 8 of a pnpm catalog',
      {
        'eslint.config.js': '',
        'package.json': { devDependencies: { eslint: 'catalog:' } },
        'pnpm-workspace.yaml': 'catalog:\n  eslint: ^8.0.0\n',
      },
      ['too-old eslint.config.js'],
    ],
    [
      'an installed ESLint 9 under a wide range',
      {
        'eslint.config.js': '',
        'package.json': { devDependencies: { eslint: '>=8' } },
        'node_modules/eslint/package.json': { version: '9.1.0' },
      },
      ['eslint eslint.config.js'],
    ],
    ['ESLint latest', { 'eslint.config.js': '', 'package.json': { devDependencies: { eslint: 'latest' } } }, ['eslint eslint.config.js']],
    ['oxlint', { '.oxlintrc.json': '{}' }, ['oxlint .oxlintrc.json']],
    ['oxlint without a configuration', { 'package.json': { devDependencies: { oxlint: '^1.0.0' } } }, ['oxlint .oxlintrc.json']],
    ['an old oxlint', { '.oxlintrc.json': '{}', 'package.json': { devDependencies: { oxlint: '1.20.0' } } }, ['too-old .oxlintrc.json']],
    ['Biome', { 'biome.jsonc': '{}' }, ['biome biome.jsonc']],
    [
      'three at once',
      { 'eslint.config.js': '', '.oxlintrc.json': '{}', 'biome.json': '{}' },
      ['eslint eslint.config.js', 'oxlint .oxlintrc.json', 'biome biome.json'],
    ],
  ])('are found with %s', (_, files, expected) => {
    expect(lintersOf(files).linters).toEqual(expected);
  });

  it('below the root are listed, and those of fixtures are not', () => {
    expect(lintersOf({ 'web/eslint.config.js': '', 'web/fixtures/a/eslint.config.js': '', 'api/.oxlintrc.json': '{}' }).nested).toEqual([
      'api/.oxlintrc.json',
      'web/eslint.config.js',
    ]);
  });
});

describe('the package manager', () => {
  it.each<[string, Readonly<Record<string, string | object>>, boolean, string]>([
    ['nothing', { 'package.json': {} }, false, 'npm i -D x'],
    ['a lockfile of npm', { 'package.json': {}, 'package-lock.json': '{}' }, true, 'npm i -D x'],
    ['a lockfile of pnpm', { 'package.json': {}, 'pnpm-lock.yaml': '' }, false, 'pnpm add -D x'],
    ['a workspace of pnpm', { 'package.json': {}, 'pnpm-lock.yaml': '' }, true, 'pnpm add -D -w x'],
    ['a workspace of yarn 1', { 'package.json': {}, 'yarn.lock': '' }, true, 'yarn add -D -W x'],
    ['a workspace of yarn 4', { 'package.json': { packageManager: 'yarn@4.1.0' }, 'yarn.lock': '' }, true, 'yarn add -D x'],
    ['bun', { 'package.json': {}, 'bun.lock': '' }, true, 'bun add -D x'],
    [
      'a field beside a lockfile of another',
      { 'package.json': { packageManager: 'pnpm@9.0.0' }, 'package-lock.json': '{}' },
      false,
      'pnpm add -D x',
    ],
  ])('of a project with %s installs the packages', async (_, files, isWorkspaceRoot, expected) => {
    expect((await detectPackageManager(openProjectFolder(codeBase(files)), isWorkspaceRoot)).add(['x'])).toBe(expected);
  });

  it.each<[string, object, string, string, string]>([
    ['npm', {}, 'package-lock.json', 'npm ci', 'npm i'],
    ['yarn 1', { packageManager: 'yarn@1.22.0' }, 'yarn.lock', 'yarn install --frozen-lockfile', 'yarn install'],
    ['yarn 4', { packageManager: 'yarn@4.1.0' }, 'yarn.lock', 'yarn install --immutable', 'yarn install --no-immutable'],
    ['pnpm', { packageManager: 'pnpm@9.0.0' }, 'pnpm-lock.yaml', 'pnpm i --frozen-lockfile', 'pnpm i --no-frozen-lockfile'],
    ['bun', { packageManager: 'bun@1.2.0' }, 'bun.lock', 'bun install --frozen-lockfile', 'bun install'],
    ['deno', { packageManager: 'deno@2.0.0' }, 'deno.lock', 'deno install --frozen', 'deno install'],
  ])('%s installs in CI what the lockfile names, and without one what package.json names', async (_, manifest, lockfile, frozen, plain) => {
    const installOf = async (files: Readonly<Record<string, string>>) =>
      (await detectPackageManager(openProjectFolder(codeBase({ 'package.json': manifest, ...files })), false)).install;
    expect(await installOf({ [lockfile]: '' })).toBe(frozen);
    expect(await installOf({})).toBe(plain);
  });

  it('takes a lockfile that git ignores for none, because CI does not have it', async () => {
    const root = codeBase({ 'package.json': {}, 'package-lock.json': '{}', '.gitignore': 'package-lock.json\n' });
    execFileSync('git', ['-C', root, 'init', '--quiet']);
    expect((await detectPackageManager(openProjectFolder(root), false)).install).toBe('npm i');
  });

  it('passes arguments to scripts', async () => {
    const runOf = async (files: Readonly<Record<string, string | object>>) =>
      (await detectPackageManager(openProjectFolder(codeBase(files)), false)).run(['lint', '--format', 'github']);
    expect(await runOf({ 'package.json': {} })).toBe('npm run lint -- --format github');
    expect(await runOf({ 'package.json': {}, 'pnpm-lock.yaml': '' })).toBe('pnpm run lint --format github');
  });
});
