import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { repository } from '../places.js';
import { serviceWith } from './app.js';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

/** The words of one test runner. */
interface Runner {
  /** Loads names from a module. */
  readonly load: (names: string, from: string) => string;
  /** Loads the names `before`, `after`, `test` of the runner. */
  readonly prelude: string;
  /** Ending of the names of files. */
  readonly extension: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly packages?: readonly string[];
  readonly command: readonly string[];
}

const importing = (names: string, from: string) => `import { ${names} } from '${from}';`;
const requiring = (names: string, from: string) => `const { ${names} } = require('${from}');`;
const bin = (path: string) => join(repository, 'node_modules', path);
const jestNames = 'const [before, after] = [beforeAll, afterAll];';

const runners: Readonly<Record<string, Runner>> = {
  vitest: {
    load: importing,
    prelude: "import { beforeAll as before, afterAll as after, test } from 'vitest';",
    extension: 'mjs',
    packages: ['vitest'],
    command: [bin('vitest/vitest.mjs'), 'run', '--reporter=tap-flat'],
  },
  'jest, CommonJS': {
    load: requiring,
    prelude: jestNames,
    extension: 'js',
    command: [bin('jest/bin/jest.js'), '--runInBand', '--verbose'],
  },
  'jest, ES modules': {
    load: importing,
    prelude: jestNames,
    extension: 'mjs',
    files: {
      'package.json': JSON.stringify({
        private: true,
        jest: { transform: {}, testMatch: ['**/*.test.mjs'], moduleFileExtensions: ['mjs', 'js'] },
      }),
    },
    command: ['--experimental-vm-modules', '--no-warnings', bin('jest/bin/jest.js'), '--runInBand', '--verbose'],
  },
  'node:test': {
    load: importing,
    prelude: "import { before, after, test } from 'node:test';",
    extension: 'mjs',
    command: ['--test', '--test-reporter=tap'],
  },
};

const schema = `
  CREATE TABLE events (id UInt32, name String) ENGINE = MergeTree ORDER BY id;
  INSERT INTO events VALUES (1, 'a;b');
`;

/** A module of the service under test. */
const codeUnderTest = ({ load, extension }: Runner) => `
${load('clickHouse', '@clickhouse-ssot/runtime')}
const clickhouse = clickHouse();
const addEvent = (event) => clickhouse.insert({ table: 'events', values: [event], format: 'JSONEachRow' });
const countEvents = async () => {
  const result = await clickhouse.query({ query: 'SELECT toUInt32(count()) AS n FROM events', format: 'JSONEachRow' });
  return (await result.json())[0].n;
};
${extension === 'js' ? 'module.exports =' : 'export'} { addEvent, countEvents };
`;

/** A test file. The last test fails, for the message. */
const testFile = (runner: Runner) => `
${runner.prelude}
${runner.load('deepStrictEqual', 'node:assert')}
${runner.load('assertInserted, createTestDatabase, createTestService', '@clickhouse-ssot/runtime/testing')}
${runner.load('addEvent, countEvents', `./events.${runner.extension}`)}

let database;
before(async () => {
  database = await createTestDatabase({ fixtures: ['schema.sql'], asDefault: true });
});
after(() => database.drop());

test('counts the events of the fixture', async () => {
  deepStrictEqual(await countEvents(), 1);
});

test('adds an event', async () => {
  await addEvent({ id: 2, name: 'c' });
  deepStrictEqual(await countEvents(), 2);
});

test('inserts into the double', async () => {
  const double = createTestService();
  await double.insert({ table: 'events', values: [{ id: 1 }], format: 'JSONEachRow' });
  assertInserted(double, 'events', [{ id: 1 }]);
});

test('fails', async () => {
  const double = createTestService();
  await double.insert({ table: 'events', values: [{ id: 1 }], format: 'JSONEachRow' });
  assertInserted(double, 'events', [{ id: 7 }]);
});
`;

/** Runs two files with the runner. Returns what it wrote, without colours. */
function run(runner: Runner): string {
  const file = testFile(runner);
  const folder = serviceWith(
    {
      'schema.sql': schema,
      [`events.${runner.extension}`]: codeUnderTest(runner),
      [`a.test.${runner.extension}`]: file,
      [`b.test.${runner.extension}`]: file,
      ...runner.files,
    },
    ['chdb', ...(runner.packages ?? [])],
  );
  folders.push(folder);
  const env = Object.entries(process.env).filter(([name]) => name !== 'NODE_TEST_CONTEXT' && name !== 'VITEST');
  const { stdout, stderr } = spawnSync(process.execPath, runner.command, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...Object.fromEntries(env), NODE_ENV: 'test', NO_COLOR: '1' },
  });
  return `${stdout}\n${stderr}`;
}

const passed: Readonly<Record<string, RegExp>> = {
  vitest: /^ok \d/gm,
  'jest, CommonJS': /^\s+✓ /gm,
  'jest, ES modules': /^\s+✓ /gm,
  'node:test': /^\s*ok \d+ - (?!.*\.mjs)/gm,
};

describe.each(Object.entries(runners))('%s', (name, runner) => {
  it('gives each test file a database of its own, and shows why an assertion on the double fails', () => {
    const output = run(runner);
    expect(output.match(passed[name] ?? /$^/g) ?? [], output).toHaveLength(2 * 3);
    expect(output).toContain('Expected other rows in events: row 1 is { id: 1 }, expected { id: 7 }.');
    expect(output).toContain('insert: INSERT INTO events');
  });
});
