import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rules } from '../../rules/index.js';
import { audit } from '../../src/audit/audit.js';
import { auditPaths } from '../../src/audit/audit-paths.js';
import { ProjectAnalyses } from '../../src/engine/project-analyses.js';
import { ruleNames } from '../../src/settings/rule-names.js';
import { defaultSettings } from '../../src/settings/schema.js';
import { codeBase } from '../project/code-base.js';

const client = `import { createClient } from '@clickhouse/client';\n`;
const files = {
  'package.json': { dependencies: { '@clickhouse/client': '1', '@acme/clickhouse': '1' } },
  'src/db/clickhouse.ts': `${client}export function getClient(direct = false) { return createClient({ direct }); }`,
  'src/reports.ts': `${client}export class Reports { run() { return createClient(); } stop() { return createClient(); } }`,
  'src/acme.ts': `import { connect } from '@acme/clickhouse';\nexport const acme = connect();`,
  'src/app.ts': 'export const app = 1;',
  'test/app.test.ts': 'export const test = 1;',
  'third_party/lib.ts': 'export const lib = 1;',
};

type Settings = Readonly<Record<string, unknown>>;

function auditOf(settings: Settings, more: Readonly<Record<string, string | object>> = {}): readonly string[] {
  const outcome = audit({ root: codeBase({ ...files, 'clickhouse-ssot.config.json': settings, ...more }) });
  if (outcome.kind === 'error') throw new Error(outcome.problems.join('\n'));
  return outcome.result.staleSettings.map((problem) => problem.replace('clickhouse-ssot.config.json: ', ''));
}

/** What a linter reports by the rule, at the file. */
function lintOf(settings: Settings): readonly string[] {
  const root = codeBase({ ...files, 'clickhouse-ssot.config.json': settings });
  const file = join(root, 'src/app.ts');
  const linted = { file, cwd: root, text: readFileSync(file, 'utf8'), override: undefined };
  const result = new ProjectAnalyses({ rules: Object.values(rules) }).lint(rules['no-stale-settings'], linted);
  return result.kind === 'problem' ? result.messages.map((problem) => problem.replace('clickhouse-ssot.config.json: ', '')) : [];
}

const sanction = (parts: object) => ({
  sanctioned: [{ path: 'src/reports.ts', rules: ['no-direct-client'], reason: 'own user', ...parts }],
});

