import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { read } from '../../scripts/generated.js';
import { writeCommandScripts } from '../cli/command-scripts.js';
import { copyOf } from '../e2e/hosts.js';

interface Workflow {
  readonly on: readonly string[] | Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { readonly 'runs-on': string; readonly steps: readonly Step[] }>>;
}

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

const page = read('docs/ci.md');

function blocks(tag: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${tag}\\n(.*?)^\`\`\``, 'gms'))].map(([, text = '']) => text);
}

const configurations = blocks('yaml').map((text) => parse(text) as object);
const workflows = configurations.filter((configuration): configuration is Workflow => 'jobs' in configuration);

interface GitLab {
  readonly 'clickhouse-ssot': {
    readonly script: readonly string[];
    readonly after_script: readonly string[];
    readonly artifacts: { readonly paths: readonly string[]; readonly reports: { readonly junit: string } };
  };
}

const [gitLab] = configurations.filter((configuration): configuration is GitLab => 'clickhouse-ssot' in configuration);

type Variables = Readonly<Record<string, string>>;

/** A copy of the incident with the command `npx` that runs this build, and commands that answer for a forge. */
function project(commands: Variables = {}) {
  const folder = copyOf('incident-before');
  const bin = join(folder, '../bin');
  mkdirSync(bin);
  writeCommandScripts(bin);
  for (const [name, script] of Object.entries(commands)) writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const run = (command: string, variables: Variables = {}) => {
    const env = { ...process.env, ...variables, PATH: `${bin}:${process.env['PATH'] ?? ''}` };
    return spawnSync('bash', ['-e', '-c', command], { cwd: folder, env, encoding: 'utf8' });
  };
  return { folder, run };
}

const identity = '-c user.name=a -c user.email=a@b.c -c commit.gpgsign=false';
const commitAll = `git add --all && git ${identity} commit --quiet --message change`;

/** A pull request with one new finding, as the checkout of a workflow has it: a merge whose first parent is the base. */
function pullRequest(commands: Variables = {}) {
  const { folder, run } = project(commands);
  run(`git init --quiet --initial-branch main && ${commitAll} && git checkout --quiet -b change`);
  writeFileSync(join(folder, 'backend/src/new.ts'), `export const load = () => fetch('http://localhost:8123/?query=SELECT 1');\n`);
  const { status } = run(`${commitAll} && git checkout --quiet main && git ${identity} merge --quiet --no-ff change`);
  expect(status).toBe(0);
  return { folder, run, base: run('git rev-parse HEAD^1').stdout.trim() };
}

/** Writes its arguments, and answers a question for comments. */
const recorder = (answer: string): string => `echo "$@" >> ../calls.txt\ncase "$*" in *--jq*|*per_page*) ${answer} ;; esac`;

function callsIn(folder: string): string[] {
  return readFileSync(join(folder, '../calls.txt'), 'utf8').trim().split('\n');
}

/** The events of a workflow: a list of them, or a map with their filters. */
function triggersOf(on: Workflow['on']): string[] {
  return Object.entries(on).map(([key, value]) => (typeof value === 'string' ? value : key));
}

/** The commands of a workflow, without the installation. */
function commandsOf(workflow: Workflow | undefined): string[] {
  const steps = Object.values(workflow?.jobs ?? {}).flatMap((job) => job.steps);
  return steps.flatMap(({ run }) => (run === undefined || run === 'npm ci' ? [] : [run]));
}

