import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { copyOf, type EslintPackage, runAudit, runEslint } from './hosts.js';

const closing = `return reconnect('stale');`;
const opening = `throw new Error('gone');`;

function rewrite(file: string, from: string, to: string): void {
  writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
}

const settings = 'clickhouse-ssot.config.json';

function codeBase(): string {
  const folder = copyOf('recursion/missed-one');
  writeFileSync(join(folder, settings), '{ "factories": ["src/client.ts"] }');
  return folder;
}

const strategies: readonly [EslintPackage, string][] = [
  ['eslint', 'metadata'],
  ['eslint9', 'content'],
];

describe.each(strategies)('%s --cache by %s does not see that a finding depends on another file', (eslint, strategy) => {
  const cached = (folder: string) =>
    runEslint(eslint, folder, ['--cache', '--cache-location', join(folder, '.eslintcache'), '--cache-strategy', strategy]);

  it('misses the finding after an edit of another file closes a cycle; a run without it and the audit report it', () => {
    const folder = codeBase();
    const health = join(folder, 'src/health.ts');
    rewrite(health, closing, opening);
    expect(cached(folder)).toEqual([]);
    rewrite(health, opening, closing);
    expect(cached(folder)).toEqual([]);
    expect(runEslint(eslint, folder).map(({ file }) => file)).toEqual(['src/manager.ts', 'src/reconnect.ts', 'src/reconnect.ts']);
    expect(runAudit(folder)).toHaveLength(3);
  });

  it('repeats a finding that no longer applies', () => {
    const folder = codeBase();
    const reported = cached(folder);
    rewrite(join(folder, 'src/health.ts'), closing, opening);
    expect(reported).toHaveLength(3);
    expect(cached(folder)).toEqual(reported);
    expect(runEslint(eslint, folder)).toEqual([]);
  });

  it('does not see that the settings have changed', () => {
    const folder = codeBase();
    const reported = cached(folder);
    writeFileSync(join(folder, settings), '{ "factorys": [] }');
    expect(cached(folder)).toEqual(reported);
    expect(runEslint(eslint, folder)).toEqual([
      expect.objectContaining({ line: 1, message: expect.stringContaining(`${settings}: "factorys"`) }),
    ]);
  });
});
