import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { serviceWith } from './app.js';
import { bundlers } from './bundle-with.js';
import { program } from './program.js';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

/** Runs a file and returns what it printed. */
function run(folder: string, file: string): unknown {
  const env = { ...process.env, NODE_ENV: 'test' };
  const { stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', file], { cwd: folder, encoding: 'utf8', env });
  return stderr === '' ? JSON.parse(stdout) : stderr;
}

const call = (name: string): unknown => expect.stringMatching(new RegExp(` at (?:async )?(?:\\S+\\.)?${name} `));
const working = (file: string, engine: unknown): unknown => ({
  rows: [{ n: 1 }],
  path: [expect.stringContaining(file), expect.stringContaining(file)],
  failure: 'CONNECT_FAILED',
  isConnect: true,
  isServer: false,
  double: [{ n: 2 }],
  engine,
  isSame: true,
  secret: 'function',
});
const engines: Readonly<Record<string, { readonly packages: readonly string[]; readonly result: unknown }>> = {
  'with chdb': { packages: ['chdb'], result: [{ n: 1 }] },
  'without chdb': { packages: [], result: expect.stringMatching(/^ENGINE_MISSING: .*chdb is not installed\. Run `npm install chdb/) },
};

describe.each(Object.entries(engines))('%s', (_, { packages, result }) => {
  it('the program runs as an ES module', () => {
    const folder = serviceWith({ 'main.mjs': program }, packages);
    folders.push(folder);
    expect(run(folder, 'main.mjs')).toEqual(working('main.mjs', result));
  });

  it('the program runs as a CommonJS module', () => {
    const folder = serviceWith({ 'main.cjs': toCommonJs(program) }, packages);
    folders.push(folder);
    expect(run(folder, 'main.cjs')).toEqual(working('main.cjs', result));
  });

  it.each(Object.entries(bundlers))('%s builds the program without a warning, and the bundle runs', async (_name, { output, bundle }) => {
    const folder = serviceWith({ 'main.mjs': program }, packages);
    folders.push(folder);
    expect(await bundle(folder)).toEqual([]);
    const printed = run(folder, output);
    expect(printed).toEqual(working(output, result));
    if (!/min|webpack/.test(output)) expect(printed).toMatchObject({ path: [call('readReport'), call('warmUpCache')] });
  });
});

function toCommonJs(module: string): string {
  return module.replaceAll(/import (\{[^}]*\}) from ('[^']*');/g, 'const $1 = require($2);');
}
