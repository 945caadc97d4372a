import { beforeAll, describe, expect, it } from 'vitest';
import { codeBase } from '../project/code-base.js';
import { migrate, textOf } from './run-migrate.js';

/** A function whose check of an error is another one in the runtime. `statement` runs inside of its `try`. */
const check = (statement: string, name = 'isUp') => `export async function ${name}(): Promise<boolean> {
  try {
    await ${statement};
    return true;
  } catch (error) {
    if (error instanceof Error && error.message.includes('socket hang up')) return false;
    throw error;
  }
}
`;

const query = `query({ query: 'SELECT 1' })`;
const clientType = `import type { ClickHouseClient } from '@clickhouse/client';\n`;
const imported = (name: string, module: string) => `import { ${name} } from './${module}.js';\n`;

/** A class that is given its client. */
const repository = (name: string) => `${clientType}export class ${name} {
  constructor(private readonly client: ClickHouseClient) {}
  async isUp(): Promise<boolean> {
    try {
      await this.client.${query};
      return true;
    } catch (error) {
      if (error instanceof Error && error.message.includes('socket hang up')) return false;
      throw error;
    }
  }
}
`;

const files: Readonly<Record<string, string>> = {
  'src/clickhouse.ts': `import { createClient } from '@clickhouse/client';\nexport const client = createClient({ url: 'http://ch:8123' });\n`,
  'src/web.ts': `import { createClient } from '@clickhouse/client-web';\nexport const web = createClient({ url: 'http://ch:8123' });\n`,
  'src/named.ts': `export { client as clickhouse } from './clickhouse.js';\n`,
  'src/barrel.ts': `export * from './named.js';\n`,
  // The client of the runtime.
  'src/through-modules.ts': imported('clickhouse', 'barrel') + check(`clickhouse.${query}`),
  'src/repository.ts': repository('Repository'),
  'src/field.ts':
    imported('client', 'clickhouse') +
    `export class Store {\n  #client = client;\n  isUp = async () => {\n    try {\n      await this.#client.${query};\n      return true;\n    } catch (error) {\n      if (error instanceof Error && error.message.includes('socket hang up')) return false;\n      throw error;\n    }\n  };\n}\n`,
  'src/parameter.ts': clientType + check(`client.${query}`).replace('isUp()', 'isUp(client: ClickHouseClient)'),
  'src/deps.ts': clientType + check(`deps.client.${query}`).replace('isUp()', 'isUp(deps: { client: ClickHouseClient })'),
  'src/accessor.ts':
    imported('client', 'clickhouse') + `export const getClient = async () => client;\n` + check(`(await getClient()).${query}`),
  'src/result.ts':
    imported('client', 'clickhouse') + `export const result = () => client.query({ query: 'SELECT 1', format: 'JSONEachRow' });\n`,
  'src/rows.ts':
    imported('result', 'result') +
    `import { ClickHouseError } from '@clickhouse/client';\nexport async function rows() {\n  const found = await result();\n  try {\n    return await found.json();\n  } catch (error) {\n    if (error instanceof ClickHouseError) return [];\n    throw error;\n  }\n}\n`,
  'src/memory.ts':
    imported('client', 'clickhouse') +
    `import { ClickHouseError } from '@clickhouse/client';\nexport async function rows() {\n  try {\n    const found = await client.query({ query: 'SELECT 1', format: 'JSONEachRow' });\n    return await found.json();\n  } catch (error) {\n    if (error instanceof ClickHouseError && error.code === '241') return [];\n    throw error;\n  }\n}\n`,
  // Beside a client that stays.
  'src/both.ts': imported('client', 'clickhouse') + imported('web', 'web') + check(`web.${query}`) + check(`client.${query}`, 'isOwnUp'),
  // Other clients.
  'src/check-web.ts': imported('web', 'web') + check(`web.${query}`),
  'src/web-repository.ts': repository('WebRepository').replace('@clickhouse/client', '@clickhouse/client-web'),
  'src/pool.ts':
    `import { createClient } from '@clickhouse/client';\nexport const own = createClient({ url: 'http://own:8123' });\n` +
    `declare const pool: { query(text: string): Promise<unknown> };\nexport async function isUp() {\n  try {\n    await pool.query('SELECT 1');\n  } catch (error: any) {\n    return error.code !== 'ECONNREFUSED';\n  }\n}\n`,
  'src/missing.ts':
    imported('client', 'clickhouse') +
    `import { ClickHouseError } from '@clickhouse/client';\nexport async function rows() {\n  try {\n    return await (await client.query({ query: 'SELECT 1' })).json();\n  } catch (error) {\n    if (error instanceof ClickHouseError && error.code === '60') return [];\n    throw error;\n  }\n}\n`,
  'src/main.ts': `import { Repository } from './repository.js';
import { WebRepository } from './web-repository.js';
import { client } from './clickhouse.js';
import { web } from './web.js';
import * as parameter from './parameter.js';
import * as deps from './deps.js';
import './through-modules.js';
import './field.js';
import './accessor.js';
import './rows.js';
import './memory.js';
import './both.js';
import './check-web.js';
import './pool.js';
import './missing.js';
export const repositories = [new Repository(client), new WebRepository(web)];
export const isUp = async () => (await parameter.isUp(client)) && (await deps.isUp({ client }));
`,
};

