import { execFile } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { repository } from '../places.js';
import { codeBase } from '../project/code-base.js';
import { type HttpFront, httpFront } from '../runtime/harness/http-front/front.js';
import { officialService } from './official-service.js';
import { migrate, textOf } from './run-migrate.js';

/** The tests start several programs, and a busy machine takes minutes for them. */
const timeout = 600_000;

let front: HttpFront;
let root: string;
let before: Awaited<ReturnType<typeof run>>;
let migrated: Awaited<ReturnType<typeof migrate>>;

beforeAll(async () => {
  front = await httpFront({ users: [{ name: 'customer', password: 'secret' }] });
  root = codeBase(officialService);
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
  before = await ownTests();
  migrated = await migrate(root, { to: 'runtime', write: true });
}, timeout);

afterAll(async () => {
  await front[Symbol.asyncDispose]();
});

/** Runs a program of Node.js in the service. Resolves with its exit code and its output. */
function run(args: readonly string[], url: string | undefined) {
  const env = { ...process.env, NODE_ENV: 'test', CLICKHOUSE_URL: url };
  return new Promise<{ code: number; output: string }>((done) => {
    const child = execFile(process.execPath, args, { cwd: root, env }, (_, stdout, stderr) =>
      done({ code: child.exitCode ?? 1, output: stdout + stderr }),
    );
  });
}

function ownTests() {
  return run([join(repository, 'node_modules/vitest/vitest.mjs'), 'run', '--root', root], front.url);
}

it(
  'passes its own tests before and after, on the engine',
  async () => {
    expect(before).toMatchObject({ code: 0 });
    expect(await ownTests()).toMatchObject({ code: 0 });
  },
  timeout,
);

it('is migrated as a whole, without a type error under the types of the runtime', () => {
  expect(migrated).toMatchObject({ status: 0, stderr: '' });
  expect(migrated.stdout).toContain(
    'Constructions without the runtime: 5 before, 0 after. Type errors in 9 checked files: 0 before, 0 after.',
  );
});

it(
  'is not changed by a second run',
  async () => {
    expect((await migrate(root, { to: 'runtime', write: true })).stdout).toContain('nothing to do');
  },
  timeout,
);

it(
  'runs on the embedded engine inside of the process, where a client has its options from the environment',
  async () => {
    expect(textOf(root, 'src/clickhouse.ts')).toContain('= clickHouse();');
    writeFileSync(
      join(root, 'embedded.ts'),
      `import { addVisits, createVisits, rowsOf } from './src/visits.js';\nawait createVisits();\nawait addVisits([1]);\nconsole.log(await rowsOf('visits'), await rowsOf('nothing'));\n`,
    );
    const { code, output } = await run(['--import', 'tsx', 'embedded.ts'], undefined);
    expect(output).toContain('[ { id: 1 } ] undefined');
    expect(code).toBe(0);
  },
  timeout,
);
