import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { audit } from '../../src/audit/audit.js';
import type { AuditResult } from '../../src/audit/audit-result.js';
import { createBaseline } from '../../src/audit/baseline/apply-baseline.js';
import { type InitCommandOptions, type InitProcess, runInit } from '../../src/cli/init-command.js';
import { Cancelled, type Prompts } from '../../src/init/prompts.js';
import { copyOf } from '../e2e/hosts.js';
import { codeBase } from '../project/code-base.js';

const client = `import { createClient } from '@clickhouse/client';\nexport const client = createClient();\n`;
const use = (path: string) => `import { client } from '${path}';\nexport const rows = () => client.query({ query: 'SELECT 1' });\n`;

/** A service with a factory, and a second client in a job. */
const service = {
  'package.json': `{\n  "name": "app",\n  "scripts": {\n    "test": "vitest"\n  }\n}\n`,
  'src/clickhouse.ts': client,
  'src/users.ts': use('./clickhouse.js'),
  'src/orders.ts': use('./clickhouse.js'),
  'src/main.ts': `import './users.js';\nimport './orders.js';\nimport './job.js';\n`,
  'src/job.ts': `import { createClient } from '@clickhouse/client';\nexport const run = () => createClient().close();\nvoid run();\n`,
  '.github/workflows/release.yml': 'on: push\n',
};

/** A program of which the code does not show the factory. */
const undecided = {
  'package.json': {},
  'src/a/service.ts': client,
  'src/b/service.ts': client,
  'src/main.ts': `import { client as a } from './a/service.js';\nimport { client as b } from './b/service.js';\nexport const all = [a, b];\n`,
};

const recommended: InitProcess['audit'] = (options) => audit({ ...options, selection: { preset: 'recommended', rules: [] } });

/** Runs `init` as the command line does. Without prompts there is no terminal. */
async function init(root: string, options: InitCommandOptions, prompts?: Prompts) {
  const output = { stdout: '', stderr: '' };
  const status = await runInit(
    root,
    options,
    { color: false, write: (text) => (output.stdout += text), writeError: (text) => (output.stderr += text) },
    {
      audit: recommended,
      isInteractive: prompts !== undefined,
      prompts: () => (prompts ? Promise.resolve(prompts) : Promise.reject(new Error('no terminal'))),
    },
  );
  return { status, ...output };
}

function resultOf(root: string): AuditResult {
  const outcome = recommended({ root });
  if (outcome.kind === 'error') throw new Error(outcome.problems.join('\n'));
  return outcome.result;
}

function settingsOf(root: string): unknown {
  return JSON.parse(readFileSync(join(root, 'clickhouse-ssot.config.json'), 'utf8'));
}

function contentOf(root: string): Record<string, string> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(files.map((entry) => join(entry.parentPath, entry.name)).map((path) => [path, readFileSync(path, 'utf8')]));
}

/** Prompts that answer yes, or as given, and record the questions. */
function answering(answers: Partial<Prompts> = {}): Prompts & { readonly questions: string[] } {
  const questions: string[] = [];
  const asked = <Answer>(message: string, answer: Answer): Promise<Answer> => {
    questions.push(message);
    return Promise.resolve(answer);
  };
  return {
    questions,
    confirm: (message) => asked(message, true),
    select: (message, choices) => asked(message, choices[0]?.value ?? ''),
    selectSome: (message) => asked(message, []),
    text: (message, proposed) => asked(message, proposed),
    ...answers,
  };
}