const listed = ({ stdout }: { readonly stdout: string }) =>
  [...stdout.matchAll(/^ {2}(src\/[\w-]+\.ts):(\d+):\d+ /gm)].map(([, file, line]) => `${file}:${line}`);

let root: string;
let first: Awaited<ReturnType<typeof migrate>>;

beforeAll(async () => {
  root = codeBase({
    'package.json': { name: 'app', type: 'module', dependencies: { '@clickhouse/client': '^1.23.0', '@clickhouse/client-web': '^1.23.0' } },
    'tsconfig.json': { compilerOptions: { module: 'nodenext', target: 'es2022', strict: true, skipLibCheck: true }, include: ['src'] },
    ...files,
  });
  first = await migrate(root, { to: 'runtime', write: true });
}, 300_000);

describe('migrate --to runtime follows each statement to the construction of its client', () => {
  it.each([
    ['src/through-modules.ts', 'through modules that pass the client on'],
    ['src/repository.ts', 'into the constructor of a class'],
    ['src/field.ts', 'into a field'],
    ['src/parameter.ts', 'into a parameter'],
    ['src/deps.ts', 'into a member of a parameter'],
    ['src/accessor.ts', 'out of a function'],
  ])('the check in %s is listed: the client came %s', (file) => {
    const entry = first.stdout.split(/\n {2}(?=\S)/).find((text) => text.startsWith(`${file}:`));
    expect(entry).toContain('The runtime has its own errors for this.');
  });

  it.each(['src/rows.ts', 'src/memory.ts'])('the check in %s is listed: a result that breaks off has another error', (file) => {
    const entry = first.stdout.split(/\n {2}(?=\S)/).find((text) => text.startsWith(`${file}:`));
    expect(entry).toContain('`StreamError`');
  });

  it('of two checks in one file, only that of the client which moved is listed', () => {
    expect(listed(first).filter((place) => place.startsWith('src/both.ts'))).toEqual(['src/both.ts:17']);
  });

  it.each(['src/check-web.ts', 'src/web-repository.ts', 'src/pool.ts', 'src/missing.ts'])('%s is not listed', (file) => {
    expect(listed(first).filter((place) => place.startsWith(file))).toEqual([]);
  });

  it('a check of the error of another library is not changed', () => {
    expect(textOf(root, 'src/pool.ts')).toContain(`return error.code !== 'ECONNREFUSED';`);
  });

  it('a second run lists the same places', async () => {
    const second = await migrate(root, { to: 'runtime', write: true });
    expect(second.stdout).toContain('Nothing was written');
    expect(listed(second).filter((place) => !place.startsWith('src/pool.ts'))).toEqual(listed(first));
  });
});
