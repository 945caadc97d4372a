import type { Pair } from './pair.js';

const pair = (name: string, why: string, path: readonly string[], manager: string, use: string, imported = 'state'): Pair => ({
  name,
  why,
  path,
  files: {
    'client.ts': `import { type ClickHouseClient, createClient } from '@clickhouse/client';
import { ${imported} } from './manager.js';
export async function getClient(options: { bypassManager?: boolean } = {}): Promise<ClickHouseClient> {
  const client = createClient();
  if (!options.bypassManager) ${use}
  return client;
}`,
    'manager.ts': `import { getClient } from './client.js';\n${manager}`,
  },
});

const call = 'void getClient(«→{ bypassManager: true }»);';

/** In each program the accessor runs a member of an object of the manager without a call of it. */
export const conversions: readonly Pair[] = [
  pair(
    'a template',
    'It calls toString.',
    ['getClient', 'State.toString'],
    `class State { toString(): string { ${call} return 'up'; } }\nexport const state = new State();`,
    'console.assert(`${state}` !== "");',
  ),
  pair(
    'an addition',
    'It calls the member under Symbol.toPrimitive.',
    ['getClient', '.*'],
    `export const state = { [Symbol.toPrimitive]() { ${call} return 1; } };`,
    'console.log((state as unknown as number) + 1);',
  ),
  pair(
    'JSON.stringify',
    'It calls toJSON of each value.',
    ['getClient', 'toJSON'],
    `export const state = { toJSON() { ${call} return 'up'; } };`,
    'JSON.stringify({ state });',
  ),
  pair(
    'a getter that destructuring reads',
    'A pattern runs the getters of its names.',
    ['getClient', 'State.client'],
    `class State { get client() { return getClient(«→{ bypassManager: true }»); } }\nexport const state = new State();`,
    '{ const { client: inner } = state; await inner; }',
  ),
  pair(
    'a default in the pattern of a catch',
    'The default runs if the error has no such property.',
    ['getClient', 'load'],
    `export async function load() {\n  try { throw {}; } catch ({ client = getClient(«→{ bypassManager: true }») }: any) { await client; }\n}`,
    'await load();',
    'load',
  ),
  pair(
    'members that Object.values reads',
    'A member that is assigned by its name is among all members.',
    ['getClient', 'audit'],
    `export const state: { audit?: () => Promise<unknown> } = {};\nstate.audit = async () => getClient(«→{ bypassManager: true }»);`,
    'for (const hook of Object.values(state)) await hook();',
  ),
];