describe('init --yes', () => {
  it('writes settings, script and CI, and the audit is green afterwards', async () => {
    const root = codeBase(service);
    expect(resultOf(root).findings).toMatchObject([{ file: 'src/job.ts' }]);
    const { status, stdout, stderr } = await init(root, { yes: true });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(settingsOf(root)).toEqual({
      $schema: './node_modules/clickhouse-ssot/schema.json',
      factories: ['src/clickhouse.ts'],
      sanctioned: [
        {
          path: 'src/job.ts',
          rules: ['no-direct-client'],
          count: 1,
          reason: 'This client construction existed when clickhouse-ssot was introduced. Not reviewed yet.',
        },
      ],
    });
    expect(readFileSync(join(root, 'package.json'), 'utf8')).toBe(
      service['package.json'].replace('"vitest"\n', '"vitest",\n    "lint:clickhouse": "clickhouse-ssot audit"\n'),
    );
    expect(readFileSync(join(root, '.github/workflows/clickhouse-ssot.yml'), 'utf8')).toContain(
      '- run: npm run lint:clickhouse -- --since HEAD^1 --format github --format sarif=ssot.sarif',
    );
    expect(stdout).toContain('+++ b/clickhouse-ssot.config.json');
    expect(stdout).toContain('Next:\n  npm i -D clickhouse-ssot\n  npm run lint:clickhouse\n');
    expect(resultOf(root)).toMatchObject({ findings: [], staleSettings: [] });
  });

  it('changes nothing when it runs again, and says so', async () => {
    const root = codeBase({
      ...service,
      'eslint.config.js': 'export default [];\n',
      '.oxlintrc.json': '{}\n',
      '.github/workflows/ci.yml': 'on: push\n',
    });
    await init(root, { yes: true });
    const before = contentOf(root);
    expect(await init(root, { yes: true })).toMatchObject({ status: 0, stdout: expect.stringContaining('Nothing to change') as string });
    expect(contentOf(root)).toEqual(before);
  });

  it('leaves an undecided factory undecided, says so, and the audit is green until a further client comes', async () => {
    const root = codeBase(undecided);
    expect(resultOf(root).findings.map(({ rule }) => rule)).toEqual(['no-direct-client', 'single-client-per-purpose']);
    const { stdout } = await init(root, { yes: true });
    expect(stdout).toContain('Undecided: name the factory under "factories"');
    expect(settingsOf(root)).toMatchObject({
      sanctioned: [
        { path: 'src/b/service.ts', rules: ['single-client-per-purpose'] },
        ...['src/a/service.ts', 'src/b/service.ts'].map((path) => ({
          path,
          reason: 'The code did not show which module is the factory when clickhouse-ssot was introduced. Not reviewed yet.',
        })),
      ],
    });
    expect(resultOf(root)).toMatchObject({ findings: [], staleSettings: [] });
    writeFileSync(join(root, 'src/z.ts'), client);
    writeFileSync(
      join(root, 'src/main.ts'),
      `${undecided['src/main.ts']}import { client as z } from './z.js';\nexport const more = [z];\n`,
    );
    expect(new Set(resultOf(root).findings.map(({ file }) => file))).toEqual(new Set(['src/z.ts']));
  });

  it('adds to settings with comments, and keeps what they say', async () => {
    const root = codeBase({
      ...service,
      'clickhouse-ssot.config.json': `{\n  // Ours.\n  "factories": ["src/clickhouse.ts"], // the only one\n  "tests": ["**/*.test.ts"]\n}\n`,
    });
    await init(root, { yes: true });
    expect(readFileSync(join(root, 'clickhouse-ssot.config.json'), 'utf8')).toBe(`{
  "$schema": "./node_modules/clickhouse-ssot/schema.json",
  // Ours.
  "factories": ["src/clickhouse.ts"], // the only one
  "tests": ["**/*.test.ts"],
  "sanctioned": [
    {
      "path": "src/job.ts",
      "rules": ["no-direct-client"],
      "count": 1,
      "reason": "This client construction existed when clickhouse-ssot was introduced. Not reviewed yet."
    }
  ]
}
`);
    expect(resultOf(root).findings).toEqual([]);
  });

  it('names the findings of a recursion first, since they may never return', async () => {
    const root = copyOf('incident-before');
    expect(resultOf(root).findings.map(({ rule }) => rule)).toContain('no-connection-recursion');
    const { stdout } = await init(root, { yes: true });
    expect(stdout).toContain(
      'Fix these first: they become exceptions, but a call path may never return\n  backend/src/core/clickhouse-connection-manager.ts:',
    );
    const listed = stdout.split('\n').filter((line) => /^ {2}\S+:\d+:\d+ {2}/.test(line));
    expect(listed, 'each place once, with its rules').toEqual([
      expect.stringMatching(/clickhouse-connection-manager\.ts:35:12 {2}no-connection-recursion, require-manager-bypass$/),
    ]);
    expect(resultOf(root).findings).toEqual([]);
  });

  it('writes one entry for a folder with many files, and one for each file otherwise', async () => {
    const scripts = Object.fromEntries(Array.from({ length: 11 }, (_, number) => [`scripts/job-${number}.ts`, client]));
    const groups = Object.fromEntries(Array.from({ length: 11 }, (_, number) => [`migrations/(group)/[id]/${number}.ts`, client]));
    const root = codeBase({ ...service, ...scripts, ...groups });
    await init(root, { yes: true });
    const { sanctioned } = settingsOf(root) as { sanctioned: { path: string }[] };
    expect(sanctioned.map(({ path }) => path).sort()).toEqual([...Object.keys(groups), 'scripts', 'src/job.ts'].sort());
    expect(resultOf(root).findings).toEqual([]);
  });

  it('leaves projects with settings of their own to a run there', async () => {
    const root = codeBase({
      ...service,
      'packages/y/clickhouse-ssot.config.json': { factories: ['a.ts'] },
      'packages/y/a.ts': client,
      'packages/y/b.ts': client,
    });
    const { stdout } = await init(root, { yes: true });
    expect(stdout).toContain('Projects of their own, for which init runs separately: packages/y');
    expect(JSON.stringify(settingsOf(root))).not.toContain('packages/y');
    await init(join(root, 'packages/y'), { yes: true });
    expect(settingsOf(join(root, 'packages/y'))).toMatchObject({ sanctioned: [{ path: 'b.ts' }] });
  });

  it('without a package.json adds no script, and runs the command by npx', async () => {
    const root = codeBase({ 'a/package.json': {}, 'a/db.ts': client, '.github/workflows/x.yml': 'on: push\n' });
    const { stdout } = await init(root, { yes: true });
    expect(existsSync(join(root, 'package.json'))).toBe(false);
    expect(stdout).toContain('- run: npx --yes clickhouse-ssot audit --since HEAD^1 --format github');
    expect(settingsOf(root)).toEqual({ factories: ['a/db.ts'] });
  });

  it('says that there is no client, and declares none', async () => {
    const root = codeBase({ 'package.json': {}, 'a.ts': '' });
    expect((await init(root, { yes: true })).stdout).toContain('No client construction was found.');
    expect(existsSync(join(root, 'clickhouse-ssot.config.json'))).toBe(false);
  });
});

