import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { audit } from '../../src/audit/audit.js';
import { copyOf } from '../e2e/hosts.js';
import { repository } from '../places.js';
import { codeBase } from '../project/code-base.js';
import { migrate, textOf } from './run-migrate.js';

/** A factory whose loading runs nothing. */
const quiet = `import { createClient } from '@clickhouse/client';\n\nexport function getClient() {\n  return createClient({ url: process.env.CLICKHOUSE_URL });\n}\n`;
/** A factory that opens a client when it is loaded. */
const eager = `import { createClient } from '@clickhouse/client';\n\nexport const client = createClient({ url: process.env.CLICKHOUSE_URL });\n`;
const use = (name: string) => `import { ${name} } from './clickhouse.js';\nexport const used = ${name};\n`;

const service = (factory: string, job: string, name = factory === quiet ? 'getClient' : 'client') => ({
  'package.json': { name: 'app', type: 'module', dependencies: { '@clickhouse/client': '1' } },
  'tsconfig.json': { compilerOptions: { module: 'nodenext', strict: true, skipLibCheck: true }, include: ['src'] },
  'src/clickhouse.ts': factory,
  'src/users.ts': use(name),
  'src/orders.ts': use(name),
  'src/events.ts': use(name),
  'src/job.ts': job,
  'src/main.ts': `import './users.js';\nimport './orders.js';\nimport './events.js';\nimport './job.js';\n`,
});

const job = `import { createClient } from '@clickhouse/client';\nimport { join } from 'node:path';\n\n// Nightly.\nexport const rows = () => createClient({\n  url: join('http:', 'host'), // the other server\n}).query({ query: 'SELECT 1' });\n`;

function outside(root: string): number {
  const outcome = audit({ root, selection: { preset: 'recommended', rules: ['no-direct-client'] } });
  if (outcome.kind === 'error') throw new Error(outcome.problems.join('\n'));
  return outcome.result.constructions.filter(({ sanctioned }) => !sanctioned).length;
}

describe('the target', () => {
  it('is the factory of today, if loading it runs nothing', async () => {
    const root = codeBase(service(quiet, job));
    const { status } = await migrate(root, { write: true });
    expect(status).toBe(0);
    expect(textOf(root, 'src/job.ts')).toBe(
      job
        .replace("import { createClient } from '@clickhouse/client';\n", '')
        .replace("from 'node:path';\n", "from 'node:path';\nimport { createClickHouseClient } from './clickhouse.js';\n")
        .replace('=> createClient(', '=> createClickHouseClient('),
    );
    expect(textOf(root, 'src/clickhouse.ts')).toContain('export function createClickHouseClient(');
    expect(outside(root)).toBe(0);
  });

  it('is a function of the factory that passes options on already', async () => {
    const factory = `${quiet}\nexport function open(options: object) {\n  return createClient(options);\n}\n`;
    const root = codeBase(service(factory, job, 'getClient'));
    await migrate(root, { write: true });
    expect(textOf(root, 'src/clickhouse.ts')).toBe(factory);
    expect(textOf(root, 'src/job.ts')).toContain("import { open } from './clickhouse.js';");
  });

  it('is a new module beside the factory, if loading the factory opens a client', async () => {
    const root = codeBase(service(eager, job));
    const { stdout } = await migrate(root, { write: true });
    expect(stdout).toContain('src/clickhouse-factory.ts (new)');
    expect(textOf(root, 'src/clickhouse.ts')).toBe(
      `import { createClickHouseClient } from './clickhouse-factory.js';\n\nexport const client = createClickHouseClient({ url: process.env.CLICKHOUSE_URL });\n`,
    );
    expect(textOf(root, 'src/job.ts')).toContain("import { createClickHouseClient } from './clickhouse-factory.js';");
    expect(outside(root)).toBe(0);
  });

  it('is a new module, if a test mocks the factory', async () => {
    const root = codeBase({
      ...service(quiet, job),
      'test/job.test.ts': `import { vi } from 'vitest';\nvi.mock('../src/clickhouse.js', () => ({}));\n`,
    });
    await migrate(root, { write: true });
    expect(existsSync(join(root, 'src/clickhouse-factory.ts'))).toBe(true);
  });

  it('is a new module, if the factory leads back to the file', async () => {
    const factory = `import { rows } from './job.js';\n${quiet}export const count = () => rows();\n`;
    const root = codeBase(service(factory, job, 'getClient'));
    await migrate(root, { write: true });
    expect(existsSync(join(root, 'src/clickhouse-factory.ts'))).toBe(true);
    expect(outside(root)).toBe(0);
  });

  it('is the module that the user names', async () => {
    const root = codeBase(service(eager, job));
    await migrate(root, { write: true, factory: 'src/db/make.ts' });
    expect(textOf(root, 'src/job.ts')).toContain("from './db/make.js'");
    expect(outside(root)).toBe(0);
  });
});

