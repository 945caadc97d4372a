import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv';
import type { Log, Run } from 'sarif';
import { describe, expect, it } from 'vitest';
import type { AuditResult } from '../../src/audit/audit-result.js';
import { audit } from '../../src/audit/audit.js';
import { toSarif } from '../../src/report/sarif.js';
import { allFixtures, fixture } from '../places.js';
import { clean, finding } from './results.js';

const require = createRequire(import.meta.url);
const readJson = (path: string): object => JSON.parse(readFileSync(path, 'utf8')) as object;

/** The published schema. No package has it without a program around it; the tests use only the file. */
const schema = readJson(fileURLToPath(new URL('schemas/sarif-2.1.0-rtm.5.json', `file://${require.resolve('@microsoft/jest-sarif')}`)));
const draft4 = readJson(require.resolve('ajv/lib/refs/json-schema-draft-04.json'));
const validate = new Ajv({ schemaId: 'id', meta: draft4, allErrors: true, format: 'full', logger: false }).compile(schema);

function runOf(result: Partial<AuditResult>, { repository = '/code', exitCode = 1 } = {}): Run {
  const log = JSON.parse(toSarif([{ ...clean, ...result }], { repository, exitCode })) as Log;
  expect(validate(log), JSON.stringify(validate.errors)).toBe(true);
  expect(log.runs).toHaveLength(1);
  const [run] = log.runs;
  if (!run) throw new Error('no run');
  return run;
}

function uriOf(file: string, repository?: string): string | undefined {
  const [result] = runOf({ findings: [{ ...finding, file }] }, repository === undefined ? {} : { repository }).results ?? [];
  return result?.locations?.[0]?.physicalLocation?.artifactLocation?.uri;
}

const withAll: Partial<AuditResult> = {
  findings: [finding],
  sanctioned: [{ ...finding, line: 4, reason: 'runs as the DDL user' }],
  disabled: [
    { ...finding, line: 5, column: 1, commentLine: 4, reason: 'a test double' },
    { ...finding, line: 6, column: 1, commentLine: 5 },
  ],
  baseline: { file: '/code/known.json', known: [{ ...finding, line: 7 }], stale: [] },
};