/** Each key of the settings, times the ways in which an entry can be without a proper effect. */
const stale: Readonly<Record<string, readonly { readonly name: string; readonly settings: Settings; readonly found: string }[]>> = {
  factories: [
    {
      name: 'nothing',
      settings: { factories: ['lib/none.ts'] },
      found: '"factories[0]": "lib/none.ts" matches no source file. Correct or remove it.',
    },
    {
      name: 'a typo',
      settings: { factories: ['src/db/clickhose.ts'] },
      found: '"factories[0]": "src/db/clickhose.ts" matches no source file. Did you mean "src/db/clickhouse.ts"?',
    },
    {
      name: 'a moved file',
      settings: { factories: ['server/clickhouse.ts'] },
      found: '"factories[0]": "server/clickhouse.ts" matches no source file. Did you mean "src/db/clickhouse.ts"?',
    },
    { name: 'another extension', settings: { factories: ['src/db/clickhouse.js'] }, found: 'Did you mean "src/db/clickhouse.ts"?' },
    {
      name: 'a folder with a typo',
      settings: { factories: ['src/dbb'] },
      found: '"src/dbb" matches no source file. Did you mean "src/db"?',
    },
    {
      name: 'a glob in a folder with a typo',
      settings: { factories: ['scr/**/clickhouse.ts'] },
      found: 'Did you mean "src/**/clickhouse.ts"?',
    },
    {
      name: 'a file that is not analysed',
      settings: { factories: ['package.json'] },
      found: '"package.json" exists, but contains no source file that is analysed.',
    },
    {
      name: 'everything',
      settings: { factories: ['src/db/clickhouse.ts', '**'] },
      found:
        '"factories[1]": "**" matches every source file, so no-direct-client reports nothing. Name the modules that construct clients.',
    },
  ],
  managers: [
    { name: 'nothing', settings: { managers: ['lib'] }, found: '"managers[0]": "lib" matches no source file. Correct or remove it.' },
    { name: 'a typo', settings: { managers: ['src/aap.ts'] }, found: 'Did you mean "src/app.ts"?' },
    {
      name: 'everything',
      settings: { managers: ['**'] },
      found: '"managers[0]": "**" matches every source file, so each module counts as a manager.',
    },
  ],
  config: [
    { name: 'nothing', settings: { config: ['lib'] }, found: '"config[0]": "lib" matches no source file. Correct or remove it.' },
    { name: 'a typo', settings: { config: ['src/ap.ts'] }, found: 'Did you mean "src/app.ts"?' },
    { name: 'everything', settings: { config: ['**/*'] }, found: '"config[0]": "**/*" matches every source file' },
  ],
  service: [
    { name: 'nothing', settings: { service: ['lib'] }, found: '"service[0]": "lib" matches no source file. Correct or remove it.' },
    { name: 'a typo', settings: { service: ['src/apps.ts'] }, found: 'Did you mean "src/app.ts"?' },
    { name: 'everything', settings: { service: ['**'] }, found: '"service[0]": "**" matches every source file' },
  ],
  tests: [
    { name: 'nothing', settings: { tests: ['spec/**'] }, found: '"tests[0]": "spec/**" matches no source file. Correct or remove it.' },
    { name: 'a typo', settings: { tests: ['tset/**'] }, found: '"tests[0]": "tset/**" matches no source file. Did you mean "test/**"?' },
    {
      name: 'everything',
      settings: { tests: ['**'] },
      found: '"tests[0]": "**" matches every source file, so each of them counts as a test. Name the test files.',
    },
  ],
  vendored: [
    {
      name: 'nothing',
      settings: { vendored: ['external'] },
      found: '"vendored[0]": "external" matches no source file. Correct or remove it.',
    },
    { name: 'a typo', settings: { vendored: ['thrid_party'] }, found: 'Did you mean "third_party"?' },
  ],
  clients: [
    {
      name: 'nothing',
      settings: { clients: [{ package: 'mysql', constructors: ['open'] }] },
      found: '"clients[0]": no source file imports "mysql".',
    },
    {
      name: 'a typo',
      settings: { clients: [{ package: '@acme/clickhous', constructors: ['connect'] }] },
      found: '"clients[0]": no source file imports "@acme/clickhous". Did you mean "@acme/clickhouse"?',
    },
    {
      name: 'a typo in a constructor',
      settings: { clients: [{ package: '@acme/clickhouse', constructors: ['conect'] }] },
      found: '"clients[0].constructors[0]": no file that imports "@acme/clickhouse" mentions "conect". Did you mean "connect"?',
    },
  ],
  accessors: [
    {
      name: 'no module',
      settings: { accessors: [{ module: 'lib/none.ts', name: 'getClient' }] },
      found: '"accessors[0].module": "lib/none.ts" matches no source file.',
    },
    {
      name: 'a typo in the module',
      settings: { accessors: [{ module: 'src/db/clickhuose.ts', name: 'getClient' }] },
      found: 'Did you mean "src/db/clickhouse.ts"?',
    },
    {
      name: 'a typo in the name',
      settings: { accessors: [{ module: 'src/db/clickhouse.ts', name: 'getClinet' }] },
      found: '"accessors[0]": found no function "getClinet" in src/db/clickhouse.ts. Did you mean "getClient"?',
    },
    {
      name: 'no such bypass',
      settings: { accessors: [{ module: 'src/db/clickhouse.ts', name: 'getClient', bypass: 'bypassManager' }] },
      found: '"accessors[0]": getClient has no parameter or option "bypassManager".',
    },
  ],
  sanctioned: [
    {
      name: 'no file',
      settings: sanction({ path: 'lib/none.ts' }),
      found: '"sanctioned[0].path": "lib/none.ts" matches no source file. Correct or remove it.',
    },
    {
      name: 'a typo in the path',
      settings: sanction({ path: 'src/report.ts' }),
      found: '"sanctioned[0].path": "src/report.ts" matches no source file. Did you mean "src/reports.ts"?',
    },
    {
      name: 'no finding',
      settings: sanction({ path: 'src/app.ts' }),
      found: '"sanctioned[0]": "src/app.ts" has no finding of no-direct-client. Remove the entry.',
    },
    {
      name: 'a rule without a finding',
      settings: sanction({ rules: ['no-direct-client', 'no-connection-recursion'] }),
      found: '"sanctioned[0].rules": "src/reports.ts" has no finding of no-connection-recursion. Remove the rule from the entry.',
    },
    {
      name: 'a count that is too high',
      settings: sanction({ count: 3 }),
      found: '"sanctioned[0].count": the entry permits 3 findings, and no file has more than 2. Lower it to 2.',
    },
    {
      name: 'no such function',
      settings: sanction({ in: 'Reports.start' }),
      found:
        '"sanctioned[0].in": "src/reports.ts" contains no function, method, class or variable "Reports.start". Did you mean "Reports.stop"?',
    },
    {
      name: 'a function without a finding',
      settings: { ...sanction({ path: 'src/app.ts', in: 'app' }) },
      found: '"sanctioned[0]": "app" in "src/app.ts" has no finding of no-direct-client. Remove the entry.',
    },
    {
      name: 'what an earlier entry permits',
      settings: { sanctioned: [...sanction({}).sanctioned, ...sanction({ in: 'run' }).sanctioned] },
      found: '"sanctioned[1]": sanctioned[0] permits the findings in "src/reports.ts" already. Remove one of the entries.',
    },
    {
      name: 'everything',
      settings: sanction({ path: '**' }),
      found:
        '"sanctioned[0].path": "**" matches every source file, so no-direct-client reports nothing. Name the files that need the exception.',
    },
  ],
};

