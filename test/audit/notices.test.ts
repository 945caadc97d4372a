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
  return outcome.result.notices.filter((notice) => !notice.startsWith('Factory: '));
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
    result: {
      notices: expect.arrayContaining([
        'src/broken-link.ts cannot be read and was not analysed. It is a broken link, or the process has no permission.',
      ]) as unknown,
    },
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

describe('without settings', () => {
  const factoryNotice = (files: Readonly<Record<string, string>>): unknown => {
    const outcome = audit({ root: codeBase(files) });
    if (outcome.kind === 'error') throw new Error(outcome.problems.join('\n'));
    const { findings, notices } = outcome.result;
    return { findings: findings.map(({ file, message }) => `${file}: ${message}`), notices };
  };
  const topLevel = client.replace('export ', '');

  it('a second client in a script is a finding that names the inferred factory and the setting that declares it', () => {
    expect(factoryNotice({ 'src/db.ts': client, 'scripts/seed.ts': client, 'src/job.ts': topLevel })).toMatchObject({
      findings: [
        expect.stringMatching(/^scripts\/seed\.ts: .*src\/db\.ts was taken for the factory.*"factories": \["src\/db\.ts"\]/),
        expect.stringMatching(/^src\/job\.ts: .*src\/db\.ts was taken for the factory/),
      ],
    });
  });

  it.each(['test/db.ts', 'packages/a/tests/db.ts', 'src/db.spec.ts', 'app/e2e/db.ts', 'src/test-utils/db.ts'])(
    'a client in %s is no finding and no competitor',
    (file) => {
      expect(factoryNotice({ 'src/db.ts': client, [file]: client })).toMatchObject({ findings: [] });
    },
  );

  it('scripts alone are clean, with one notice', () => {
    expect(factoryNotice({ 'scripts/seed.ts': client, 'job.ts': topLevel })).toEqual({
      findings: [],
      notices: [expect.stringContaining('there is no factory')],
    });
  });

  it('two modules other than tests and scripts are undecided, and the one that is named like a factory is suggested', () => {
    expect(factoryNotice({ 'src/report.ts': client, 'src/clickhouse/client.ts': client, 'a.ts': `import './src/report';` })).toMatchObject({
      findings: [
        expect.stringContaining('If src/clickhouse/client.ts is the factory'),
        expect.stringContaining('If src/clickhouse/client.ts is'),
      ],
    });
  });
});