it('a module that the user names is not replaced: what it cannot do is said', async () => {
  const root = codeBase(service(eager, job));
  const { status, stdout } = await migrate(root, { write: true, factory: 'src/clickhouse.ts' });
  expect(status).toBe(1);
  expect(stdout).toContain('src/clickhouse.ts cannot be the factory: loading clickhouse.ts runs code');
  expect(textOf(root, 'src/job.ts')).toBe(job);
  expect(existsSync(join(root, 'src/clickhouse-factory.ts'))).toBe(false);
});

describe('forms of code', () => {
  const rewritten = async (text: string, file = 'src/job.ts') => {
    const files = service(eager, text);
    const { 'src/job.ts': moved, ...others } = files;
    const root = codeBase({ ...others, [file]: moved });
    const outcome = await migrate(root, { write: true });
    return { root, text: textOf(root, file), ...outcome };
  };

  it.each([
    [
      'types beside the constructor',
      `import { type ClickHouseClient, createClient } from '@clickhouse/client';\nexport const a: ClickHouseClient = createClient();\n`,
      `import type { ClickHouseClient } from '@clickhouse/client';\nimport { createClickHouseClient } from './clickhouse-factory.js';\nexport const a: ClickHouseClient = createClickHouseClient();\n`,
    ],
    [
      'another name',
      `import { createClient as make } from "@clickhouse/client"\nexport const a = make()\n`,
      `import { createClickHouseClient } from "./clickhouse-factory.js"\nexport const a = createClickHouseClient()\n`,
    ],
    [
      'a namespace that is still used',
      `import * as ch from '@clickhouse/client';\nexport const a: ch.ClickHouseClient = ch.createClient();\n`,
      `import * as ch from '@clickhouse/client';\nimport { createClickHouseClient } from './clickhouse-factory.js';\nexport const a: ch.ClickHouseClient = createClickHouseClient();\n`,
    ],
    [
      'Windows line endings',
      `import { createClient } from '@clickhouse/client';\r\nexport const a = createClient();\r\n`,
      `import { createClickHouseClient } from './clickhouse-factory.js';\r\nexport const a = createClickHouseClient();\r\n`,
    ],
    [
      'a byte order mark and a comment at the top',
      `\uFEFF// License.\nimport { createClient } from '@clickhouse/client';\nexport const a = createClient();\n`,
      `\uFEFF// License.\nimport { createClickHouseClient } from './clickhouse-factory.js';\nexport const a = createClickHouseClient();\n`,
    ],
    [
      'a shebang',
      `#!/usr/bin/env node\nimport { createClient } from '@clickhouse/client';\nexport const a = createClient();\n`,
      `#!/usr/bin/env node\nimport { createClickHouseClient } from './clickhouse-factory.js';\nexport const a = createClickHouseClient();\n`,
    ],
    [
      'the type of the constructor',
      `import { createClient } from '@clickhouse/client';\nexport const a: ReturnType<typeof createClient> = createClient();\n`,
      `import { createClickHouseClient } from './clickhouse-factory.js';\nexport const a: ReturnType<typeof createClickHouseClient> = createClickHouseClient();\n`,
    ],
    [
      'a lazy import, which stays lazy',
      `export async function a() {\n  const { createClient } = await import('@clickhouse/client');\n  return createClient();\n}\n`,
      `export async function a() {\n  const { createClickHouseClient } = await import('./clickhouse-factory.js');\n  return createClickHouseClient();\n}\n`,
    ],
    [
      'a comment behind the last import',
      `import { createClient, type Row } from '@clickhouse/client';\nimport { used } from './users.js'; // for the side effect\nexport const a = [createClient(), used];\nexport type R = Row;\n`,
      `import type { Row } from '@clickhouse/client';\nimport { used } from './users.js'; // for the side effect\nimport { createClickHouseClient } from './clickhouse-factory.js';\nexport const a = [createClickHouseClient(), used];\nexport type R = Row;\n`,
    ],
    [
      'a name that is taken',
      `import { createClient } from '@clickhouse/client';\nconst createClickHouseClient = () => createClient();\nexport const a = createClickHouseClient();\n`,
      `import { createClickHouseClient as createClickHouseClient2 } from './clickhouse-factory.js';\nconst createClickHouseClient = () => createClickHouseClient2();\nexport const a = createClickHouseClient();\n`,
    ],
  ])('%s', async (_, before, after) => {
    const { text, root, status } = await rewritten(before);
    expect(text).toBe(after);
    expect(status).toBe(0);
    expect(outside(root)).toBe(0);
  });

  it('a constant of the file with the constructor', async () => {
    const { text, root } = await rewritten(
      `import * as ch from '@clickhouse/client';\nconst make = ch.createClient;\nexport const a = [make(), make()];\n`,
    );
    expect(text).toBe(
      `import { createClickHouseClient } from './clickhouse-factory.js';\nconst make = createClickHouseClient;\nexport const a = [make(), make()];\n`,
    );
    expect(outside(root)).toBe(0);
  });

  it('a module that passes the constructor on', async () => {
    const factory = `${eager}export { createClient } from '@clickhouse/client';\n`;
    const root = codeBase(
      service(factory, `import { createClient, client } from './clickhouse.js';\nexport const a = [client, createClient()];\n`, 'client'),
    );
    await migrate(root, { write: true });
    expect(textOf(root, 'src/job.ts')).toBe(
      `import { client, createClickHouseClient } from './clickhouse.js';\nexport const a = [client, createClickHouseClient()];\n`,
    );
    expect(outside(root)).toBe(0);
  });

  it('a module that passes the constructor on and opens a client: it is still loaded, once', async () => {
    const factory = `import { rows } from './job.js';\n${eager}export { createClient } from '@clickhouse/client';\nexport const all = () => rows;\n`;
    const text = `import { createClient } from './clickhouse.js';\nexport const rows = createClient();\n`;
    const once = codeBase(service(factory, text, 'client'));
    await migrate(once, { write: true });
    expect(textOf(once, 'src/job.ts')).toBe(
      `import './clickhouse.js';\nimport { createClickHouseClient } from './clickhouse-factory.js';\nexport const rows = createClickHouseClient();\n`,
    );
    expect(textOf(once, 'src/clickhouse.ts')).not.toContain('import { createClient }');
    const twice = codeBase(service(factory, `import { client } from './clickhouse.js';\n${text}export const used = client;\n`, 'client'));
    await migrate(twice, { write: true });
    expect(textOf(twice, 'src/job.ts')).not.toContain("import './clickhouse.js'");
  });

  it('CommonJS in JavaScript', async () => {
    const make = `const { createClient } = require('@clickhouse/client')\n\nmodule.exports = { client: createClient({ url: process.env.CLICKHOUSE_URL }) }\n`;
    const root = codeBase({
      'package.json': { name: 'app', main: 'src/main.js' },
      'src/clickhouse.js': make,
      'src/a.js': `const { client } = require('./clickhouse')\nexports.a = client\n`,
      'src/b.js': `const { client } = require('./clickhouse')\nexports.b = client\n`,
      'src/c.js': `const { client } = require('./clickhouse')\nexports.c = client\n`,
      'src/job.js': make,
      'src/main.js': `require('./a')\nrequire('./b')\nrequire('./c')\nrequire('./job')\n`,
    });
    const { status, stdout } = await migrate(root, { write: true });
    expect({ status, stdout }).toMatchObject({ status: 0 });
    expect(textOf(root, 'src/job.js')).toContain("const { createClickHouseClient } = require('./clickhouse-factory");
    expect(textOf(root, 'src/clickhouse-factory.js')).toContain('module.exports = { createClickHouseClient }');
    expect(outside(root)).toBe(0);
  });
});

