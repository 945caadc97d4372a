import { type ClientConstructor, type ClientPackage, runtimePackage } from './client-packages.js';

/** Path of the stubs in the slice program. */
export const stubFile = '/clickhouse-ssot-stubs.d.ts';

/** Name of the interface that all stub constructors return. */
export const clientInterface = 'ClickHouseSsotClient';

/**
 * Ambient declarations of the client packages, so that the type checker finds constructions without `node_modules`. Each constructor has
 * an interface of its own, whose name identifies the constructor of a resolved signature.
 */
export interface Stubs {
  /** The text of `stubFile`. */
  readonly text: string;
  /** The constructors, by the name of the interface that declares the signature. */
  readonly constructors: ReadonlyMap<string, ClientConstructor>;
}

/** Returns the stubs for the packages, the runtime and the host. Called by `ModelCache`. */
export function createStubs(packages: readonly ClientPackage[]): Stubs {
  const constructors = new Map<string, ClientConstructor>();
  const modules = packages.map((entry) => moduleStub(entry, constructors));
  return { text: [...modules, runtimeStub, requireStub].join('\n'), constructors };
}

/** The part of the runtime that leases sessions. A method declared here is recognised by the file of its declaration. */
const runtimeStub = `
declare module '${runtimePackage}' {
  export class ClickHouseConnectionManager { constructor(...options: any[]); session(options?: any): Promise<any>; readonly service: any }
  export function getClickHouseConnectionManager(...options: any[]): ClickHouseConnectionManager;
}`;

/** Globals of Node and test runners. For an undeclared name, the checker would search for similar names. */
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

/** Types of `require` for other files than JavaScript, where TypeScript does not resolve it. */
const requireStub = `
declare function require(id: string): any;
declare var ${hostGlobals.map((name) => `${name}: any`).join(', ')};
declare module 'node:module' { export function createRequire(from: any): typeof require; }
declare module 'module' { export function createRequire(from: any): typeof require; }`;

function moduleStub(entry: ClientPackage, constructors: Map<string, ClientConstructor>): string {
  const interfaces = entry.constructors.map((exported) => {
    const interfaceName = `ClickHouseSsotConstructor${constructors.size}`;
    constructors.set(interfaceName, { package: entry.package, name: exported });
    return { exported, interfaceName };
  });
  const body = `{
  interface ${clientInterface} { [member: string]: any }
  ${interfaces.map(({ interfaceName }) => `interface ${interfaceName} { (...options: any[]): ${clientInterface}; new (...options: any[]): ${clientInterface} }`).join('\n  ')}
  ${exportsOf(interfaces)}
}`;
  const [name, paths] = [JSON.stringify(entry.package), JSON.stringify(`${entry.package}/*`)];
  return `declare module ${name} ${body}\ndeclare module ${paths} ${body}\ndeclare function require(id: ${name} | \`${entry.package}/\${string}\`): typeof import(${name});`;
}

/** Returns the exports of a package: `export =` if the package is itself a constructor, else named exports and a default with all of them. */
function exportsOf(interfaces: readonly { readonly exported: string; readonly interfaceName: string }[]): string {
  const named = interfaces.filter(({ exported }) => exported !== 'default');
  const members = `{ ${named.map(({ exported, interfaceName }) => `${exported}: ${interfaceName};`).join(' ')} }`;
  const packageConstructor = interfaces.find(({ exported }) => exported === 'default');
  if (packageConstructor) return `const self: ${packageConstructor.interfaceName} & ${members}; export = self;`;
  const types = named.map(
    ({ exported, interfaceName }) => `export const ${exported}: ${interfaceName}; export type ${exported} = ${clientInterface};`,
  );
  const exportsClientType = named.some(({ exported }) => exported === 'ClickHouseClient');
  const clientType = exportsClientType ? '' : `export type ClickHouseClient = ${clientInterface};`;
  return `${types.join('\n  ')}\n  ${clientType}\n  const self: ${members};\n  export default self;`;
}
