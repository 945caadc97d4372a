import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { read } from '../../scripts/generated.js';
import { copyOf } from '../e2e/hosts.js';
import { repository } from '../places.js';

interface Workflow {
  readonly on: readonly string[];
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

const workflows = blocks('yaml').map((text) => parse(text) as Workflow);

/** A copy of the incident with the command `npx` that runs this build. */
function project(): { readonly folder: string; readonly run: (command: string) => ReturnType<typeof spawnSync> } {
  const folder = copyOf('incident-before');
  const bin = join(folder, '../bin');
  mkdirSync(bin);
  const script = `#!/bin/sh\ntest "$1" = clickhouse-ssot || exit 64\nshift\nexec "${process.execPath}" "${join(repository, 'dist/src/cli/main.js')}" "$@"\n`;
  writeFileSync(join(bin, 'npx'), script, { mode: 0o755 });
  const env = { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}` };
  return { folder, run: (command) => spawnSync('bash', ['-e', '-c', command], { cwd: folder, env, encoding: 'utf8' }) };
}

/** The commands of a workflow, without the installation. */
function commandsOf(workflow: Workflow | undefined): string[] {
  const steps = Object.values(workflow?.jobs ?? {}).flatMap((job) => job.steps);
  return steps.flatMap(({ run }) => (run === undefined || run === 'npm ci' ? [] : [run]));
}

describe('the workflows of docs/ci.md', () => {
  it('are workflows: triggers, permissions, and steps that either use an action or run a command', () => {
    expect(workflows).toHaveLength(2);
    for (const { on, permissions, jobs } of workflows) {
      expect(on).toEqual(['push', 'pull_request']);
      expect(permissions['contents']).toBe('read');
      for (const { 'runs-on': machine, steps } of Object.values(jobs)) {
        expect(machine).toMatch(/./);
        for (const step of steps) expect([step.uses, step.run].filter((part) => part !== undefined)).toHaveLength(1);
      }
    }
  });

  it('annotate a code base with findings, and fail', () => {
    const [command = ''] = commandsOf(workflows[0]);
    const { status, stdout } = project().run(command);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^::error file=\S+,line=/);
  });

  it('write the log that the upload names', () => {
    const [command = ''] = commandsOf(workflows[1]);
    const { folder, run } = project();
    expect(run(command).status).toBe(1);
    expect(JSON.parse(readFileSync(join(folder, 'clickhouse-ssot.sarif'), 'utf8'))).toMatchObject({ version: '2.1.0' });
  });

  it.skipIf(spawnSync('jq', ['--version']).status !== 0)('upload no suppressed result', () => {
    const [audit = '', filter = ''] = commandsOf(workflows[1]);
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
    expect(JSON.stringify(workflows[1])).toContain('"sarif_file":"upload.sarif"');
  });
});

it('the commands for a baseline work in their order', () => {
  const [update = '', compare = '', prune = ''] = (blocks('sh')[0] ?? '').trim().split('\n');
  const { folder, run } = project();
  expect(run(compare).status).toBe(2);
  expect(run(update).status).toBe(0);
  expect(existsSync(join(folder, 'clickhouse-ssot.baseline.json'))).toBe(true);
  expect(run(compare)).toMatchObject({ status: 0, stderr: '' });
  expect(run(prune).status).toBe(0);
});
