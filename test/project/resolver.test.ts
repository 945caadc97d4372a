import { join } from 'node:path';
import { ResolverFactory } from 'oxc-resolver';
import { describe, expect, it } from 'vitest';
import { Project } from '../../src/project/project.js';
import { codeBase } from './code-base.js';

/** Returns the file that an import resolves to, relative to the root. */
function resolve(files: Readonly<Record<string, string | object>>, from: string, specifier: string): string | undefined {
  const root = codeBase(files);
  return new Project(root).resolve(join(root, from), specifier)?.slice(root.length + 1);
}

describe('an import', () => {
  it.each([
    ['./b', 'b.ts'],
    ['./b.js', 'b.ts'],
    ['./folder', 'folder/index.ts'],
    ['./c.mjs', 'c.mts'],
    ['./d.cjs', 'd.cts'],
    ['./view', 'view.tsx'],
    ['.', 'index.ts'],
  ])('of %s resolves to %s', (specifier, file) => {
    const files = { 'a.ts': '', 'b.ts': '', 'c.mts': '', 'd.cts': '', 'view.tsx': '', 'index.ts': '', 'folder/index.ts': '' };
    expect(resolve(files, 'a.ts', specifier)).toBe(file);
  });

  it('uses the paths of the nearest tsconfig, even if it extends a workspace package that is not installed', () => {
    const files = {
      'tools/config/package.json': { name: '@acme/config' },
      'tools/config/base.json': { compilerOptions: { baseUrl: '../..' } },
      'app/tsconfig.json':
        '{ // a comment\n "extends": "@acme/config/base.json", "compilerOptions": { "paths": { "@/*": ["./app/src/*"] } }, }',
      'app/src/db.ts': '',
      'app/src/a.ts': '',
    };
    expect(resolve(files, 'app/src/a.ts', '@/db')).toBe('app/src/db.ts');
  });

  it('resolves where the resolver alone fails on the tsconfig', () => {
    const root = codeBase({
      'tsconfig.json': { extends: '@acme/missing/base.json', compilerOptions: { paths: { '@/*': ['./src/*'] } } },
      'src/a.ts': '',
      'src/db.ts': '',
    });
    expect(new ResolverFactory({ tsconfig: 'auto', extensions: ['.ts'] }).resolveFileSync(join(root, 'src/a.ts'), '@/db').error).toContain(
      'Tsconfig not found',
    );
    expect(new Project(root).resolve(join(root, 'src/a.ts'), '@/db')).toBe(join(root, 'src/db.ts'));
  });

  it('uses the paths of a referenced tsconfig in the same folder', () => {
    const files = {
      'tsconfig.json': { files: [], references: [{ path: './tsconfig.app.json' }] },
      'tsconfig.app.json': { compilerOptions: { paths: { '~/*': ['./src/*'] } } },
      'src/db.ts': '',
      'src/a.ts': '',
    };
    expect(resolve(files, 'src/a.ts', '~/db')).toBe('src/db.ts');
  });

  it('of a workspace package resolves to its source, even if the manifest names build output', () => {
    const manifest = {
      name: '@acme/db',
      main: 'dist/index.js',
      exports: { '.': { import: './dist/index.js' }, './client': './dist/clickhouse/client.js', './tools/*': './dist/tools/*.js' },
    };
    const files = {
      'packages/db/package.json': manifest,
      'packages/db/src/index.ts': '',
      'packages/db/src/clickhouse/client.ts': '',
      'packages/db/src/tools/migrate.ts': '',
      'app/a.ts': '',
    };
    expect(resolve(files, 'app/a.ts', '@acme/db')).toBe('packages/db/src/index.ts');
    expect(resolve(files, 'app/a.ts', '@acme/db/client')).toBe('packages/db/src/clickhouse/client.ts');
    expect(resolve(files, 'app/a.ts', '@acme/db/tools/migrate')).toBe('packages/db/src/tools/migrate.ts');
  });

  it('of a build path of a workspace package resolves to its source', () => {
    const files = {
      'packages/db/package.json': { name: '@acme/db', main: './dist/index.js' },
      'packages/db/src/clickhouse/node.ts': '',
      'app/a.ts': '',
    };
    expect(resolve(files, 'app/a.ts', '@acme/db/dist/clickhouse/node')).toBe('packages/db/src/clickhouse/node.ts');
  });

  it('of a relative path is found in another folder of rootDirs, also of those that a base configuration lists', () => {
    const files = {
      'base.json': { compilerOptions: { rootDirs: ['${configDir}/src', '${configDir}/generated'] } },
      'app/tsconfig.json': { extends: '../base.json' },
      'app/src/db/a.ts': '',
      'app/generated/db/client.ts': '',
    };
    expect(resolve(files, 'app/src/db/a.ts', './client.js')).toBe('app/generated/db/client.ts');
    expect(resolve({ ...files, 'app/src/db/client.ts': '' }, 'app/src/db/a.ts', './client.js')).toBe('app/src/db/client.ts');
  });

  it('uses the paths of tsconfig.app.json in a folder without tsconfig.json', () => {
    const files = {
      'web/tsconfig.app.json': { compilerOptions: { paths: { '~/*': ['./src/*'] } } },
      'web/src/db.ts': '',
      'web/src/a.ts': '',
    };
    expect(resolve(files, 'web/src/a.ts', '~/db')).toBe('web/src/db.ts');
  });

  it('uses the paths of the folder above if the only tsconfig of a folder has none', () => {
    const files = {
      'tsconfig.json': { compilerOptions: { paths: { '~/*': ['./web/src/*'] } } },
      'web/tsconfig.build.json': { exclude: ['test'] },
      'web/src/db.ts': '',
      'web/src/a.ts': '',
    };
    expect(resolve(files, 'web/src/a.ts', '~/db')).toBe('web/src/db.ts');
  });

  it('of a path with %20 resolves to a file with a space in its name', () => {
    expect(resolve({ 'a.ts': '', 'my db.ts': '' }, 'a.ts', './my%20db.js')).toBe('my db.ts');
  });

  it('of a name with # uses the imports field of the package', () => {
    const files = { 'package.json': { name: 'app', type: 'module', imports: { '#db': './src/db.ts' } }, 'src/db.ts': '', 'src/a.ts': '' };
    expect(resolve(files, 'src/a.ts', '#db')).toBe('src/db.ts');
  });

  it.each(['react', 'node:fs', './missing.js', '@acme/unknown'])('of %s resolves to no file of the project', (specifier) => {
    expect(resolve({ 'a.ts': '' }, 'a.ts', specifier)).toBeUndefined();
  });
});

describe('a broken tsconfig or manifest', () => {
  it.each(['{', '[]', 'null', '{ "compilerOptions": { "paths": 3 } }', '{ "extends": "./tsconfig.json" }', '{ "compilerOptions": 5 }'])(
    '%s is ignored',
    (text) => {
      expect(resolve({ 'tsconfig.json': text, 'package.json': text, 'a.ts': '', 'b.ts': '' }, 'a.ts', './b')).toBe('b.ts');
      expect(resolve({ 'tsconfig.json': text, 'package.json': text, 'a.ts': '' }, 'a.ts', 'not-installed')).toBeUndefined();
    },
  );
});
