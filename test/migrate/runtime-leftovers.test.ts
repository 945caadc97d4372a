import { symlinkSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { repository } from '../places.js';
import { codeBase } from '../project/code-base.js';
import { migrate, textOf } from './run-migrate.js';

const check = (module: string, client: string) => `import { ${client} } from './${module}.js';
export async function isUp(): Promise<boolean> {
  try {
    await ${client}.query({ query: 'SELECT 1' });
    return true;
  } catch (error) {
    if (error instanceof Error && error.message.includes('socket hang up')) return false;
    throw error;
  }
}
`;

let root: string;
let first: Awaited<ReturnType<typeof migrate>>;

/** A project that has the official client, and not the runtime. */
beforeAll(async () => {
  root = codeBase({
    'package.json': { name: 'app', type: 'module', dependencies: { '@clickhouse/client': '^1.23.0', '@clickhouse/client-web': '^1.23.0' } },
    'tsconfig.json': { compilerOptions: { module: 'nodenext', target: 'es2022', strict: true, skipLibCheck: true }, include: ['src'] },
    'src/clickhouse.ts': `import { createClient } from '@clickhouse/client';\nexport const client = createClient({ url: 'http://ch:8123' });\n`,
    'src/web.ts': `import { createClient } from '@clickhouse/client-web';\nexport const web = createClient({ url: 'http://ch:8123' });\n`,
    'src/names.ts': `import { client } from './clickhouse.js';
export async function names(): Promise<readonly string[]> {
  const result = await client.query({ query: 'SELECT name FROM t', format: 'JSONEachRow' });
  return (await result.json<{ name: string }>()).map((table) => table.name);
}
`,
    'src/check.ts': check('clickhouse', 'client'),
    'src/check-web.ts': check('web', 'web'),
  });
  mkdirSync(join(root, 'node_modules'));
  symlinkSync(join(repository, 'node_modules/@clickhouse'), join(root, 'node_modules/@clickhouse'));
  first = await migrate(root, { to: 'runtime', write: true });
}, 300_000);

const leftIn = ({ stdout }: { readonly stdout: string }) => [...stdout.matchAll(/^ {2}(src\/[\w-]+\.ts):/gm)].map(([, file]) => file);

it('without the runtime, the types of results are those of the official client', () => {
  expect(first.stdout).toContain('0 before, 0 after.');
  expect(textOf(root, 'src/clickhouse.ts')).toContain(`clickHouse({ url: 'http://ch:8123', env: false })`);
});

it('a check of errors is left where the runtime makes the client, and not where the official client stays', () => {
  expect(leftIn(first)).toEqual(['src/check.ts', 'src/web.ts']);
});

it('a second run lists the same places, with the same exit code', async () => {
  const second = await migrate(root, { to: 'runtime', write: true });
  expect(leftIn(second)).toEqual(leftIn(first));
  expect(second.status).toBe(first.status);
});
