import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Project } from '../../src/project/project.js';
import { codeBase } from './code-base.js';

type Files = Readonly<Record<string, string | object>>;

/** Returns what an import means: a file relative to the root, or a package. */
function targetOf(files: Files, from: string, specifier: string): string | undefined {
  const root = codeBase({ [from]: '', ...files });
  const target = new Project(root).importTarget(join(root, from), specifier);
  return target?.kind === 'file' ? target.file.slice(root.length + 1) : target?.specifier;
}

const vite = (alias: string) => `import path, { resolve, join } from 'node:path';
import { fileURLToPath, URL } from 'node:url';
import { defineConfig } from 'vite';
const below = (name: string) => resolve(__dirname, 'src', name);
function inSource(name) { return join(__dirname, 'src', name); }
const database = below('db');
// alias: { '@db': './wrong' }
export default defineConfig(({ mode }) => ({ plugins: [react({ a: /[,]/ })], resolve: { alias: ${alias} } }));
`;

describe('an alias of Vite leads to the source', () => {
  it.each([
    `{ '@db': path.resolve(__dirname, './src/db') }`,
    `{ '@db': path.join(__dirname, 'src', 'db') }`,
    `{ "@db": fileURLToPath(new URL('./src/db', import.meta.url)) }`,
    `{ '@db': new URL('src/db', import.meta.url).pathname }`,
    `{ '@db': join(import.meta.dirname, 'src/db') }`,
    '{ "@db": `${__dirname}/src/db` }',
    `{ '@db': __dirname + '/src/db' }`,
    `{ '@db': resolve(process.cwd(), 'src/db') }`,
    `{ '@db': resolve('src/db') }`,
    `{ '@db': below('db') }`,
    `{ '@db': inSource('db') }`,
    `{ '@db': database }`,
    `{ '@db': mode === 'test' ? resolve('src/fake') : resolve('src/db') }`,
    `{ ...others, ['@db']: '/src/db' }`,
    `{ '@db': './src/db' as const }`,
    `[{ find: '@db', replacement: resolve('src/db') }]`,
    `[{ find: /^@db\\/(.*)$/, replacement: resolve('src/db') + '/$1' }]`,
    `[...others, { find: /^@db/, replacement: below('db') }]`,
  ])('written as %s', (alias) => {
    expect(targetOf({ 'vite.config.ts': vite(alias), 'src/db/client.ts': '' }, 'src/a.ts', '@db/client')).toBe('src/db/client.ts');
  });

  it('that is a variable with a type', () => {
    const config = `const alias: Record<string, string> = { '@db': resolve('src/db.ts') };\nexport default { test: { alias } };`;
    expect(targetOf({ 'vitest.config.ts': config, 'src/db.ts': '' }, 'src/a.ts', '@db')).toBe('src/db.ts');
  });

  it('but not for a name that only starts in the same way', () => {
    const files = { 'vite.config.ts': vite(`{ '@db': below('db') }`), 'src/db-old/client.ts': '' };
    expect(targetOf(files, 'src/a.ts', '@db-old/client')).toBe('@db-old/client');
  });

  it('and to a package, if it names one', () => {
    expect(targetOf({ 'vite.config.ts': vite(`{ ch: '@clickhouse/client' }`) }, 'src/a.ts', 'ch')).toBe('@clickhouse/client');
  });

  it('only for the files beside its configuration', () => {
    const files = { 'web/vite.config.ts': vite(`{ '@db': resolve('src/db.ts') }`), 'web/src/db.ts': '' };
    expect(targetOf(files, 'web/src/a.ts', '@db')).toBe('web/src/db.ts');
    expect(targetOf(files, 'api/a.ts', '@db')).toBe('@db');
  });

  it('and a path that starts with a slash means the folder that the server serves', () => {
    expect(targetOf({ 'web/src/db.ts': '' }, 'web/src/x/a.ts', '/src/db.ts')).toBe('web/src/db.ts');
  });
});

