import { describe, expect, it } from 'vitest';
import { matcherOf } from '../../src/settings/globs.js';

describe('a glob of the settings', () => {
  it.each([
    ['src/db.ts', 'src/db.ts', true],
    ['./src/db.ts', 'src/db.ts', true],
    ['src/*.ts', 'src/db.ts', true],
    ['src/*.ts', 'src/db/client.ts', false],
    ['**/*.test.ts', 'db.test.ts', true],
    ['scripts', 'scripts/migrations/first.ts', true],
    ['test/', 'test/a.ts', true],
    ['test', 'src/test/a.ts', false],
    ['scripts', 'scripts-old/a.ts', false],
    ['scripts/**', 'scripts/.hidden/a.ts', true],
    ['packages/{api,worker}/db.ts', 'packages/worker/db.ts', true],
  ])('%s against %s: %s', (glob, path, isMatch) => {
    expect(matcherOf([glob])(path)).toBe(isMatch);
  });

  it('matches nothing if the list is empty', () => {
    expect(matcherOf([])('src/db.ts')).toBe(false);
  });
});
