import type { ClientConstructor, ClientPackage } from './clients.js';

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
  return { text: [...modules, requireStub].join('\n'), constructors };
}

/** TypeScript follows `require` in JavaScript files only; these types carry the packages through it elsewhere. */
const requireStub = `
declare function require(id: string): any;
declare module 'node:module' { export function createRequire(from: any): typeof require; }
declare module 'module' { export function createRequire(from: any): typeof require; }`;

export const clientInterface = 'ClickHouseSsotClient';

function moduleStub(entry: ClientPackage, constructors: Map<string, ClientConstructor>): string {
  const name = JSON.stringify(entry.package);
  const shapes = entry.constructors.map((exported) => {
    const shape = `ClickHouseSsotConstructor${constructors.size}`;
    constructors.set(shape, { package: entry.package, name: exported });
    return { exported, shape };
  });
  const isConstructor = shapes.find(({ exported }) => exported === 'default');
  const named = shapes.filter(({ exported }) => exported !== 'default');
  return `
declare module ${name} {
  interface ${clientInterface} { [member: string]: any }
  export type ClickHouseClient = ${clientInterface};
  ${shapes.map(({ shape }) => `interface ${shape} { (...options: any[]): ${clientInterface}; new (...options: any[]): ${clientInterface} }`).join('\n  ')}
  ${named.map(({ exported, shape }) => `export const ${exported}: ${shape}; export type ${exported} = ${clientInterface};`).join('\n  ')}
  const self: ${isConstructor ? `${isConstructor.shape} & ` : ''}{ ${named.map(({ exported, shape }) => `${exported}: ${shape};`).join(' ')} };
  export default self;
}
declare module ${JSON.stringify(`${entry.package}/*`)} { export * from ${name}; export { default } from ${name}; }
declare function require(id: ${name}): typeof import(${name})${isConstructor ? `['default'] & typeof import(${name})` : ''};`;
}
