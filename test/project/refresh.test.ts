import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Project } from '../../src/project/project.js';
import { codeBase } from './code-base.js';

const paths = JSON.stringify({ compilerOptions: { paths: { '@db': ['./src/db.ts'] } } });

function projectOf(files: Readonly<Record<string, string | object>>) {
  const root = codeBase({ 'src/db.ts': '', 'src/a.ts': `import '@db';`, ...files });
  const project = new Project(root);
  const resolve = () => project.resolve(join(root, 'src/a.ts'), '@db')?.slice(root.length + 1);
  return { project, resolve, path: (file: string) => join(root, file) };
}

describe('a refresh', () => {
  it('sees a tsconfig that was added', () => {
    const { project, resolve, path } = projectOf({});
    expect(resolve()).toBeUndefined();
    writeFileSync(path('tsconfig.json'), paths);
    expect(project.refresh().resolutionChanged).toBe(true);
    expect(resolve()).toBe('src/db.ts');
    expect(project.importersOf(path('src/db.ts'))).toEqual(new Set([path('src/a.ts')]));
  });

  it('sees a tsconfig that was removed', () => {
    const { project, resolve, path } = projectOf({ 'tsconfig.json': paths });
    expect(resolve()).toBe('src/db.ts');
    rmSync(path('tsconfig.json'));
    expect(project.refresh().resolutionChanged).toBe(true);
    expect(resolve()).toBeUndefined();
  });

  it('sees a tsconfig that was edited', () => {
    const { project, resolve, path } = projectOf({ 'tsconfig.json': '{}' });
    expect(resolve()).toBeUndefined();
    writeFileSync(path('tsconfig.json'), paths);
    expect(project.refresh().resolutionChanged).toBe(true);
    expect(resolve()).toBe('src/db.ts');
  });

  it('sees a package.json that was added beside a tsconfig, in a folder without source files', () => {
    const { project, path } = projectOf({ 'packages/db/tsconfig.json': {} });
    expect(project.packages.has('@acme/db')).toBe(false);
    writeFileSync(path('packages/db/package.json'), JSON.stringify({ name: '@acme/db' }));
    expect(project.refresh().resolutionChanged).toBe(true);
    expect(project.packages.has('@acme/db')).toBe(true);
  });

  it('reports no change of the resolution, if nothing has changed', () => {
    const { project } = projectOf({ 'tsconfig.json': paths });
    expect(project.refresh()).toEqual({ files: new Set(), affecting: new Set(), importsChanged: new Set(), resolutionChanged: false });
  });
});

/** An edit of the disk under a living process, and the files that it needs before. */
interface Edit {
  readonly before?: Readonly<Record<string, string | object>>;
  readonly edit: (path: (file: string) => string) => void;
}

const write = (file: string, content: string | object) => (path: (file: string) => string) => {
  mkdirSync(dirname(path(file)), { recursive: true });
  writeFileSync(path(file), typeof content === 'string' ? content : JSON.stringify(content));
};

const edits: Readonly<Record<string, Edit>> = {
  'the first source in a folder': { before: { 'docs/x.md': '' }, edit: write('docs/a.ts', '') },
  'the first source in a folder of a tsconfig': { before: { 'p/tsconfig.json': {} }, edit: write('p/a.ts', '') },
  'a source in a folder that did not exist': { edit: write('new/deep/a.ts', '') },
  'a source in a folder of folders': { before: { 'x/y/z/readme.md': '' }, edit: write('x/y/a.ts', '') },
  'a changed .gitignore': { before: { '.gitignore': 'src/db.ts\n' }, edit: write('.gitignore', '') },
  'a changed .gitignore of a folder': { before: { 'src/.gitignore': 'db.ts\n' }, edit: write('src/.gitignore', 'other\n') },
  'a changed exclude file of git': { edit: write('.git/info/exclude', 'src/db.ts\n') },
  'an extended configuration of any name': {
    before: { 'tsconfig.json': { extends: './options/base.json' }, 'options/base.json': {} },
    edit: write('options/base.json', { compilerOptions: { paths: { '@db': ['../src/db.ts'] } } }),
  },
  'an extended configuration that did not exist': {
    before: { 'tsconfig.json': { extends: './options/base.json' } },
    edit: write('options/base.json', { compilerOptions: { paths: { '@db': ['../src/db.ts'] } } }),
  },
  'a changed alias': {
    before: { 'vite.config.ts': 'export default {};\n' },
    edit: write('vite.config.ts', `export default { resolve: { alias: { '@db': '/src/db.ts' } } };\n`),
  },
  'a removed source': { edit: (path) => rmSync(path('src/db.ts')) },
  'a renamed folder': { edit: (path) => renameSync(path('src'), path('source')) },
  'a package.json of an alias': { edit: write('package.json', { imports: { '#db': './src/db.ts' } }) },
};

describe('a living process sees what a new one sees after', () => {
  it.each(Object.keys(edits))('%s', (name) => {
    const { before = {}, edit } = edits[name] ?? { edit: () => undefined };
    const root = codeBase({ 'src/db.ts': '', 'src/a.ts': `import '@db';\nimport '#db';`, ...before });
    execFileSync('git', ['init', '-q'], { cwd: root });
    const view = (project: Project) => ({
      sources: [...project.sources].sort(),
      imports: [...project.sources].sort().map((file) => [...project.importsOf(file)].sort()),
    });
    const living = new Project(root);
    const old = view(living);
    edit((file) => join(root, file));
    living.refresh();
    const fresh = view(new Project(root));
    expect(view(living)).toEqual(fresh);
    expect(fresh).not.toEqual(old);
  });
});
