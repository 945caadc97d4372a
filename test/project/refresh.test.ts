import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
    expect(project.refresh()).toEqual({ files: new Set(), importsChanged: new Set(), resolutionChanged: false });
  });
});
