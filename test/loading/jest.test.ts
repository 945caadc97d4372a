import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { repository } from '../places.js';
import { serviceWith } from './app.js';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

/** Runs Jest in a folder and returns its result. All test files run in one process, one after the other. */
function runJest(files: Readonly<Record<string, string>>, packages: readonly string[]): unknown {
  const folder = serviceWith(files, packages);
  folders.push(folder);
  const script = join(repository, 'node_modules/jest/bin/jest.js');
  const { stdout, stderr } = spawnSync(process.execPath, [script, '--runInBand', '--json', '--no-cache'], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (!stdout.startsWith('{')) return stderr;
  const { numPassedTests, testResults }: { numPassedTests: number; testResults: readonly { readonly message: string }[] } =
    JSON.parse(stdout);
  return {
    numPassedTests,
    messages: testResults.map(({ message }) => message),
    warnings: stderr.match(/^.*Warning: (?!The event loop).*$/gm) ?? [],
  };
}

/** A test file of a user. Errors of Node.js are of another realm there, and each file has its own copies of all modules. */
const tests = (load: (names: string, entryPoint: string) => string) => `
${load('closeClickHouse, ClickHouseConnectionFactory, ClickHouseConnectionManager, ConnectError, getClickHouseClient, isAborted, loadClickHouseConfig', '@clickhouse-ssot/runtime')}
${load('embeddedConnection', '@clickhouse-ssot/runtime/embedded')}
${load('logTo', '@clickhouse-ssot/runtime/logging')}
${load('instrument', '@clickhouse-ssot/runtime/otel')}
${load('collectClickHouseMetrics', '@clickhouse-ssot/runtime/prometheus')}
${load('fileSecret', '@clickhouse-ssot/runtime/secrets')}
${load('createTestService', '@clickhouse-ssot/runtime/testing')}
${load('createServer', 'node:http')}

const select = { query: 'SELECT 1 AS n', format: 'JSONEachRow' as const };
const managerOf = (url: string) =>
  new ClickHouseConnectionManager({
    config: loadClickHouseConfig({ url }, {}),
    factory: new ClickHouseConnectionFactory(),
    retry: { maxAttempts: 1 },
  });
afterAll(() => closeClickHouse());

it('reads the rows of the double', async () => {
  const service = createTestService([{ when: 'SELECT', rows: [{ n: 1 }] }]);
  expect(await (await service.query(select)).json()).toEqual([{ n: 1 }]);
});

it('has all entry points', () => {
  for (const name of [embeddedConnection, logTo, instrument, collectClickHouseMetrics, fileSecret]) expect(typeof name).toBe('function');
});

it('classifies errors of Node.js', async () => {
  const manager = managerOf('http://127.0.0.1:1');
  const error = await manager.service.query(select).catch((failure: unknown) => failure);
  expect(error).toBeInstanceOf(ConnectError);
  expect(error).toMatchObject({ systemCode: 'ECONNREFUSED' });
  expect(() => loadClickHouseConfig({ url: 'https://127.0.0.1:1', caFile: '/missing' }, {})).toThrow('ENOENT');
  await manager.close();
});

it('aborts, and sees the status of an error response', async () => {
  const server = createServer((request, response) => {
    if (!String(request.url).includes('INSERT')) return;
    request.resume();
    response.writeHead(503, { 'retry-after': '7' });
    response.end('busy');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const manager = managerOf('http://127.0.0.1:' + (server.address() as { port: number }).port);
  const aborted = await manager.service.query({ ...select, abort_signal: AbortSignal.timeout(20) }).catch((failure: unknown) => failure);
  expect(isAborted(aborted)).toBe(true);
  const refused = manager.service.insert({ table: 't', values: [{ n: 1 }], format: 'JSONEachRow' });
  await expect(refused).rejects.toMatchObject({ httpStatus: 503, retryAfterMs: 7000 });
  await manager.close();
  server.closeAllConnections();
  server.close();
});

it('names the caller of a recursion', async () => {
  const config = loadClickHouseConfig({ url: 'http://127.0.0.1:1' }, {});
  const factory: ClickHouseConnectionFactory = new ClickHouseConnectionFactory({
    onCreate: async () => void (await factory.create(config)),
  });
  await expect(factory.create(config)).rejects.toMatchObject({ path: { length: 2, 1: expect.stringMatching(/\\.(?:test|spec)\\.[jt]s/) } });
});

it('runs the embedded engine', async () => {
  const service = await getClickHouseClient();
  expect(await (await service.query(select)).json()).toEqual([{ n: 1 }]);
  await expect(service.query({ query: 'SELECT * FROM missing' })).rejects.toMatchObject({ clickhouseCode: 60 });
});
`;

const numberOfTests = 6;
const passed = { numPassedTests: 2 * numberOfTests, messages: ['', ''], warnings: [] };

it('Jest runs test files in its default mode, without settings', () => {
  const require = (names: string, entryPoint: string) => `const { ${names} } = require('${entryPoint}');`;
  const file = tests(require)
    .replaceAll(' as const', '')
    .replaceAll(/: (?:string|unknown|ClickHouseConnectionFactory)\b(?= ?[=)])/g, '')
    .replaceAll(/<void>| as \{ port: number \}/g, '');
  expect(runJest({ 'a.test.js': file, 'b.test.js': file }, ['chdb'])).toEqual(passed);
});

it('Jest runs test files with the configuration of the NestJS starter', () => {
  const load = (names: string, entryPoint: string) => `import { ${names} } from '${entryPoint}';`;
  const file = tests(load);
  const jest = {
    moduleFileExtensions: ['js', 'json', 'ts'],
    rootDir: 'src',
    testRegex: '.*\\.spec\\.ts$',
    transform: { '^.+\\.(t|j)s$': 'ts-jest' },
    testEnvironment: 'node',
  };
  const compilerOptions = {
    module: 'commonjs',
    moduleResolution: 'node10',
    ignoreDeprecations: '6.0',
    esModuleInterop: true,
    strict: true,
    target: 'ES2022',
    types: ['jest', 'node'],
    skipLibCheck: true,
  };
  const files = {
    'package.json': JSON.stringify({ private: true, jest }),
    'tsconfig.json': JSON.stringify({ compilerOptions }),
    'src/a.spec.ts': file,
    'src/b.spec.ts': file,
  };
  const packages = ['chdb', 'ts-jest', 'typescript', '@types/jest'];
  expect(runJest(files, packages)).toEqual(passed);
});
