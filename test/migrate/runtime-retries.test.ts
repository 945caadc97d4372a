import { beforeAll, describe, expect, it } from 'vitest';
import { codeBase } from '../project/code-base.js';
import { migrate } from './run-migrate.js';

const head = `import { client } from './clickhouse.js';\n`;
const insert = `client.insert({ table: 't', values: [{ n: 1 }], format: 'JSONEachRow' })`;

/** Code that sends a statement again after a failure, and the line where it begins. */
const retries: readonly (readonly [title: string, line: number, text: string])[] = [
  [
    'a loop that counts attempts',
    3,
    `${head}export async function run() {\n  for (let attempt = 1; ; attempt++)\n    try {\n      return await ${insert};\n    } catch (error) {\n      if (attempt === 3) throw error;\n    }\n}\n`,
  ],
  [
    'a loop until a flag is set',
    4,
    `${head}export async function run() {\n  let done = false;\n  while (!done) {\n    try {\n      await ${insert};\n      done = true;\n    } catch {\n      await new Promise((resolve) => setTimeout(resolve, 100));\n    }\n  }\n}\n`,
  ],
  [
    'a function of the project that is given the statement',
    3,
    `${head}async function withRetry<T>(run: () => Promise<T>): Promise<T> {\n  for (let left = 3; left > 0; left--) {\n    try {\n      return await run();\n    } catch (error) {\n      if (left === 1) throw error;\n    }\n  }\n  throw new Error();\n}\nexport const run = () => withRetry(() => ${insert});\n`,
  ],
  ['a library', 3, `import pRetry from 'p-retry';\n${head}export const run = () => pRetry(() => ${insert}, { retries: 3 });\n`],
  [
    'a handler that makes the same call',
    3,
    `${head}const write = () => ${insert};\nexport const run = async () => await write().catch(write);\n`,
  ],
];

/** Code that is no retry of a statement of the runtime. */
const others: readonly (readonly [title: string, text: string])[] = [
  [
    'a worker that goes on after a failure',
    `${head}export async function run() {\n  for (;;) {\n    try {\n      await ${insert};\n    } catch (error) {\n      console.error(error);\n    }\n  }\n}\n`,
  ],
  [
    'a loop over batches',
    `${head}export async function run(batches: { n: number }[][]) {\n  for (const values of batches) {\n    try {\n      await client.insert({ table: 't', values, format: 'JSONEachRow' });\n    } catch (error) {\n      throw new Error('insert', { cause: error });\n    }\n  }\n}\n`,
  ],
  [
    'a retry of another service',
    `${head}export async function run() {\n  for (let attempt = 1; ; attempt++)\n    try {\n      return await fetch('http://example.org');\n    } catch (error) {\n      if (attempt === 3) throw error;\n    }\n}\nexport const write = () => ${insert};\n`,
  ],
  [
    'a retry of a client that stays',
    `import { web } from './web.js';\nexport async function run() {\n  for (let attempt = 1; ; attempt++)\n    try {\n      return await web.query({ query: 'SELECT 1' });\n    } catch (error) {\n      if (attempt === 3) throw error;\n    }\n}\n`,
  ],
];

const all = [...retries.map(([title, , text]) => [title, text] as const), ...others];
const fileOf = (title: string) => `src/case-${all.findIndex(([other]) => other === title)}.ts`;

let stdout: string;

beforeAll(async () => {
  const root = codeBase({
    'package.json': { name: 'app', type: 'module', dependencies: { '@clickhouse/client': '^1.23.0', '@clickhouse/client-web': '^1.23.0' } },
    'tsconfig.json': { compilerOptions: { module: 'nodenext', target: 'es2022', strict: true, skipLibCheck: true }, include: ['src'] },
    'src/clickhouse.ts': `import { createClient } from '@clickhouse/client';\nexport const client = createClient({ url: 'http://ch:8123' });\n`,
    'src/web.ts': `import { createClient } from '@clickhouse/client-web';\nexport const web = createClient({ url: 'http://ch:8123' });\n`,
    ...Object.fromEntries(all.map(([title, text]) => [fileOf(title), text])),
    'src/main.ts': all.map(([title]) => `import './${fileOf(title).slice(4, -3)}.js';\n`).join(''),
  });
  await migrate(root, { to: 'runtime', write: true });
  // The list is that of a second run as well.
  ({ stdout } = await migrate(root, { to: 'runtime', write: true }));
}, 300_000);

const entryOf = (title: string) => stdout.split(/\n {2}(?=\S)/).find((text) => text.startsWith(`${fileOf(title)}:`));

describe('with --to runtime, a retry of a statement is listed with its line and the advice', () => {
  it.each(retries)('%s', (title, line) => {
    expect(entryOf(title)).toMatch(new RegExp(`^${fileOf(title)}:${line}:\\d+ a retry by`));
    expect(entryOf(title)).toContain('Remove this retry, or pass `retry: false` to `clickHouse()`.');
  });
});

describe('with --to runtime, no retry is listed for', () => {
  it.each(others)('%s', (title) => expect(entryOf(title)).toBeUndefined());
});
