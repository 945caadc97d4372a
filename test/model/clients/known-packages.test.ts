import { describe, expect, it } from 'vitest';
import { audit } from '../../../src/audit/audit.js';
import { clientPackages } from '../../../src/model/clients/client-packages.js';
import { codeBase } from '../../project/code-base.js';
import { constructionsOf } from '../constructions-of.js';

const useClient = `import { createClient } from '@clickhouse/client';\nexport const a = createClient();\n`;
const useOld = `const { ClickHouse } = require('clickhouse');\nmodule.exports = new ClickHouse({});\n`;
const localClass = 'exports.ClickHouse = class ClickHouse {};\n';

describe('a client package stays one, although a package.json in the repository bears its name', () => {
  it('for the sources of the official client beside an application', () => {
    expect(
      constructionsOf({
        'packages/client-node/package.json': { name: '@clickhouse/client', main: 'dist/index.js' },
        'packages/client-node/src/index.ts': 'export function createClient() { return new (class Raw { query() {} })(); }\n',
        'apps/api/package.json': { name: 'api', dependencies: { '@clickhouse/client': '^1.12.0' } },
        'apps/api/src/a.ts': useClient,
      }),
    ).toEqual(['apps/api/src/a.ts:2']);
  });

  it('for a linked copy of the official client, which talks to the server itself', () => {
    expect(
      constructionsOf({
        'package.json': { private: true, workspaces: ['packages/*', 'apps/*'] },
        'packages/client-node/package.json': { name: '@clickhouse/client', version: '1.24.0' },
        'packages/client-node/src/index.ts': 'export function createClient() { return { query() {} }; }\n',
        'packages/client-node/test/self.test.ts': useClient,
        'apps/api/package.json': { name: 'api', dependencies: { '@clickhouse/client': 'workspace:*' } },
        'apps/api/src/a.ts': useClient,
      }),
    ).toEqual(['apps/api/src/a.ts:2', 'packages/client-node/test/self.test.ts:2']);
  });

  it('for a folder with a package.json that is no workspace', () => {
    expect(
      constructionsOf({
        'infra/clickhouse/package.json': { name: 'clickhouse', private: true },
        'infra/clickhouse/index.js': localClass,
        'apps/api/package.json': { name: 'api', dependencies: { clickhouse: '^2.6.0' } },
        'apps/api/src/a.js': useOld,
        'apps/api/src/b.ts': `import CH = require('clickhouse');\nexport const b = new CH.ClickHouse({});\n`,
        'apps/api/src/c.ts': `const CH = require('clickhouse');\nexport const c = new CH({});\n`,
      }),
    ).toEqual(['apps/api/src/a.js:2', 'apps/api/src/b.ts:2', 'apps/api/src/c.ts:2']);
  });

  it.each<[string, object, object]>([
    ['its range excludes the version of the member', { clickhouse: '^2.6.0' }, { version: '0.1.0' }],
    ['its range is a tag', { clickhouse: 'latest' }, { version: '2.6.0' }],
    ['its range is a version and the member has none', { clickhouse: '^2.6.0' }, {}],
  ])('for a member of the same workspaces, if %s', (_, dependencies, member) => {
    expect(
      constructionsOf({
        'package.json': { private: true, workspaces: ['packages/*', 'apps/*'] },
        'packages/clickhouse/package.json': { name: 'clickhouse', ...member },
        'packages/clickhouse/index.js': localClass,
        'apps/api/package.json': { name: 'api', dependencies },
        'apps/api/a.js': useOld,
      }),
    ).toEqual(['apps/api/a.js:2']);
  });

  it('for one importer, while another links the package of the project', () => {
    const outcome = constructionsOf({
      'package.json': { private: true, workspaces: ['packages/*', 'apps/linked'] },
      'packages/clickhouse/package.json': { name: 'clickhouse', version: '1.0.0' },
      'packages/clickhouse/index.js': localClass,
      'apps/linked/package.json': { name: 'linked', dependencies: { clickhouse: '*' } },
      'apps/linked/a.js': useOld,
      'apps/linked/b.ts': `import { ClickHouse } from 'clickhouse';\nexport const b = new ClickHouse();\n`,
      'apps/other/package.json': { name: 'other', dependencies: { clickhouse: '^2.6.0' } },
      'apps/other/a.js': useOld,
      'apps/other/b.ts': `import { ClickHouse } from 'clickhouse';\nexport const b = new ClickHouse();\n`,
      'apps/other/c.ts': `import CH from 'clickhouse/lib/client';\nexport const c = new CH.ClickHouse();\n`,
    });
    expect(outcome).toEqual(['apps/other/a.js:2', 'apps/other/b.ts:2', 'apps/other/c.ts:2']);
  });
});

