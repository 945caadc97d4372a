import { runtimePackage } from './client-packages.js';

/** A `require` of a package that has the same meaning in every file: the specifier, and the path of the stub. */
export interface StubbedRequire {
  readonly specifier: string;
  readonly path: string;
}

/** Returns the declarations of the runtime, of `require` and of the host's globals. Called by `createStubs`. */
export function hostStub(requires: readonly StubbedRequire[]): string {
  const overloads = requires.map(({ specifier, path }) => {
    const name = JSON.stringify(specifier);
    return `declare function require(id: ${name} | \`${specifier}/\${string}\`): typeof import(${JSON.stringify(path)});`;
  });
  return [runtimeStub, ...overloads, requireStub].join('\n');
}

/** The part of the runtime that leases sessions. A method declared here is recognised by the file of its declaration. */
const runtimeStub = `
declare module '${runtimePackage}' {
  export class ClickHouseConnectionManager { constructor(...options: any[]); session(options?: any): Promise<any>; readonly service: any }
  export function getClickHouseConnectionManager(...options: any[]): ClickHouseConnectionManager;
  export interface LazyClickHouseService { readonly manager: ClickHouseConnectionManager; [member: string]: any }
  export function clickHouse(...options: any[]): LazyClickHouseService;
  export class ClickHouseTenants { constructor(...options: any[]); for(...options: any[]): LazyClickHouseService; [member: string]: any }
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

/** Types of `require`, which the checker does not resolve with this kind of module resolution. */
const requireStub = `
declare function require(id: string): any;
declare var ${hostGlobals.map((name) => `${name}: any`).join(', ')};
declare module 'node:module' { export function createRequire(from: any): typeof require; }
declare module 'module' { export function createRequire(from: any): typeof require; }`;
