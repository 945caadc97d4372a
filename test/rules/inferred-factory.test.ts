import { describe, expect, it } from 'vitest';
import { audit } from '../../src/audit/audit.js';
import type { Preset } from '../../src/rule/rule.js';
import { codeBase } from '../project/code-base.js';

const client = `import { createClient } from '@clickhouse/client';\n`;
const getter = `${client}export const getClient = () => createClient({ url: process.env.CLICKHOUSE_URL });`;

/** Returns the findings of no-direct-client as `file: message`. */
function findingsOf(files: Readonly<Record<string, string | object>>, preset: Preset = 'recommended'): string[] {
  const outcome = audit({ root: codeBase(files), selection: { preset, rules: [] } });
  if (outcome.kind === 'error') throw new Error(outcome.problems.join('\n'));
  const own = outcome.result.findings.filter(({ rule }) => rule === 'no-direct-client');
  return own.map(({ file, message }) => `${file}: ${message}`);
}

describe('without declared factories, no-direct-client', () => {
  it('reports nothing in a code base with one module that constructs clients', () => {
    expect(findingsOf({ 'src/db.ts': getter, 'src/db.test.ts': getter })).toEqual([]);
  });

  it('names the factory of a second client, why it is, and the line of settings that pins it', () => {
    expect(findingsOf({ 'src/clickhouse.ts': getter, 'src/report.ts': getter })).toEqual([
      expect.stringMatching(
        /^src\/report\.ts: .*The factory is src\/clickhouse\.ts, because it is named after ClickHouse\..*"factories": \["src\/clickhouse\.ts"\]/,
      ),
    ]);
  });

  it('offers a second entry for a client with credentials of a user', () => {
    const tenant = `${client}export const connect = (url: string, password: string) => createClient({ url, password });`;
    expect(findingsOf({ 'src/clickhouse.ts': getter, 'src/tenant.ts': tenant })).toEqual([
      expect.stringMatching(/^src\/tenant\.ts: .*caller passes.*"factories": \["src\/clickhouse\.ts", "src\/tenant\.ts"\]/),
    ]);
  });

  it('names the factory of a script', () => {
    expect(findingsOf({ 'src/clickhouse.ts': getter, 'scripts/seed.ts': getter })).toEqual([
      expect.stringMatching(
        /^scripts\/seed\.ts: .*in a script, or in a program of its own\. Get the client from the factory, src\/clickhouse\.ts\./,
      ),
    ]);
  });

  it('reports an undecided factory once, with all candidates', () => {
    const [finding, ...others] = findingsOf({ 'src/a.ts': getter, 'src/b.ts': getter, 'src/c.ts': getter });
    expect(others).toEqual([]);
    expect(finding).toMatch(/^src\/a\.ts: .*src\/a\.ts, src\/b\.ts or src\/c\.ts\. Declare it, as in "factories": \["src\/a\.ts"\]/);
  });

  it('reports an undecided factory at the next candidate, if the settings or a comment permit the first', () => {
    const sanctioned = [{ path: 'src/a.ts', rules: ['no-direct-client'], reason: 'own user' }];
    const disabled = getter.replace('export', '// eslint-disable-next-line clickhouse-ssot/no-direct-client -- own user\nexport');
    const [first, ...others] = findingsOf({
      'src/a.ts': getter,
      'src/b.ts': disabled,
      'src/c.ts': getter,
      'src/d.ts': getter,
      'clickhouse-ssot.config.json': { sanctioned },
    });
    expect(first).toMatch(/^src\/c\.ts: /);
    expect(others).toEqual([]);
  });

  it('does not count a library for migrations, which takes no client', () => {
    const migrate = `import { migration } from 'clickhouse-migrations';\nexport const migrate = () => migration('./migrations');`;
    expect(findingsOf({ 'src/db.ts': getter, 'src/start.ts': migrate })).toEqual([]);
  });

  it('reports a client in a test in the preset strict alone', () => {
    const files = { 'src/db.ts': getter, 'packages/a/test/db.ts': getter };
    expect(findingsOf(files)).toEqual([]);
    expect(findingsOf(files, 'strict')).toEqual([expect.stringContaining('packages/a/test/db.ts: ')]);
  });
});

it('with a declared factory that does not exist, the message says so', () => {
  const files = { 'src/db.ts': getter, 'clickhouse-ssot.config.json': { factories: ['src/gone.ts'] } };
  expect(findingsOf(files)).toEqual([expect.stringMatching(/no source file matches "factories": \["src\/gone\.ts"\]/)]);
});
