import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runtimeRequirements } from '../../src/migrate/runtime/requirements.js';
import { repository } from '../places.js';
import { codeBase } from '../project/code-base.js';
import { migrate } from './run-migrate.js';

const client = `import { createClient } from '@clickhouse/client';\nexport const client = createClient({ url: 'http://ch:8123' });\n`;
/** Its check of errors needs \`isTimeout\`, but it constructs no client. */
const check = (module: string) =>
  `import { client } from '${module}';\nexport async function run() {\n  try {\n    await client.command({ query: 'SELECT 1' });\n  } catch (error: any) {\n    if (error.message !== 'Timeout error.') throw error;\n  }\n}\n`;

const manifest = (name: string, dependencies: object = {}, others: object = {}) => ({ name, type: 'module', dependencies, ...others });
const tsconfig = { compilerOptions: { module: 'nodenext', target: 'es2022', strict: true, skipLibCheck: true } };

const next = ({ stdout }: { readonly stdout: string }) => [...stdout.matchAll(/^Next: (.*)$/gm)].map(([, step]) => step);

it('the requirements of the runtime are those of its package', () => {
  const { peerDependencies, engines } = JSON.parse(readFileSync(join(repository, 'runtime/package.json'), 'utf8')) as {
    peerDependencies: Record<string, string>;
    engines: Record<string, string>;
  };
  expect(runtimeRequirements).toEqual({ client: peerDependencies['@clickhouse/client'], node: engines['node'] });
});

describe('in a workspace, migrate --to runtime', () => {
  const files = {
    'package.json': manifest('root', {}, { workspaces: ['packages/*'] }),
    'pnpm-lock.yaml': '',
    'tsconfig.json': tsconfig,
    'packages/api/package.json': manifest('api', { '@clickhouse/client': '^1.23.0' }),
    'packages/api/src/clickhouse.ts': client,
    'packages/jobs/package.json': manifest('jobs', { api: 'workspace:*' }),
    'packages/jobs/src/job.ts': check('../../api/src/clickhouse.js'),
    'packages/web/package.json': manifest('web'),
    'packages/web/src/main.ts': 'export const title = 1;\n',
  };

  it('installs the runtime in each package that imports it, and audits the folders of these packages', async () => {
    expect(next(await migrate(codeBase(files), { to: 'runtime', write: true }))).toEqual([
      '(cd packages/api && pnpm add @clickhouse-ssot/runtime @clickhouse/client@latest)',
      '(cd packages/jobs && pnpm add @clickhouse-ssot/runtime @clickhouse/client@latest)',
      'npx clickhouse-ssot audit packages/api packages/jobs',
    ]);
  });

  it('names only the package without the runtime', async () => {
    const has = manifest('api', { '@clickhouse/client': '^1.23.0', '@clickhouse-ssot/runtime': '^0.1.0' });
    expect(next(await migrate(codeBase({ ...files, 'packages/api/package.json': has }), { to: 'runtime', write: true }))).toEqual([
      '(cd packages/jobs && pnpm add @clickhouse-ssot/runtime @clickhouse/client@latest)',
      'npx clickhouse-ssot audit packages/api packages/jobs',
    ]);
  });
});

describe('migrate --to runtime says what the project has to update', () => {
  const service = (dependencies: object, others: object = {}) => ({
    'package.json': manifest('app', { '@clickhouse-ssot/runtime': '^0.1.0', ...dependencies }, others),
    'tsconfig.json': tsconfig,
    'src/clickhouse.ts': client,
  });
  const installed = (version: string) => ({
    'node_modules/@clickhouse/client/package.json': { name: '@clickhouse/client', version, types: 'index.d.ts' },
    'node_modules/@clickhouse/client/index.d.ts': 'export declare function createClient(options?: object): object;\n',
  });

  it('an installed client that is older', async () => {
    const { stdout } = await migrate(codeBase({ ...service({ '@clickhouse/client': '^1.8.0' }), ...installed('1.8.1') }), {
      to: 'runtime',
    });
    expect(stdout).toContain('Update @clickhouse/client: found 1.8.1, the runtime needs >=1.23.0. Run: npm i @clickhouse/client@latest\n');
  });

  it('a declared range without a version that fits, with the command of yarn', async () => {
    const { stdout } = await migrate(codeBase({ ...service({ '@clickhouse/client': '~1.8.0' }), 'yarn.lock': '' }), { to: 'runtime' });
    expect(stdout).toContain(
      'Update @clickhouse/client: found ~1.8.0, the runtime needs >=1.23.0. Run: yarn add @clickhouse/client@latest\n',
    );
  });

  it('Node.js in `engines`, by its oldest version', async () => {
    const { stdout } = await migrate(codeBase(service({ '@clickhouse/client': '^1.23.0' }, { engines: { node: '>=18' } })), {
      to: 'runtime',
    });
    expect(stdout).toContain(
      'Update Node.js: found >=18 in `engines` of package.json, the runtime needs ^20.19 || ^22.13 || >=24. Run one of these versions, and write it there.\n',
    );
  });

  it('nothing, if all versions fit', async () => {
    const files = { ...service({ '@clickhouse/client': '^1.8.0' }, { engines: { node: '>=24' } }), ...installed('1.23.1') };
    expect((await migrate(codeBase(files), { to: 'runtime' })).stdout).not.toContain('Update ');
  });
});