describe('the workflows of docs/ci.md', () => {
  it('are workflows: triggers, permissions, and steps that either use an action or run a command', () => {
    expect(workflows.map(({ on }) => triggersOf(on))).toEqual([['pull_request'], ['pull_request', 'push'], ['push', 'pull_request']]);
    for (const { permissions, jobs } of workflows) {
      expect(permissions['contents']).toBe('read');
      for (const { 'runs-on': machine, steps } of Object.values(jobs)) {
        expect(machine).toMatch(/./);
        for (const step of steps) expect([step.uses, step.run].filter((part) => part !== undefined)).toHaveLength(1);
      }
    }
  });

  it('annotate a code base with findings, and fail', () => {
    const [command = ''] = commandsOf(workflows[1]);
    const { status, stdout } = project().run(command);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^::error file=\S+,line=/);
  });

  it('write the log that the upload names', () => {
    const [command = ''] = commandsOf(workflows[2]);
    const { folder, run } = project();
    expect(run(command).status).toBe(1);
    expect(JSON.parse(readFileSync(join(folder, 'clickhouse-ssot.sarif'), 'utf8'))).toMatchObject({ version: '2.1.0' });
  });

  it.skipIf(spawnSync('jq', ['--version']).status !== 0)('upload no suppressed result', () => {
    const [audit = '', filter = ''] = commandsOf(workflows[2]);
    const { folder, run } = project();
    writeFileSync(
      join(folder, 'clickhouse-ssot.config.json'),
      JSON.stringify({
        factories: ['backend/src/db/clickhouse.ts'],
        sanctioned: [{ path: 'analytics-service', rules: ['no-direct-client'], reason: 'moves next month' }],
      }),
    );
    run(audit);
    expect(run(filter)).toMatchObject({ status: 0, stderr: '' });
    const count = (file: string): number => {
      const log = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { runs: [{ results: unknown[] }] };
      return log.runs[0].results.length;
    };
    expect([count('clickhouse-ssot.sarif'), count('upload.sarif')]).toEqual([24, 22]);
    expect(JSON.stringify(workflows[2])).toContain('"sarif_file":"upload.sarif"');
  });
});

it('the commands for a baseline work in their order', () => {
  const [update = '', compare = '', prune = ''] = (blocks('sh')[1] ?? '').trim().split('\n');
  const { folder, run } = project();
  expect(run(compare).status).toBe(2);
  expect(run(update).status).toBe(0);
  expect(existsSync(join(folder, 'clickhouse-ssot.baseline.json'))).toBe(true);
  expect(run(compare)).toMatchObject({ status: 0, stderr: '' });
  expect(run(prune).status).toBe(0);
});

describe('the workflow for pull requests', () => {
  const [audit = '', summary = '', filter = '', comment = ''] = commandsOf(workflows[0]);
  const github = { GITHUB_REPOSITORY: 'acme/shop', GITHUB_SERVER_URL: 'https://github.com', GITHUB_SHA: 'abc', NUMBER: '7' };

  it('annotates what is new, and writes each report that a later step uses', () => {
    const { folder, run } = pullRequest();
    const { status, stdout } = run(audit, github);
    expect(status).toBe(1);
    const annotated = [...stdout.matchAll(/^::error file=([^,]+)/gm)].map(([, file]) => file);
    expect(new Set(annotated)).toEqual(new Set(['backend/src/new.ts']));
    expect(run(summary, { GITHUB_STEP_SUMMARY: join(folder, 'summary.md') }).status).toBe(0);
    const markdown = readFileSync(join(folder, 'summary.md'), 'utf8');
    expect(markdown).toContain('Since HEAD^1 (');
    expect(markdown).toContain('](https://github.com/acme/shop/blob/abc/backend/src/new.ts#L1)');
  });

  it.skipIf(spawnSync('jq', ['--version']).status !== 0)('uploads new and known findings, each with its state', () => {
    const { folder, run } = pullRequest();
    run(audit);
    expect(run(filter)).toMatchObject({ status: 0, stderr: '' });
    const log = JSON.parse(readFileSync(join(folder, 'upload.sarif'), 'utf8')) as { runs: [{ results: { baselineState: string }[] }] };
    expect(new Set(log.runs[0].results.map(({ baselineState }) => baselineState))).toEqual(new Set(['new', 'unchanged']));
  });

  it.each([
    ['writes a comment', 'true', 'api --method POST repos/acme/shop/issues/7/comments --field body=@ssot.md --silent'],
    ['replaces its comment', 'echo 42; echo 43', 'api --method PATCH repos/acme/shop/issues/comments/42 --field body=@ssot.md --silent'],
  ])('%s', (_, answer, expected) => {
    const { folder, run } = pullRequest({ gh: recorder(answer) });
    run(audit, github);
    expect(run(comment, github)).toMatchObject({ status: 0, stderr: '' });
    expect(callsIn(folder).at(-1)).toBe(expected);
    expect(readFileSync(join(folder, 'ssot.md'), 'utf8')).toMatch(/^<!-- clickhouse-ssot -->\n/);
  });
});