describe('an entry of the settings that matches nothing, or everything, is reported by the audit and by a linter:', () => {
  const cases = Object.entries(stale).flatMap(([key, entries]) => entries.map((entry) => ({ key, ...entry })));

  it.each(cases)('$key: $name', ({ settings, found }) => {
    const problems = auditOf(settings);
    expect(problems).toEqual([expect.stringContaining(found)]);
    expect(lintOf(settings)).toEqual(problems);
  });

  it('for every key of the settings', () => {
    // The cache says nothing about the code.
    const keys = Object.keys(defaultSettings).filter((key) => key !== 'cache');
    expect(Object.keys(stale).sort()).toEqual(keys.sort());
  });

  it('vendored: everything, by a linter. The audit does not run then', () => {
    expect(lintOf({ vendored: ['**'] })).toEqual([
      expect.stringContaining('"vendored[0]": "**" excludes all source files, so no rule reports anything.'),
    ]);
    expect(audit({ root: codeBase({ ...files, 'clickhouse-ssot.config.json': { vendored: ['**'] } }) })).toMatchObject({ kind: 'error' });
  });
});

describe('nothing is reported about', () => {
  it.each<[string, Settings]>([
    ['no settings', {}],
    ['a factory', { factories: ['src/db/clickhouse.ts'] }],
    ['a factory that is a folder', { factories: ['src/db/'] }],
    ['accessors and their bypass', { accessors: [{ module: 'src/db/clickhouse.ts', name: 'getClient', bypass: 'direct' }] }],
    ['a client package', { clients: [{ package: '@acme/clickhouse', constructors: ['connect'] }] }],
    ['a client package by its default export', { clients: [{ package: '@acme/clickhouse', constructors: ['default', 'connect'] }] }],
    [
      'managers, config, service, tests and vendored',
      { managers: ['src/app.ts'], config: ['src/app.ts'], service: ['src'], tests: ['test'], vendored: ['third_party'] },
    ],
    ['a sanction', sanction({})],
    ['a sanction of one function', sanction({ in: 'Reports.run', count: 1 })],
    ['a sanction of each function', { sanctioned: [...sanction({ in: 'run' }).sanctioned, ...sanction({ in: 'stop' }).sanctioned] }],
    ['a sanction with the right count', sanction({ count: 2 })],
    ['a sanction that is exceeded, which is a finding', sanction({ count: 1 })],
    ['a sanction of a rule that only the preset strict has', { ...sanction({ rules: ['no-direct-client'] }) }],
    ['the defaults of "tests", repeated', { tests: [...defaultSettings.tests] }],
  ])('%s', (_, settings) => {
    expect(auditOf(settings)).toEqual([]);
    expect(lintOf(settings)).toEqual([]);
  });

  it('the settings of a project with a single file', () => {
    const root = codeBase({ 'a.ts': client, 'clickhouse-ssot.config.json': { managers: ['**'], tests: ['a.ts'] } });
    expect(audit({ root })).toMatchObject({ result: { staleSettings: [] } });
  });
});

