import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixture, repository } from '../places.js';

const main = join(repository, 'dist/src/cli/main.js');
const printer = `data:text/javascript,import m from 'node:module';process.on('exit',()=>console.error('code: '+(m.getCompileCacheDir?.()??'none')))`;

function copyOfFixture(): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'clickhouse-ssot-code-')));
  cpSync(fixture('recursion/missed-one'), root, { recursive: true });
  writeFileSync(join(root, 'package.json'), '{}');
  return root;
}

/** Audits the code base and returns the folder of the code cache that the process used. */
function codeFolderOf(root: string, args: readonly string[] = [], variables: Readonly<Record<string, string>> = {}): string | undefined {
  const deciding = ['NODE_COMPILE_CACHE', 'NODE_DISABLE_COMPILE_CACHE', 'CLICKHOUSE_SSOT_CACHE'];
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !deciding.includes(name)));
  const run = spawnSync(process.execPath, ['--import', printer, main, 'audit', root, ...args], {
    encoding: 'utf8',
    env: { ...env, ...variables },
  });
  return /^code: (.*)$/m.exec(run.stderr)?.[1];
}

const hasCodeCache = typeof Reflect.get(nodeModule, 'enableCompileCache') === 'function';

describe.runIf(hasCodeCache)('the compiled code of an audit', () => {
  it('is kept beside the answers, and used when no answer holds', () => {
    const root = copyOfFixture();
    const folder = join(root, 'node_modules/.cache/clickhouse-ssot');
    expect(codeFolderOf(root)).toContain(join(folder, 'code'));
    const compiled = readdirSync(join(folder, 'code'), { recursive: true });
    expect(compiled.length).toBeGreaterThan(1);
    for (const file of readdirSync(folder)) if (file !== 'code') rmSync(join(folder, file));
    expect(codeFolderOf(root)).toContain(join(folder, 'code'));
    expect(readdirSync(join(folder, 'code'), { recursive: true }).sort()).toEqual(compiled.sort());
  });

  it.each([
    ['--no-cache', ['--no-cache'], {}],
    ['CLICKHOUSE_SSOT_CACHE', [], { CLICKHOUSE_SSOT_CACHE: 'off' }],
    ['NODE_DISABLE_COMPILE_CACHE', [], { NODE_DISABLE_COMPILE_CACHE: '1' }],
  ] as const)('is not kept if %s turns it off', (_, args, variables) => {
    expect(codeFolderOf(copyOfFixture(), args, variables)).toBe('none');
  });

  it('is kept where NODE_COMPILE_CACHE says', () => {
    const root = copyOfFixture();
    const own = join(root, 'own');
    expect(codeFolderOf(root, [], { NODE_COMPILE_CACHE: own })).toContain(own);
    expect(existsSync(join(root, 'node_modules/.cache/clickhouse-ssot/code'))).toBe(false);
  });
});
