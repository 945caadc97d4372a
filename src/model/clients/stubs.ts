import type { ClientConstructor, ClientModule, ClientPackage, ClientPurpose } from './client-packages.js';
import { hostStub } from './host-stub.js';

/** Folder of the stubs in the slice program. */
export const stubFolder = '/clickhouse-ssot-stubs/';

/** Path of the declarations of the host and the runtime in the slice program. */
export const stubFile = `${stubFolder}host.d.ts`;

/** Name of the interface that all stub constructors of clients return. */
export const clientInterface = 'ClickHouseSsotClient';

/** A client module with the text of its file. */
export interface ClientModuleSource extends ClientModule {
  readonly relativePath: string;
  readonly text: string;
}

/** The packages and modules that get a stub. */
export interface StubSources {
  readonly packages: readonly ClientPackage[];
  readonly modules: readonly ClientModuleSource[];
  /** Specifiers that mean a package in every file, as `[specifier, package]`. */
  readonly requires: readonly (readonly [specifier: string, packageSpecifier: string])[];
}

/**
 * Declarations of the client packages, so that the type checker finds constructions without `node_modules`. Each package is a file of its
 * own, which an import resolves to where it means the package. Each constructor has an interface of its own, whose name identifies the
 * constructor of a resolved signature.
 */
export interface Stubs {
  /** The texts of the stubs, by path. */
  readonly files: ReadonlyMap<string, string>;
  /** The constructors, by the name of the interface that declares the signature. */
  readonly constructors: ReadonlyMap<string, ClientConstructor>;
  /** Returns the path of the stub for a package specifier, with or without subpath; undefined if it is no client package. */
  readonly ofPackage: (specifier: string) => string | undefined;
  /** Returns the path of the stub that importers of a client module see; undefined for any other file. */
  readonly ofModule: (file: string) => string | undefined;
  /** The constructors of each client module, by its path. */
  readonly moduleConstructors: ReadonlyMap<string, readonly ClientConstructor[]>;
  /** Returns the client module that a stub stands for; undefined for the stub of a package. */
  readonly moduleBehind: (stub: string) => string | undefined;
}

/** Returns the stubs for packages and modules, the runtime and the host. Called by `ModelCache`. */
export function createStubs({ packages, modules, requires }: StubSources): Stubs {
  const files = new Map<string, string>();
  const constructors = new Map<string, ClientConstructor>();
  const byPackage = new Map<string, string>();
  const byModule = new Map<string, string>();
  const moduleConstructors = new Map<string, readonly ClientConstructor[]>();
  const add = (write: (exported: ExportTree) => string, description: Omit<ClientConstructor, 'name'>, names: readonly string[]): string => {
    const path = `${stubFolder}${files.size}.d.ts`;
    const exported = exportTree(names, (name) => {
      const interfaceName = `ClickHouseSsotConstructor${constructors.size}`;
      constructors.set(interfaceName, { ...description, name });
      return interfaceName;
    });
    files.set(path, write(exported));
    return path;
  };
  for (const { package: name, constructors: names, purpose = 'client', existing = [] } of packages)
    byPackage.set(
      name,
      add((exported) => packageStub(exported, purpose), { package: name, purpose, existing }, names),
    );
  for (const { module, relativePath, text, constructors: names } of modules) {
    const description = { package: relativePath, purpose: 'client', existing: [] } as const;
    moduleConstructors.set(
      module,
      names.map((name) => ({ ...description, name })),
    );
    byModule.set(
      module,
      add((exported) => moduleStub(module, text, exported), description, names),
    );
  }
  const ofPackage = (specifier: string) => nearestEntry(byPackage, specifier);
  const stubbed = requires.flatMap(([specifier, target]) => {
    const path = ofPackage(target);
    return path === undefined ? [] : [{ specifier, path }];
  });
  files.set(stubFile, hostStub(stubbed));
  const modulesByStub = new Map([...byModule].map(([module, stub]) => [stub, module]));
  return {
    files,
    constructors,
    ofPackage,
    ofModule: (file) => byModule.get(file),
    moduleConstructors,
    moduleBehind: (stub) => modulesByStub.get(stub),
  };
}

