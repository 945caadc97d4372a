import { join } from 'node:path';
import { assert, describe, expect, it } from 'vitest';
import { rules } from '../../../rules/index.js';
import { audit } from '../../../src/audit/audit.js';
import { ProjectAnalysis } from '../../../src/engine/project-analysis.js';
import { readSettings } from '../../../src/settings/load-settings.js';
import { codeBase } from '../../project/code-base.js';

/** Returns the unread results of a code base, as `file:line`. */
function unreadIn(files: Readonly<Record<string, string | object>>): string[] {
  const outcome = audit({ root: codeBase(files), selection: { preset: 'strict', rules: ['no-undrained-result'] } });
  assert(outcome.kind === 'done');
  return outcome.result.findings.map(({ file, line }) => `${file}:${line}`);
}

const client = `import { createClient } from '@clickhouse/client';\nexport const client = createClient();\n`;
const dropped = `export const run = async () => { await client.query({ query: 'SELECT 2' }); };\n`;

describe('a file that only uses a client is judged', () => {
  it.each<[string, Readonly<Record<string, string>>]>([
    ['if it imports the client', { 'src/use.ts': `import { client } from './client';\n${dropped}` }],
    ['by another name', { 'src/use.ts': `import { client as ch } from './client';\n${dropped.replace('client', 'ch')}` }],
    ['of a namespace', { 'src/use.ts': `import * as db from './client';\n${dropped.replace('client', 'db.client')}` }],
    ['through a barrel', { 'src/index.ts': `export * from './client';\n`, 'src/use.ts': `import { client } from './index';\n${dropped}` }],
    ['by `require`', { 'src/use.js': `const { client } = require('./client');\nexports.run = async () => { await client.query({}); };\n` }],
    [
      'if it imports the type of a class that has one',
      {
        'src/store.ts': `import { client } from './client';\nexport class Store { readonly db = client; }\n`,
        'src/use.ts': `import type { Store } from './store';\nexport const run = async (store: Store) => { await store.db.query({}); };\n`,
      },
    ],
  ])('%s', (_, files) => {
    expect(unreadIn({ 'src/client.ts': client, ...files })).toEqual([expect.stringMatching(/^src\/use\.[jt]s:2$/)]);
  });

  it('if it uses the runtime alone', () => {
    const use = `import { getClickHouseClient } from '@clickhouse-ssot/runtime';\nexport const run = async () => { await (await getClickHouseClient()).query({}); };\n`;
    expect(unreadIn({ 'src/use.ts': use })).toEqual(['src/use.ts:2']);
  });

  it('not if it is a test, or imports another client', () => {
    const other = `import { client } from './postgres';\n${dropped}`;
    expect(
      unreadIn({
        'src/client.ts': client,
        'src/postgres.ts': `import { Pool } from 'pg';\nexport const client = new Pool();\n`,
        'src/other.ts': other,
        'src/use.test.ts': `import { client } from './client';\n${dropped}`,
      }),
    ).toEqual([]);
  });
});

it('an edit of a file that only uses a client changes what is found in it', () => {
  const root = codeBase({ 'src/client.ts': client, 'src/use.ts': `import { client } from './client';\n${dropped}` });
  const settings = readSettings(root);
  assert(settings.ok);
  const analysis = new ProjectAnalysis(root, settings.settings);
  const use = join(root, 'src/use.ts');
  const found = (): number => analysis.check(rules['no-undrained-result']).findings.length;
  expect(found()).toBe(1);
  analysis.open(use, `import { client } from './client';\n${dropped.replace('query', 'command')}`);
  expect(found()).toBe(0);
  analysis.open(use, `import { client } from './client';\n${dropped}`);
  expect(found()).toBe(1);
});

describe('a file that neither runs a statement nor handles an error is judged if it drops a result', () => {
  const rows = `import { client } from './client';\nexport async function rows(day: string) {\n  const result = await client.query({ query: 'SELECT 2' });\n  return result;\n}\n`;
  const store = `import type { ClickHouseClient } from '@clickhouse/client';\nexport class Store {\n  constructor(private readonly db: ClickHouseClient) {}\n  load(day: string) { return this.db.exec({ query: 'OPTIMIZE TABLE t' }); }\n}\n`;
  const stock = { 'src/client.ts': client, 'src/rows.ts': rows, 'src/store.ts': store };

  it.each<[string, Readonly<Record<string, string>>]>([
    ['of a function', { 'src/warm.ts': `import { rows } from './rows';\nexport const warm = () => { void rows('today'); };\n` }],
    [
      'of a function with another name here',
      { 'src/warm.ts': `import { rows as fetchDay } from './rows';\nexport const warm = () => { void fetchDay('today'); };\n` },
    ],
    [
      'of a method',
      {
        'src/warm.ts': `import type { Store } from './store';\nexport const warm = async (store: Store) => { await store.load('today'); };\n`,
      },
    ],
    [
      'of a function that passes a result on',
      {
        'src/days.ts': `import { rows } from './rows';\nexport const today = () => rows('today');\n`,
        'src/warm.ts': `import { today } from './days';\nexport const warm = async () => { await today(); };\n`,
      },
    ],
    [
      'through a barrel',
      {
        'src/index.ts': `export * from './rows';\n`,
        'src/warm.ts': `import { rows } from './index';\nexport const warm = async () => { await rows('today'); };\n`,
      },
    ],
  ])('%s', (_, files) => {
    expect(unreadIn({ ...stock, ...files })).toEqual(['src/warm.ts:2']);
  });

  it('not if it reads the result, or calls another function of that name', () => {
    expect(
      unreadIn({
        ...stock,
        'src/reader.ts': `import { rows } from './rows';\nexport const read = async () => (await rows('today')).json();\n`,
        'src/other.ts': `import { client } from './client';\nimport { rows } from 'tables';\nexport const draw = () => { rows('today'); return client; };\n`,
      }),
    ).toEqual([]);
  });
});
