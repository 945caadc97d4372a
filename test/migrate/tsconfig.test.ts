import { join } from 'node:path';
import { expect, it } from 'vitest';
import { configOf } from '../../src/migrate/types/tsconfig.js';
import { codeBase } from '../project/code-base.js';

it('a configuration with references stands for the one of them that includes the file', () => {
  const root = codeBase({
    'tsconfig.json': { files: [], references: [{ path: './tsconfig.app.json' }, { path: './tools' }] },
    'tsconfig.app.json': { compilerOptions: { composite: true, strict: true }, include: ['src'] },
    'tools/tsconfig.json': { compilerOptions: { composite: true }, include: ['../scripts'] },
    'src/a.ts': '',
    'scripts/b.ts': '',
    'other.ts': '',
  });
  expect(configOf(join(root, 'src/a.ts'))).toBe(join(root, 'tsconfig.app.json'));
  expect(configOf(join(root, 'scripts/b.ts'))).toBe(join(root, 'tools/tsconfig.json'));
  expect(configOf(join(root, 'other.ts'))).toBe(join(root, 'tsconfig.json'));
  expect(configOf('/a.ts')).toBe('');
});