describe('an alias leads to the source', () => {
  const path = `const path = require('path');\n`;
  it.each<[string, Files, string]>([
    [
      'webpack',
      { 'webpack.config.js': `${path}module.exports = { resolve: { alias: { db$: path.resolve(__dirname, 'src/db') } } };` },
      'db',
    ],
    [
      'a changed webpack configuration',
      { 'next.config.js': `${path}config.resolve.alias['@db'] = path.join(__dirname, 'src/db');` },
      '@db',
    ],
    ['webpack-chain', { 'vue.config.js': `${path}config.resolve.alias.set('@db', path.join(__dirname, 'src/db'));` }, '@db'],
    [
      'the folders of webpack',
      { 'webpack.config.js': `${path}module.exports = { resolve: { modules: [path.join(__dirname, 'src')] } };` },
      'db',
    ],
    [
      'webpack in a folder of its own',
      { 'config/webpack.prod.ts': `module.exports = { resolve: { alias: { '@db': '../src/db' } } };` },
      '@db',
    ],
    [
      'Rollup',
      { 'rollup.config.mjs': `export default { plugins: [alias({ entries: [{ find: '@db', replacement: './src/db' }] })] };` },
      '@db',
    ],
    ['esbuild', { 'esbuild.mjs': `await build({ alias: { '@db': './src/db.ts' } });` }, '@db'],
    ['tsup', { 'tsup.config.ts': `export default { esbuildOptions(options) { options.alias = { '@db': './src/db' }; } };` }, '@db'],
    ['Jest', { 'jest.config.js': `module.exports = { moduleNameMapper: { '^@x/(.*)$': '<rootDir>/src/$1' } };` }, '@x/db'],
    ['Jest in package.json', { 'package.json': { jest: { rootDir: 'src', moduleNameMapper: { '^@x/(.*)$': '<rootDir>/$1' } } } }, '@x/db'],
    ['the folders of Jest', { 'jest.config.json': { modulePaths: ['<rootDir>/src'] } }, 'db'],
    ['Babel', { '.babelrc': { plugins: [['module-resolver', { root: ['./src'], alias: { '@x': './src' } }]] } }, '@x/db'],
    ['the root of Babel', { '.babelrc': { plugins: [['module-resolver', { root: ['./src'] }]] } }, 'db'],
    ['a pattern of Babel', { 'babel.config.js': `module.exports = { alias: { '^@x/(.+)': './src/\\\\1' } };` }, '@x/db'],
    ['module-alias', { 'package.json': { _moduleAliases: { '@db': 'src/db' } } }, '@db'],
    ['module-alias to build output', { 'package.json': { _moduleAliases: { '@': 'dist' } } }, '@/src/db'],
    ['Parcel', { 'package.json': { alias: { '@db': './src/db' } } }, '@db'],
    ['SvelteKit', { 'package.json': { devDependencies: { '@sveltejs/kit': '2' } } }, '$lib/../db'],
    [
      'SvelteKit with aliases',
      { 'svelte.config.js': `export default { kit: { alias: { $x: './src', '$y/*': 'src/*' } } };`, 'package.json': {} },
      '$y/db',
    ],
    [
      'SvelteKit with a library folder',
      { 'svelte.config.js': `export default { kit: { files: { lib: 'src' } } };`, 'package.json': {} },
      '$lib/db',
    ],
    ['Nuxt', { 'package.json': { dependencies: { nuxt: '4' } } }, '~~/src/db'],
    ['Nuxt with a source folder', { 'nuxt.config.ts': `export default defineNuxtConfig({ srcDir: 'src/' });`, 'package.json': {} }, '@/db'],
    ['Deno', { 'deno.json': { imports: {}, scopes: { './src/': { '@db': './src/db.ts' } } } }, '@db'],
  ])('of %s', (_, files, specifier) => {
    expect(targetOf({ 'src/db.ts': '', ...files }, 'src/a.ts', specifier)).toBe('src/db.ts');
  });

  it('of Nuxt in the folder that several applications share', () => {
    const files = { 'package.json': { dependencies: { nuxt: '4' } }, 'shared/db.ts': '' };
    expect(targetOf(files, 'server/a.ts', '#shared/db')).toBe('shared/db.ts');
  });
});

describe('an alias of a test runner', () => {
  it('does not replace a client package', () => {
    const files = {
      'jest.config.js': `module.exports = { moduleNameMapper: { '^@clickhouse/client$': '<rootDir>/fake.ts' } };`,
      'fake.ts': '',
    };
    expect(new Project(codeBase(files), undefined, () => 'if-linked').importTarget('/a.ts', '@clickhouse/client')).toEqual({
      kind: 'package',
      specifier: '@clickhouse/client',
    });
  });
});

describe('a configuration file that is no JavaScript', () => {
  it.each([
    'export default { resolve: { alias: {',
    'alias: [(((',
    'alias = `${`${',
    `alias: { '@x': /(/ }`,
    `moduleNameMapper: { '^(': 'x' }`,
  ])('changes nothing: %s', (text) => {
    expect(targetOf({ 'vite.config.ts': text, 'b.ts': '' }, 'a.ts', '@x/b')).toBe('@x/b');
    expect(targetOf({ 'vite.config.ts': text, 'b.ts': '' }, 'a.ts', './b')).toBe('b.ts');
  });
});