/** Returns the entry of the specifier itself or of the longest path above it: the entry `chdb` for `chdb/agents`. */
function nearestEntry(entries: ReadonlyMap<string, string>, specifier: string): string | undefined {
  for (let path = specifier; path !== ''; path = path.slice(0, Math.max(0, path.lastIndexOf('/')))) {
    const found = entries.get(path);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The exports of a stub: the interface of the export itself, if it constructs, and of its members that do. */
type ExportTree = ReadonlyMap<string, { readonly own: string | undefined; readonly members: ReadonlyMap<string, string> }>;

function exportTree(names: readonly string[], interfaceFor: (name: string) => string): ExportTree {
  const tree = new Map<string, { own: string | undefined; members: Map<string, string> }>();
  for (const name of names) {
    const [root = name, ...rest] = name.split('.');
    const entry = tree.get(root) ?? { own: undefined, members: new Map<string, string>() };
    tree.set(root, entry);
    if (rest.length === 0) entry.own = interfaceFor(name);
    else entry.members.set(rest.join('.'), interfaceFor(name));
  }
  return tree;
}

/** A value that is no constructor, of which any member may be used. */
const otherInterface = 'ClickHouseSsotOther';

function interfacesOf(exported: ExportTree, purpose: ClientPurpose): string {
  const result = purpose === 'client' ? clientInterface : 'any';
  const names = [...exported.values()].flatMap(({ own, members }) => [...(own === undefined ? [] : [own]), ...members.values()]);
  return [
    `interface ${clientInterface} { [member: string]: any }`,
    `interface ${otherInterface} { (...options: any[]): any; new (...options: any[]): any; [member: string]: any }`,
    ...names.map((name) => `interface ${name} { (...options: any[]): ${result}; new (...options: any[]): ${result} }`),
  ].join('\n');
}

function typeOf({ own, members }: { readonly own: string | undefined; readonly members: ReadonlyMap<string, string> }): string {
  return [...[...members].map(([path, name]) => memberType(path.split('.'), name)), own ?? otherInterface].join(' & ');
}

/** The type of nested members: `{ readonly a: { readonly b: I } }` for the path `a.b`. */
function memberType([first, ...rest]: readonly string[], name: string): string {
  return first === undefined ? name : `{ readonly ${JSON.stringify(first)}: ${memberType(rest, name)} }`;
}

/** Returns the declarations of a package: `export =` if the package is itself a constructor, else named exports and a default with all of them. */
function packageStub(exported: ExportTree, purpose: ClientPurpose): string {
  const named = [...exported].filter(([name]) => name !== 'default');
  const members = `{ ${named.map(([name, entry]) => `${name}: ${typeOf(entry)};`).join(' ')} }`;
  const own = exported.get('default');
  const interfaces = interfacesOf(exported, purpose);
  if (own) return `${interfaces}\ndeclare const self: ${typeOf(own)} & ${members};\nexport = self;`;
  const exportsClientType = exported.has('ClickHouseClient');
  const clientType = exportsClientType ? '' : `export type ClickHouseClient = ${clientInterface};`;
  return `${interfaces}\n${named.map(declaration).join('\n')}\n${clientType}\ndeclare const self: ${members};\nexport default self;`;
}

function declaration([name, entry]: readonly [string, ExportTree extends ReadonlyMap<string, infer Entry> ? Entry : never]): string {
  return `export declare const ${name}: ${typeOf(entry)};\nexport type ${name} = ${entry.own === undefined ? 'any' : clientInterface};`;
}

/** Returns what importers of a client module see: the module itself, with the constructors in the place of its own declarations. */
function moduleStub(module: string, text: string, exported: ExportTree): string {
  const interfaces = interfacesOf(exported, 'client');
  const path = JSON.stringify(module);
  const named = [...exported].filter(([name]) => name !== 'default');
  const own = exported.get('default');
  if (isCommonJs(text)) {
    const members = `{ ${named.map(([name, entry]) => `${name}: ${typeOf(entry)};`).join(' ')} }`;
    return `${interfaces}\ndeclare const self: ${own ? typeOf(own) : otherInterface} & ${members};\nexport = self;`;
  }
  const defaultExport = own
    ? `declare const self: ${typeOf(own)};\nexport default self;`
    : /\bexport\s+default\b/.test(text)
      ? `export { default } from ${path};`
      : '';
  return `${interfaces}\nexport * from ${path};\n${named.map(declaration).join('\n')}\n${defaultExport}`;
}

function isCommonJs(text: string): boolean {
  return /\bmodule\.exports\b|\bexports\.\w+\s*=/.test(text) && !/^\s*export\s/m.test(text);
}
