import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HttpFront, httpFront } from '../../runtime/harness/http-front/front.js';
import { typeErrorsIn, writeService } from './service-folder.js';
import { statesOf } from './states.js';

const states = statesOf('docs/migrating.md').map((state) => ({ ...state, folder: writeService(state) }));
const run = promisify(execFile);

/** Runs the program in the folder, and resolves with its output. The errors of a failure contain it as well. */
async function runIn(folder: string, args: readonly string[], url: string | undefined): Promise<string> {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(CLICKHOUSE_|VITEST|NODE_ENV)/.test(name)));
  const env = { ...clean, ...(url !== undefined && { CLICKHOUSE_URL: url }) };
  const { stdout } = await run(process.execPath, ['--import', import.meta.resolve('tsx'), ...args], { cwd: folder, env });
  return stdout;
}

/** Whether a client of the state needs a server. */
function needsServer(files: ReadonlyMap<string, string>): boolean {
  return [...files.values()].some((code) => /createClient|new ClickHouse\(/.test(code));
}

let server: HttpFront;
beforeAll(async () => {
  server = await httpFront();
});
afterAll(() => server[Symbol.asyncDispose]());

describe.each(states)('$section, $step', ({ files, folder }) => {
  it('has no type error', () => {
    expect(typeErrorsIn(folder)).toEqual([]);
  });

  it(`passes the tests of the service ${needsServer(files) ? 'with a server' : 'on the embedded engine'}`, async () => {
    expect(await runIn(folder, ['main.ts'], needsServer(files) ? server.url : undefined)).toBe('passed\n');
  });

  for (const test of [...files.keys()].filter((path) => path.startsWith('test/')))
    it(`passes ${test}, without a server`, async () => {
      expect(await runIn(folder, ['--test', test], undefined)).toMatch(/pass 1\b/);
    });
});

it('the page has states to test', () => {
  expect(states.map(({ section, step }) => `${section}: ${step}`)).toHaveLength(19);
});
