import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { audit } from '../../src/audit/audit.js';
import { runAsyncCommand } from '../cli/run-command.js';
import { copyOf } from '../e2e/hosts.js';
import { codeBase } from '../project/code-base.js';

const explain = (...args: string[]) => runAsyncCommand(['explain', ...args]);

const incident = copyOf('incident-before');
const manager = join(incident, 'backend/src/core/clickhouse-connection-manager.ts');

describe('explain RULE', () => {
  it('prints what the rule demands, why, examples, options and settings, without a code base', async () => {
    const { status, stdout } = await explain('clickhouse-ssot/no-direct-client');
    expect(status).toBe(0);
    expect(stdout).toContain('Disallow constructing a ClickHouse client outside the factory.');
    for (const title of ['Why', 'Incorrect', 'Correct', 'Options', 'Settings in clickhouse-ssot.config.json', 'Limits'])
      expect(stdout.split('\n')).toContain(title);
    expect(stdout).toContain('factories  Modules that may construct clients.');
  });

  it('has the settings of the rule that the page refers to', async () => {
    const { stdout } = await explain('no-possible-connection-recursion', '--format', 'json');
    const { settings }: { settings: { name: string }[] } = JSON.parse(stdout);
    expect(settings.map(({ name }) => name)).toContain('accessors');
  });

  it.each([
    ['no-direct-clients', 'Did you mean "no-direct-client"?'],
    ['recursion', '"no-connection-recursion" or "no-possible-connection-recursion"'],
  ])('names the nearest rules of the unknown %s', async (name, expected) => {
    const { status, stderr } = await explain(name);
    expect(status).toBe(2);
    expect(stderr).toContain(expected);
  });
});

