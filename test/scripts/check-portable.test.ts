import { expect, it } from 'vitest';
import { checkPortable } from '../../scripts/check-portable.js';
import { buildImportGraph } from '../../scripts/import-graph.js';

/** Returns the messages about these files, by path. The entry is `entry.ts`. */
function check(files: Readonly<Record<string, string>>): string[] {
  const texts = new Map(Object.entries(files));
  return checkPortable(buildImportGraph(texts), 'entry.ts', (file) => texts.get(file) ?? '');
}

it('the entry without Node.js reaches no module and no unguarded global of Node.js', () => {
  expect(checkPortable()).toEqual([]);
});

it.each([
  ['a module of Node.js', `import { isIPv6 } from 'node:net';`, 'below.ts:1 imports node:net'],
  ['one that is imported on demand', `export const load = () => import('node:fs');`, 'below.ts:1 imports node:fs'],
  ['one that is exported again', `export { isIPv6 } from 'node:net';`, 'below.ts:1 imports node:net'],
  ['another package', `import pino from 'pino';`, 'below.ts:1 imports pino'],
  ['a global', `export const env = process.env;`, 'below.ts:1 uses process without "typeof process"'],
  ['a global that is called', `setImmediate(() => undefined);`, 'below.ts:1 uses setImmediate without "typeof setImmediate"'],
])('%s is found at any depth, with the path to it', (_, text, message) => {
  const problems = check({ 'entry.ts': `export * from './above.js';`, 'above.ts': `import './below.js';`, 'below.ts': text });
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(message);
  expect(problems[0]).toContain('entry.ts imports above.ts imports below.ts');
});

it.each([
  ['a type of Node.js', `import type { Readable } from 'node:stream';\nexport const timers: NodeJS.Timeout[] = [];`],
  ['a global behind a test for it', `export const now = typeof process === 'object' ? process.uptime() : 0;`],
  ['a property of the same name', `export const name = { process: 1 }.process;`],
])('%s is fine', (_, text) => {
  expect(check({ 'entry.ts': text })).toEqual([]);
});

it('a file of which only types are imported may use Node.js', () => {
  expect(check({ 'entry.ts': `import type { Agent } from './agent.js';`, 'agent.ts': `import 'node:http';` })).toEqual([]);
});