describe('a package of the project with the name of a client package is no client', () => {
  const linked: readonly (readonly [string, Readonly<Record<string, string | object>>])[] = [
    ['by workspace:', { 'apps/api/package.json': { dependencies: { clickhouse: 'workspace:^' } } }],
    ['by link:', { 'apps/api/package.json': { dependencies: { clickhouse: 'link:../../packages/clickhouse' } } }],
    ['by file:', { 'apps/api/package.json': { dependencies: { clickhouse: 'file:../../packages/clickhouse' } } }],
    ['by portal:', { 'apps/api/package.json': { devDependencies: { clickhouse: 'portal:../../packages/clickhouse' } } }],
    [
      'as a member of workspaces in package.json whose version fits the range',
      {
        'package.json': { workspaces: { packages: ['./packages/*/', 'apps/**'] } },
        'apps/api/package.json': { dependencies: { clickhouse: '^1.0.0' } },
      },
    ],
    [
      'as a member of workspaces in pnpm-workspace.yaml, by a catalog',
      {
        'pnpm-workspace.yaml': `packages:\n  - packages/*\n  - apps/*\ncatalog:\n  clickhouse: ^1.0.0\n`,
        'apps/api/package.json': { dependencies: { clickhouse: 'catalog:' } },
      },
    ],
    [
      'as a member of workspaces in lerna.json',
      { 'lerna.json': { packages: ['packages/*', 'apps/*'] }, 'apps/api/package.json': { dependencies: { clickhouse: '*' } } },
    ],
    ['by paths in tsconfig.json', { 'tsconfig.json': { compilerOptions: { paths: { clickhouse: ['./packages/clickhouse/index.ts'] } } } }],
  ];

  it.each(linked)('if the importer links it %s', (_, files) => {
    expect(
      constructionsOf({
        'package.json': { private: true },
        'packages/clickhouse/package.json': { name: 'clickhouse', version: '1.2.0' },
        'packages/clickhouse/index.ts': 'export class ClickHouse {}\n',
        'apps/api/a.ts': `import { ClickHouse } from 'clickhouse';\nexport const a = new ClickHouse();\n`,
        ...files,
      }),
    ).toEqual([]);
  });

  it('if it imports itself by its own name', () => {
    expect(
      constructionsOf({
        'package.json': { name: 'clickhouse' },
        'src/index.ts': 'export class ClickHouse {}\n',
        'example.ts': `import { ClickHouse } from 'clickhouse';\nexport const a = new ClickHouse();\n`,
      }),
    ).toEqual([]);
  });

  it('except for a member that the declaration excludes', () => {
    expect(
      constructionsOf({
        'package.json': { workspaces: ['packages/*', '!packages/clickhouse', 'apps/*'] },
        'packages/clickhouse/package.json': { name: 'clickhouse', version: '2.6.0' },
        'packages/clickhouse/index.js': localClass,
        'apps/api/package.json': { name: 'api', dependencies: { clickhouse: '^2.6.0' } },
        'apps/api/a.js': useOld,
      }),
    ).toEqual(['apps/api/a.js:2']);
  });
});

