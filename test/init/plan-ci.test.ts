import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { AuditJob } from '../../src/init/audit-job.js';
import { detectPackageManager } from '../../src/init/detect-package-manager.js';
import { type CiFacts, planCi } from '../../src/init/plan-ci.js';
import { openProjectFolder } from '../../src/init/project-folder.js';
import { codeBase } from '../project/code-base.js';

type Files = Readonly<Record<string, string | object>>;

async function planned(files: Files, facts: Partial<Pick<CiFacts, 'isOnGitHub' | 'wanted'>> = {}) {
  const folder = openProjectFolder(codeBase(files));
  const manager = 'package.json' in files ? await detectPackageManager(folder, false) : undefined;
  const audit: AuditJob['audit'] = (args) =>
    manager ? manager.run(['lint:clickhouse', ...args]) : ['npx --yes clickhouse-ssot audit', ...args].join(' ');
  return planCi({ folder, job: { manager, audit }, script: 'lint:clickhouse', isOnGitHub: true, ...facts });
}

interface Step {
  readonly uses?: string;
  readonly run?: string;
}

/** The steps of the workflow that is proposed, up to the audit: actions without their versions, and commands. */
async function stepsFor(files: Files): Promise<string[]> {
  const plan = await planned(files);
  const text = plan.kind === 'choices' ? (plan.choices[0]?.edit.after ?? '') : '';
  const { jobs } = parse(text) as { readonly jobs: { readonly audit: { readonly steps: readonly Step[] } } };
  const steps = jobs.audit.steps.map(({ uses, run }) => uses?.split('@')[0] ?? run ?? '');
  return steps.slice(0, steps.findIndex((step) => step.includes('--since')) + 1);
}

const audited = '--since HEAD^1 --format github --format sarif=ssot.sarif --format markdown=ssot.md --format html=ssot.html';
const [checkout, node, cache] = ['actions/checkout', 'actions/setup-node', 'actions/cache'];

describe('the workflow for pull requests', () => {
  it.each<[string, Files, string[]]>([
    ['npm', { 'package-lock.json': '{}' }, [checkout, node, 'npm ci', cache, `npm run lint:clickhouse -- ${audited}`]],
    ['no lockfile', {}, [checkout, node, 'npm i', cache, `npm run lint:clickhouse -- ${audited}`]],
    ['yarn 1', { 'yarn.lock': '' }, [checkout, node, 'yarn install --frozen-lockfile', cache, `yarn run lint:clickhouse ${audited}`]],
    [
      'yarn 4',
      { 'yarn.lock': '', '.yarnrc.yml': '' },
      [checkout, node, 'corepack enable', 'yarn install --immutable', cache, `yarn run lint:clickhouse ${audited}`],
    ],
    [
      'pnpm',
      { 'pnpm-lock.yaml': '' },
      [checkout, 'pnpm/action-setup', node, 'pnpm i --frozen-lockfile', cache, `pnpm run lint:clickhouse ${audited}`],
    ],
    [
      'bun',
      { 'bun.lock': '' },
      [checkout, 'oven-sh/setup-bun', node, 'bun install --frozen-lockfile', cache, `bun run lint:clickhouse ${audited}`],
    ],
    [
      'deno',
      { 'deno.lock': '{}' },
      [checkout, 'denoland/setup-deno', node, 'deno install --frozen', cache, `deno task lint:clickhouse ${audited}`],
    ],
  ])('fits a project with %s', async (_, files, expected) => {
    expect(await stepsFor({ 'package.json': {}, ...files })).toEqual(expected);
  });

  it('installs nothing without a package.json, and keeps no results', async () => {
    expect(await stepsFor({ 'a.ts': '' })).toEqual([checkout, node, `npx --yes clickhouse-ssot audit ${audited}`]);
  });

  it('asks for the version of pnpm only if package.json names none', async () => {
    const textOf = async (manifest: object) => JSON.stringify(await planned({ 'package.json': manifest, 'pnpm-lock.yaml': '' }));
    expect(await textOf({})).toContain('version: latest');
    expect(await textOf({ packageManager: 'pnpm@9.0.0' })).not.toContain('version: latest');
  });
});

