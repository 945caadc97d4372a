import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Project } from '../../src/project/project.js';
import { codeBase } from './code-base.js';

describe('the package of a file', () => {
  const root = codeBase({
    'package.json': { name: 'root', workspaces: ['apps/*'] },
    'apps/api/package.json': { main: 'src/main.js', scripts: { start: 'node src/main.js' } },
    'apps/api/src/main.js': '',
    'apps/web/package.json': '{ broken',
    'apps/web/main.js': '',
    'tool.js': '',
  });
  const project = new Project(root);
  const folderAt = (file: string) => project.packageAt(join(root, file))?.folder;

  it('is the nearest package.json above it, with or without a name', () => {
    expect(folderAt('apps/api/src/main.js')).toBe(join(root, 'apps/api'));
    expect(project.packageAt(join(root, 'apps/api/src/main.js'))?.manifest.scripts).toEqual({ start: 'node src/main.js' });
    expect(folderAt('tool.js')).toBe(root);
  });

  it('is the next one above, if the nearest is not valid JSON', () => {
    expect(folderAt('apps/web/main.js')).toBe(root);
  });

  it('is none, if no package.json exists', () => {
    const bare = codeBase({ 'a.js': '' });
    expect(new Project(bare).packageAt(join(bare, 'a.js'))).toBeUndefined();
  });

  it('is listed among all packages', () => {
    expect(project.allPackages.map(({ folder }) => folder)).toEqual([join(root, 'apps/api'), root]);
  });
});
