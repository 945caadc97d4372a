import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { repository } from '../../places.js';
import { withSources } from '../page-blocks.js';
import type { Surroundings } from './surroundings.js';

/** Addresses that stand for those of a deployment. */
export interface Places {
  readonly serverUrl: string;
  readonly port: number;
}

const compilerOptions: ts.CompilerOptions = {
  module: ts.ModuleKind.ES2022,
  target: ts.ScriptTarget.ES2022,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
};

/**
 * Runs a block as an ES module of a new process, in a new folder. Before it, the module `before` runs; `after` is the end of the block.
 * The names `runtime`, `show`, `rowsOf`, `sleep` and `serverUrl` are global. So is `fetchHere`, which requests a path of the block's server.
 * @returns what the process wrote, without the lines of the log. Fails if the exit code is not 0.
 */
export async function runBlock(code: string, surroundings: Surroundings, { serverUrl, port }: Places): Promise<string> {
  const { before = '', after = '', files = {}, env = {}, replace = {} } = surroundings;
  const folder = mkdtempSync(join(tmpdir(), 'block-'));
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
  const main = `
    import { setTimeout as sleep } from 'node:timers/promises';
    import * as runtime from '@clickhouse-ssot/runtime';
    const rowsOf = async (service, query) => (await service.query({ query, format: 'JSONEachRow' })).json();
    const show = (value) => console.log(JSON.stringify(value));
    // A server may listen a moment later.
    const fetchHere = (path) => fetch('http://127.0.0.1:${port}' + path).catch(() => sleep(20).then(() => fetchHere(path)));
    Object.assign(globalThis, { runtime, rowsOf, show, sleep, fetchHere, serverUrl: '${serverUrl}' });
    await import('./before.js');
    await import('./block.js');
    await runtime.closeClickHouse();`;
  const values = { ...replace, "'http://localhost:8123'": `'${serverUrl}'`, '3000': String(port), '9464': String(port) };
  const placed = Object.entries(values).reduce((text, [found, value]) => text.replaceAll(found, value), code);
  const modules = { 'main.js': main, 'before.js': before, 'block.js': `${placed}\n${after}` };
  const compiled = Object.entries(modules).map(([name, text]): [string, string] => [
    name,
    withSources(ts.transpileModule(`${text}\nexport {};`, { compilerOptions }).outputText),
  ]);
  for (const [name, text] of Object.entries({ 'package.json': '{ "type": "module" }', ...files, ...Object.fromEntries(compiled) })) {
    mkdirSync(join(folder, dirname(name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(CLICKHOUSE_|VITEST|NODE_ENV)/.test(name)));
  const server = surroundings.server === true ? { CLICKHOUSE_URL: serverUrl } : {};
  const child = promisify(execFile)(process.execPath, ['--import', import.meta.resolve('tsx'), 'main.js'], {
    cwd: folder,
    // A warning about the event loop depends on the load of the machine.
    env: { ...clean, NODE_NO_WARNINGS: '1', ...server, ...env },
  });
  try {
    const { stdout, stderr } = await child;
    return `${stdout}${stderr}`.replaceAll(/^\{"level":.*\n/gm, '').trimEnd();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