describe('init --ci', () => {
  const workflow = '.github/workflows/clickhouse-ssot.yml';

  it('check writes a workflow that needs no permission to write', async () => {
    const root = codeBase(service);
    await init(root, { yes: true, ci: 'check' });
    const text = readFileSync(join(root, workflow), 'utf8');
    expect(text).toContain('- run: npm run lint:clickhouse -- --format github\n');
    expect(text).not.toContain('write');
  });

  it('none leaves CI alone, and asks no question about it', async () => {
    const root = codeBase(service);
    const prompts = answering();
    expect((await init(root, { ci: 'none' }, prompts)).stdout).not.toContain('By hand: CI');
    expect(prompts.questions).not.toContain('Run the audit in CI?');
    expect(existsSync(join(root, workflow))).toBe(false);
  });

  it('report adds the reports to a project whose CI only checks', async () => {
    const root = codeBase(service);
    await init(root, { yes: true, ci: 'check' });
    renameSync(join(root, workflow), join(root, '.github/workflows/check.yml'));
    await init(root, { yes: true, ci: 'report' });
    expect(readFileSync(join(root, workflow), 'utf8')).toContain('pull-requests: write');
    expect((await init(root, { yes: true, ci: 'report' })).stdout).toContain('Nothing to change');
  });

  it('report does not replace a workflow, and says so', async () => {
    const root = codeBase(service);
    await init(root, { yes: true, ci: 'check' });
    const before = contentOf(root);
    const { stdout } = await init(root, { yes: true, ci: 'report' });
    expect(stdout).toContain(`By hand: ${workflow}\n  The file exists, and init does not replace a workflow.`);
    expect(contentOf(root)).toEqual(before);
  });

  it('without a kind names none in the step by hand', async () => {
    const root = codeBase({ ...service, [workflow]: 'on: push\njobs: {}\n' });
    const { stdout } = await init(root, { yes: true });
    expect(stdout).toContain('Move it away, then run init again.\n    npx clickhouse-ssot init\n');
  });

  it('refuses another word', async () => {
    const { status, stderr } = await init(codeBase(service), { yes: true, ci: 'all' });
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: '--ci: found "all", expected check, report, none. Name one of these, or leave the option out.\n',
    });
  });
});

describe('init --baseline', () => {
  it('writes the findings to a baseline in place of exceptions, and the script reads it', async () => {
    const root = codeBase(service);
    await init(root, { yes: true, baseline: true });
    expect(settingsOf(root)).toEqual({ $schema: './node_modules/clickhouse-ssot/schema.json', factories: ['src/clickhouse.ts'] });
    expect(readFileSync(join(root, 'clickhouse-ssot.baseline.json'), 'utf8')).toBe(createBaseline(resultOf(root).findings));
    expect(readFileSync(join(root, 'package.json'), 'utf8')).toContain('"lint:clickhouse": "clickhouse-ssot audit --baseline"');
    const before = contentOf(root);
    expect((await init(root, { yes: true })).stdout).toContain('Nothing to change');
    expect((await init(root, { yes: true, baseline: true })).stdout).toContain('Nothing to change');
    expect(contentOf(root)).toEqual(before);
  });

  it('does not touch a damaged baseline', async () => {
    const root = codeBase({ ...service, 'clickhouse-ssot.baseline.json': '{' });
    const before = contentOf(root);
    expect(await init(root, { yes: true })).toMatchObject({ status: 2, stderr: expect.stringContaining('baseline') as string });
    expect(contentOf(root)).toEqual(before);
  });
});