describe('what is left', () => {
  it('has its place and its reason, and the exit code is 1', async () => {
    const text = `import * as ch from '@clickhouse/client';\nconst providers = [ch.createClient];\nexport const a = providers.map((make) => make());\n`;
    const root = codeBase(service(eager, text));
    const { status, stdout } = await migrate(root, { write: true });
    expect(status).toBe(1);
    expect(stdout).toMatch(/src\/job\.ts:3:\d+ `createClient` of "@clickhouse\/client"/);
    expect(stdout).toContain('is a value that the code passes around');
    expect(textOf(root, 'src/job.ts')).toBe(text);
  });

  it('names the error of the compiler, if an edit would add one', async () => {
    const text = `import { createClient } from '@clickhouse/client';\nexport const a = createClient({ url: 'x' });\n`;
    const factory =
      `${quiet}\nexport function open(options: { readonly port: number }) {\n  return createClient(options as object);\n}\n`.replace(
        'options as object',
        'options',
      );
    const root = codeBase(service(factory, text, 'getClient'));
    const { status, stdout } = await migrate(root, { write: true });
    expect(status).toBe(1);
    expect(stdout).toContain('The edit would add a type error: TS2353');
    expect(textOf(root, 'src/job.ts')).toBe(text);
  });

  const typed = `import { createClient, type ClickHouseClient } from '@clickhouse/client';\nexport const client: ClickHouseClient = createClient({ url: 'x' });\n`;

  it.each<[string, Readonly<Record<string, string | object>>, string]>([
    ['npm', {}, 'npm i'],
    ['a lockfile of pnpm', { 'pnpm-lock.yaml': '' }, 'pnpm i'],
  ])('says that dependencies are not installed, and what to run, with %s', async (_, lockfile, command) => {
    const root = codeBase({ ...service(typed, typed, 'client'), ...lockfile });
    const { status, stdout } = await migrate(root, { write: true });
    expect(status).toBe(1);
    expect(stdout).toContain('The types cannot be checked: @clickhouse/client is not installed.');
    expect(stdout).toContain('Dependencies are not installed: @clickhouse/client.');
    expect(stdout).toContain(`\n  ${command}\nNothing was written: install the dependencies first.\n`);
    expect(stdout).not.toMatch(/TS2307|change of behaviour/);
    expect(textOf(root, 'src/job.ts')).toBe(typed);
  });

  it('moves the same constructions once the dependencies are installed', async () => {
    const root = codeBase(service(typed, typed, 'client'));
    symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
    const { status, stdout } = await migrate(root, { write: true });
    expect(stdout).not.toContain('not installed');
    expect(status).toBe(0);
    expect(textOf(root, 'src/job.ts')).toContain('createClickHouseClient(');
  });

  it('names the folder of the package whose dependencies are not installed', async () => {
    const files = Object.entries(service(typed, typed, 'client')).map(([file, content]) => [`apps/api/${file}`, content] as const);
    const root = codeBase({ 'package.json': {}, ...Object.fromEntries(files) });
    expect((await migrate(root)).stdout).toContain('\n  (cd apps/api && npm i)\n');
  });
});

