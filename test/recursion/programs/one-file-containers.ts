import type { Pair } from './pair.js';

const registered = `container.register('clickhouse', () => container.resolve('pool'));
container.register('pool', () => container.resolve('«clickhouse→direct»'));
container.register('direct', () => createClient());`;

/** A container in the file of the accessor. The accessor only starts the cycle: a registered function requests the client again. */
function inOneFile(name: string, why: string, container: string, code = registered, made = 'callback in .*'): Pair {
  return {
    name,
    why,
    path: ['Container.resolve', made, 'Container.resolve', made],
    files: {
      'client.ts': `import { type ClickHouseClient, createClient } from '@clickhouse/client';
${container}
${code}
export function getClient(): ClickHouseClient { return container.resolve('clickhouse'); }`,
    },
  };
}

const mapContainer = `class Container {
  private readonly made = new Map<string, () => any>();
  register(name: string, make: () => any): void { this.made.set(name, make); }
  resolve(name: string): any { const make = this.made.get(name); if (!make) throw new Error(String(name)); return make(); }
}
const container = new Container();`;

/** The same program with tokens in place of strings. */
function withTokens(name: string, why: string, declaration: string, type: string, prefix = ''): Pair {
  const pair = inOneFile(name, why, mapContainer.replaceAll(': string', `: ${type}`).replace('<string', `<${type}`));
  const text = (pair.files['client.ts'] ?? '').replace(/(?<=[(])'([«\w→»]+)'/g, `${prefix}$1`);
  return { ...pair, files: { 'client.ts': text.replace('class Container', `${declaration}\nclass Container`) } };
}

/** Containers in the file of the accessor, which only starts the cycle. */
export const oneFileContainers: readonly Pair[] = [
  inOneFile('a container in one file', 'The functions of the container are on the cycle, the accessor is not.', mapContainer),
  inOneFile(
    'a container that keeps what it made',
    'The cycle comes back before anything is kept.',
    `class Container {
  private readonly made = new Map<string, () => unknown>();
  private readonly kept = new Map<string, unknown>();
  register(name: string, make: () => unknown): void { this.made.set(name, make); }
  resolve<T>(name: string): T {
    if (this.kept.has(name)) return this.kept.get(name) as T;
    const value = this.made.get(name)!();
    this.kept.set(name, value);
    return value as T;
  }
}
const container = new Container();`,
  ),
  inOneFile(
    'a container with records',
    'A record has the functions under their names.',
    `class Container {
  private made: Record<string, () => unknown> = {};
  private kept: Record<string, unknown> = {};
  register(name: string, make: () => unknown): void { this.made[name] = make; }
  resolve<T>(name: string): T { return (this.kept[name] ??= this.made[name]!()) as T; }
}
const container = new Container();`,
  ),
  inOneFile(
    'a container with an object for each name',
    'The object belongs to the name under which it is made.',
    `interface Entry { make: () => unknown; value?: unknown }
class Container {
  private readonly entries = new Map<string, Entry>();
  register(name: string, make: () => unknown): void { this.entries.set(name, { make }); }
  resolve<T>(name: string): T { const entry = this.entries.get(name)!; return (entry.value ??= entry.make()) as T; }
}
const container = new Container();`,
  ),
  inOneFile(
    'a container that is passed to the functions',
    'The functions call the container by their parameter.',
    `type Make = (from: Container) => unknown;
class Container {
  private readonly made = new Map<string, Make>();
  register(name: string, make: Make): this { this.made.set(name, make); return this; }
  resolve<T>(name: string): T { return this.made.get(name)!(this) as T; }
}`,
    `const container = new Container()
  .register('clickhouse', (from) => from.resolve('pool'))
  .register('pool', (from) => from.resolve('«clickhouse→direct»'))
  .register('direct', () => createClient());`,
  ),
  inOneFile(
    'a container made of a record',
    'The constructor receives the functions under their names.',
    `class Container {
  constructor(private readonly made: Record<string, (from: Container) => any>) {}
  resolve(name: string): any { return this.made[name]!(this); }
}`,
    `const container = new Container({
  clickhouse: (from) => from.resolve('pool'),
  pool: (from) => from.resolve('«clickhouse→direct»'),
  direct: () => createClient(),
});`,
    'pool|clickhouse',
  ),
  withTokens(
    'tokens in a constant object',
    'Each token is a constant string.',
    `const tokens = { clickhouse: 'a', pool: 'b', direct: 'c' } as const;`,
    'string',
    'tokens.',
  ),
  withTokens(
    'tokens of an enum of strings',
    'A member is a constant.',
    `enum Token { clickhouse = 'a', pool = 'b', direct = 'c' }`,
    'Token',
    'Token.',
  ),
  withTokens('tokens of an enum of numbers', 'A member is a constant.', `enum Token { clickhouse, pool, direct }`, 'Token', 'Token.'),
  withTokens(
    'symbols in variables',
    'A symbol is a key.',
    `const clickhouse = Symbol('a');\nconst pool = Symbol.for('b');\nconst direct = Symbol('c');`,
    'symbol',
  ),
  withTokens(
    'symbols in a constant object',
    'The object holds a symbol for each name.',
    `const tokens = { clickhouse: Symbol('a'), pool: Symbol.for('b'), direct: Symbol.for('c') };`,
    'symbol',
    'tokens.',
  ),
  inOneFile(
    'a map outside of the class',
    'The map is a variable of the module.',
    `const made = new Map<string, () => unknown>();
class Container { resolve<T>(name: string): T { return made.get(name)!() as T; } register(name: string, make: () => unknown) { made.set(name, make); } }
const container = new Container();`,
  ),
  {
    ...inOneFile('a declared accessor', 'The declared accessor requests its client from the container.', mapContainer),
    settings: { accessors: [{ module: 'client.ts', name: 'getClient' }] },
  },
];
