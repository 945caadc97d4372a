import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Project } from '../../src/project/project.js';
import { codeBase } from './code-base.js';

type Files = Readonly<Record<string, string | object>>;

function resolve(files: Files, from: string, specifier: string): string | undefined {
  const root = codeBase({ [from]: '', ...files });
  return new Project(root).resolve(join(root, from), specifier)?.slice(root.length + 1);
}

const options = (compilerOptions: object) => ({ compilerOptions });
const paths = options({ paths: { '@x/*': ['${configDir}/x/*'] } });

describe('a tsconfig extends', () => {
  it.each<[string, Files]>([
    ['a file', { 'base.json': paths, 'tsconfig.json': { extends: './base' } }],
    ['a folder', { 'base/tsconfig.json': paths, 'tsconfig.json': { extends: './base' } }],
    ['several files', { 'a.json': paths, 'b.json': options({ strict: true }), 'tsconfig.json': { extends: ['./a.json', './b.json'] } }],
    ['a package of the project', { 'c/package.json': { name: '@t/c' }, 'c/tsconfig.json': paths, 'tsconfig.json': { extends: '@t/c' } }],
    [
      'a package that exports it',
      { 'c/package.json': { name: '@t/c', exports: { './n': './y/n.json' } }, 'c/y/n.json': paths, 'tsconfig.json': { extends: '@t/c/n' } },
    ],
    [
      'a package that names it',
      { 'c/package.json': { name: '@t/c', tsconfig: './n.json' }, 'c/n.json': paths, 'tsconfig.json': { extends: '@t/c' } },
    ],
    ['an installed package', { 'node_modules/@t/c/tsconfig.json': paths, 'tsconfig.json': { extends: '@t/c' } }],
    ['a file of an installed package', { 'node_modules/@t/c/n.json': paths, 'tsconfig.json': { extends: '@t/c/n.json' } }],
  ])('%s', (_, files) => {
    expect(resolve({ 'x/db.ts': '', ...files }, 'src/a.ts', '@x/db')).toBe('x/db.ts');
  });

  it('several files, of which the last one counts', () => {
    const files = {
      'a.json': options({ paths: { '@x/*': ['./x/*'] } }),
      'b.json': options({ paths: { '@x/*': ['./y/*'] } }),
      'tsconfig.json': { extends: ['./a.json', './b.json'] },
    };
    expect(resolve({ ...files, 'x/db.ts': '', 'y/db.ts': '' }, 'a.ts', '@x/db')).toBe('y/db.ts');
  });

  it('a file with a baseUrl, which its own paths start from', () => {
    const files = {
      'b/base.json': options({ baseUrl: '../x' }),
      'tsconfig.json': { extends: './b/base.json', ...options({ paths: { '@db': ['db'] } }) },
    };
    expect(resolve({ ...files, 'x/db.ts': '' }, 'a.ts', '@db')).toBe('x/db.ts');
  });
});

describe('a folder is compiled by', () => {
  const outward = { ...options({ paths: { '@x/*': ['../x/*'] } }), include: ['../src/**/*.ts'] };
  it.each<[string, Files]>([
    [
      'a referenced tsconfig of another folder',
      { 'tsconfig.json': { files: [], references: [{ path: './app' }] }, 'app/tsconfig.json': outward },
    ],
    ['a tsconfig of another folder that includes it', { 'config/tsconfig.json': outward }],
    ['another tsconfig beside the main one', { 'tsconfig.json': { include: ['test'] }, 'tsconfig.server.json': paths }],
  ])('%s', (_, files) => {
    expect(resolve({ 'x/db.ts': '', ...files }, 'src/a.ts', '@x/db')).toBe('x/db.ts');
  });

  it('its main tsconfig first', () => {
    const files = {
      'tsconfig.json': options({ paths: { '@x/*': ['./y/*'] } }),
      'tsconfig.server.json': paths,
      'x/db.ts': '',
      'y/db.ts': '',
    };
    expect(resolve(files, 'a.ts', '@x/db')).toBe('y/db.ts');
  });
});

describe('moduleSuffixes', () => {
  const config = {
    'base.json': options({ moduleSuffixes: ['.node', ''], paths: { '@/*': ['./src/*'] } }),
    'tsconfig.json': { extends: './base' },
  };
  it.each([
    ['./db', 'src/db.node.ts'],
    ['./db.js', 'src/db.node.ts'],
    ['@/db', 'src/db.node.ts'],
    ['./folder', 'src/folder/index.node.tsx'],
    ['./plain', 'src/plain.ts'],
  ])('choose the file for %s', (specifier, file) => {
    const files = { ...config, 'src/db.node.ts': '', 'src/db.ts': '', 'src/folder/index.node.tsx': '', 'src/plain.ts': '' };
    expect(resolve(files, 'src/a.ts', specifier)).toBe(file);
  });

  it('of React Native choose a file if there is no other', () => {
    const files = { 'package.json': { dependencies: { 'react-native': '1' } }, 'db.native.ts': '', 'b.ts': '', 'b.ios.ts': '' };
    expect(resolve(files, 'a.ts', './db')).toBe('db.native.ts');
    expect(resolve(files, 'a.ts', './b')).toBe('b.ts');
  });
});

