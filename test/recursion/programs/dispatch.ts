import type { Pair } from './pair.js';

const accessor = (imports: string, managed: string): string => `import { type ClickHouseClient, createClient } from '@clickhouse/client';
${imports}
export async function getClient(options: { bypassManager?: boolean } = {}): Promise<ClickHouseClient> {
  if (options.bypassManager) return createClient();
  return ${managed};
}`;

const args = '«→{ bypassManager: true }»';
const client = `import type { ClickHouseClient } from '@clickhouse/client';`;
const getClient = `import { getClient } from './client.js';`;

/** In each program the manager calls the accessor. The programs differ in how the accessor calls the manager, or the manager the accessor. */
export const dispatch: readonly Pair[] = [
  {
    name: 'an interface',
    why: 'A call through an interface runs its implementations.',
    path: ['getClient', 'ManagedOpener.open'],
    files: {
      'client.ts': accessor(`import { opener } from './manager.js';`, 'opener.open()'),
      'opener.ts': `${client}\nexport interface Opener { open(): Promise<ClickHouseClient>; }`,
      'manager.ts': `${getClient}\nimport type { Opener } from './opener.js';\nclass ManagedOpener implements Opener { open() { return getClient(${args}); } }\nexport const opener: Opener = new ManagedOpener();`,
    },
  },
  {
    name: 'an abstract method',
    why: 'A call of an abstract method runs its implementations.',
    path: ['getClient', 'Base.take', 'Manager.open'],
    files: {
      'client.ts': accessor(`import { Manager } from './manager.js';\nconst manager = new Manager();`, 'manager.take()'),
      'base.ts': `${client}\nexport abstract class Base { take() { return this.open(); } protected abstract open(): Promise<ClickHouseClient>; }`,
      'manager.ts': `${getClient}\nimport { Base } from './base.js';\nexport class Manager extends Base { protected open() { return getClient(${args}); } }`,
    },
  },
  {
    name: 'an inherited method',
    why: 'A class inherits the methods of its base.',
    path: ['getClient', 'Base.take'],
    files: {
      'client.ts': accessor(`import { Manager } from './manager.js';\nconst manager = new Manager();`, 'manager.take()'),
      'base.ts': `${getClient}\nexport class Base { take() { return getClient(${args}); } }`,
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
    why: 'A construction runs the constructor of the class and of its base.',
    path: ['getClient', 'Manager', 'Base', 'new Base'],
    files: {
      'client.ts': accessor(`import { Manager } from './manager.js';`, 'new Manager().client'),
      'base.ts': `${client}\n${getClient}\nexport class Base { readonly client: Promise<ClickHouseClient>; constructor() { this.client = getClient(${args}); } }`,
      'manager.ts': `import { Base } from './base.js';\nexport class Manager extends Base {}`,
    },
  },
  {
    name: 'a field',
    why: 'A construction runs the field initialisers.',
    path: ['getClient', 'Manager'],
    files: {
      'client.ts': accessor(`import { Manager } from './manager.js';`, 'new Manager().spare'),
      'manager.ts': `${getClient}\nexport class Manager { readonly spare = getClient(${args}); }`,
    },
  },
  {
    name: 'an object literal',
    why: 'A method of a literal is called like any other.',
    path: ['getClient', 'take', 'open'],
    files: {
      'client.ts': accessor(`import { manager } from './manager.js';`, 'manager.take()'),
      'manager.ts': `${getClient}\nexport const manager = { take() { return this.open(); }, open: () => getClient(${args}) };`,
    },
  },
  {
    name: 'an object created by a function',
    why: 'An object with a closure may be a manager.',
    path: ['getClient', 'take'],
    files: {
      'client.ts': accessor(`import { createManager } from './manager.js';\nconst manager = createManager(2);`, 'manager.take()'),
      'manager.ts': `${client}\n${getClient}\nexport function createManager(size: number) {\n  const clients: ClickHouseClient[] = [];\n  return {\n    async take() {\n      if (clients.length < size) clients.push(await getClient(${args}));\n      return clients[0]!;\n    },\n  };\n}`,
    },
  },
  {
    name: 'a bound method',
    why: 'A bound method runs like the method itself.',
    path: ['getClient', 'Manager.take'],
    files: {
      'client.ts': accessor(`import { manager } from './manager.js';\nconst take = manager.take.bind(manager);`, 'take()'),
      'manager.ts': `${getClient}\nclass Manager { take() { return getClient(${args}); } }\nexport const manager = new Manager();`,
    },
  },
  {
    name: 'the accessor in a field',
    why: 'A call of a field that contains the accessor runs the accessor.',
    path: ['getClient', 'Manager.take'],
    files: {
      'client.ts': accessor(`import { Manager } from './manager.js';\nconst manager = new Manager(getClient);`, 'manager.take()'),
      'manager.ts': `${client}\nexport class Manager {\n  readonly #open: (options?: { bypassManager?: boolean }) => Promise<ClickHouseClient>;\n  constructor(open: (options?: { bypassManager?: boolean }) => Promise<ClickHouseClient>) { this.#open = open; }\n  take() { return this.#open(${args}); }\n}`,
    },
  },
  {
    name: 'a callback in a field',
    why: 'A call of a stored callback runs it.',
    path: ['getClient', 'Manager.take', 'callback in module .*client.ts'],
    files: {
      'client.ts': accessor(
        `import { Manager } from './manager.js';\nconst manager = new Manager(() => getClient(${args}));`,
        'manager.take()',
      ),
      'manager.ts': `${client}\nexport class Manager { constructor(private readonly open: () => Promise<ClickHouseClient>) {} take() { return this.open(); } }`,
    },
  },
  {
    name: 'a callback of a function in the slice',
    why: 'A function that calls its parameter runs the argument.',
    path: ['getClient', 'Manager.take', 'callback in Manager.take'],
    files: {
      'client.ts': accessor(`import { manager } from './manager.js';`, 'manager.take()'),
      'retry.ts': `export async function retry<T>(run: () => Promise<T>, left = 3): Promise<T> { try { return await run(); } catch (error) { if (left === 0) throw error; return retry(run, left - 1); } }`,
      'manager.ts': `${getClient}\nimport { retry } from './retry.js';\nclass Manager { take() { return retry(() => getClient(${args})); } }\nexport const manager = new Manager();`,
    },
  },
  {
    name: 'a callback of an external function',
    why: 'External code calls its callbacks.',
    path: ['getClient', 'Manager.take', 'callback in Manager.take'],
    files: {
      'client.ts': accessor(`import { manager } from './manager.js';`, 'manager.take()'),
      'manager.ts': `import pRetry from 'p-retry';\n${getClient}\nclass Manager { take() { return pRetry(() => getClient(${args})); } }\nexport const manager = new Manager();`,
    },
  },
  {
    name: 'the create callback of an external pool',
    why: 'A pool calls its create callback when a resource is acquired.',
    path: ['getClient', 'create'],
    files: {
      'client.ts': accessor(`import { pool } from './pool.js';`, 'pool.acquire()'),
      'pool.ts': `import { createPool } from 'generic-pool';\n${getClient}\nexport const pool = createPool({ create: () => getClient(${args}), destroy: async () => {} }, { max: 4 });`,
    },
  },
  {
    name: 'an external pool in a field',
    why: 'The field contains the pool with its callback.',
    path: ['getClient', 'Manager.take', 'create'],
    files: {
      'client.ts': accessor(`import { manager } from './manager.js';`, 'manager.take()'),
      'manager.ts': `import { Pool } from 'tarn';\n${getClient}\nclass Manager {\n  readonly #pool = new Pool({ create() { return getClient(${args}); }, min: 0, max: 4 });\n  take() { return this.#pool.acquire().promise; }\n}\nexport const manager = new Manager();`,
    },
  },
  {
    name: 'a map of openers',
    why: 'A map returns the values that were set.',
    path: ['getClient', 'Manager.take', 'callback in new Manager'],
    files: {
      'client.ts': accessor(`import { manager } from './manager.js';`, `manager.take('main')`),
      'manager.ts': `${client}\n${getClient}\nclass Manager {\n  readonly #openers = new Map<string, () => Promise<ClickHouseClient>>();\n  constructor() { this.#openers.set('main', () => getClient(${args})); }\n  take(name: string) { return this.#openers.get(name)!(); }\n}\nexport const manager = new Manager();`,
    },
  },
  {
    name: 'a table of openers',
    why: 'A computed property name may be any of the properties.',
    path: ['getClient', 'take', 'main'],
    files: {
      'client.ts': accessor(`import { take } from './manager.js';`, `take('main')`),
      'manager.ts': `${client}\n${getClient}\nconst openers: Record<string, () => Promise<ClickHouseClient>> = { main: () => getClient(${args}) };\nexport function take(name: string) { return openers[name]!(); }`,
    },
  },
  {
    name: 'a list of strategies',
    why: 'A loop over functions calls each of them.',
    path: ['getClient', 'take', 'callback in module .*manager.ts'],
    files: {
      'client.ts': accessor(`import { take } from './manager.js';`, 'take()'),
      'manager.ts': `${getClient}\nconst strategies = [() => getClient(${args})];\nexport async function take() {\n  for (const open of strategies) return open();\n  throw new Error('no strategy');\n}`,
    },
  },
  {
    name: 'a closure',
    why: 'A returned function runs where it is called.',
    path: ['getClient', 'Manager.take', 'callback in createOpener'],
    files: {
      'client.ts': accessor(`import { manager } from './manager.js';`, 'manager.take()'),
      'opener.ts': `${getClient}\nexport function createOpener(isDirect: boolean) { return () => getClient(isDirect ? { bypassManager: «false→true» } : { bypassManager: true }); }`,
      'manager.ts': `import { createOpener } from './opener.js';\nclass Manager { readonly #open = createOpener(true); take() { return this.#open(); } }\nexport const manager = new Manager();`,
    },
  },
  {
    name: 'injection by constructor',
    why: 'A dependency is the injected object.',
    path: ['getClient', 'Manager.take', 'open'],
    files: {
      'client.ts': accessor(`import { manager } from './container.js';`, 'manager.take()'),
      'opener.ts': `${client}\nexport interface Opener { open(): Promise<ClickHouseClient>; }`,
      'manager.ts': `import type { Opener } from './opener.js';\nexport class Manager { constructor(private readonly opener: Opener) {} take() { return this.opener.open(); } }`,
      'container.ts': `${getClient}\nimport { Manager } from './manager.js';\nexport const manager = new Manager({ open: () => getClient(${args}) });`,
    },
  },
  {
    name: 'injection by a provider function',
    why: 'A container calls useFactory and injects its result for the token.',
    path: ['getClient', 'Manager.take', 'callback in useFactory'],
    files: {
      'client.ts': accessor(
        `import type { Manager } from './manager.js';\nlet manager: Manager;\nexport function use(injected: Manager) { manager = injected; }`,
        'manager.take()',
      ),
      'manager.ts': `${client}\nexport class Manager { constructor(private readonly open: () => Promise<ClickHouseClient>) {} take() { return this.open(); } }`,
      'app.module.ts': `import { Module } from '@nestjs/common';\n${getClient}\nimport { Manager } from './manager.js';\n@Module({ providers: [{ provide: Manager, useFactory: () => new Manager(() => getClient(${args})) }] })\nexport class AppModule {}`,
    },
  },
  {
    name: 'a memoised getter',
    why: 'Every call returns the instance that was created once.',
    path: ['getClient', 'Manager.take'],
    files: {
      'client.ts': accessor(`import { getManager } from './manager.js';`, 'getManager().take()'),
      'manager.ts': `${getClient}\nclass Manager { take() { return getClient(${args}); } }\nlet manager: Manager | undefined;\nexport function getManager() { return (manager ??= new Manager()); }`,
    },
  },
  {
    name: 'a dynamic import',
    why: 'A dynamic import is an import.',
    path: ['getClient', 'Manager.take'],
    files: {
      'client.ts': accessor('', `(await import('./manager.js')).manager.take()`),
      'manager.ts': `${getClient}\nclass Manager { take() { return getClient(${args}); } }\nexport const manager = new Manager();`,
    },
  },
  {
    name: 'a required module',
    why: 'A require call inside a function is an import.',
    path: ['getClient', 'take'],
    files: {
      'client.ts': accessor('', `require('./manager.js').take()`),
      'manager.ts': `${getClient}\nexport function take() { return getClient(${args}); }`,
    },
  },
  {
    name: 'a getter',
    why: 'Reading a property may run code.',
    path: ['getClient', 'Manager.client'],
    files: {
      'client.ts': accessor(`import { manager } from './manager.js';`, 'manager.client'),
      'manager.ts': `${getClient}\nclass Manager { get client() { return getClient(${args}); } }\nexport const manager = new Manager();`,
    },
  },
  {
    name: 'a singleton',
    why: 'A static field contains an instance like any other field.',
    path: ['getClient', 'Manager.take'],
    files: {
      'client.ts': accessor(`import { Manager } from './manager.js';`, 'Manager.instance.take()'),
      'manager.ts': `${getClient}\nexport class Manager { static readonly instance = new Manager(); take() { return getClient(${args}); } }`,
    },
  },
  {
    name: 'a Proxy',
    why: 'A proxy runs its traps and the methods of its target.',
    path: ['getClient', 'Manager.take'],
    files: {
      'client.ts': accessor(`import { manager } from './manager.js';`, 'manager.take()'),
      'manager.ts': `${getClient}\nclass Manager { take() { return getClient(${args}); } }\nexport const manager = new Proxy(new Manager(), { get: (target, key) => Reflect.get(target, key) });`,
    },
  },
  {
    name: 'a trap of a Proxy',
    why: 'Reading a property of a proxy runs its get trap.',
    path: ['getClient', 'get'],
    files: {
      'client.ts': accessor(`import { manager } from './manager.js';`, 'manager.take()'),
      'manager.ts': `${client}\n${getClient}\nexport const manager = new Proxy({} as { take(): Promise<ClickHouseClient> }, { get() { const opened = getClient(${args}); return () => opened; } });`,
    },
  },
  {
    name: 'an event emitter',
    why: 'An emitter runs its listeners.',
    path: ['getClient', 'take', 'callback in module .*manager.ts'],
    files: {
      'client.ts': accessor(`import { take } from './manager.js';`, 'take()'),
      'manager.ts': `import { EventEmitter } from 'node:events';\n${client}\n${getClient}\nconst bus = new EventEmitter();\nlet opened: Promise<ClickHouseClient>;\nbus.on('requested', () => { opened = getClient(${args}); });\nexport function take() {\n  bus.emit('requested');\n  return opened;\n}`,
    },
  },
  {
    name: 'a class that emits',
    why: 'An instance of a subclass of an emitter runs its listeners.',
    path: ['getClient', 'Manager.take', 'callback in new Manager'],
    files: {
      'client.ts': accessor(`import { manager } from './manager.js';`, 'manager.take()'),
      'manager.ts': `import { EventEmitter } from 'node:events';\n${client}\n${getClient}\nclass Manager extends EventEmitter {\n  opened?: Promise<ClickHouseClient>;\n  constructor() {\n    super();\n    this.on('requested', () => { this.opened = getClient(${args}); });\n  }\n  take() {\n    this.emit('requested');\n    return this.opened!;\n  }\n}\nexport const manager = new Manager();`,
    },
  },
  {
    name: 'a timer',
    why: 'A timer runs its callback after the call has returned.',
    path: ['getClient', 'take', 'callback in take'],
    files: {
      'client.ts': accessor(`import { take } from './manager.js';`, 'take()'),
      'manager.ts': `${client}\nimport { createClient } from '@clickhouse/client';\n${getClient}\nlet spare: ClickHouseClient | undefined;\nconst now = (run: () => void) => run();\nexport async function take() {\n  «now→setImmediate»(async () => { spare = await getClient(); });\n  return spare ?? createClient();\n}`,
    },
  },
  {
    name: 'then()',
    why: 'A promise runs its callbacks when it settles.',
    path: ['getClient', 'take', 'callback in take'],
    files: {
      'client.ts': accessor(`import { take } from './manager.js';`, 'take()'),
      'manager.ts': `${getClient}\nexport function take() { return Promise.resolve().then(() => getClient(${args})); }`,
    },
  },
  {
    name: 'the accessor as a callback',
    why: 'A method of an array calls its callback with the element as options.',
    path: ['getClient', 'take'],
    files: {
      'client.ts': accessor(`import { take } from './manager.js';`, 'take()'),
      'manager.ts': `${getClient}\nexport async function take() { return (await Promise.all([{ bypassManager: «false→true» }].map(getClient)))[0]!; }`,
    },
  },
  {
    name: 'call and apply',
    why: 'call() runs the function with its further arguments.',
    path: ['getClient', 'take'],
    files: {
      'client.ts': accessor(`import { take } from './manager.js';`, 'take()'),
      'manager.ts': `${getClient}\nexport function take() { return getClient.call(undefined«→, { bypassManager: true }»); }`,
    },
  },
  {
    name: 'a namespace and a barrel',
    why: 'A name is followed through all re-exports.',
    path: ['getClient', 'take'],
    files: {
      'client.ts': accessor(`import * as managers from './managers/index.js';`, 'managers.take()'),
      'index.ts': `export { getClient as connect } from './client.js';`,
      'managers/index.ts': `export * from './manager.js';`,
      'managers/manager.ts': `import * as db from '../index.js';\nexport function take() { return db.connect(${args}); }`,
    },
  },
  {
    name: 'a default export',
    why: 'An accessor may be a default export.',
    path: ['getClient', 'take'],
    files: {
      'client.ts': `import { type ClickHouseClient, createClient } from '@clickhouse/client';\nimport { take } from './manager.js';\nconst getClient = async (options: { bypassManager?: boolean } = {}): Promise<ClickHouseClient> => (options.bypassManager ? createClient() : take());\nexport default getClient;`,
      'manager.ts': `import connect from './client.js';\nexport function take() { return connect(${args}); }`,
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
    why: 'Overloads have one implementation.',
    path: ['getClient', 'take'],
    files: {
      'client.ts': `import { type ClickHouseClient, createClient } from '@clickhouse/client';\nimport { take } from './manager.js';\nexport function getClient(): ClickHouseClient;\nexport function getClient(bypassManager: boolean): ClickHouseClient;\nexport function getClient(bypassManager?: boolean): ClickHouseClient {\n  if (!bypassManager) return take();\n  return createClient();\n}`,
      'manager.ts': `${getClient}\nexport function take() { return getClient(«→true»); }`,
    },
  },
  {
    name: 'an accessor in a wrapper',
    why: 'The result of a wrapper in the slice calls the wrapped function.',
    path: ['callback in module .*client.ts', 'take', 'callback in traced'],
    files: {
      'client.ts': `import { type ClickHouseClient, createClient } from '@clickhouse/client';\nimport { take } from './manager.js';\nimport { traced } from './traced.js';\nexport const getClient = traced('getClient', async (options: { bypassManager?: boolean } = {}): Promise<ClickHouseClient> => (options.bypassManager ? createClient() : take()));`,
      'traced.ts': `export function traced<Arguments extends unknown[], Result>(name: string, run: (...args: Arguments) => Promise<Result>) {\n  return async (...args: Arguments): Promise<Result> => {\n    console.time(name);\n    try { return await run(...args); } finally { console.timeEnd(name); }\n  };\n}`,
      'manager.ts': `import { createClient } from '@clickhouse/client';\n${getClient}\nexport async function take() { return «getClient→createClient»(); }`,
    },
  },
  {
    name: 'a disposable',
    why: 'An await using declaration calls the function of its initialiser.',
    path: ['lease', 'Manager.take'],
    files: {
      'client.ts': `import { type ClickHouseClient, createClient } from '@clickhouse/client';\nimport { manager } from './manager.js';\nexport interface Lease extends AsyncDisposable { readonly client: ClickHouseClient; }\nexport async function lease(bypassManager = false): Promise<Lease> {\n  const client = bypassManager ? createClient() : await manager.take();\n  return { client, [Symbol.asyncDispose]: () => client.close() };\n}`,
      'manager.ts': `import { lease } from './client.js';\nclass Manager { async take() { await using leased = await lease(«→true»); return leased.client; } }\nexport const manager = new Manager();`,
    },
  },
];