describe('a client package is known by the specifier', () => {
  it.each([
    'npm:@clickhouse/client',
    'npm:@clickhouse/client-web@1.0.1',
    'npm:/@clickhouse/client@^1/dist/index.js',
    'jsr:@clickhouse/client@1',
    'https://esm.sh/@clickhouse/client-web@1.8.0',
    'https://cdn.jsdelivr.net/npm/@clickhouse/client-web@1/+esm',
    'https://unpkg.com/@clickhouse/client-web',
    './node_modules/@clickhouse/client/dist/index.js',
  ])('%s', (specifier) => {
    expect(
      constructionsOf({
        'static.ts': `import { createClient } from '${specifier}';\nexport const a = createClient();\n`,
        'namespace.ts': `import * as ch from '${specifier}';\nexport const a = ch.createClient();\n`,
        'dynamic.ts': `export const a = async () => (await import('${specifier}')).createClient();\n`,
        'require.ts': `const { createClient } = require('${specifier}');\nexport const a = createClient();\n`,
        'require.cjs': `const ch = require('${specifier}');\nmodule.exports = ch.createClient();\n`,
      }),
    ).toEqual(['dynamic.ts:1', 'namespace.ts:2', 'require.cjs:2', 'require.ts:2', 'static.ts:2']);
  });

  const uses = (name: string) => ({
    'src/static.ts': `import { createClient } from '${name}';\nexport const a = createClient();\n`,
    'src/dynamic.ts': `export const a = async () => (await import('${name}')).createClient();\n`,
    'src/require.cjs': `const { createClient } = require('${name}');\nmodule.exports = createClient();\n`,
    'src/make.ts': `export { createClient as make } from '${name}';\n`,
    'src/use.ts': `import { make } from './make.js';\nexport const a = make();\n`,
  });
  const all = ['src/dynamic.ts:1', 'src/require.cjs:2', 'src/static.ts:2', 'src/use.ts:2'];

  it.each<[string, string, Readonly<Record<string, string | object>>]>([
    ['an npm alias in package.json', 'ch', { 'package.json': { dependencies: { ch: 'npm:@clickhouse/client@^1' } } }],
    ['a name in the field imports', '#ch', { 'package.json': { imports: { '#ch': '@clickhouse/client' } } }],
    [
      'a conditional name in the field imports',
      '#ch',
      { 'package.json': { imports: { '#ch': { node: '@clickhouse/client', default: './x.js' } } } },
    ],
    ['the imports of deno.json', 'db', { 'deno.json': { imports: { db: 'npm:@clickhouse/client-web@1' } } }],
    [
      'the imports of deno.jsonc, with a comment',
      'db',
      { 'deno.jsonc': '{ // map\n "imports": { "db": "https://esm.sh/@clickhouse/client-web@1" } }' },
    ],
    [
      'a map that deno.json names',
      'db',
      { 'deno.json': { importMap: './maps/m.json' }, 'maps/m.json': { imports: { db: 'npm:@clickhouse/client' } } },
    ],
    ['import_map.json', 'db', { 'import_map.json': { imports: { db: 'npm:@clickhouse/client' } } }],
    ['a prefix in an import map', 'ch/web', { 'deno.json': { imports: { 'ch/': 'npm:/@clickhouse/client@1/' } } }],
  ])('that is %s', (_, name, files) => {
    expect(constructionsOf({ ...uses(name), ...files })).toEqual(all);
  });

  it('in one package, while the same name means another package elsewhere', () => {
    expect(
      constructionsOf({
        'a/package.json': { name: 'a', dependencies: { ch: 'npm:@clickhouse/client@^1' } },
        'a/use.ts': `import { createClient } from 'ch';\nexport const a = createClient();\n`,
        'b/package.json': { name: 'b', dependencies: { ch: 'npm:redis@^5' } },
        'b/use.ts': `import { createClient } from 'ch';\nexport const b = createClient();\n`,
      }),
    ).toEqual(['a/use.ts:2']);
  });

  it('and other packages of the same hosts are none', () => {
    expect(
      constructionsOf({
        'a.ts': `import { createClient } from 'npm:redis@4';\nexport const a = createClient();\n`,
        'b.ts': `import { createClient } from 'https://esm.sh/@supabase/supabase-js@2';\nexport const b = createClient();\n`,
        'c.ts': `import { createClient } from './clickhouse';\nexport const c = createClient();\n`,
        'clickhouse.ts': `export const createClient = () => ({});\n`,
      }),
    ).toEqual([]);
  });
});

