import type { Pair } from './pair.js';

const accessor = (imports: string, managed: string): string => `import { type ClickHouseClient, createClient } from '@clickhouse/client';
${imports}
export async function getClient(options: { bypassManager?: boolean } = {}): Promise<ClickHouseClient> {
  if (options.bypassManager) return createClient();
  return ${managed};
}`;

const given = '«→{ bypassManager: true }»';
const client = `import type { ClickHouseClient } from '@clickhouse/client';`;
const getClient = `import { getClient } from './client.js';`;

/** The manager asks the accessor in each program; how the accessor comes to the manager, or the manager to it, is another each time. */
export const dispatch: readonly Pair[] = [
  {
    name: 'an interface',
    why: 'A call through an interface runs what implements it.',
    path: ['getClient', 'ManagedOpener.open'],
    files: {
      'client.ts': accessor(`import { opener } from './manager.js';`, 'opener.open()'),
      'opener.ts': `${client}\nexport interface Opener { open(): Promise<ClickHouseClient>; }`,
      'manager.ts': `${getClient}\nimport type { Opener } from './opener.js';\nclass ManagedOpener implements Opener { open() { return getClient(${given}); } }\nexport const opener: Opener = new ManagedOpener();`,
    },
  },
  {
    name: 'an abstract method',
    why: 'A call of an abstract method runs what implements it.',
    path: ['getClient', 'Base.take', 'Manager.open'],
    files: {
      'client.ts': accessor(`import { Manager } from './manager.js';\nconst manager = new Manager();`, 'manager.take()'),
      'base.ts': `${client}\nexport abstract class Base { take() { return this.open(); } protected abstract open(): Promise<ClickHouseClient>; }`,
      'manager.ts': `${getClient}\nimport { Base } from './base.js';\nexport class Manager extends Base { protected open() { return getClient(${given}); } }`,
    },
  },
  {
    name: 'a method that is inherited',
    why: 'What a class does not define it has from its base.',
    path: ['getClient', 'Base.take'],
    files: {
      'client.ts': accessor(`import { Manager } from './manager.js';\nconst manager = new Manager();`, 'manager.take()'),
      'base.ts': `${getClient}\nexport class Base { take() { return getClient(${given}); } }`,
      'manager.ts': `import { Base } from './base.js';\nexport class Manager extends Base {}`,
    },
  },
  {
    name: 'super',
    why: 'An override that calls super runs the method of the base.',
    path: ['getClient', 'Manager.take', 'Base.take'],
    files: {
      'client.ts': accessor(`import { Manager } from './manager.js';\nconst manager = new Manager();`, 'manager.take()'),
      'base.ts': `${getClient}\nexport class Base { async take() { return getClient(); } async open() { return getClient({ bypassManager: true }); } }`,
      'manager.ts': `import { Base } from './base.js';\nexport class Manager extends Base { override async take() { return super.«take→open»(); } }`,
    },
  },
  {
    name: 'an override',
    why: 'An override hides the method of the base.',
    path: ['getClient', 'Base.take'],
    files: {
      'client.ts': accessor(`import { Manager } from './manager.js';\nconst manager = new Manager();`, 'manager.take()'),
      'base.ts': `${getClient}\nexport class Base { take() { return getClient(); } }`,
      'manager.ts': `${getClient}\nimport { Base } from './base.js';\nexport class Manager extends Base { «reopen→take»() { return getClient({ bypassManager: true }); } }`,
    },
  },
  {
    name: 'a constructor',
    why: 'Who constructs runs the constructor, and that of the base.',
    path: ['getClient', 'Manager', 'Base', 'new Base'],
    files: {
      'client.ts': accessor(`import { Manager } from './manager.js';`, 'new Manager().client'),
      'base.ts': `${client}\n${getClient}\nexport class Base { readonly client: Promise<ClickHouseClient>; constructor() { this.client = getClient(${given}); } }`,
      'manager.ts': `import { Base } from './base.js';\nexport class Manager extends Base {}`,
    },
  },
  {
    name: 'a field',
    why: 'Who constructs runs the initialisers of the fields.',
    path: ['getClient', 'Manager'],
    files: {
      'client.ts': accessor(`import { Manager } from './manager.js';`, 'new Manager().spare'),
      'manager.ts': `${getClient}\nexport class Manager { readonly spare = getClient(${given}); }`,
    },
  },
  {
    name: 'an object literal',
    why: 'A method of a literal is called like any other.',
    path: ['getClient', 'take', 'open'],
    files: {
      'client.ts': accessor(`import { manager } from './manager.js';`, 'manager.take()'),
      'manager.ts': `${getClient}\nexport const manager = { take() { return this.open(); }, open: () => getClient(${given}) };`,
    },
  },
  {
    name: 'an object that a function makes',
    why: 'What a closure returns is a manager without a class.',
    path: ['getClient', 'take'],
    files: {
      'client.ts': accessor(`import { makeManager } from './manager.js';\nconst manager = makeManager(2);`, 'manager.take()'),
      'manager.ts': `${client}\n${getClient}\nexport function makeManager(size: number) {\n  const clients: ClickHouseClient[] = [];\n  return {\n    async take() {\n      if (clients.length < size) clients.push(await getClient(${given}));\n      return clients[0]!;\n    },\n  };\n}`,
    },
  },
  {
    name: 'a bound method',
    why: 'Binding changes nothing about what runs.',
    path: ['getClient', 'Manager.take'],
    files: {
      'client.ts': accessor(`import { manager } from './manager.js';\nconst take = manager.take.bind(manager);`, 'take()'),
      'manager.ts': `${getClient}\nclass Manager { take() { return getClient(${given}); } }\nexport const manager = new Manager();`,
    },
  },
  {
    name: 'the accessor in a field',
    why: 'A field that holds the accessor calls it.',
    path: ['getClient', 'Manager.take'],
    files: {
      'client.ts': accessor(`import { Manager } from './manager.js';\nconst manager = new Manager(getClient);`, 'manager.take()'),
      'manager.ts': `${client}\nexport class Manager {\n  readonly #open: (options?: { bypassManager?: boolean }) => Promise<ClickHouseClient>;\n  constructor(open: (options?: { bypassManager?: boolean }) => Promise<ClickHouseClient>) { this.#open = open; }\n  take() { return this.#open(${given}); }\n}`,
    },
  },
  {
    name: 'a callback in a field',
    why: 'Who stores a callback and calls it later runs it.',
    path: ['getClient', 'Manager.take', 'callback in module .*client.ts'],
    files: {
      'client.ts': accessor(
        `import { Manager } from './manager.js';\nconst manager = new Manager(() => getClient(${given}));`,
        'manager.take()',
      ),
      'manager.ts': `${client}\nexport class Manager { constructor(private readonly open: () => Promise<ClickHouseClient>) {} take() { return this.open(); } }`,
    },
  },
  {
    name: 'a callback to a function in sight',
    why: 'A function that calls its parameter runs what it is given.',
    path: ['getClient', 'Manager.take', 'callback in Manager.take'],
    files: {
      'client.ts': accessor(`import { manager } from './manager.js';`, 'manager.take()'),
      'retry.ts': `export async function retry<T>(run: () => Promise<T>, left = 3): Promise<T> { try { return await run(); } catch (error) { if (left === 0) throw error; return retry(run, left - 1); } }`,
      'manager.ts': `${getClient}\nimport { retry } from './retry.js';\nclass Manager { take() { return retry(() => getClient(${given})); } }\nexport const manager = new Manager();`,
    },
  },
  {
    name: 'a callback to a function out of sight',
    why: 'Code that we cannot see calls what it is given.',
    path: ['getClient', 'Manager.take', 'callback in Manager.take'],
    files: {
      'client.ts': accessor(`import { manager } from './manager.js';`, 'manager.take()'),
      'manager.ts': `import pRetry from 'p-retry';\n${getClient}\nclass Manager { take() { return pRetry(() => getClient(${given})); } }\nexport const manager = new Manager();`,
    },
  },
  {
    name: 'what a pool out of sight creates with',
    why: 'A pool calls its create callback when it is asked for something.',
    path: ['getClient', 'create'],
    files: {
      'client.ts': accessor(`import { pool } from './pool.js';`, 'pool.acquire()'),
      'pool.ts': `import { createPool } from 'generic-pool';\n${getClient}\nexport const pool = createPool({ create: () => getClient(${given}), destroy: async () => {} }, { max: 4 });`,
    },
  },
  {
    name: 'a pool out of sight in a field',
    why: 'The pool in the field is the one that was made.',
    path: ['getClient', 'Manager.take', 'create'],
    files: {
      'client.ts': accessor(`import { manager } from './manager.js';`, 'manager.take()'),
      'manager.ts': `import { Pool } from 'tarn';\n${getClient}\nclass Manager {\n  readonly #pool = new Pool({ create() { return getClient(${given}); }, min: 0, max: 4 });\n  take() { return this.#pool.acquire().promise; }\n}\nexport const manager = new Manager();`,
    },
  },
  {
    name: 'a map of openers',
    why: 'What was put into a map comes out of it.',
    path: ['getClient', 'Manager.take', 'callback in new Manager'],
    files: {
      'client.ts': accessor(`import { manager } from './manager.js';`, `manager.take('main')`),
      'manager.ts': `${client}\n${getClient}\nclass Manager {\n  readonly #openers = new Map<string, () => Promise<ClickHouseClient>>();\n  constructor() { this.#openers.set('main', () => getClient(${given})); }\n  take(name: string) { return this.#openers.get(name)!(); }\n}\nexport const manager = new Manager();`,
    },
  },
  {
    name: 'a table of openers',
    why: 'A property read by a computed name may be any of them.',
    path: ['getClient', 'take', 'main'],
    files: {
      'client.ts': accessor(`import { take } from './manager.js';`, `take('main')`),
      'manager.ts': `${client}\n${getClient}\nconst openers: Record<string, () => Promise<ClickHouseClient>> = { main: () => getClient(${given}) };\nexport function take(name: string) { return openers[name]!(); }`,
    },
  },
  {
    name: 'a list of strategies',
    why: 'A loop over functions calls each of them.',
    path: ['getClient', 'take', 'callback in module .*manager.ts'],
    files: {
      'client.ts': accessor(`import { take } from './manager.js';`, 'take()'),
      'manager.ts': `${getClient}\nconst strategies = [() => getClient(${given})];\nexport async function take() {\n  for (const open of strategies) return open();\n  throw new Error('no strategy');\n}`,
    },
  },
  {
    name: 'a closure',
    why: 'What a function returns runs where it is called.',
    path: ['getClient', 'Manager.take', 'callback in makeOpener'],
    files: {
      'client.ts': accessor(`import { manager } from './manager.js';`, 'manager.take()'),
      'opener.ts': `${getClient}\nexport function makeOpener(isDirect: boolean) { return () => getClient(isDirect ? { bypassManager: «false→true» } : { bypassManager: true }); }`,
      'manager.ts': `import { makeOpener } from './opener.js';\nclass Manager { readonly #open = makeOpener(true); take() { return this.#open(); } }\nexport const manager = new Manager();`,
    },
  },
  {
    name: 'injection by constructor',
    why: 'A dependency is what was injected.',
    path: ['getClient', 'Manager.take', 'open'],
    files: {
      'client.ts': accessor(`import { manager } from './container.js';`, 'manager.take()'),
      'opener.ts': `${client}\nexport interface Opener { open(): Promise<ClickHouseClient>; }`,
      'manager.ts': `import type { Opener } from './opener.js';\nexport class Manager { constructor(private readonly opener: Opener) {} take() { return this.opener.open(); } }`,
      'container.ts': `${getClient}\nimport { Manager } from './manager.js';\nexport const manager = new Manager({ open: () => getClient(${given}) });`,
    },
  },
  {
    name: 'injection by a provider function',
    why: 'A container calls useFactory, and its result stands for the token.',
    path: ['getClient', 'Manager.take', 'callback in useFactory'],
    files: {
      'client.ts': accessor(
        `import type { Manager } from './manager.js';\nlet manager: Manager;\nexport function use(given: Manager) { manager = given; }`,
        'manager.take()',
      ),
      'manager.ts': `${client}\nexport class Manager { constructor(private readonly open: () => Promise<ClickHouseClient>) {} take() { return this.open(); } }`,
      'app.module.ts': `import { Module } from '@nestjs/common';\n${getClient}\nimport { Manager } from './manager.js';\n@Module({ providers: [{ provide: Manager, useFactory: () => new Manager(() => getClient(${given})) }] })\nexport class AppModule {}`,
    },
  },
  {
    name: 'a memoised getter',
    why: 'What is made once is what every call gets.',
    path: ['getClient', 'Manager.take'],
    files: {
      'client.ts': accessor(`import { getManager } from './manager.js';`, 'getManager().take()'),
      'manager.ts': `${getClient}\nclass Manager { take() { return getClient(${given}); } }\nlet manager: Manager | undefined;\nexport function getManager() { return (manager ??= new Manager()); }`,
    },
  },
  {
    name: 'a lazy import',
    why: 'A module that is imported late is imported.',
    path: ['getClient', 'Manager.take'],
    files: {
      'client.ts': accessor('', `(await import('./manager.js')).manager.take()`),
      'manager.ts': `${getClient}\nclass Manager { take() { return getClient(${given}); } }\nexport const manager = new Manager();`,
    },
  },
  {
    name: 'a required module',
    why: 'CommonJS in the middle of a function is an import, too.',
    path: ['getClient', 'take'],
    files: {
      'client.ts': accessor('', `require('./manager.js').take()`),
      'manager.ts': `${getClient}\nexport function take() { return getClient(${given}); }`,
    },
  },
  {
    name: 'a getter',
    why: 'Reading a property may run code.',
    path: ['getClient', 'Manager.client'],
    files: {
      'client.ts': accessor(`import { manager } from './manager.js';`, 'manager.client'),
      'manager.ts': `${getClient}\nclass Manager { get client() { return getClient(${given}); } }\nexport const manager = new Manager();`,
    },
  },
  {
    name: 'a singleton',
    why: 'A static field holds an instance like any other.',
    path: ['getClient', 'Manager.take'],
    files: {
      'client.ts': accessor(`import { Manager } from './manager.js';`, 'Manager.instance.take()'),
      'manager.ts': `${getClient}\nexport class Manager { static readonly instance = new Manager(); take() { return getClient(${given}); } }`,
    },
  },
  {
    name: 'a Proxy',
    why: 'A proxy runs its traps, and what it stands for.',
    path: ['getClient', 'Manager.take'],
    files: {
      'client.ts': accessor(`import { manager } from './manager.js';`, 'manager.take()'),
      'manager.ts': `${getClient}\nclass Manager { take() { return getClient(${given}); } }\nexport const manager = new Proxy(new Manager(), { get: (target, key) => Reflect.get(target, key) });`,
    },
  },
  {
    name: 'a trap of a Proxy',
    why: 'Reading a property of a proxy runs its get trap.',
    path: ['getClient', 'get'],
    files: {
      'client.ts': accessor(`import { manager } from './manager.js';`, 'manager.take()'),
      'manager.ts': `${client}\n${getClient}\nexport const manager = new Proxy({} as { take(): Promise<ClickHouseClient> }, { get() { const opened = getClient(${given}); return () => opened; } });`,
    },
  },
  {
    name: 'an event emitter',
    why: 'Who emits runs the listeners.',
    path: ['getClient', 'take', 'callback in module .*manager.ts'],
    files: {
      'client.ts': accessor(`import { take } from './manager.js';`, 'take()'),
      'manager.ts': `import { EventEmitter } from 'node:events';\n${client}\n${getClient}\nconst bus = new EventEmitter();\nlet opened: Promise<ClickHouseClient>;\nbus.on('wanted', () => { opened = getClient(${given}); });\nexport function take() {\n  bus.emit('wanted');\n  return opened;\n}`,
    },
  },
  {
    name: 'a class that emits',
    why: 'An instance of a class on top of an emitter runs the listeners that it was given.',
    path: ['getClient', 'Manager.take', 'callback in new Manager'],
    files: {
      'client.ts': accessor(`import { manager } from './manager.js';`, 'manager.take()'),
      'manager.ts': `import { EventEmitter } from 'node:events';\n${client}\n${getClient}\nclass Manager extends EventEmitter {\n  opened?: Promise<ClickHouseClient>;\n  constructor() {\n    super();\n    this.on('wanted', () => { this.opened = getClient(${given}); });\n  }\n  take() {\n    this.emit('wanted');\n    return this.opened!;\n  }\n}\nexport const manager = new Manager();`,
    },
  },
  {
    name: 'a timer',
    why: 'What runs later runs when the call has returned.',
    path: ['getClient', 'take', 'callback in take'],
    files: {
      'client.ts': accessor(`import { take } from './manager.js';`, 'take()'),
      'manager.ts': `${client}\nimport { createClient } from '@clickhouse/client';\n${getClient}\nlet spare: ClickHouseClient | undefined;\nconst now = (run: () => void) => run();\nexport async function take() {\n  «now→setImmediate»(async () => { spare = await getClient(); });\n  return spare ?? createClient();\n}`,
    },
  },
  {
    name: 'then()',
    why: 'What is handed to a promise runs when it settles.',
    path: ['getClient', 'take', 'callback in take'],
    files: {
      'client.ts': accessor(`import { take } from './manager.js';`, 'take()'),
      'manager.ts': `${getClient}\nexport function take() { return Promise.resolve().then(() => getClient(${given})); }`,
    },
  },
  {
    name: 'the accessor as a callback',
    why: 'A method of an array calls what it is given, with the element as its options.',
    path: ['getClient', 'take'],
    files: {
      'client.ts': accessor(`import { take } from './manager.js';`, 'take()'),
      'manager.ts': `${getClient}\nexport async function take() { return (await Promise.all([{ bypassManager: true }].map(«getClient→(options) => getClient({ ...options, bypassManager: true })»)))[0]!; }`,
    },
  },
  {
    name: 'call and apply',
    why: 'call() calls, with what it is given.',
    path: ['getClient', 'take'],
    files: {
      'client.ts': accessor(`import { take } from './manager.js';`, 'take()'),
      'manager.ts': `${getClient}\nexport function take() { return getClient.call(undefined«→, { bypassManager: true }»); }`,
    },
  },
  {
    name: 'a namespace and a barrel',
    why: 'A name is followed through every module that passes it on.',
    path: ['getClient', 'take'],
    files: {
      'client.ts': accessor(`import * as managers from './managers/index.js';`, 'managers.take()'),
      'index.ts': `export { getClient as connect } from './client.js';`,
      'managers/index.ts': `export * from './manager.js';`,
      'managers/manager.ts': `import * as db from '../index.js';\nexport function take() { return db.connect(${given}); }`,
    },
  },
  {
    name: 'a default export',
    why: 'An accessor needs no name of its own.',
    path: ['getClient', 'take'],
    files: {
      'client.ts': `import { type ClickHouseClient, createClient } from '@clickhouse/client';\nimport { take } from './manager.js';\nconst getClient = async (options: { bypassManager?: boolean } = {}): Promise<ClickHouseClient> => (options.bypassManager ? createClient() : take());\nexport default getClient;`,
      'manager.ts': `import connect from './client.js';\nexport function take() { return connect(${given}); }`,
    },
  },
  {
    name: 'a static method',
    why: 'An accessor may be a method.',
    path: ['ClickHouse.getClient', 'Manager.take'],
    files: {
      'client.ts': `import { type ClickHouseClient, createClient } from '@clickhouse/client';\nimport { manager } from './manager.js';\nexport class ClickHouse {\n  static getClient(bypassManager = false): ClickHouseClient {\n    return bypassManager ? createClient() : manager.take();\n  }\n}`,
      'manager.ts': `import { ClickHouse } from './client.js';\nclass Manager { take() { return ClickHouse.getClient(«→true»); } }\nexport const manager = new Manager();`,
    },
  },
  {
    name: 'overloads',
    why: 'Overloads are one function.',
    path: ['getClient', 'take'],
    files: {
      'client.ts': `import { type ClickHouseClient, createClient } from '@clickhouse/client';\nimport { take } from './manager.js';\nexport function getClient(): ClickHouseClient;\nexport function getClient(bypassManager: boolean): ClickHouseClient;\nexport function getClient(bypassManager?: boolean): ClickHouseClient {\n  if (!bypassManager) return take();\n  return createClient();\n}`,
      'manager.ts': `${getClient}\nexport function take() { return getClient(«→true»); }`,
    },
  },
  {
    name: 'an accessor in a wrapper',
    why: 'What a wrapper in sight returns calls what it wraps.',
    path: ['callback in module .*client.ts', 'take', 'callback in traced'],
    files: {
      'client.ts': `import { type ClickHouseClient, createClient } from '@clickhouse/client';\nimport { take } from './manager.js';\nimport { traced } from './traced.js';\nexport const getClient = traced('getClient', async (options: { bypassManager?: boolean } = {}): Promise<ClickHouseClient> => (options.bypassManager ? createClient() : take()));`,
      'traced.ts': `export function traced<Given extends unknown[], Result>(name: string, run: (...given: Given) => Promise<Result>) {\n  return async (...given: Given): Promise<Result> => {\n    console.time(name);\n    try { return await run(...given); } finally { console.timeEnd(name); }\n  };\n}`,
      'manager.ts': `import { createClient } from '@clickhouse/client';\n${getClient}\nexport async function take() { return «getClient→createClient»(); }`,
    },
  },
  {
    name: 'a disposable',
    why: 'Who takes a lease with await using asks for it.',
    path: ['lease', 'Manager.take'],
    files: {
      'client.ts': `import { type ClickHouseClient, createClient } from '@clickhouse/client';\nimport { manager } from './manager.js';\nexport interface Lease extends AsyncDisposable { readonly client: ClickHouseClient; }\nexport async function lease(bypassManager = false): Promise<Lease> {\n  const client = bypassManager ? createClient() : await manager.take();\n  return { client, [Symbol.asyncDispose]: () => client.close() };\n}`,
      'manager.ts': `import { lease } from './client.js';\nclass Manager { async take() { await using held = await lease(«→true»); return held.client; } }\nexport const manager = new Manager();`,
    },
  },
];
