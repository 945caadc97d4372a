import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { audit } from '../../src/audit/audit.js';
import { codeBase } from '../project/code-base.js';

const client = `import { createClient } from '@clickhouse/client'; export const client = createClient();`;

function noticesOf(settings: object, files: Readonly<Record<string, string | object>> = {}): readonly string[] {
  const root = codeBase({ 'src/db.ts': client, 'src/app.ts': '', 'clickhouse-ssot.config.json': settings, ...files });
  const outcome = audit({ root });
  if (outcome.kind === 'error') throw new Error(outcome.problems.join('\n'));
  return outcome.result.notices;
}

describe('a setting that matches nothing is a notice:', () => {
  it.each(['factories', 'managers', 'config', 'service', 'tests', 'vendored'])('%s', (key) => {
    expect(noticesOf({ [key]: ['src/none.ts'] })).toContain(
      `clickhouse-ssot.config.json: "${key}": "src/none.ts" matches no source file. Correct or remove it.`,
    );
  });

  it('clients, with the most similar package of the code base', () => {
    const settings = { clients: [{ package: '@acme/clickhous', constructors: ['connect'] }] };
    expect(noticesOf(settings, { 'package.json': { dependencies: { '@acme/clickhouse': '1.0.0' } } })).toContain(
      'clickhouse-ssot.config.json: "clients[0]": no source file imports "@acme/clickhous". Did you mean "@acme/clickhouse"?',
    );
  });

  it('accessors', () => {
    expect(noticesOf({ accessors: [{ module: 'src/db.ts', name: 'getClinet' }] })).toContainEqual(
      expect.stringContaining('"accessors[0]": found no function "getClinet"'),
    );
  });

  it('sanctioned', () => {
    expect(noticesOf({ sanctioned: [{ path: 'src/app.ts', rules: ['no-direct-client'], reason: 'none' }] })).toContainEqual(
      expect.stringContaining('"sanctioned[0]": "src/app.ts" has no finding'),
    );
  });
});

describe('no notice is given for', () => {
  it('settings that match', () => {
    const settings = {
      factories: ['src/db.ts'],
      tests: ['test'],
      vendored: ['lib'],
      clients: [{ package: '@acme/clickhouse', constructors: ['connect'] }],
    };
    const files = { 'test/a.ts': '', 'lib/b.ts': '', 'src/c.ts': `import { connect } from '@acme/clickhouse'; export const c = connect;` };
    expect(noticesOf(settings, files)).toEqual([]);
  });

  it('the default of "tests"', () => {
    expect(noticesOf({})).toEqual([]);
  });
});

it('a factory that is every file is a notice', () => {
  expect(noticesOf({ factories: ['**'] })).toContain(
    'clickhouse-ssot.config.json: "factories": "**" matches every source file, so no-direct-client reports nothing. Name the modules that construct clients.',
  );
});

it('a source file that cannot be read is a notice', () => {
  const root = codeBase({ 'src/db.ts': client });
  execFileSync('git', ['init', '-q'], { cwd: root });
  symlinkSync('gone.ts', join(root, 'src/broken-link.ts'));
  expect(audit({ root })).toMatchObject({
    result: { notices: ['src/broken-link.ts cannot be read and was not analysed. It is a broken link, or the process has no permission.'] },
  });
});

it.each(['jsonc', 'js', 'yaml'])('a settings file with the extension .%s is an error, and not ignored', (extension) => {
  const outcome = audit({ root: codeBase({ 'a.ts': client, [`clickhouse-ssot.config.${extension}`]: '{}' }) });
  expect(outcome).toEqual({
    kind: 'error',
    problems: [
      `clickhouse-ssot.config.${extension}: found a settings file of this name, expected clickhouse-ssot.config.json, in which comments are allowed. Rename it. Until then, no clickhouse-ssot rule runs.`,
    ],
  });
});