describe('explain FILE:LINE', () => {
  it('prints each step of the path with its place and its code, and the condition that ends it', async () => {
    const { status, stdout } = await explain(`${manager}:35`);
    expect(status).toBe(0);
    expect(stdout).toContain('Path, 5 steps');
    expect(stdout).toMatch(
      /2\. ClickHouseConnectionManager\.getConnection\n.*clickhouse-connection-manager\.ts:15:12 {2}return this\.pool\.acquire\(\);/,
    );
    expect(stdout).toContain('The bypass of `getClickHouseClient` is "bypassManager". This call does not set it.');
    expect(stdout).toMatch(/db\/clickhouse\.ts:18:7 {2}if \(!options\.bypassManager\) \{/);
    expect(stdout).toContain('// eslint-disable-next-line clickhouse-ssot/no-connection-recursion -- ');
  });

  it('has a setting to paste that permits the finding', async () => {
    const root = copyOf('incident-before');
    const { stdout } = await explain(`${join(root, 'backend/src/core/clickhouse-connection-manager.ts')}:35`);
    const [settings = ''] = stdout
      .split('\n')
      .filter((line) => line.includes('{ "sanctioned"') && line.includes('"no-connection-recursion"'));
    writeFileSync(join(root, 'clickhouse-ssot.config.json'), settings);
    const outcome = audit({ root });
    if (outcome.kind === 'error') throw new Error(outcome.problems.join('\n'));
    expect(outcome.result.sanctioned).toMatchObject([{ rule: 'no-connection-recursion' }]);
    expect(outcome.result.findings.map(({ rule }) => rule)).not.toContain('no-connection-recursion');
    const after = await explain(`${join(root, 'backend/src/core/clickhouse-connection-manager.ts')}:35`);
    expect(after.stdout).toContain('An entry of "sanctioned" permits it: WHY THIS IS PERMITTED.');
  });

  it('tells what is known of a line without a finding', async () => {
    const { stdout } = await explain(`${join(incident, 'backend/src/db/clickhouse.ts')}:18`);
    expect(stdout).toContain('no finding of any rule');
    expect(stdout).toContain('The line is inside of the accessor getClickHouseClient.');
    expect(stdout).toContain('The line decides about a finding of no-connection-recursion');
  });

  it('names the comment that disables a finding', async () => {
    const root = codeBase({
      'package.json': {},
      'clickhouse-ssot.config.json': { factories: ['db.ts'] },
      'db.ts': `import { createClient } from '@clickhouse/client';\nexport const db = createClient();\n`,
      'own.ts': `import { createClient } from '@clickhouse/client';\n// eslint-disable-next-line clickhouse-ssot/no-direct-client -- a tool\nexport const own = createClient();\n`,
    });
    expect((await explain(`${join(root, 'own.ts')}:3`)).stdout).toContain('The comment in line 2 disables it: a tool.');
    expect((await explain(`${join(root, 'db.ts')}:2`)).stdout).toContain('It is allowed: it is in the factory.');
  });

  it.each([
    ['a line behind the end', `${manager}:99999`, 'but the file ends at line'],
    ['line 0', `${manager}:0`, 'Lines start at 1'],
    ['a file that does not exist', join(incident, 'missing.ts:3'), 'found no such file'],
    ['a folder', incident, 'found a folder, expected a file'],
  ])('exits with 2 on %s', async (_, target, expected) => {
    const { status, stdout, stderr } = await explain(target);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(expected);
  });

  it('exits with 2 if the file is outside of the folder of --config', async () => {
    const other = codeBase({ 'clickhouse-ssot.config.json': {}, 'a.ts': '' });
    const { status, stderr } = await explain(manager, '--config', join(other, 'clickhouse-ssot.config.json'));
    expect(status).toBe(2);
    expect(stderr).toContain('is outside of');
  });
});

describe('explain FILE', () => {
  it('prints the roles with their evidence, the deployables and the findings', async () => {
    const { status, stdout } = await explain(manager);
    expect(status).toBe(0);
    expect(stdout).toContain('manager: ClickHouseConnectionManager: ');
    expect(stdout).toContain('The program the root.');
    expect(stdout).toMatch(/clickhouse-connection-manager\.ts:35:12 {2}no-connection-recursion/);
  });

  it('says which candidate an undecided factory is, and that the finding elsewhere is about it', async () => {
    const { stdout } = await explain(join(incident, 'backend/src/db/clickhouse.ts'));
    expect(stdout).toContain('factory (undecided): it constructs clients');
    expect(stdout).toContain('A finding of no-direct-client in another file is about this file too.');
  });

  const root = codeBase({
    'package.json': { name: 'shop' },
    'clickhouse-ssot.config.json': { factories: ['src/db.ts'], vendored: ['lib/**'] },
    'src/db.ts': `import { createClient } from '@clickhouse/client';\nexport const db = createClient({ url: process.env.CLICKHOUSE_URL });\n`,
    'src/report.ts': `import { db } from './db';\nexport const report = () => db.query({ query: 'SELECT 1' });\n`,
    'src/other.ts': `export const one = 1;\n`,
    'src/api.ts': `// @generated by a tool\nexport const api = 1;\n`,
    'src/report.test.ts': `export {};\n`,
    'scripts/seed.ts': `export {};\n`,
    'lib/third.ts': `export const third = 3;\n`,
    'notes.md': 'Notes\n',
  });

  it.each([
    ['src/db.ts', 'factory (declared): the settings declare it.'],
    ['src/db.ts', 'configuration module: it reads variables that begin with CLICKHOUSE_'],
    ['src/report.ts', 'consumer: it imports src/db.ts (factory).'],
    ['src/other.ts', 'none: nothing in it concerns a client.'],
    ['src/other.ts', 'It was not analysed in depth. It names no client package'],
    ['src/api.ts', 'generated: its head says "@generated by a tool".'],
    ['src/report.test.ts', 'test: the setting "tests" matches it'],
    ['scripts/seed.ts', 'script: it is in a folder of scripts.'],
    ['lib/third.ts', 'third-party code: the setting "vendored" covers it with "lib/**".'],
    ['notes.md', 'no source file: it is no TypeScript'],
  ])('says of %s: %s', async (file, expected) => {
    const { status, stdout } = await explain(join(root, file));
    expect(status).toBe(0);
    expect(stdout).toContain(expected);
  });
});