describe('the build output that a tsconfig declares leads to its source', () => {
  const output = options({ outDir: './target/js', rootDir: './code' });
  it('from the exports of a package', () => {
    const files = { 'p/tsconfig.json': output, 'p/package.json': { name: '@a/db', exports: './target/js/db.js' }, 'p/code/db.ts': '' };
    expect(resolve(files, 'a.ts', '@a/db')).toBe('p/code/db.ts');
  });

  it('from the imports of a package', () => {
    const files = { 'tsconfig.json': output, 'package.json': { imports: { '#db': './target/js/db.js' } }, 'code/db.ts': '' };
    expect(resolve(files, 'code/a.ts', '#db')).toBe('code/db.ts');
  });

  it('from paths', () => {
    const files = { 'tsconfig.json': options({ outDir: 'built', paths: { '@db': ['./built/db.d.ts'] } }), 'src/db.ts': '' };
    expect(resolve(files, 'src/a.ts', '@db')).toBe('src/db.ts');
  });
});

describe('the conditions of exports and imports', () => {
  const fields = { browser: './other.ts', production: './other.ts', development: './db.ts' };
  const files = { 'tsconfig.json': options({ customConditions: ['development'] }), 'p/other.ts': '', 'p/db.ts': '' };
  it('that the tsconfig adds come first', () => {
    expect(resolve({ ...files, 'p/package.json': { name: '@a/p', exports: fields } }, 'a.ts', '@a/p')).toBe('p/db.ts');
    expect(resolve({ ...files, 'p/package.json': { name: '@a/p', imports: { '#db': fields } } }, 'p/a.ts', '#db')).toBe('p/db.ts');
  });

  it('of other run times come last', () => {
    const manifest = { name: '@a/p', exports: { '.': [{ browser: './other.ts', node: { import: './db.ts' } }] } };
    expect(resolve({ 'p/package.json': manifest, 'p/other.ts': '', 'p/db.ts': '' }, 'a.ts', '@a/p')).toBe('p/db.ts');
  });
});

describe('a dependency leads to the source', () => {
  it.each(['link:../p', 'file:../p', 'portal:../p', 'workspace:../p', '../p', 'workspace:@a/db@*', 'npm:@a/db@^1'])(
    'by the range %s',
    (range) => {
      const files = {
        'package.json': { workspaces: ['app', 'p'] },
        'p/package.json': { name: '@a/db', version: '1.0.0', main: 'x.ts' },
        'p/x.ts': '',
        'app/package.json': { dependencies: { other: range } },
      };
      expect(resolve(files, 'app/a.ts', 'other')).toBe('p/x.ts');
    },
  );

  it('of a link to a folder without a manifest', () => {
    expect(resolve({ 'p/index.ts': '', 'app/package.json': { dependencies: { other: 'link:../p' } } }, 'app/a.ts', 'other')).toBe(
      'p/index.ts',
    );
  });

  it.each<[string, Files]>([
    [
      'the catalog',
      {
        'pnpm-workspace.yaml': 'packages: ["."]\ncatalog:\n  ch: npm:@clickhouse/client@1\n',
        'package.json': { dependencies: { ch: 'catalog:' } },
      },
    ],
    ['overrides', { 'package.json': { overrides: { ch: 'npm:@clickhouse/client@1' }, dependencies: { ch: '1' } } }],
    ['resolutions', { 'package.json': { resolutions: { ch: 'npm:@clickhouse/client@1' }, dependencies: { ch: '1' } } }],
  ])('or to the package that %s names', (_, files) => {
    const root = codeBase({ ...files, 'a.ts': '' });
    const project = new Project(root);
    expect(project.importTarget(join(root, 'a.ts'), 'ch')).toEqual({ kind: 'package', specifier: '@clickhouse/client' });
    expect(project.packageAliases.get('ch')).toEqual(new Set(['@clickhouse/client']));
  });
});

describe('a path', () => {
  it.each([
    ['./db.js?v=1#x', 'src/db.ts'],
    ['./%64b.ts', 'src/db.ts'],
    ['./DB', 'src/db.ts'],
    ['!!ts-loader!./db', 'src/db.ts'],
    ['./package', 'src/package/impl.ts'],
  ])('%s leads to the source', (specifier, file) => {
    expect(
      resolve(
        { 'src/db.ts': '', 'src/package/package.json': { main: './build/impl.js' }, 'src/package/impl.ts': '' },
        'src/a.ts',
        specifier,
      ),
    ).toBe(file);
  });

  it('through a linked folder or package leads to the source', () => {
    const root = codeBase({
      'shared/db.ts': '',
      'app/a.ts': '',
      'node_modules/@s/x.json': {},
      'p/package.json': { name: 'p', main: 'db.ts' },
      'p/db.ts': '',
    });
    symlinkSync('../shared', join(root, 'app/shared'));
    symlinkSync('../../p', join(root, 'node_modules/@s/linked'));
    const project = new Project(root);
    expect(project.resolve(join(root, 'app/a.ts'), './shared/db')).toBe(join(root, 'shared/db.ts'));
    expect(project.resolve(join(root, 'app/a.ts'), '@s/linked')).toBe(join(root, 'p/db.ts'));
  });
});
