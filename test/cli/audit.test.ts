import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { copyOf } from '../e2e/hosts.js';
import { repository } from '../places.js';
import { codeBase } from '../project/code-base.js';

const main = join(repository, 'dist/src/cli/main.js');

function run(...args: string[]) {
  return runWith({}, ...args);
}

/** Runs the command line with these environment variables, and without those that decide about colours. */
function runWith(environment: Readonly<Record<string, string>>, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, FORCE_COLOR: undefined, NO_COLOR: undefined, ...environment },
  });
  return { status, stdout, stderr };
}

/** Writes a code base whose report is longer than the buffer of a pipe. */
function manyFindings(): string {
  const client = (name: string) => `import { createClient } from '@clickhouse/client';\nexport const ${name} = createClient();\n`;
  return codeBase({
    'clickhouse-ssot.config.json': { factories: ['db.ts'] },
    'db.ts': client('db'),
    ...Object.fromEntries(Array.from({ length: 300 }, (_, number) => [`client-${number}.ts`, client(`client${number}`)])),
  });
}

describe('clickhouse-ssot audit', () => {
  it('exits 0 on a clean code base', () => {
    expect(run('audit', copyOf('incident-after'))).toMatchObject({ status: 0, stderr: '' });
  });

  it('exits 1 on findings, and prints the path step by step', () => {
    const { status, stdout } = run('audit', copyOf('incident-before'));
    expect(status).toBe(1);
    expect(stdout).toContain('-> ConnectionPool.acquire (backend/src/core/connection-pool.ts:');
    expect(stdout).not.toContain('\u001B');
  });

  it('prints JSON with the constructions and the findings', () => {
    const result: unknown = JSON.parse(run('audit', copyOf('incident-before'), '--format', 'json').stdout);
    expect(result).toMatchObject({
      schemaVersion: 1,
      files: expect.any(Number) as number,
      constructions: expect.arrayContaining([
        {
          file: 'backend/src/db/clickhouse.ts',
          line: expect.any(Number) as number,
          column: 12,
          client: '@clickhouse/client',
          constructor: 'createClient',
          sanctioned: false,
        },
      ]) as unknown[],
      findings: expect.arrayContaining([
        expect.objectContaining({ rule: 'no-connection-recursion', path: expect.any(Array) as unknown[] }),
      ]) as unknown[],
    });
  });

  it('prints the checklist of the post-mortem, line by line', () => {
    const linesOf = (fixture: string) => {
      const { stdout } = run('audit', copyOf(fixture), '--preset', 'strict');
      return [...stdout.matchAll(/^ {2}(pass|fail|cannot tell) /gm)].map(([, verdict]) => verdict);
    };
    expect(linesOf('incident-before')).toEqual(['fail', 'fail', 'fail', 'pass', 'fail', 'fail', 'fail', 'fail', 'fail']);
    expect(linesOf('incident-after')).toEqual(Array.from({ length: 9 }, () => 'pass'));
  });

  it('has colours in a pipe if FORCE_COLOR asks for them, as in a workflow of GitHub', () => {
    expect(runWith({ FORCE_COLOR: '1' }, 'audit', copyOf('incident-before')).stdout).toContain('\u001B[31m');
  });

  it('audits several projects in one run, each with its own settings', () => {
    const [one, other] = [copyOf('incident-before'), copyOf('incident-after')];
    const { status, stdout } = run('audit', one, other, '--format', 'json');
    const result: { findings: { file: string }[]; projects: unknown[]; root: string } = JSON.parse(stdout);
    expect(status).toBe(1);
    expect(result.projects).toHaveLength(2);
    expect(result.findings.map(({ file }) => join(result.root, file))).toEqual(
      result.findings.map(() => expect.stringContaining(one) as string),
    );
  });

  it('prints only findings with --quiet, and writes no progress into a pipe', () => {
    expect(run('audit', copyOf('incident-after'), '--quiet')).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  // `script` gives the process a terminal. It is part of each Debian; other systems have other options for it.
  it.skipIf(process.platform !== 'linux')('shows progress in a terminal while the audit blocks its thread, and removes it', () => {
    const program = `
      const { Worker } = require('node:worker_threads');
      const state = new Int32Array(new SharedArrayBuffer(4));
      const worker = new Worker(${JSON.stringify(join(repository, 'dist/src/cli/progress-worker.js'))}, { workerData: { state: state.buffer, delayMs: 0 } });
      worker.postMessage('Analysing the code of shop');
      Atomics.wait(state, 0, 0, 3000);
      Atomics.store(state, 0, 1);
      worker.postMessage('');
      Atomics.wait(state, 0, 1, 10000);
      console.log('stopped:' + state[0]);
      worker.terminate();`;
    const file = join(codeBase({ 'block.cjs': program }), 'block.cjs');
    const { stdout } = spawnSync('script', ['-qec', `${process.execPath} ${file}`, '/dev/null'], {
      encoding: 'utf8',
      env: { ...process.env, CI: undefined, TERM: 'xterm' },
    });
    expect(stdout).toContain('Analysing the code of shop (');
    expect(stdout, 'the line is cleared, and the cursor is visible').toMatch(/\u001B\[1G\u001B\[0K[^⠀-⣿]*stopped:2/);
    expect(stdout.lastIndexOf('\u001B[?25h')).toBeGreaterThan(stdout.lastIndexOf('\u001B[?25l'));
  });

  it('marks sanctioned constructions, with the reason', () => {
    const root = codeBase({
      'db.ts': `import { createClient } from '@clickhouse/client'; createClient();`,
      'migrate.ts': `import { createClient } from '@clickhouse/client'; createClient();`,
      'clickhouse-ssot.config.json': {
        factories: ['db.ts'],
        sanctioned: [
          { path: 'migrate.ts', rules: ['no-direct-client'], reason: 'DDL user' },
          { path: 'old.ts', rules: ['no-direct-client'], reason: 'gone' },
        ],
      },
    });
    const { status, stdout } = run('audit', root, '--format', 'json');
    const { constructions, staleSettings }: { constructions: unknown[]; staleSettings: string[] } = JSON.parse(stdout);
    expect(status).toBe(0);
    expect(constructions).toMatchObject([
      { file: 'db.ts', sanctioned: true },
      { file: 'migrate.ts', sanctioned: true, reason: 'DDL user' },
    ]);
    expect(staleSettings).toEqual([expect.stringContaining('"sanctioned[1].path"')]);
  });

  it.each([
    [
      'depends on the runtime, that the runtime is the factory',
      { dependencies: { '@clickhouse-ssot/runtime': '^0.1.0' } },
      'outside @clickhouse-ssot/runtime',
    ],
    ['is the runtime, that it is the factory', { name: '@clickhouse-ssot/runtime' }, 'outside @clickhouse-ssot/runtime'],
  ])('reports for a code base without a declared factory, if a package %s', (_, manifest, expected) => {
    const root = codeBase({
      'packages/a/package.json': manifest,
      'src/db.ts': `import { createClient } from '@clickhouse/client'; createClient();`,
    });
    const { findings }: { findings: unknown[] } = JSON.parse(run('audit', root, '--format', 'json').stdout);
    expect(findings).toEqual([expect.objectContaining({ rule: 'no-direct-client', message: expect.stringContaining(expected) as string })]);
  });

  it('needs no settings for a code base with one factory, and says which module it took for it', () => {
    const root = codeBase({ 'src/db.ts': `import { createClient } from '@clickhouse/client'; export const db = createClient();` });
    expect(run('audit', root)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('Inferred factory: src/db.ts, because ') as string,
    });
  });

  it('reports a further client without settings, with the line that pins the inferred factory', () => {
    const client = `import { createClient } from '@clickhouse/client'; export const client = createClient();`;
    const root = codeBase({ 'src/clickhouse.ts': client, 'src/report.ts': client });
    const { status, stdout } = run('audit', root, '--format', 'json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      factories: [{ file: 'src/clickhouse.ts', status: 'inferred' }],
      findings: [
        {
          rule: 'no-direct-client',
          file: 'src/report.ts',
          message: expect.stringContaining('"factories": ["src/clickhouse.ts"]') as string,
        },
      ],
    });
  });

  it('reports one finding, with the candidates, if the code does not show which module is the factory', () => {
    const client = `import { createClient } from '@clickhouse/client'; export const client = createClient();`;
    const { status, stdout } = run('audit', codeBase({ 'src/a.ts': client, 'src/b.ts': client }), '--format', 'json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      factories: [
        { file: 'src/a.ts', status: 'undecided' },
        { file: 'src/b.ts', status: 'undecided' },
      ],
      findings: [{ rule: 'no-direct-client', message: expect.stringContaining('src/a.ts or src/b.ts') as string }],
    });
  });

  it('reports the same in a sub-folder, from inside it, and at the root: with the settings that the linters find', () => {
    const client = `import { createClient } from '@clickhouse/client'; export const client = createClient();`;
    const root = codeBase({
      'src/db.ts': client,
      'src/report/report.ts': client,
      'lib/other.ts': client,
      'clickhouse-ssot.config.json': {
        factories: ['src/db.ts'],
        sanctioned: [{ path: 'lib', rules: ['no-direct-client'], reason: 'own user' }],
      },
    });
    const filesOf = (stdout: string): string[] => {
      const { findings }: { findings: { file: string }[] } = JSON.parse(stdout);
      return findings.map(({ file }) => file);
    };
    expect(filesOf(run('audit', root, '--format', 'json').stdout)).toEqual(['src/report/report.ts']);
    expect(filesOf(run('audit', join(root, 'src'), '--format', 'json').stdout)).toEqual(['src/report/report.ts']);
    const { status, stdout } = run('audit', join(root, 'lib'), '--format', 'json');
    expect({ status, stdout: filesOf(stdout) }).toEqual({ status: 0, stdout: [] });
    expect(run('audit', join(root, 'src')).stdout).toContain(`The project is ${root}, as for the linters.`);
  });

  it('judges a folder with settings of its own by these, as the linters do', () => {
    const client = `import { createClient } from '@clickhouse/client'; export const client = createClient();`;
    const root = codeBase({
      'src/db.ts': client,
      'packages/y/src/index.ts': client,
      'packages/y/src/second.ts': client,
      'clickhouse-ssot.config.json': { factories: ['src/db.ts'] },
      'packages/y/clickhouse-ssot.config.json': { factories: ['src/index.ts'] },
    });
    const { findings }: { findings: { file: string }[] } = JSON.parse(run('audit', root, '--format', 'json').stdout);
    expect(findings).toMatchObject([{ file: 'packages/y/src/second.ts', line: 1 }]);
    writeFileSync(join(root, 'packages/y/clickhouse-ssot.config.json'), '{ "factorys": [] }');
    expect(run('audit', root)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('packages/y: clickhouse-ssot.config.json') as string,
    });
  });

  it('reports accessors of the settings that do not exist', () => {
    const root = codeBase({
      'db.ts': `import { createClient } from '@clickhouse/client'; export function getClient(direct = false) { return createClient({ direct }); } export const getReader = (direct: boolean) => getClient(direct);`,
      'clickhouse-ssot.config.json': {
        factories: ['db.ts'],
        accessors: [
          { module: 'db.ts', name: 'getClient', bypass: 'direct' },
          { module: 'db.ts', name: 'getClinet' },
          { module: 'db.ts', name: 'getReader', bypass: 'bypassManager' },
        ],
      },
    });
    const { staleSettings }: { staleSettings: string[] } = JSON.parse(run('audit', root, '--format', 'json').stdout);
    expect(staleSettings).toEqual([
      expect.stringContaining('"accessors[1]": found no function "getClinet" in db.ts'),
      expect.stringContaining('"accessors[2]": getReader has no parameter or option "bypassManager"'),
    ]);
  });

  it.each([
    [
      'invalid settings',
      () => ['audit', codeBase({ 'a.ts': '', 'clickhouse-ssot.config.json': '{ "factorys": [] }' })],
      'Did you mean "factories"?',
    ],
    ['no source file', () => ['audit', codeBase({ 'a.md': '' })], 'found no source file'],
    ['no such folder', () => ['audit', '/no/such/folder'], '/no/such/folder'],
    ['no such format', () => ['audit', '.', '--format', 'jsn'], 'Did you mean "json"?'],
    [
      'a report file that cannot be written',
      () => ['audit', copyOf('incident-after'), '--output', '/no/such/folder/report.txt'],
      '/no/such/folder/report.txt',
    ],
    [
      'settings that cannot be read',
      () => ['audit', codeBase({ 'a.ts': '', 'clickhouse-ssot.config.json/a.ts': '' })],
      'clickhouse-ssot.config.json: found EISDIR',
    ],
    ['no such option', () => ['audit', '--bogus'], '--bogus'],
  ])('exits 2 on %s, with one clear message and no stack', (_, args, message) => {
    const { status, stdout, stderr } = run(...args());
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('writes the report to a file when asked to', () => {
    const output = join(codeBase({}), 'report.json');
    expect(run('audit', copyOf('incident-before'), '--format', 'json', '--output', output)).toMatchObject({ status: 1, stdout: '' });
    expect(existsSync(output) && readFileSync(output, 'utf8')).toContain('"schemaVersion": 1');
  });

  it('writes a long report to a pipe completely, sorted by position', () => {
    const { stdout } = run('audit', manyFindings(), '--format', 'json');
    const { findings }: { findings: { file: string }[] } = JSON.parse(stdout);
    const files = findings.map(({ file }) => file);
    expect(stdout.length).toBeGreaterThan(1 << 16);
    expect(files).toHaveLength(300);
    expect(files).toEqual([...files].sort());
  });

  it('writes no error if the reader of the pipe closes it early', async () => {
    const audit = spawn(process.execPath, [main, 'audit', manyFindings(), '--format', 'json']);
    audit.stdout.destroy();
    let stderr = '';
    audit.stderr.on('data', (chunk) => (stderr += String(chunk)));
    const [status] = await once(audit, 'close');
    expect({ status: status as unknown, stderr }).toEqual({ status: 1, stderr: '' });
  });
});
