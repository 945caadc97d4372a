import { describe, expect, it } from 'vitest';
import { type Program, recursionsOf } from './recursions-of.js';

interface Mechanism {
  readonly name: string;
  /** Declarations that run `ask()`, which calls the accessor. */
  readonly core: string;
  /** Statement of the accessor that runs them. */
  readonly use: string;
}

const list = Array.from({ length: 40 }, (_, index) => `async () => { await Promise.resolve(${index}); }`).join(', ');
const named = Array.from({ length: 40 }, (_, index) => `const m${index} = async () => { await Promise.resolve(${index}); };`).join('\n');
const names = Array.from({ length: 40 }, (_, index) => `m${index}`).join(', ');

const mechanisms: readonly Mechanism[] = [
  {
    name: 'a tagged template',
    core: 'export const sql = async (_parts: TemplateStringsArray) => ask();',
    use: 'await core.sql`SELECT 1`;',
  },
  { name: 'the default of a parameter', core: 'export async function load(rows = ask()) { return rows; }', use: 'await core.load();' },
  {
    name: 'the default in a pattern of a parameter',
    core: 'export async function load({ rows = ask() } = {}) { return rows; }',
    use: 'await core.load();',
  },
  {
    name: 'an iterator of a pattern of a parameter',
    core: 'const rows = { *[Symbol.iterator]() { yield ask(); } };\nconst first = ([row]: Iterable<Promise<unknown>>) => row;\nexport const load = () => first(rows);',
    use: 'await core.load();',
  },
  {
    name: 'a setter',
    core: 'class State { set open(_value: boolean) { void ask(); } }\nexport const state = new State();',
    use: 'core.state.open = true;',
  },
  {
    name: 'a getter',
    core: 'class State { get rows() { return ask(); } }\nexport const state = new State();',
    use: 'await core.state.rows;',
  },
  {
    name: 'using',
    core: 'class Span { [Symbol.dispose]() { void ask(); } }\nexport const start = () => new Span();',
    use: 'using span = core.start();',
  },
  {
    name: 'await using',
    core: 'class Span { async [Symbol.asyncDispose]() { await ask(); } }\nexport const start = () => new Span();',
    use: 'await using span = core.start();',
  },
  {
    name: 'await using of an object',
    core: 'export const start = () => ({ async [Symbol.asyncDispose]() { await ask(); } });',
    use: 'await using span = core.start();',
  },
  {
    name: 'a thenable',
    core: 'export class Lazy { then(done: (value: unknown) => void) { void ask().then(done); } }',
    use: 'await new core.Lazy();',
  },
  {
    name: 'an iterator',
    core: 'export class Rows { *[Symbol.iterator]() { void ask(); yield 1; } }',
    use: 'for (const row of new core.Rows()) void row;',
  },
  {
    name: 'a spread iterator',
    core: 'export class Rows { *[Symbol.iterator]() { void ask(); yield 1; } }',
    use: 'void [...new core.Rows()];',
  },
  {
    name: 'an iterator of a pattern',
    core: 'export const rows = { *[Symbol.iterator]() { yield ask(); } };',
    use: 'const [first] = core.rows; await first;',
  },
  {
    name: 'an iterator of an assigned pattern',
    core: 'export const rows = { *[Symbol.iterator]() { yield ask(); } };',
    use: 'let first; [first] = core.rows; await first;',
  },
  {
    name: 'an iterator that Array.from reads',
    core: 'export class Rows { *[Symbol.iterator]() { void ask(); yield 1; } }',
    use: 'void Array.from(new core.Rows());',
  },
  {
    name: 'an iterator that a map reads',
    core: "export const rows = { *[Symbol.iterator]() { void ask(); yield ['a', 1] as const; } };",
    use: 'void new Map(core.rows);',
  },
  {
    name: 'a method under a symbol',
    core: "export const open = Symbol('open');\nexport class Store { async [open]() { return ask(); } }",
    use: 'await new core.Store()[core.open]();',
  },
  {
    name: 'a method under a member of an enum',
    core: "export enum Action { Open = 'open' }\nexport class Store { async [Action.Open]() { return ask(); } }",
    use: 'await new core.Store()[core.Action.Open]();',
  },
  {
    name: 'an asynchronous iterator',
    core: 'export class Rows { async *[Symbol.asyncIterator]() { yield await ask(); } }',
    use: 'for await (const row of new core.Rows()) void row;',
  },
  {
    name: 'the next of an iterator object',
    core: 'export const rows = { [Symbol.asyncIterator]() { return { next: async () => ({ done: true, value: await ask() }) }; } };',
    use: 'for await (const row of core.rows) void row;',
  },
  {
    name: 'a decorator that replaces the descriptor',
    core: `function Timed(_target: object, _key: string, descriptor: PropertyDescriptor) {
      const original = descriptor.value;
      descriptor.value = async function (this: unknown) { await ask(); return original.call(this); };
    }
    export class Store { @Timed async open() { return 1; } }`,
    use: 'await new core.Store().open();',
  },
  {
    name: 'a decorator that returns the method',
    core: `function Timed(name: string) { return (_method: unknown, _context: unknown) => async () => { await ask(); return name; }; }
    export class Store { @Timed('open') async open() { return ''; } }`,
    use: 'await new core.Store().open();',
  },
  {
    name: 'Object.values',
    core: 'export const hooks: Record<string, () => Promise<unknown>> = { async audit() { return ask(); } };',
    use: 'for (const hook of Object.values(core.hooks)) await hook();',
  },
  {
    name: 'Object.entries',
    core: 'export const hooks: Record<string, () => Promise<unknown>> = { async audit() { return ask(); } };',
    use: 'await Promise.all(Object.entries(core.hooks).map(([, hook]) => hook()));',
  },
  {
    name: 'the arrow functions of Object.entries',
    core: 'export const hooks = { audit: () => ask() };',
    use: 'await Promise.all(Object.entries(core.hooks).map(([, hook]) => hook()));',
  },
  {
    name: 'a member of the elements of a list',
    core: 'export const hooks = [{ run: () => ask() }];',
    use: 'await Promise.all(core.hooks.map(({ run }) => run()));',
  },
  {
    name: 'the pairs of a map',
    core: `export const hooks = new Map<string, () => Promise<unknown>>();\nhooks.set('audit', () => ask());`,
    use: 'for (const [, hook] of core.hooks) await hook();',
  },
  {
    name: 'the values of a map',
    core: `export const hooks = new Map<string, () => Promise<unknown>>();\nhooks.set('audit', () => ask());`,
    use: 'for (const hook of core.hooks.values()) await hook();',
  },
  {
    name: 'the spread values of a map',
    core: `export const hooks = new Map<string, () => Promise<unknown>>();\nhooks.set('audit', () => ask());`,
    use: 'await Promise.all([...core.hooks.values()].map((hook) => hook()));',
  },
  {
    name: 'the entries of a map',
    core: `export const hooks = new Map<string, () => Promise<unknown>>();\nhooks.set('audit', () => ask());`,
    use: 'for (const [, hook] of core.hooks.entries()) await hook();',
  },
  {
    name: 'forEach of a map',
    core: `export const hooks = new Map<string, () => Promise<unknown>>();\nhooks.set('audit', () => ask());`,
    use: 'core.hooks.forEach((hook) => void hook());',
  },
  {
    name: 'the last of forty functions in a list',
    core: `export const steps: (() => Promise<void>)[] = [${list}, async () => { await ask(); }];`,
    use: 'for (const step of core.steps) await step();',
  },
  {
    name: 'the last of forty named functions in a list',
    core: `${named}\nconst last = async () => { await ask(); };\nexport const steps = [${names}, last];`,
    use: 'for (const step of core.steps) await step();',
  },
  {
    name: 'a list that is filled by a computed key',
    core: `export const hooks: Record<string, () => Promise<unknown>> = {};\nexport const add = (name: string) => { hooks[name] = () => ask(); };\nadd('audit');`,
    use: `await core.hooks['audit']?.();`,
  },
  {
    name: 'a record that is filled by a property',
    core: `export const hooks: Record<string, () => Promise<unknown>> = {};\nhooks['audit'] = () => ask();`,
    use: 'for (const hook of Object.values(core.hooks)) await hook();',
  },
  {
    name: 'a member of an untyped object that is assigned later',
    core: `export const hooks: any = {};\nhooks.audit = () => ask();`,
    use: 'await core.hooks.audit();',
  },
  {
    name: 'a function that a proxy returns',
    core: 'export const lazy = new Proxy({} as Record<string, () => Promise<unknown>>, { get: () => async () => ask() });',
    use: "await core.lazy['ping']?.();",
  },
  {
    name: 'a class that a container resolves',
    core: `import { container } from 'tsyringe';
    class Manager { async open() { return ask(); } }
    export const open = () => container.resolve(Manager).open();`,
    use: 'await core.open();',
  },
  {
    name: 'a token of a container with a type argument',
    core: `import { Container } from 'inversify';
    const own = new Container();
    class Manager { async open() { return ask(); } }
    export const open = async () => (await own.getAsync<Manager>('manager')).open();`,
    use: 'await core.open();',
  },
];