describe('a library that creates a client inside', () => {
  it.each<[string, string]>([
    ['a class', `import { ClickhouseDialect } from '@founderpath/kysely-clickhouse';\nexport const d = new ClickhouseDialect({});`],
    [
      'a static method',
      `import { ClickHouseModule } from '@depyronick/nestjs-clickhouse';\nexport const m = ClickHouseModule.register([{}]);`,
    ],
    ['a namespace', `import { ClickhouseClient } from '@effect/sql-clickhouse';\nexport const layer = ClickhouseClient.layer({});`],
    [
      'a module of the package',
      `import * as Client from '@effect/sql-clickhouse/ClickhouseClient';\nexport const layer = Client.layer({});`,
    ],
    [
      'a member of a namespace import',
      `import * as sql from '@effect/sql-clickhouse';\nexport const layer = sql.ClickhouseClient.layer({});`,
    ],
    [
      'a base class',
      `import { ClickhouseStore } from '@mastra/clickhouse';\nexport class Store extends ClickhouseStore { constructor() { super({ url: '' }); } }`,
    ],
    [
      'a decorator',
      `import { ClickHouseModule } from '@md03/nestjs-clickhouse';\n@Module({ imports: [ClickHouseModule.forRoot({})] })\nexport class App {}`,
    ],
    ['the package itself', `const Driver = require('@cubejs-backend/clickhouse-driver');\nmodule.exports = new Driver({});`],
    [
      'a dialect that is passed on',
      `import knex from 'knex'; import clickhouse from '@dnap/knex-clickhouse-dialect';\nexport default knex({ client: clickhouse });`,
    ],
  ])('is found by %s', (_, code) => {
    expect(constructionsOf({ [code.includes('module.exports') ? 'a.cjs' : 'a.ts']: code })).toHaveLength(1);
  });

  it('constructs nothing, if it is passed an existing client', () => {
    const code = `
      import { createQueryBuilder } from '@hypequery/clickhouse';
      import { ClickhouseStore } from '@mastra/clickhouse';
      import { client } from './client';
      const options = { client };
      export const a = createQueryBuilder({ client });
      export const b = createQueryBuilder(options);
      export const c = new ClickhouseStore({ id: 'x', ...options });
      export const d = createQueryBuilder({ url: '' });`;
    expect(constructionsOf({ 'a.ts': code, 'client.ts': useClient.replace(' a ', ' client ') })).toEqual(['a.ts:9', 'client.ts:2']);
  });

  it('is none, if only other exports are used', () => {
    const code = `import { InjectClickHouse, ClickHouseModule } from '@md03/nestjs-clickhouse';\nexport const other = [InjectClickHouse(), ClickHouseModule.name, new ClickHouseModule()];\n`;
    expect(constructionsOf({ 'a.ts': code })).toEqual([]);
  });

  it('names its member in the message', () => {
    const root = codeBase({ 'a.ts': `import { ClickHouseModule } from '@md03/nestjs-clickhouse';\nClickHouseModule.forRoot({});\n` });
    const outcome = audit({ root });
    expect(outcome.kind === 'done' && outcome.result.constructions[0]).toMatchObject({
      client: '@md03/nestjs-clickhouse',
      constructor: 'ClickHouseModule.forRoot',
    });
  });
});

describe('the table of client packages', () => {
  it('says for each package which version it was read from', () => {
    expect(clientPackages.filter(({ readFrom }) => readFrom === undefined)).toEqual([]);
  });

  it('has no package twice', () => {
    expect(new Set(clientPackages.map((entry) => entry.package)).size).toBe(clientPackages.length);
  });
});