describe('writing', () => {
  const git = (root: string, ...args: readonly string[]) =>
    execFileSync('git', ['-C', root, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args]);

  it('is not done by default: the diff and the next command are shown', async () => {
    const root = codeBase(service(eager, job));
    const { status, stdout } = await migrate(root);
    expect(status).toBe(0);
    expect(stdout).toContain('+export const client = createClickHouseClient(');
    expect(stdout).toContain('Nothing was written. To write these changes: npx clickhouse-ssot migrate');
    expect(textOf(root, 'src/job.ts')).toBe(job);
  });

  it('changes nothing in a second run', async () => {
    const root = codeBase(service(eager, job));
    await migrate(root, { write: true });
    const files = readdirSync(join(root, 'src')).map((file) => textOf(root, `src/${file}`));
    expect((await migrate(root, { write: true })).stdout).toContain('nothing to do');
    expect(readdirSync(join(root, 'src')).map((file) => textOf(root, `src/${file}`))).toEqual(files);
  });

  it('refuses files with uncommitted changes, unless --force is given', async () => {
    const root = codeBase(service(eager, job));
    git(root, 'init', '-q');
    git(root, 'add', '-A');
    git(root, 'commit', '-qm', 'all');
    writeFileSync(join(root, 'src/job.ts'), `${job}// mine\n`);
    const refused = await migrate(root, { write: true });
    expect(refused).toMatchObject({ status: 2 });
    expect(refused.stderr).toContain('Uncommitted changes in: src/job.ts');
    expect(textOf(root, 'src/job.ts')).toBe(`${job}// mine\n`);
    expect(await migrate(root, { write: true, force: true })).toMatchObject({ status: 0 });
    expect(textOf(root, 'src/job.ts')).toContain('// mine');
  });

  it('declares the factories, if the code alone does not show them', async () => {
    const two = `import { createClient } from '@clickhouse/client';\nawait createClient().ping();\n`;
    const root = codeBase({
      ...service(eager, 'export const none = 1;\n'),
      'scripts/load/package.json': { name: 'load', private: true },
      'scripts/load/one.ts': two,
      'scripts/load/two.ts': two,
    });
    await migrate(root, { write: true });
    expect(JSON.parse(textOf(root, 'clickhouse-ssot.config.json'))).toEqual({
      factories: ['scripts/load/clickhouse-factory.ts', 'src/clickhouse.ts'],
    });
    expect(outside(root)).toBe(0);
  });
});

it('moves the clients of the service of the incident', async () => {
  const root = copyOf('incident-before');
  expect(await migrate(root, { write: true })).toMatchObject({ status: 0 });
  expect(outside(root)).toBe(0);
  expect((await migrate(root, { write: true })).stdout).toContain('nothing to do');
});