function programOf({ core, use }: Mechanism, options: string): Program {
  return {
    'core.ts': `import { getClickHouseClient } from './db.js';\nconst ask = async () => (await getClickHouseClient(${options})).ping();\n${core}\n`,
    'db.ts': `import { createClient, type ClickHouseClient } from '@clickhouse/client';
import * as core from './core.js';
export async function getClickHouseClient(options: { bypassManager?: boolean } = {}): Promise<ClickHouseClient> {
  const client = createClient();
  if (!options.bypassManager) {
    ${use}
  }
  return client;
}
`,
  };
}

const recursive = recursionsOf(mechanisms.map((mechanism) => programOf(mechanism, '')));
const bypassed = recursionsOf(mechanisms.map((mechanism) => programOf(mechanism, '{ bypassManager: true }')));

describe('a recursion is found', () => {
  it.each(mechanisms.map(({ name }, index) => [name, index] as const))('if its path passes %s', (_, index) => {
    expect(recursive[index]).toHaveLength(1);
  });

  it.each(mechanisms.map(({ name }, index) => [name, index] as const))('and not if the call inside %s sets the bypass', (_, index) => {
    expect(bypassed[index]).toEqual([]);
  });

  it('and not if a map has the class as a key of something else', () => {
    const core = `class Manager { async open() { return ask(); } }
    const labels = new Map<unknown, { open(): Promise<string> }>([[Manager, { open: async () => 'label' }]]);
    export const label = () => labels.get(Manager)?.open();`;
    const [found] = recursionsOf([programOf({ name: 'a map', core, use: 'await core.label();' }, '')]);
    expect(found).toEqual([]);
  });
});
