import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { describe, expect, it, vi } from 'vitest';
import { callSite, describeCallSite, externalCaller, framesOf } from '../../../runtime/src/concurrency/call-site.js';
import { repository } from '../../places.js';

/** A user's program, which prints the call sites that the runtime reports. */
const program = `
import { createServer } from 'node:http';
import {
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  getClickHouseClient,
  loadClickHouseConfig,
  useClickHouseConnectionManager,
} from './runtime/src/index.js';

const server = createServer((_, response) => response.end('{"n":1}\\n')).listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const select = { query: 'SELECT 1 AS n', format: 'JSONEachRow' };
const config = loadClickHouseConfig({ url: 'http://127.0.0.1:' + server.address().port, maxConcurrentStatements: 1 }, {});

async function warmUpCache() {
  await getClickHouseClient();
}
async function readReport() {
  const service = await getClickHouseClient();
  await service.query(select);
}
async function nestQueries(service) {
  const outer = await service.query(select);
  await service.query(select).finally(() => outer.close());
}
async function openSession(manager) {
  await using session = await manager.session();
}
async function warmUp(manager) {
  await manager.warmUp();
}
async function createDirectly(factory) {
  await factory.create(config);
}
async function bypass() {
  await getClickHouseClient({ bypassManager: true });
}
const pathOf = (error) => error.path;

const factory = new ClickHouseConnectionFactory({ onCreate: warmUpCache });
useClickHouseConnectionManager(new ClickHouseConnectionManager({ config, factory }), factory);
const recursions = {
  statement: await readReport().catch(pathOf),
  session: await openSession(new ClickHouseConnectionManager({ config, factory })).catch(pathOf),
  warmUp: await warmUp(new ClickHouseConnectionManager({ config, factory })).catch(pathOf),
  factory: await createDirectly(factory).catch(pathOf),
  accessor: await bypass().catch(pathOf),
};

const leaks = [];
const manager = new ClickHouseConnectionManager({
  config,
  factory: new ClickHouseConnectionFactory(),
  detectNestedAcquires: true,
  leakDetectionThresholdMs: 1,
  onLeak: ({ acquiredAt }) => leaks.push(acquiredAt.trim().split('\\n')[0]),
});
const nested = await nestQueries(manager.service).catch((error) => error.heldBy);
await manager.close();
server.close();
console.log(JSON.stringify({ ...recursions, nested, leak: leaks[0] }));
`;

/** What esbuild needs for the CommonJS modules of the official client in an ES module. */
const requireBanner = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** Bundles the program with the runtime into one file, and runs it. */
async function runBundled(options: BuildOptions): Promise<unknown> {
  const outfile = join(mkdtempSync(join(tmpdir(), 'call-site-')), 'program.mjs');
  await build({
    stdin: { contents: program, resolveDir: repository, loader: 'ts' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    banner: { js: requireBanner },
    external: ['chdb', '@opentelemetry/api'],
    outfile,
    logLevel: 'error',
    ...options,
  });
  return JSON.parse(execFileSync(process.execPath, [outfile], { encoding: 'utf8' }));
}

describe('in a bundle with the runtime, the messages name the functions of the user', () => {
  const creationBy = (name: string): unknown =>
    expect.stringMatching(new RegExp(`^ClickHouseConnectionFactory\\.create\\(\\) for \\S+ at (?:async )?${name} \\(`));
  const hook: unknown = expect.stringMatching(/^getClickHouseClient\(\) at (?:Object\.)?warmUpCache (?:\[as onCreate\] )?\(/);

  it.each<[string, BuildOptions]>([
    ['as it is', {}],
    ['minified', { minify: true, keepNames: true }],
  ])('%s', async (_, options) => {
    expect(await runBundled(options)).toEqual({
      statement: [creationBy('readReport'), hook],
      session: [creationBy('openSession'), hook],
      warmUp: [creationBy('warmUp'), hook],
      factory: [creationBy('createDirectly'), hook],
      accessor: [creationBy('bypass'), hook],
      nested: expect.stringMatching(/^ at nestQueries \(/) as unknown,
      leak: expect.stringMatching(/^at nestQueries \(/) as unknown,
    });
  });
});

describe('the call site of an entry point', () => {
  const site = (): string => externalCaller([entryPoint, executor]);
  function entryPoint(isAsync: boolean): Promise<string> {
    return executor(isAsync);
  }
  async function executor(isAsync: boolean): Promise<string> {
    if (isAsync) await Promise.resolve();
    return site();
  }
  async function caller(isAsync: boolean): Promise<string> {
    return await entryPoint(isAsync);
  }

  it('is found before and after the first await', async () => {
    expect(await caller(false)).toMatch(/^ at caller \(.*call-site\.test\.ts:\d+:\d+\)$/);
    expect(await caller(true)).toMatch(/^ at (?:async )?caller \(.*call-site\.test\.ts:\d+:\d+\)$/);
  });

  it('is empty if the entry point is not on the stack', () => {
    expect(externalCaller([() => undefined])).toBe('');
    expect(externalCaller([])).toBe('');
  });

  it('is not a frame of the language', () => {
    const first = (): string => describeCallSite(callSite(first));
    expect([1].map(first)).toEqual([expect.stringContaining('call-site.test.ts')]);
  });

  it('is empty if the program formats stacks as something else', () => {
    vi.spyOn(Error, 'prepareStackTrace').mockImplementation((_, frames) => frames.length);
    const frames = framesOf(callSite(undefined));
    vi.restoreAllMocks();
    expect(frames).toEqual([]);
  });
});
