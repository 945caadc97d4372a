import type { Pair } from './pair.js';

const accessor = (use: string, imports = ''): string => `import { type ClickHouseClient, createClient } from '@clickhouse/client';
import { services } from './services.js';
import './manager.js';
${imports}
export async function getClient(options: { bypassManager?: boolean } = {}): Promise<ClickHouseClient> {
  if (options.bypassManager) return createClient();
  ${use}
}`;

const manager = (text: string): string => `import { getClient } from './client.js';
import { services } from './services.js';
${text}`;

const registrations = manager(`services.register('managed', () => services.get('«own→direct»')());
services.register('own', () => getClient());
services.register('direct', () => getClient({ bypassManager: true }));`);

const bus = (name: string, text: string): Pair => ({
  name,
  why: 'An event runs the handlers of its own name.',
  path: ['getClient', 'emit|Bus.emit|on', '.*'],
  files: {
    'client.ts': accessor(`await services.emit('closed');\n  return createClient();`),
    'services.ts': `type Handler = () => unknown;\n${text}`,
    'manager.ts': manager(`services.on('«closed→opened»', async () => { await getClient(); });\nservices.on('other', () => undefined);`),
  },
});

/** Containers and event buses that the program writes itself. The manager registers under names, and the accessor asks by a name. */
export const ownContainers: readonly Pair[] = [
  {
    name: 'a class around a map',
    why: 'A value is found under the name under which it was registered.',
    path: ['getClient', 'callback in .*', 'callback in .*'],
    files: {
      'client.ts': accessor(`return services.get('managed')();`),
      'services.ts': `class Services {
  private readonly made = new Map<string, () => any>();
  register(name: string, make: () => any): void { this.made.set(name, make); }
  get(name: string): () => any { return this.made.get(name)!; }
}
export const services = new Services();`,
      'manager.ts': registrations,
    },
  },
  {
    name: 'closures around a record',
    why: 'A value is found under the name under which it was registered.',
    path: ['getClient', 'callback in .*', 'callback in .*'],
    files: {
      'client.ts': accessor(`return services.get('managed')();`),
      'services.ts': `function createServices() {
  const made: Record<string, () => any> = {};
  return {
    register(name: string, make: () => any) { made[name] = make; },
    get(name: string) { const found = made[name]; if (!found) throw new Error(name); return found; },
  };
}
export const services = createServices();`,
      'manager.ts': registrations,
    },
  },
  {
    name: 'a container that runs what it finds',
    why: 'The name that is passed on decides what a private method finds.',
    path: ['getClient', 'Services.resolve', 'Services.find', 'callback in .*', 'Services.resolve', 'Services.find', 'callback in .*'],
    files: {
      'client.ts': accessor(`return services.resolve('managed');`),
      'services.ts': `class Services {
  readonly #made = new Map<string, () => any>();
  register(name: string, make: () => any): void { this.#made.set(name, make); }
  resolve(name: string): any { return this.find(name); }
  private find(key: string): any { return this.#made.get(key)!(); }
}
export const services = new Services();`,
      'manager.ts': registrations.replaceAll(/services\.get\(('[^)]*')\)\(\)/g, 'services.resolve($1)'),
    },
  },
  {
    name: 'objects under symbols',
    why: 'A symbol is a key, and the methods of an object belong to its key.',
    path: ['getClient', 'open', 'open'],
    files: {
      'client.ts': accessor(`return services.get(managed).open();`, `import { managed } from './services.js';`),
      'services.ts': `export const managed = Symbol('managed');
export const own = Symbol('own');
export const direct = Symbol('direct');
class Services {
  private readonly made = new Map<symbol, any>();
  register(name: symbol, value: any): void { this.made.set(name, value); }
  get(name: symbol): any { return this.made.get(name); }
}
export const services = new Services();`,
      'manager.ts': manager(`import { direct, managed, own } from './services.js';
services.register(managed, { open: () => services.get(«own→direct»).open() });
services.register(own, { open: () => getClient() });
services.register(direct, { open: () => getClient({ bypassManager: true }) });`),
    },
  },
  bus(
    'a bus with a list for each event',
    `class Bus {
  private readonly handlers: Record<string, Handler[]> = {};
  on(event: string, handler: Handler): void { (this.handlers[event] ??= []).push(handler); }
  async emit(event: string): Promise<void> { for (const handler of this.handlers[event] ?? []) await handler(); }
}
export const services = new Bus();`,
  ),
  bus(
    'a bus with a set for each event',
    `class Bus {
  private readonly handlers = new Map<string, Set<Handler>>();
  on(event: string, handler: Handler): void {
    let set = this.handlers.get(event);
    if (!set) { set = new Set(); this.handlers.set(event, set); }
    set.add(handler);
  }
  async emit(event: string): Promise<void> { await Promise.all([...(this.handlers.get(event) ?? [])].map((handler) => handler())); }
}
export const services = new Bus();`,
  ),
  bus(
    'a bus of closures with a private list',
    `const handlers = new Map<string, Handler[]>();
function listOf(event: string): Handler[] {
  const list = handlers.get(event) ?? [];
  handlers.set(event, list);
  return list;
}
export const services = {
  on(event: string, handler: Handler): void { listOf(event).push(handler); },
  async emit(event: string): Promise<void> { for (const handler of listOf(event)) await handler(); },
};`,
  ),
  {
    name: 'an event that is an object',
    why: 'The type of the event selects the handlers.',
    path: ['getClient', 'Bus.emit', 'callback in .*'],
    files: {
      'client.ts': accessor(`await services.emit({ type: 'closed' });\n  return createClient();`),
      'services.ts': `type Handler = () => unknown;
class Bus {
  private readonly handlers = new Map<string, Handler[]>();
  on(event: string, handler: Handler): void { this.handlers.set(event, [...(this.handlers.get(event) ?? []), handler]); }
  async emit(event: { type: string }): Promise<void> { for (const handler of this.handlers.get(event.type) ?? []) await handler(); }
}
export const services = new Bus();`,
      'manager.ts': manager(`services.on('«closed→opened»', async () => { await getClient(); });`),
    },
  },
  {
    name: 'a container in a module without a client',
    why: 'Two modules with clients meet in a module that imports neither.',
    path: ['getClient', 'callback in .*', 'callback in .*'],
    files: {
      'client.ts': `import { type ClickHouseClient } from '@clickhouse/client';
import { services } from './services.js';
export async function getClient(): Promise<ClickHouseClient> { return services.get<() => Promise<ClickHouseClient>>('managed')(); }`,
      'services.ts': `class Services {
  private readonly made = new Map<string, unknown>();
  register(name: string, value: unknown): void { this.made.set(name, value); }
  get<T>(name: string): T { return this.made.get(name) as T; }
}
export const services = new Services();`,
      'manager.ts': `import { createClient } from '@clickhouse/client';
import { getClient } from './client.js';
import { services } from './services.js';
services.register('managed', () => services.get<() => unknown>('«own→direct»')());
services.register('own', () => getClient());
services.register('direct', () => createClient());`,
    },
  },
];