describe('the choices for CI', () => {
  const linting = {
    'package.json': {},
    '.github/workflows/ci.yml':
      'on: pull_request\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n      - run: npm i\n      - run: npm run lint\n',
  };
  const choicesOf = async (...input: Parameters<typeof planned>) => {
    const plan = await planned(...input);
    return plan.kind === 'choices' ? plan.choices.map(({ kind, edit }) => `${kind} ${edit.file}`) : plan;
  };

  it('begin with a step in a job that lints, and with the reports if no job does', async () => {
    const own = '.github/workflows/clickhouse-ssot.yml';
    expect(await choicesOf(linting)).toEqual(['check .github/workflows/ci.yml', `report ${own}`]);
    expect(await choicesOf({ 'package.json': {} })).toEqual([`report ${own}`, `check ${own}`]);
  });

  it('are what the user asked for', async () => {
    expect(await choicesOf(linting, { wanted: 'report' })).toEqual(['report .github/workflows/clickhouse-ssot.yml']);
    expect(await choicesOf(linting, { wanted: 'check' })).toEqual(['check .github/workflows/ci.yml']);
  });

  it('are none if CI runs the audit already', async () => {
    expect(
      await choicesOf({ ...linting, '.github/workflows/x.yml': 'jobs: { a: { steps: [{ run: npm run lint:clickhouse }] } }' }),
    ).toEqual([]);
  });

  it('are a job in which the user sets up a package manager whose step is not known', async () => {
    const unknown = { 'package.json': {}, 'nub.lock': '' };
    expect(await choicesOf(unknown)).toEqual({
      kind: 'manual',
      step: {
        where: '.github/workflows/clickhouse-ssot.yml',
        reason: 'The step that sets up nub is not known.',
        lines: ['nub install --frozen-lockfile', 'nub run lint:clickhouse --format github'],
      },
    });
    expect(await choicesOf({ ...linting, 'nub.lock': '' })).toEqual(['check .github/workflows/ci.yml']);
  });
});

describe('the job for GitLab', () => {
  const scriptFor = async (files: Files, wanted?: CiFacts['wanted']) => {
    const plan = await planned({ 'package.json': {}, '.gitlab-ci.yml': '', ...files }, { isOnGitHub: false, wanted });
    const lines = plan.kind === 'manual' ? plan.step.lines.join('\n') : '';
    return (parse(lines) as { readonly 'clickhouse-ssot': { readonly script: readonly string[] } })['clickhouse-ssot'].script;
  };

  it.each<[string, Files, string[]]>([
    ['npm', { 'package-lock.json': '{}' }, ['npm ci', 'npm run lint:clickhouse']],
    ['pnpm', { 'pnpm-lock.yaml': '' }, ['npm install --global pnpm', 'pnpm i --frozen-lockfile', 'pnpm run lint:clickhouse']],
    ['yarn 4', { 'yarn.lock': '', '.yarnrc.yml': '' }, ['corepack enable', 'yarn install --immutable', 'yarn run lint:clickhouse']],
    ['bun', { 'bun.lock': '' }, ['npm install --global bun', 'bun install --frozen-lockfile', 'bun run lint:clickhouse']],
  ])('installs and audits with %s', async (_, files, expected) => {
    expect(await scriptFor(files)).toEqual(expected);
  });

  it('compares with the target branch and writes all reports, if the user asks for them', async () => {
    expect((await scriptFor({ 'package-lock.json': '{}' }, 'report')).at(-1)).toBe(
      'npm run lint:clickhouse -- --since "$CI_MERGE_REQUEST_DIFF_BASE_SHA" --format text --format junit=ssot.xml --format sarif=ssot.sarif --format markdown=ssot.md --format html=ssot.html',
    );
  });
});
