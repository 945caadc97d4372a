import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url));

function node(args: readonly string[], variables: NodeJS.ProcessEnv = {}) {
  const own = Object.entries(process.env).filter(([name]) => !/CLICKHOUSE|^(?:NODE_ENV|APP_ENV|ENVIRONMENT|K_SERVICE)$/.test(name));
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: fixtures,
    encoding: 'utf8',
    env: { ...Object.fromEntries(own), ...variables },
  });
  return { status, stdout, stderr };
}

const run = (program: string, variables?: NodeJS.ProcessEnv) => node(['--import', import.meta.resolve('tsx'), program], variables);

describe('the code base before', () => {
  it('overflows the stack between the getter and the manager', () => {
    const { status, stderr } = run('incident-before/backend/src/main.ts');

    expect(stderr).toContain('ClickHouse query failed: RangeError: Maximum call stack size exceeded');
    expect(stderr).toMatch(/getClickHouseClient \(backend\/src\/db\/clickhouse\.ts:\d+:\d+\)/);
    expect(stderr).toMatch(/ClickHouseConnectionManager\.openConnection \(backend\/src\/core\/clickhouse-connection-manager\.ts:\d+:\d+\)/);
    expect(status).toBe(1);
  });
});

describe('the code base after', () => {
  it('creates a table, fills it and reads it on the embedded engine, through one client', () => {
    const { status, stdout } = run('incident-after/backend/src/main.ts');

    expect(stdout).toMatch(/'acme' +│ 2 /);
    expect(stdout).toMatch(/'login' +│ 2 /);
    expect(stdout).toMatch(/engine +\d+\.\d+/);
    expect(stdout).toMatch(/inUse: 0,[^]*created: 1\b/);
    expect(status).toBe(0);
  });

  it('reports in production which setting is missing, instead of starting without a server', () => {
    const { status, stderr } = run('incident-after/backend/src/main.ts', { NODE_ENV: 'production' });

    expect(stderr).toContain('CLICKHOUSE_URL');
    expect(status).not.toBe(0);
  });

  it('passes its own tests on the test double', () => {
    const { status, stdout } = node([
      '--import',
      import.meta.resolve('tsx'),
      '--test',
      '--test-reporter=tap',
      'incident-after/backend/test/usage-report.test.ts',
    ]);

    expect(stdout).toContain('# pass 2');
    expect(status).toBe(0);
  });
});

describe('each code base is strict TypeScript', () => {
  const small = readdirSync(`${fixtures}recursion`).map((name) => `recursion/${name}`);

  it.each(['incident-before', 'incident-after', 'construction-forms', 'negative-control', ...small])('%s', (folder) => {
    expect(problemsOf(folder)).toEqual([]);
  });
});

/** Returns what `tsc --noEmit -p` prints. */
function problemsOf(folder: string): string[] {
  const host: ts.ParseConfigFileHost = {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic({ messageText }) {
      throw new Error(ts.flattenDiagnosticMessageText(messageText, '\n'));
    },
  };
  const project = ts.getParsedCommandLineOfConfigFile(`${fixtures}${folder}/tsconfig.json`, {}, host);
  if (!project || project.fileNames.length === 0) return [`${folder} has no source files`];
  const program = ts.createProgram({
    rootNames: project.fileNames,
    options: project.options,
    configFileParsingDiagnostics: project.errors,
  });
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ file, messageText }) => `${file?.fileName ?? folder}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
}
