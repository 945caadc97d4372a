import type { Pair } from './pair.js';

const accessor = `import { type ClickHouseClient, createClient } from '@clickhouse/client';
import { manager } from './manager.js';
export async function getClient(options: { bypassManager?: boolean; label?: string } = {}): Promise<ClickHouseClient> {
  if (options.bypassManager) return createClient();
  return manager.take();
}`;

const pair = (name: string, why: string, path: readonly string[], text: string, call: string): Pair => ({
  name,
  why,
  path,
  files: {
    'client.ts': accessor,
    'manager.ts': `import type { ClickHouseClient } from '@clickhouse/client';
import { getClient } from './client.js';
${text}
export const manager = {
  take(): Promise<ClickHouseClient> {
    ${call}
  },
};`,
  },
});

const direct = ['getClient', 'take'];
const throughRequest = ['getClient', 'take', 'Request.open'];
const request = `class Request {
  private isDirect = false;
  direct(value = true): this { this.isDirect = value; return this; }
  label(_text: string): this { return this; }
  open() { return getClient({ bypassManager: this.isDirect }); }
}`;

/** In each program the manager calls the accessor with a flag that an object holds. */
export const instances: readonly Pair[] = [
  pair(
    'a builder',
    'A method sets a field, and a later method reads it.',
    throughRequest,
    request,
    `return new Request().label('pool').«label('x')→direct()».open();`,
  ),
  pair(
    'a builder that takes the flag',
    'The argument of a method becomes the value of a field.',
    throughRequest,
    request,
    `const request = new Request();\n    request.direct(«false→true»);\n    return request.open();`,
  ),
  pair(
    'a builder that makes the options',
    'The object that a method returns holds the value of a field.',
    direct,
    `class Options {
  readonly #options: { bypassManager?: boolean; label?: string } = {};
  direct(): this { this.#options.bypassManager = true; return this; }
  label(text: string): this { this.#options.label = text; return this; }
  build() { return this.#options; }
}`,
    `return getClient(new Options().label('pool').«label('x')→direct()».build());`,
  ),
  pair(
    'a builder that copies itself',
    'Each method constructs a further object.',
    direct,
    `class Options {
  constructor(readonly bypassManager = false) {}
  direct(): Options { return new Options(true); }
  label(_text: string): Options { return new Options(this.bypassManager); }
}`,
    `return getClient(new Options().«label('x')→direct()».label('pool'));`,
  ),
  pair(
    'a field that the constructor computes',
    'The arguments of the construction decide the field.',
    direct,
    `class Options {
  readonly bypassManager: boolean;
  constructor(origin: string) { this.bypassManager = origin === 'manager'; }
}`,
    `return getClient(new Options('«request→manager»'));`,
  ),
  pair(
    'a getter',
    'The options compute the flag when the accessor reads it.',
    direct,
    `class Options {
  constructor(private readonly origin: string) {}
  get bypassManager(): boolean { return this.origin === 'manager'; }
}`,
    `return getClient(new Options('«request→manager»'));`,
  ),
  pair(
    'a subclass with another default',
    'The class of the object decides the field.',
    direct,
    `class Options { bypassManager = false; label = 'pool'; }
class Direct extends Options { override bypassManager = true; }`,
    `return getClient(new «Options→Direct»());`,
  ),
  pair(
    'a subclass that passes the flag to its base',
    'The arguments of super decide the field.',
    direct,
    `class Options { constructor(readonly bypassManager: boolean) {} }
class Chosen extends Options { constructor() { super(«false→true»); } }`,
    `return getClient({ ...new Chosen() });`,
  ),
  pair(
    'two objects of one class',
    'Each object has fields of its own.',
    ['getClient', 'take', 'Connector.open'],
    `class Connector {
  constructor(private readonly isDirect = false) {}
  open() { return getClient({ bypassManager: this.isDirect }); }
}
const pooled = new Connector();
const own = new Connector(true);`,
    `return «pooled→own».open();`,
  ),
  pair(
    'a field that a method clears',
    'The last method decides the field.',
    throughRequest,
    request,
    `return new Request().direct()«.direct(false)→».open();`,
  ),
];
