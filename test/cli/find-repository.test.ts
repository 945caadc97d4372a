import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findRepository } from '../../src/cli/find-repository.js';
import { codeBase } from '../project/code-base.js';

describe('the repository of a project', () => {
  it('is the nearest folder with .git: a folder, or the file of a work tree', () => {
    const root = codeBase({ 'repo/packages/app/package.json': {}, 'tree/app/package.json': {} });
    mkdirSync(join(root, 'repo/.git'));
    writeFileSync(join(root, 'tree/.git'), 'gitdir: elsewhere\n');
    expect(findRepository(join(root, 'repo/packages/app'), undefined)).toBe(join(root, 'repo'));
    expect(findRepository(join(root, 'tree/app'), undefined)).toBe(join(root, 'tree'));
  });

  it('is a checkout below the workspace of the workflow, not the workspace', () => {
    const root = codeBase({ 'checkout/app/package.json': {} });
    mkdirSync(join(root, 'checkout/.git'));
    expect(findRepository(join(root, 'checkout/app'), root)).toBe(join(root, 'checkout'));
  });

  it('is the workspace of the workflow if there is no git, also by another link', () => {
    const root = codeBase({ 'app/package.json': {} });
    const link = join(codeBase({}), 'workspace');
    symlinkSync(root, link);
    expect(findRepository(join(root, 'app'), root)).toBe(root);
    expect(findRepository(join(root, 'app'), link)).toBe(root);
    expect(findRepository(join(root, 'app'), `${root}/`)).toBe(root);
  });

  it('is the project itself if there is neither', () => {
    const root = codeBase({ 'app/package.json': {} });
    expect(findRepository(join(root, 'app'), undefined)).toBe(join(root, 'app'));
    expect(findRepository(join(root, 'app'), codeBase({}))).toBe(join(root, 'app'));
  });
});
