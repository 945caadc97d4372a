import { describe, expect, it } from 'vitest';
import { audit } from '../../src/audit/audit.js';
import { codeBase } from '../project/code-base.js';

const imported = `import { createClient } from '@clickhouse/client';\n`;

function noticesOf(files: Readonly<Record<string, string>>): readonly string[] {
  const outcome = audit({ root: codeBase(files) });
  if (outcome.kind === 'error') throw new Error(outcome.problems.join('\n'));
  return outcome.result.information;
}

describe('the audit says what it may have missed', () => {
  it('if the type of an export is too large to tell whether it gives a client', () => {
    const members = Array.from({ length: 3_100 }, (_, index) => `  m${index}: { a${index}: {} },\n`).join('');
    const notices = noticesOf({
      'a.ts': `${imported}export const table = {\n${members}  make: { create: createClient } };\n`,
      'b.ts': `import { table } from './a.js';\nexport const b = table.m1;\n`,
    });
    expect(notices).toContainEqual(expect.stringMatching(/^a\.ts exports table, whose type has too many parts/));
  });

  it('if too many files lie between files that acquire leases', () => {
    const pool = `${imported}export class Pool {\n  free = [createClient()];\n  waiting: any[] = [];\n  async acquire() { return this.free.pop() ?? new Promise<any>((done) => this.waiting.push(done)); }\n  release(lease: any) { const next = this.waiting.shift(); if (next) next(lease); else this.free.push(lease); }\n}\nexport const pool = new Pool();\n`;
    const numbers = Array.from({ length: 45 }, (_, index) => index);
    const between = numbers.map((index): [string, string] => [
      `between/f${index}.ts`,
      `import { run } from '../inner.js';\nexport const f${index} = () => run;\n`,
    ]);
    const lease = (body: string) => `  const lease = await pool.acquire();\n  ${body}\n  pool.release(lease);\n`;
    const notices = noticesOf({
      'pool.ts': pool,
      'outer.ts': `${imported}import { pool } from './pool.js';\n${numbers.map((index) => `import { f${index} } from './between/f${index}.js';\n`).join('')}export const other = createClient();\nexport async function outer() {\n${lease(numbers.map((index) => `f${index}();`).join(' '))}}\n`,
      'inner.ts': `${imported}import { pool } from './pool.js';\nexport const third = createClient();\nexport async function run() {\n${lease('')}}\n`,
      ...Object.fromEntries(between),
    });
    expect(notices).toContainEqual(expect.stringMatching(/^More than 40 files lie on import paths between files that acquire leases/));
  });

  it('if a module with a provider imports too many files', () => {
    const numbers = Array.from({ length: 13 }, (_, index) => index);
    const notices = noticesOf({
      ...Object.fromEntries(numbers.map((index): [string, string] => [`parts/p${index}.ts`, `export const p${index} = ${index};\n`])),
      'client.ts': `${imported}${numbers.map((index) => `import { p${index} } from './parts/p${index}.js';\n`).join('')}export const make = () => createClient();\n`,
    });
    expect(notices).toContainEqual(expect.stringMatching(/^Not all imports of client\.ts were analysed/));
  });

  it('if an expression that is not known tells the module of an import', () => {
    const notices = noticesOf({
      'a.ts': `${imported}export const client = createClient();\nexport const load = (id: string) =>\n  import(id);\nconst known = './b';\nexport const b = import(known);\n`,
      'b.ts': `export const b = 1;\n`,
    });
    expect(notices).toContainEqual('The specifier of an import is computed at run time, so the imported module is not known: a.ts:4.');
  });

  it.each([`import.meta.glob('./*.ts')`, `import.meta.glob<Module>(['./*.ts'], { eager: true })`, `require.context('./db', true)`])(
    'names the imports by a pattern of a bundler: %s',
    (call) => {
      const notices = noticesOf({ 'a.ts': `${imported}export const client = createClient();\nexport const all = ${call};\n` });
      expect(notices).toContainEqual('The specifier of an import is computed at run time, so the imported module is not known: a.ts:3.');
    },
  );

  it('and nothing if nothing is missed', () => {
    const notices = noticesOf({
      'a.ts': `${imported}export const client = createClient();\n`,
      'b.ts': `import { client } from './a.js';\nexport const rows = client.query({ query: 'SELECT 1' });\n`,
    });
    expect(notices.filter((notice) => /too many|More than|computed/.test(notice))).toEqual([]);
  });
});
