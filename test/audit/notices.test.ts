import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { audit } from '../../src/audit/audit.js';
import { codeBase } from '../project/code-base.js';

const client = `import { createClient } from '@clickhouse/client'; export const client = createClient();`;

/** With a declared factory, no notice tells which one was inferred. */
const declared = { factories: ['src/db.ts'] };

function noticesOf(settings: object, files: Readonly<Record<string, string | object>> = {}): readonly string[] {
  const root = codeBase({ 'src/db.ts': client, 'src/app.ts': '', 'clickhouse-ssot.config.json': settings, ...files });
  const outcome = audit({ root });
  if (outcome.kind === 'error') throw new Error(outcome.problems.join('\n'));
  return outcome.result.notices;
}

it('no notice is given for settings that match', () => {
  const settings = {
    ...declared,
    tests: ['test'],
    vendored: ['lib'],
    clients: [{ package: '@acme/clickhouse', constructors: ['connect'] }],
  };
  const files = { 'test/a.ts': '', 'lib/b.ts': '', 'src/c.ts': `import { connect } from '@acme/clickhouse'; export const c = connect;` };
  expect(noticesOf(settings, files)).toEqual([]);
});

it('the factory that is inferred without settings is a notice, and no other is given', () => {
  expect(noticesOf({})).toEqual([
    'Factory: src/db.ts, because no other module of production code constructs a client.',
    'To pin the factory, set "factories": ["src/db.ts"] in clickhouse-ssot.config.json.',
  ]);
  expect(noticesOf({}, { 'src/db.ts': '' })).toEqual([]);
});

describe('a disable comment is a notice if it', () => {
  it.each([
    [
      'disables nothing',
      '// eslint-disable-next-line clickhouse-ssot/no-direct-client\nexport const a = 1;',
      'src/app.ts:1: the comment disables no finding of "clickhouse-ssot/no-direct-client". Remove it.',
    ],
    [
      'disables one of two rules',
      `${client}\ncreateClient(); // oxlint-disable-line clickhouse-ssot/no-direct-client, clickhouse-ssot/no-nested-acquire -- why`,
      'src/app.ts:2: the comment disables no finding of "clickhouse-ssot/no-nested-acquire". Remove it.',
    ],
    [
      'names a rule that does not exist',
      '/* eslint-disable clickhouse-ssot/no-direct-clients */',
      'src/app.ts:1: the comment names the unknown rule "clickhouse-ssot/no-direct-clients". Did you mean "clickhouse-ssot/no-direct-client"?',
    ],
    [
      'names a rule without the prefix',
      '/* eslint-disable no-direct-client */',
      'src/app.ts:1: the comment names "no-direct-client", and the audit reads only "clickhouse-ssot/no-direct-client".',
    ],
    [
      'names a rule with another prefix',
      '/* eslint-disable ch/no-direct-client */',
      'src/app.ts:1: the comment names "ch/no-direct-client", and the audit reads only "clickhouse-ssot/no-direct-client".',
    ],
  ])('%s', (_, code, notice) => {
    expect(noticesOf(declared, { 'src/app.ts': code })).toEqual([notice]);
  });

  it.each([
    ['disables a finding', `${client}\ncreateClient(); // eslint-disable-line clickhouse-ssot/no-direct-client`],
    ['names no rule', '/* eslint-disable */ export const a = 1;'],
    ['names rules of other plugins', '/* eslint-disable no-console, import/no-cycle */ export const a = 1;'],
    ['enables a rule', '/* eslint-enable clickhouse-ssot/no-direct-client */ export const a = 1;'],
    ['is in a string', `export const a = '/* eslint-disable clickhouse-ssot/no-direct-client */';`],
    ['names a rule about the settings, which the linter reports there', '/* eslint-disable clickhouse-ssot/no-stale-settings */'],
  ])('not if it %s', (_, code) => {
    expect(noticesOf(declared, { 'src/app.ts': code })).toEqual([]);
  });
});

it('a source file that cannot be read is a notice', () => {
  const root = codeBase({ 'src/db.ts': client, 'clickhouse-ssot.config.json': declared });
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