describe('init writes nothing', () => {
  it.each<[string, InitCommandOptions, Prompts | undefined, number, string]>([
    ['without a terminal and without --yes', {}, undefined, 2, 'Use --yes'],
    ['with --dry-run, and shows the changes', { dryRun: true }, undefined, 0, '+++ b/clickhouse-ssot.config.json'],
    ['if the user declines', {}, answering({ confirm: () => Promise.resolve(false) }), 0, 'Nothing was written.'],
    [
      'if the user cancels a question',
      {},
      answering({ text: () => Promise.reject(new Cancelled('cancelled')) }),
      2,
      'Cancelled. Nothing was written.',
    ],
    [
      'if the user cancels the last question',
      {},
      answering({ confirm: () => Promise.reject(new Cancelled('cancelled')) }),
      2,
      'Cancelled.',
    ],
  ])('%s', async (_, options, prompts, status, message) => {
    const root = codeBase(service);
    const before = contentOf(root);
    const outcome = await init(root, options, prompts);
    expect(outcome.status).toBe(status);
    expect(outcome.stdout + outcome.stderr).toContain(message);
    expect(contentOf(root)).toEqual(before);
  });

  it.each([
    ['invalid settings', () => codeBase({ ...service, 'clickhouse-ssot.config.json': '{ "factorys": [] }' }), 'Did you mean "factories"?'],
    ['no source file', () => codeBase({ 'a.md': '' }), 'found no source file'],
    ['no such folder', () => '/no/such/folder', '/no/such/folder'],
  ])('with %s, and exits 2', async (_, root, message) => {
    expect(await init(root(), { yes: true })).toMatchObject({ status: 2, stderr: expect.stringContaining(message) as string });
  });
});

describe('the questions of init', () => {
  it('ask for the reason of each exception, and refuse an empty one', async () => {
    const root = codeBase(service);
    const prompts = answering({
      text: (_, __, refuse) => {
        expect(refuse('  ')).toContain('A reason is required');
        expect(refuse('Owned by ops')).toBeUndefined();
        return Promise.resolve(' Owned by ops ');
      },
    });
    expect((await init(root, {}, prompts)).status).toBe(0);
    expect(prompts.questions).toEqual([
      '1 finding of no-direct-client in src/job.ts\n  src/job.ts:2:26',
      'Run the audit in CI?',
      'Write these changes?',
    ]);
    expect(settingsOf(root)).toMatchObject({ sanctioned: [{ path: 'src/job.ts', reason: 'Owned by ops' }] });
  });

  it('let findings stay findings', async () => {
    const root = codeBase(service);
    const { stdout } = await init(root, {}, answering({ select: () => Promise.resolve('leave') }));
    expect(stdout).toContain('Findings that stay\n  src/job.ts:2:26  no-direct-client');
    expect(settingsOf(root)).not.toHaveProperty('sanctioned');
    expect(resultOf(root).findings).toHaveLength(1);
  });

  it('let the user name the factory that the code does not show', async () => {
    const root = codeBase(undecided);
    await init(root, {}, answering({ selectSome: (_, choices) => Promise.resolve(choices.slice(0, 1).map(({ value }) => value)) }));
    expect(settingsOf(root)).toMatchObject({
      factories: ['src/a/service.ts'],
      sanctioned: ['no-direct-client', 'single-client-per-purpose'].map((rule) => ({ path: 'src/b/service.ts', rules: [rule] })),
    });
    expect(resultOf(root)).toMatchObject({ findings: [], staleSettings: [] });
  });

  it('leave CI alone if the user says so', async () => {
    const root = codeBase(service);
    await init(root, {}, answering({ select: (message) => Promise.resolve(message.includes('CI') ? 'none' : 'except') }));
    expect(existsSync(join(root, '.github/workflows/clickhouse-ssot.yml'))).toBe(false);
    expect(existsSync(join(root, 'clickhouse-ssot.config.json'))).toBe(true);
  });
});
