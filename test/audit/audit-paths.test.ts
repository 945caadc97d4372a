import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { auditPaths, type AuditPathsOptions } from '../../src/audit/audit-paths.js';
import { codeBase } from '../project/code-base.js';

const client = `import { createClient } from '@clickhouse/client'; export const client = createClient();`;

function resultOf(options: AuditPathsOptions) {
  const outcome = auditPaths(options);
  if (outcome.kind === 'error') throw new Error(outcome.problems.join('\n'));
  return outcome.result;
}

const filesOf = (options: AuditPathsOptions) => resultOf(options).findings.map(({ file }) => file);

const problemsOf = (options: AuditPathsOptions) => {
  const outcome = auditPaths(options);
  return outcome.kind === 'error' ? outcome.problems : [];
};

/** Two projects beside each other, each with a factory and a further client. */
function twoProjects(): string {
  const settings = { factories: ['db.ts'] };
  return codeBase({
    'a/db.ts': client,
    'a/other.ts': client,
    'a/clickhouse-ssot.config.json': settings,
    'b/db.ts': client,
    'b/src/other.ts': client,
    'b/src/third.ts': client,
    'b/clickhouse-ssot.config.json': settings,
  });
}

describe('an audit of several paths', () => {
  it('finds the root and the settings of each, and returns one result', () => {
    const root = twoProjects();
    const result = resultOf({ paths: [join(root, 'a'), join(root, 'b')] });
    expect(result).toMatchObject({
      schemaVersion: 1,
      root,
      files: 5,
      paths: [],
      projects: [
        { path: 'a', files: 2 },
        { path: 'b', files: 3 },
      ],
    });
    expect(result.findings.map(({ file }) => file)).toEqual(['a/other.ts', 'b/src/other.ts', 'b/src/third.ts']);
  });

  it('judges a project once if several paths are inside it, and shows what is in them', () => {
    const root = twoProjects();
    const paths = [join(root, 'b/src/third.ts'), join(root, 'b/db.ts'), join(root, 'b/src/third.ts')];
    expect(resultOf({ paths })).toMatchObject({ root: join(root, 'b'), files: 3, paths: ['src/third.ts', 'db.ts'] });
    expect(filesOf({ paths })).toEqual(['src/third.ts']);
  });

  it('judges a nested project once if the outer one is named as well', () => {
    const root = codeBase({
      'db.ts': client,
      'clickhouse-ssot.config.json': { factories: ['db.ts'] },
      'packages/y/db.ts': client,
      'packages/y/other.ts': client,
      'packages/y/clickhouse-ssot.config.json': { factories: ['db.ts'] },
    });
    expect(filesOf({ paths: [root, join(root, 'packages/y')] })).toEqual(['packages/y/other.ts']);
    expect(resultOf({ paths: [root] })).toMatchObject({ files: 3, sliceFiles: 3 });
    expect(filesOf({ paths: [join(root, 'packages'), join(root, 'packages/y/other.ts')] })).toEqual(['packages/y/other.ts']);
  });

  it('names the project of a problem', () => {
    const root = codeBase({
      'a/db.ts': client,
      'a/clickhouse-ssot.config.json': '{ "factorys": [] }',
      'b/db.ts': client,
      'b/clickhouse-ssot.config.json': {},
    });
    expect(problemsOf({ paths: [join(root, 'a'), join(root, 'b')] })).toEqual([
      expect.stringMatching(new RegExp(`^${join(root, 'a')}: clickhouse-ssot\\.config\\.json`)),
    ]);
  });
});

describe('a path without a source file', () => {
  it('is an error if there is no other path: nothing was judged', () => {
    const root = codeBase({ 'db.ts': client, 'README.md': '', 'clickhouse-ssot.config.json': {} });
    expect(problemsOf({ paths: [join(root, 'README.md')] })).toEqual([expect.stringContaining('README.md: found no source file')]);
  });

  it('is said beside the findings of the others', () => {
    const settings = { factories: ['db.ts'] };
    const root = codeBase({ 'db.ts': client, 'other.ts': client, 'docs/a.md': '', 'clickhouse-ssot.config.json': settings });
    const { findings, notJudged } = resultOf({ paths: [join(root, 'docs'), join(root, 'other.ts')] });
    expect(findings).toHaveLength(1);
    expect(notJudged).toEqual([{ file: 'docs', message: expect.stringContaining('docs: found no source file') as string }]);
  });
});