it('nothing is reported about a file that is nested too deeply to be analysed', () => {
  const deep = `${client}export const list = ${'['.repeat(3000)}${']'.repeat(3000)};`;
  const settings = {
    accessors: [{ module: 'src/deep.ts', name: 'getClient' }],
    sanctioned: [...sanction({ path: 'src/deep.ts' }).sanctioned, ...sanction({ path: 'src/deep.ts', in: 'run' }).sanctioned],
  };
  const comment = '// eslint-disable-next-line clickhouse-ssot/no-direct-client\n';
  expect(auditOf(settings, { 'src/deep.ts': comment + deep })).toEqual([]);
  const root = codeBase({ 'src/deep.ts': comment + deep, 'src/a.ts': '' });
  expect(audit({ root })).toMatchObject({ result: { notices: [expect.stringContaining('src/deep.ts is nested too deeply')] } });
});

describe('a folder with settings of its own', () => {
  const inner = { 'packages/y/clickhouse-ssot.config.json': {}, 'packages/y/db.ts': `${client}createClient();` };

  it('is not judged by the outer settings, so outer entries for it are stale', () => {
    expect(auditOf({ factories: ['packages/y/db.ts'], ...sanction({ path: 'packages/y' }) }, inner)).toEqual([
      '"factories[0]": "packages/y/db.ts" matches only files of a folder that has a clickhouse-ssot.config.json of its own. Move the entry there.',
      '"sanctioned[0].path": "packages/y" matches only files of a folder that has a clickhouse-ssot.config.json of its own. Move the entry there.',
    ]);
  });

  it('has stale settings of its own, named with the folder', () => {
    const root = codeBase({ ...files, ...inner, 'packages/y/clickhouse-ssot.config.json': { factories: ['dc.ts'] } });
    expect(auditPaths({ paths: [root] })).toMatchObject({
      result: {
        staleSettings: ['packages/y: clickhouse-ssot.config.json: "factories[0]": "dc.ts" matches no source file. Did you mean "db.ts"?'],
      },
    });
  });
});

it('stale settings are reported once in a lint run, and no more once they are corrected', () => {
  const root = codeBase({ ...files, 'clickhouse-ssot.config.json': { managers: ['src/none.ts'] } });
  let now = 0;
  const analyses = new ProjectAnalyses({ rules: Object.values(rules), now: () => now });
  const lint = (name: string, after = 0) => {
    now += after;
    const file = join(root, name);
    return analyses.lint(rules['no-stale-settings'], { file, cwd: root, text: readFileSync(file, 'utf8'), override: undefined }).kind;
  };
  expect([lint('src/app.ts'), lint('src/reports.ts'), lint('src/db/clickhouse.ts')]).toEqual(['problem', 'findings', 'findings']);
  expect([lint('src/app.ts', 10_000), lint('src/reports.ts')]).toEqual(['problem', 'findings']);
  mkdirSync(join(root, 'src'), { recursive: true });
  writeFileSync(join(root, 'src/none.ts'), 'export const none = 1;');
  expect(lint('src/app.ts', 10_000)).toBe('findings');
});

it('every rule about the program can be sanctioned, and is judged', () => {
  const settings = { sanctioned: ruleNames.map((rule) => ({ path: 'src/app.ts', rules: [rule], reason: 'none' })) };
  expect(auditOf(settings)).toHaveLength(ruleNames.length);
});

it.each(['factories', 'tests', 'managers'])('a folder under "%s" that holds all code but a configuration file is reported', (key) => {
  const root = codeBase({
    'src/a.ts': client,
    'src/b.ts': client,
    'eslint.config.mjs': 'export default [];',
    'clickhouse-ssot.config.json': { [key]: ['src'] },
  });
  expect(audit({ root })).toMatchObject({ result: { staleSettings: [expect.stringContaining('"src" matches every source file')] } });
});
