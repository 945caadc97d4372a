import type { ClickHouseConfig } from '../config/config.js';
import type { ClickHouseConnectionFactory } from '../client/factory.js';
import { callSite, framesOf } from '../concurrency/call-site.js';
import type { ClickHouseConnectionManager } from '../manager/manager.js';
import type { ManagerSettings } from './connection-options.js';

/** One loaded copy of this package. */
export interface LoadedPackage {
  /** Version from its `package.json`. */
  readonly version: string;
  /** Path or URL of a file of the copy: in a bundle, of the bundle. */
  readonly path: string;
}

/** The state of one connection of this process. */
export interface ConnectionState {
  readonly config: ClickHouseConfig;
  readonly factory: ClickHouseConnectionFactory;
  /** Options of each manager of this connection. */
  readonly managerOptions: ManagerSettings;
  /** Undefined until the first caller needs it. */
  manager: ClickHouseConnectionManager | undefined;
}

/** The state that all copies of this package in one process share. It is a contract between versions: every change needs a new `shape`. */
export interface ProcessState {
  readonly shape: 3;
  readonly copies: LoadedPackage[];
  /** Keyed by name. Undefined: the connection without a name. A connection of `clickHouse(options)` has a key that is no name. */
  readonly connections: Map<string | undefined, ConnectionState>;
  /** Number of calls of `closeClickHouse()` that run. */
  closings: number;
}

const globalKey = Symbol.for('@clickhouse-ssot/runtime');

/** Version of this copy, from its `package.json`. */
export const packageVersion = '0.1.0';

/** Returns this copy. The stack gives its file, since `import.meta` is empty in CommonJS and in a bundle of it. */
function thisPackage(): LoadedPackage {
  const [frame = ''] = framesOf(callSite(undefined));
  const path = /^\s*at (?:.*? \()?(.+?):\d+:\d+\)?$/.exec(frame)?.[1];
  return { version: packageVersion, path: path ?? 'an unknown file' };
}

/**
 * Returns the state of this process, and creates it for the first copy. A copy that cannot share an existing state warns and gets a state
 * of its own.
 * @param warn default: emits a warning of the process
 */
export function processState(
  here: LoadedPackage = thisPackage(),
  warn: (warning: string) => void = (text) => process.emitWarning(text, 'ClickHouseSsotWarning'),
): ProcessState {
  const existing: unknown = Reflect.get(globalThis, globalKey);
  if (existing === undefined) {
    const state = newState(here);
    Reflect.set(globalThis, globalKey, state);
    return state;
  }
  if (isProcessState(existing)) {
    if (!existing.copies.some(({ path }) => path === here.path)) existing.copies.push(here);
    return existing;
  }
  warn(
    `This process has loaded incompatible copies of @clickhouse-ssot/runtime, so it has two connection managers. Loaded last: ${describePackage(here)}. Loaded before: ${copiesIn(existing).map(describePackage).join(', ')}. ` +
      'Install one version: `npm ls @clickhouse-ssot/runtime` shows which package depends on which version.',
  );
  return newState(here);
}

function newState(here: LoadedPackage): ProcessState {
  return { shape: 3, copies: [here], connections: new Map(), closings: 0 };
}

function isProcessState(value: unknown): value is ProcessState {
  return typeof value === 'object' && value !== null && 'shape' in value && value.shape === 3;
}

/** Returns the copies in a state of any shape: every shape has a list of copies. */
function copiesIn(state: unknown): LoadedPackage[] {
  const copies: unknown = typeof state === 'object' && state !== null && 'copies' in state ? state.copies : undefined;
  return Array.isArray(copies) && copies.length > 0 ? copies.filter(isCopy) : [{ version: 'an unknown version', path: 'an unknown file' }];
}

function isCopy(value: unknown): value is LoadedPackage {
  return typeof value === 'object' && value !== null && 'version' in value && 'path' in value;
}

function describePackage({ version, path }: LoadedPackage): string {
  return `${version} in ${path}`;
}