describe('a settings file of another place', () => {
  const settings = { factories: ['src/db.ts'], sanctioned: [{ path: 'src/gone.ts', rules: ['no-direct-client'], reason: 'gone' }] };

  it('replaces the settings of the project that a path outside its folder belongs to', () => {
    const root = codeBase({
      'package.json': {},
      'src/db.ts': client,
      'src/other.ts': client,
      'ci/strict.json': settings,
      'clickhouse-ssot.config.json': { factories: ['**'] },
    });
    const options = { paths: [root], settingsFile: join(root, 'ci/strict.json') };
    expect(filesOf({ paths: [root] })).toEqual([]);
    expect(filesOf(options)).toEqual(['src/other.ts']);
    expect(resultOf(options).staleSettings).toEqual([expect.stringMatching(/^strict\.json: "sanctioned\[0\]\.path"/)]);
  });

  it('makes its folder the root of the paths inside it', () => {
    const root = codeBase({ 'package.json': {}, 'app/src/db.ts': client, 'app/src/other.ts': client, 'app/settings.json': settings });
    const result = resultOf({ paths: [join(root, 'app/src')], settingsFile: join(root, 'app/settings.json') });
    expect(result).toMatchObject({ root: join(root, 'app'), paths: ['src'], findings: [{ file: 'src/other.ts' }] });
  });

  it('is a problem if it is invalid or does not exist, with its name', () => {
    const root = codeBase({ 'src/db.ts': client, 'broken.json': '{', 'wrong.json': { factorys: [] } });
    for (const name of ['broken.json', 'wrong.json', 'none.json'])
      expect(problemsOf({ paths: [root], settingsFile: join(root, name) })[0]).toContain(name);
  });
});

it('an undecided factory is reported for a folder with any of its candidates', () => {
  const client = `import { createClient } from '@clickhouse/client';\nexport const client = () => createClient();\n`;
  const root = codeBase({ 'package.json': {}, 'a/one.ts': client, 'b/two.ts': client, 'c/other.ts': 'export const c = 1;' });
  expect(resultOf({ paths: [join(root, 'b')] }).findings).toMatchObject([{ file: 'a/one.ts' }]);
  expect(resultOf({ paths: [join(root, 'c')] }).findings).toEqual([]);
});

describe('the rules of an audit', () => {
  const leases = `import { createClient } from '@clickhouse/client';
import { getClickHouseConnectionManager } from '@clickhouse-ssot/runtime';
const manager = getClickHouseConnectionManager();
export async function compare() {
  await using today = await manager.session();
  await using yesterday = await manager.session();
  return [today, yesterday, createClient()];
}
`;
  const root = codeBase({ 'package.json': { dependencies: { '@clickhouse-ssot/runtime': '^1.0.0' } }, 'pool.ts': leases });
  const rulesOf = (options: Partial<AuditPathsOptions>) =>
    [...new Set(resultOf({ paths: [root], ...options }).findings.map(({ rule }) => rule))].sort();

  it('are those of the preset recommended, as in a linter', () => {
    expect(rulesOf({})).toEqual(['no-direct-client', 'no-nested-acquire']);
  });

  it('judge tests as well with the preset strict', () => {
    const client = `import { createClient } from '@clickhouse/client';\nexport const client = createClient();\n`;
    const paths = [codeBase({ 'db.ts': client, 'test/db.ts': client })];
    expect(resultOf({ paths }).findings).toEqual([]);
    expect(resultOf({ paths, selection: { preset: 'strict', rules: [] } }).findings).toMatchObject([{ file: 'test/db.ts' }]);
  });

  it('are the named ones, whatever the preset', () => {
    expect(rulesOf({ selection: { preset: 'recommended', rules: ['no-nested-acquire'] } })).toEqual(['no-nested-acquire']);
  });

  it('decide which sanctions are stale: one of a rule that did not run may be in use', () => {
    const sanctioned = [{ path: 'pool.ts', rules: ['no-nested-acquire'], reason: 'at most one caller' }];
    const paths = [codeBase({ 'pool.ts': leases, 'clickhouse-ssot.config.json': { sanctioned } })];
    expect(resultOf({ paths }).staleSettings).toEqual([]);
    expect(resultOf({ paths, selection: { preset: 'strict', rules: [] } }).staleSettings).toEqual([]);
    expect(resultOf({ paths, selection: { preset: 'strict', rules: ['no-direct-client'] } }).staleSettings).toEqual([]);
  });
});

it('the message of a nested project names files from the outer root, like the places', () => {
  const root = codeBase({
    'package.json': {},
    'y/clickhouse-ssot.config.json': { factories: ['db.ts'] },
    'y/db.ts': `import { createClient } from '@clickhouse/client';\nimport { take } from './manager.js';\nexport function getClient({ bypassManager = false } = {}) { return bypassManager ? createClient() : take(); }\n`,
    'y/manager.ts': `import { getClient } from './db.js';\nexport function take() { return getClient(); }\n`,
  });
  const { findings } = resultOf({ paths: [root] });
  const recursion = findings.find(({ rule }) => rule === 'no-connection-recursion');
  expect(recursion?.message).toMatch(/\n {2}getClient \(y\/db\.ts:3\)\n/);
  expect(recursion?.message).toContain('`bypassManager` (y/db.ts:3) ends the recursion');
  expect(recursion?.path[0]?.file).toBe('y/db.ts');
});

it('the phases of an audit are reported in order', () => {
  const phases: string[] = [];
  auditPaths({ paths: [codeBase({ 'package.json': {}, 'db.ts': client })], reportPhase: (phase) => phases.push(phase) });
  expect(phases).toEqual(['reading', 'analysing', 'checking']);
});
