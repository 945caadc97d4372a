import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeBase } from '../project/code-base.js';
import { repository } from '../places.js';
import { type Reported, runAudit, runEslint, runOxlint, type Start } from './hosts.js';

const client = `import { createClient } from '@clickhouse/client';\n`;
const two = `${client}export class Reports {\n  run() { return createClient(); }\n  stop() { return createClient(); }\n}\n`;
const disable = (linter: string) => `// ${linter}-disable-next-line clickhouse-ssot/no-direct-client -- a user of its own`;
const sanction = (path: string, narrow: object = {}) => ({ path, rules: ['no-direct-client'], reason: 'own user', ...narrow });

const root = codeBase({
  'package.json': { name: 'app' },
  'clickhouse-ssot.config.json': {
    factories: ['src/db.ts'],
    sanctioned: [
      sanction('src/sanctioned.ts'),
      sanction('src/sanctioned-folder'),
      sanction('src/counted.ts', { count: 2 }),
      sanction('src/exceeded.ts', { count: 1 }),
      sanction('src/inside.ts', { in: 'Reports.run', count: 1 }),
      sanction('src/disabled-and-counted.ts', { count: 1 }),
    ],
  },
  'src/db.ts': `${client}export const db = createClient();\n`,
  'src/plain.ts': two,
  'src/sanctioned.ts': two,
  'src/sanctioned-folder/deep/a.ts': two,
  'src/counted.ts': two,
  'src/exceeded.ts': two,
  'src/inside.ts': two,
  'src/disabled.ts': two.replace('  stop', `  ${disable('eslint')}\n  stop`),
  'src/disabled-and-counted.ts': two.replace('  stop', `  ${disable('eslint')}\n  stop`),
  'src/disabled-for-both.ts': two.replace('  stop', `  /* eslint-disable */ /* oxlint-disable */\n  stop`),
  'src/nested/clickhouse-ssot.config.json': { factories: ['db.ts'], sanctioned: [sanction('inside.ts', { in: 'stop' })] },
  'src/nested/db.ts': two,
  'src/nested/inside.ts': two,
  'src/nested/disabled.ts': two.replace('  stop', `  ${disable('eslint')}\n  stop`),
  'src/nested/plain.ts': two,
});
symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));

/** The findings that no exception permits, whatever the host. */
const expected = [
  'src/disabled-for-both.ts:3',
  'src/disabled.ts:3',
  'src/exceeded.ts:3',
  'src/exceeded.ts:4',
  'src/inside.ts:4',
  'src/nested/disabled.ts:3',
  'src/nested/inside.ts:3',
  'src/nested/plain.ts:3',
  'src/nested/plain.ts:4',
  'src/plain.ts:3',
  'src/plain.ts:4',
];

const starts: Record<string, Start> = {
  'at the root': { cwd: '.', target: '.' },
  'in a sub-folder': { cwd: 'src', target: '.' },
  'at the root, with a sub-folder as argument': { cwd: '.', target: 'src' },
  'in the nested project': { cwd: 'src/nested', target: '.' },
  'at the root, with the nested project as argument': { cwd: '.', target: 'src/nested' },
};

const hosts: Record<string, (start: Start) => Reported[]> = {
  'ESLint 10': (start) => runEslint('eslint', root, [], start),
  'ESLint 9': (start) => runEslint('eslint9', root, [], start),
  oxlint: (start) => runOxlint(root, ['--ignore-pattern', 'node_modules'], start),
  'the audit': (start) => runAudit(root, start).map((report) => ({ ...report, file: inRoot(report.file, start) })),
};

/** The audit names files from the root of the project, which for a nested project is its folder. */
function inRoot(file: string, { cwd, target }: Start): string {
  return join(cwd, target) === 'src/nested' ? join('src/nested', file) : file;
}

const atRoot = runAudit(root);

describe('sanctions, counts, names, comments and nested settings leave the same findings', () => {
  it('as expected', () => {
    expect(atRoot.map(({ file, line }) => `${file}:${line}`)).toEqual(expected);
  });

  const cases = Object.keys(hosts).flatMap((host) => Object.keys(starts).map((start) => ({ host, start })));

  it.each(cases)('in $host $start', ({ host, start }) => {
    const place = starts[start] ?? { cwd: '.', target: '.' };
    const folder = join(place.cwd, place.target);
    const inFolder = atRoot.filter(({ file }) => folder === '.' || file.startsWith(`${folder}/`));
    expect(inFolder.length).toBeGreaterThan(0);
    expect(hosts[host]?.(place)).toEqual(inFolder);
  });
});

describe('an undecided factory is reported once, at the first module that no exception permits,', () => {
  const module = `${client}export const db = createClient();\n`;

  it.each([
    ['a sanction', module, { sanctioned: [sanction('src/a.ts')] }],
    ['a comment', module.replace('export', `${disable('eslint')}\nexport`), {}],
  ])('by each host beside %s', (_, first, settings) => {
    const folder = codeBase({ 'package.json': {}, 'clickhouse-ssot.config.json': settings, 'src/a.ts': first, 'src/b.ts': module });
    symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
    const audited = runAudit(folder);
    expect(audited.map(({ file, line }) => `${file}:${line}`)).toEqual(['src/b.ts:2']);
    expect(runEslint('eslint', folder)).toEqual(audited);
    expect(runEslint('eslint9', folder)).toEqual(audited);
    expect(runOxlint(folder, ['--ignore-pattern', 'node_modules'])).toEqual(audited);
  });
});