describe('the job for GitLab', () => {
  const { script = [], after_script: after = [], artifacts } = gitLab?.['clickhouse-ssot'] ?? {};
  const [install, audit = ''] = script;
  const variables = {
    CI_API_V4_URL: 'https://gitlab.example/api/v4',
    CI_PROJECT_ID: '5',
    CI_MERGE_REQUEST_IID: '7',
    SSOT_COMMENT_TOKEN: 'secret',
  };

  it('fails for what is new, and writes its artifacts', () => {
    const { folder, run, base } = pullRequest();
    expect(install).toBe('npm ci');
    const { status, stdout } = run(audit, { CI_MERGE_REQUEST_DIFF_BASE_SHA: base });
    expect(status).toBe(1);
    expect(stdout).toMatch(/^backend\/src\/new\.ts:1:\d+ /m);
    const files = [...(artifacts?.paths ?? []), artifacts?.reports.junit ?? ''];
    expect(files.filter((file) => !existsSync(join(folder, file)))).toEqual([]);
  });

  it.each([
    ['writes a comment', `echo '[{"id":1,"body":"other"}]'`, /--request POST --form body=<ssot\.md https:\S+\/merge_requests\/7\/notes /],
    [
      'replaces its comment',
      `echo '[{"id":42,"body":"<!-- clickhouse-ssot --> old"}]'`,
      /--request PUT --form body=<ssot\.md https:\S+\/merge_requests\/7\/notes\/42 /,
    ],
  ])('%s', (_, answer, expected) => {
    const { folder, run } = project({ curl: recorder(answer) });
    writeFileSync(join(folder, 'ssot.md'), '');
    expect(run(after.join('\n'), variables)).toMatchObject({ status: 0, stderr: '' });
    expect(callsIn(folder).at(-1)).toMatch(expected);
  });

  it('writes no comment without a token', () => {
    const { folder, run } = project({ curl: recorder('true') });
    expect(run(after.join('\n'), { ...variables, SSOT_COMMENT_TOKEN: '' }).status).toBe(0);
    expect(existsSync(join(folder, '../calls.txt'))).toBe(false);
  });
});

describe('the hook before a commit', () => {
  const [hook = ''] = blocks('sh');

  it('is the same command for all programs that run hooks', () => {
    const command = hook.trim().split('\n').at(-1) ?? '';
    expect(page.split(command)).toHaveLength(4);
  });

  it('stops a commit with findings, lets another one pass, and keeps results on disk', () => {
    const { folder, run } = project();
    const cache = join(folder, '../cache');
    run('git init --quiet');
    writeFileSync(join(folder, '.git/hooks/pre-commit'), hook, { mode: 0o755 });
    const refused = run(commitAll, { CLICKHOUSE_SSOT_CACHE: cache });
    expect(refused.status).not.toBe(0);
    expect(refused.stdout + refused.stderr).toContain('no-connection-recursion');
    expect(existsSync(cache)).toBe(true);
    run('rm -rf backend analytics-service && echo "export {};" > a.ts');
    expect(run(commitAll, { CLICKHOUSE_SSOT_CACHE: cache })).toMatchObject({ status: 0 });
  });
});
