import type { Pair } from './pair.js';

const client = `import { type ClickHouseClient, createClient } from '@clickhouse/client';`;

/** A program whose `client.ts` and `manager.ts` import a module that does not name ClickHouse. Settings without accessors make it a project. */
function importing(
  name: string,
  why: string,
  modules: Readonly<Record<string, string>>,
  own: readonly [client: string, manager: string],
  path: readonly string[] = ['getClient', 'Manager.take'],
): Pair {
  return {
    name,
    why,
    path,
    settings: {},
    files: {
      'client.ts': `${client}\nimport { manager } from './manager.js';\n${own[0]}`,
      'manager.ts': `${client}\nimport { getClient } from './client.js';\n${own[1]}`,
      ...modules,
    },
  };
}

const takes = `class Manager {\n  take(): ClickHouseClient { return getClient(); }\n}\nexport const manager = new Manager();`;

/** Programs whose cycle depends on a module that does not mention ClickHouse. */
export const importedModules: readonly Pair[] = [
  importing(
    'a lazy value of another module',
    'A function that is given to an imported class runs there.',
    {
      'lazy.ts': `export class Lazy<T> {\n  #made: T | undefined;\n  constructor(private readonly make: () => T) {}\n  value(): T { return (this.#made ??= this.make()); }\n}`,
    },
    [
      `export function getClient(): ClickHouseClient { return manager.take(); }`,
      `import { Lazy } from './lazy.js';\nclass Manager {\n  readonly #client = new Lazy<ClickHouseClient>(«getClient→() => createClient()»);\n  take(): ClickHouseClient { return this.#client.value(); }\n}\nexport const manager = new Manager();`,
    ],
    ['getClient', 'Manager.take', 'Lazy.value'],
  ),
  importing(
    'a circuit breaker two imports away',
    'The imports of an import are analysed.',
    {
      'protect.ts': `import { Breaker } from './breaker.js';\nexport const protect = <T>(run: () => T) => new Breaker<T>(run);`,
      'breaker.ts': `export class Breaker<T> {\n  constructor(private readonly run: () => T) {}\n  fire(): T { return this.run(); }\n}`,
    },
    [
      `export function getClient(): ClickHouseClient { return manager.take(); }`,
      `import { protect } from './protect.js';\nconst protectedClient = protect<ClickHouseClient>(«getClient→() => createClient()»);\nexport const manager = { take: (): ClickHouseClient => protectedClient.fire() };`,
    ],
    ['getClient', 'take', 'Breaker.fire'],
  ),
  importing(
    'an abstract provider of another module',
    'A method of an imported class calls the method of the derived class.',
    {
      'provider.ts': `export abstract class Provider<T> {\n  protected abstract create(): T;\n  #value: T | undefined;\n  get(): T { return (this.#value ??= this.create()); }\n}`,
    },
    [
      `export function getClient(): ClickHouseClient { return manager.take(); }`,
      `import { Provider } from './provider.js';\nclass Clients extends Provider<ClickHouseClient> {\n  protected override create(): ClickHouseClient { return «getClient()→createClient()»; }\n}\nconst clients = new Clients();\nexport const manager = { take: (): ClickHouseClient => clients.get() };`,
    ],
    ['take', 'Provider.get', 'Clients.create', 'getClient'],
  ),
  importing(
    'an enum of another module',
    'The value of the mode decides the branch.',
    { 'mode.ts': `export enum Mode { Pooled = 'pooled', Direct = 'direct' }` },
    [
      `import { Mode } from './mode.js';\nexport function getClient(mode: Mode = Mode.Pooled): ClickHouseClient {\n  return mode === Mode.Direct ? createClient() : manager.take();\n}`,
      `import { Mode } from './mode.js';\nclass Manager {\n  take(): ClickHouseClient { return getClient(Mode.«Pooled→Direct»); }\n}\nexport const manager = new Manager();`,
    ],
  ),
  importing(
    'constant modes of another module',
    'The value of the mode decides the branch.',
    {
      'mode.ts': `export const MODES = { pooled: 'pooled', direct: 'direct' } as const;\nexport type Mode = (typeof MODES)[keyof typeof MODES];`,
    },
    [
      `import { MODES, type Mode } from './mode.js';\nexport function getClient({ mode = MODES.pooled }: { mode?: Mode } = {}): ClickHouseClient {\n  if (mode === MODES.direct) return createClient();\n  return manager.take();\n}`,
      `import { MODES } from './mode.js';\nclass Manager {\n  take(): ClickHouseClient { return getClient({ mode: MODES.«pooled→direct» }); }\n}\nexport const manager = new Manager();`,
    ],
  ),
  importing('a switch of another module', 'A constant decides the branch.', { 'env.ts': `export const USE_POOL = «true→false»;` }, [
    `import { USE_POOL } from './env.js';\nexport function getClient(): ClickHouseClient {\n  return USE_POOL ? manager.take() : createClient();\n}`,
    takes,
  ]),
  importing(
    'options that another module completes',
    'The function of the other module decides the mode.',
    {
      'options.ts': `export interface Options { direct?: boolean }\nexport function normalise(options: Options = {}): { direct: boolean } {\n  return { direct: options.direct ?? false };\n}`,
    },
    [
      `import { normalise, type Options } from './options.js';\nexport function getClient(options?: Options): ClickHouseClient {\n  if (normalise(options).direct) return createClient();\n  return manager.take();\n}`,
      `class Manager {\n  take(): ClickHouseClient { return getClient(«→{ direct: true }»); }\n}\nexport const manager = new Manager();`,
    ],
  ),
  importing(
    'keys of another module',
    'A function under another key does not run.',
    { 'tokens.ts': `export const CLIENT = 'client';\nexport const POOL = 'pool';` },
    [
      `import { POOL } from './tokens.js';\nexport function getClient(): ClickHouseClient {\n  const open = manager.get(POOL);\n  if (!open) throw new Error('unknown');\n  return open();\n}`,
      `import { CLIENT, POOL } from './tokens.js';\nexport const manager = new Map<string, () => ClickHouseClient>([[«POOL→CLIENT», () => getClient()], [«CLIENT→POOL», () => createClient()]]);`,
    ],
    ['getClient', '.*'],
  ),
];
