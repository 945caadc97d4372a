import { type ClientConstructor, type ClientPackage, runtimePackage } from './client-packages.js';

export const stubFile = '/clickhouse-ssot-stubs.d.ts';

/**
 * Ambient declarations of the client packages, so that the type checker knows a construction without `node_modules`.
 * Each constructor has an interface of its own, whose name says which constructor a resolved signature belongs to.
 */
export interface Stubs {
  readonly text: string;
  /** By the name of the interface that declares the signature. */
  readonly constructors: ReadonlyMap<string, ClientConstructor>;
}

export function makeStubs(packages: readonly ClientPackage[]): Stubs {
  const constructors = new Map<string, ClientConstructor>();
  const modules = packages.map((entry) => moduleStub(entry, constructors));
  return { text: [...modules, runtimeStub, requireStub].join('\n'), constructors };
}

/** As much of the runtime as leases: a method that is declared here is known by where it is declared. */
const runtimeStub = `
declare module '${runtimePackage}' {
  export class ClickHouseConnectionManager { constructor(...options: any[]); session(options?: any): Promise<any>; readonly service: any }
  export function getClickHouseConnectionManager(...options: any[]): ClickHouseConnectionManager;
}`;

/** Names that are there in every Node program: unknown to the checker, each would cost a search for what was meant. */
const hostGlobals = [
  'console',
  'process',
  'Buffer',
  'URL',
  'URLSearchParams',
  'fetch',
  'Response',
  'Request',
  'Headers',
  'AbortController',
  'AbortSignal',
  'TextEncoder',
  'TextDecoder',
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'setImmediate',
  'queueMicrotask',
  'performance',
  'crypto',
  'structuredClone',
  'window',
  'document',
  'global',
  '__dirname',
  '__filename',
  'describe',
  'it',
  'test',
  'expect',
  'beforeEach',
  'afterEach',
  'beforeAll',
  'afterAll',
  'jest',
  'vi',
];

/** TypeScript follows `require` in JavaScript files only; these types carry the packages through it elsewhere. */
const requireStub = `
declare function require(id: string): any;
declare var ${hostGlobals.map((name) => `${name}: any`).join(', ')};
declare module 'node:module' { export function createRequire(from: any): typeof require; }
declare module 'module' { export function createRequire(from: any): typeof require; }`;

export const clientInterface = 'ClickHouseSsotClient';

function moduleStub(entry: ClientPackage, constructors: Map<string, ClientConstructor>): string {
  const shapes = entry.constructors.map((exported) => {
    const shape = `ClickHouseSsotConstructor${constructors.size}`;
    constructors.set(shape, { package: entry.package, name: exported });
    return { exported, shape };
  });
  const body = `{
  interface ${clientInterface} { [member: string]: any }
  ${shapes.map(({ shape }) => `interface ${shape} { (...options: any[]): ${clientInterface}; new (...options: any[]): ${clientInterface} }`).join('\n  ')}
  ${exportsOf(shapes)}
}`;
  const [name, paths] = [JSON.stringify(entry.package), JSON.stringify(`${entry.package}/*`)];
  return `declare module ${name} ${body}\ndeclare module ${paths} ${body}\ndeclare function require(id: ${name} | \`${entry.package}/\${string}\`): typeof import(${name});`;
}

/** A package that is itself a constructor can only be `export =`; all others have names, and a default that holds them. */
function exportsOf(shapes: readonly { readonly exported: string; readonly shape: string }[]): string {
  const named = shapes.filter(({ exported }) => exported !== 'default');
  const members = `{ ${named.map(({ exported, shape }) => `${exported}: ${shape};`).join(' ')} }`;
  const itself = shapes.find(({ exported }) => exported === 'default');
  if (itself) return `const self: ${itself.shape} & ${members}; export = self;`;
  const types = named.map(({ exported, shape }) => `export const ${exported}: ${shape}; export type ${exported} = ${clientInterface};`);
  const isNamedSo = named.some(({ exported }) => exported === 'ClickHouseClient');
  const clientType = isNamedSo ? '' : `export type ClickHouseClient = ${clientInterface};`;
  return `${types.join('\n  ')}\n  ${clientType}\n  const self: ${members};\n  export default self;`;
}