describe('the SARIF log', () => {
  it('is valid without findings, and with findings of all kinds', () => {
    expect(runOf({}, { exitCode: 0 }).results).toEqual([]);
    expect(runOf(withAll).results).toHaveLength(5);
  });

  it.each(allFixtures())('of the fixture %s is valid', (name) => {
    const outcome = audit({ root: fixture(name), selection: { preset: 'strict', rules: [] } });
    if (outcome.kind !== 'done') throw new Error(outcome.problems.join('\n'));
    expect(runOf(outcome.result).results?.length ?? 0).toBeGreaterThanOrEqual(outcome.result.findings.length);
  });

  it('is refused by the schema if a property is wrong: the check can fail', () => {
    const log = JSON.parse(toSarif([{ ...clean, findings: [finding] }], { repository: '/code', exitCode: 1 })) as Log;
    expect(validate({ ...log, version: '2.0.0' })).toBe(false);
    expect(validate({ ...log, runs: log.runs.map((run) => ({ ...run, colums: 1 })) })).toBe(false);
  });

  it('describes each rule that was run, with its page', () => {
    const { driver } = runOf({ rules: ['no-connection-recursion', 'no-direct-client'] }).tool;
    expect(driver).toMatchObject({
      name: 'clickhouse-ssot',
      version: '1.2.3',
      semanticVersion: '1.2.3',
      informationUri: expect.stringMatching(/^https:/) as string,
    });
    expect(driver.rules?.map(({ id, helpUri }) => [id, helpUri?.split('/').at(-1)])).toEqual([
      ['no-connection-recursion', 'no-connection-recursion.md'],
      ['no-direct-client', 'no-direct-client.md'],
    ]);
    // Code scanning requires these of each descriptor.
    for (const { shortDescription, fullDescription, help } of [...(driver.rules ?? []), ...(driver.notifications ?? [])])
      for (const text of [shortDescription?.text, fullDescription?.text, help?.text]) expect(text).toMatch(/\S/);
  });

  it('gives the range of a finding in UTF-16 columns, and refers to its rule', () => {
    const run = runOf({ findings: [finding] });
    expect(run.columnKind).toBe('utf16CodeUnits');
    expect(run.tool.driver.rules?.[run.results?.[0]?.ruleIndex ?? -1]?.id).toBe('no-direct-client');
    expect(run.results?.[0]).toMatchObject({
      ruleId: 'no-direct-client',
      level: 'error',
      message: { text: finding.message },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'src/a.ts', uriBaseId: '%SRCROOT%' },
            region: { startLine: 3, startColumn: 7, endLine: 3, endColumn: 19 },
          },
        },
      ],
    });
  });

  it('shows a path as a code flow, through all files', () => {
    const path = [
      { name: 'getClient', file: 'src/a.ts', line: 3, column: 7 },
      { name: 'Manager.take', file: 'src/b.ts', line: 9, column: 1 },
    ];
    const [result] = runOf({ findings: [{ ...finding, path }] }).results ?? [];
    const locations = result?.codeFlows?.[0]?.threadFlows[0]?.locations ?? [];
    expect(
      locations.map(({ location }) => [
        location?.message?.text,
        location?.physicalLocation?.artifactLocation?.uri,
        location?.physicalLocation?.region?.startLine,
      ]),
    ).toEqual([
      ['getClient', 'src/a.ts', 3],
      ['Manager.take', 'src/b.ts', 9],
    ]);
  });

  it('marks sanctioned, disabled and known findings as suppressed, with the reason, and all others as not suppressed', () => {
    expect(runOf(withAll).results?.map(({ suppressions }) => suppressions)).toEqual([
      [],
      [{ kind: 'external', justification: 'Known: listed in known.json.' }],
      [{ kind: 'external', justification: 'runs as the DDL user' }],
      [{ kind: 'inSource', justification: 'a test double' }],
      [{ kind: 'inSource' }],
    ]);
  });

  it('has the fingerprint of the baseline, under a name that code scanning leaves alone', () => {
    const [result] = runOf({ findings: [finding] }).results ?? [];
    expect(result?.partialFingerprints).toEqual({ 'clickhouseSsotFinding/v1': finding.fingerprint });
  });

  it('names files relative to the repository, not to the project in it', () => {
    const run = runOf({ root: '/re po/packages/app', findings: [finding] }, { repository: '/re po' });
    expect(run.originalUriBaseIds).toEqual({ '%SRCROOT%': { uri: 'file:///re%20po/' } });
    expect(run.results?.[0]?.locations?.[0]?.physicalLocation?.artifactLocation?.uri).toBe('packages/app/src/a.ts');
  });

  it.each(['a b.ts', 'a,b.ts', '50%.ts', '%41.ts', 'c:d.ts', 'größe/日本.ts', 'a?b#c.ts', '[id]/(x).ts'])(
    'encodes the file name %j so that a reader gets it back',
    (file) => {
      expect(decodeURIComponent(new URL(uriOf(file) ?? '', 'file:///code/').pathname)).toBe(`/code/${file}`);
    },
  );

  it('encodes a name that is not valid UTF-16 without an error', () => {
    expect(uriOf('\uD800.ts')).toBe('%EF%BF%BD.ts');
  });

  it('tells how the run ended', () => {
    expect(runOf({}, { exitCode: 0 }).invocations).toMatchObject([{ executionSuccessful: true, exitCode: 0 }]);
    expect(runOf(withAll).invocations).toMatchObject([{ executionSuccessful: true, exitCode: 1 }]);
  });

  it('notifies of files that were not judged, of stale settings, and of all other notices', () => {
    const [invocation] =
      runOf({
        notJudged: [{ file: 'src/b.ts', message: 'src/b.ts cannot be read.' }],
        staleSettings: ['An entry matches nothing.'],
        notices: ['src/b.ts cannot be read.', 'An entry matches nothing.', 'Accessor: getClient.'],
      }).invocations ?? [];
    expect(invocation?.toolExecutionNotifications).toMatchObject([
      {
        level: 'warning',
        message: { text: 'src/b.ts cannot be read.' },
        locations: [{ physicalLocation: { artifactLocation: { uri: 'src/b.ts' } } }],
      },
      { level: 'note', message: { text: 'Accessor: getClient.' } },
    ]);
    expect(invocation?.toolConfigurationNotifications).toMatchObject([
      { level: 'warning', message: { text: 'An entry matches nothing.' } },
    ]);
  });
});
