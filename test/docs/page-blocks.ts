import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { read } from '../../scripts/generated.js';
import { repository } from '../places.js';

/** Returns the code blocks of a page that have this tag, in their order. */
export function blocksOf(page: string, tag: string): string[] {
  return [...read(page).matchAll(new RegExp(`^\`\`\`${tag}\\n(.*?)^\`\`\``, 'gms'))].map(([, code = '']) => code);
}

/** Returns the code with the sources of the runtime in place of its package. */
export function withSources(code: string): string {
  return code.replaceAll(/'@clickhouse-ssot\/runtime(?:\/(\w+))?'/g, (_, entry: string | undefined) =>
    JSON.stringify(pathToFileURL(join(repository, 'runtime/src', `${entry ?? 'index'}.ts`)).href),
  );
}

/**
 * Runs all `ts` blocks of a page as modules of one process, in their order. Then the code `after` runs, with the modules as `blocks`.
 * Resolves with what it wrote to standard output.
 */
export async function runBlocks(
  page: string,
  { cwd, env, after }: { cwd: string; env: Record<string, string>; after: string },
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'page-'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const names = blocksOf(page, 'ts').map((code, index) => {
    writeFileSync(join(folder, `block-${index}.ts`), withSources(code));
    return `./block-${index}.ts`;
  });
  const main = `
    import { closeClickHouse } from '@clickhouse-ssot/runtime';
    const blocks: Record<string, any> = {};
    for (const name of ${JSON.stringify(names)}) Object.assign(blocks, await import(name));
    ${after}
    await closeClickHouse();`;
  writeFileSync(join(folder, 'main.ts'), withSources(main));
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(CLICKHOUSE_|VITEST|NODE_ENV)/.test(name)));
  const tsx = import.meta.resolve('tsx');
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', tsx, join(folder, 'main.ts')], {
    cwd,
    env: { ...clean, ...env },
  });
  return stdout;
}
