import type { ClickHouseConfig } from '../config/config.js';
import type { ClickHouseConnectionFactory } from '../client/factory.js';
import type { ClickHouseConnectionManager } from '../manager/manager.js';

/** One loaded copy of this package. */
export interface LoadedPackage {
  readonly version: string;
  /** URL of the module. */
  readonly path: string;
}

/** A connection in this process, by its name. */
export interface ConnectionState {
  readonly config: ClickHouseConfig;
  readonly factory: ClickHouseConnectionFactory;
  manager: ClickHouseConnectionManager | undefined;
}

/** What all copies of this package in one process share. Its shape is a contract between versions: change it, change `shape`. */
export interface ProcessState {
  readonly shape: 2;
  readonly copies: LoadedPackage[];
  /** Without a name: the one that most processes have alone. */
  readonly connections: Map<string | undefined, ConnectionState>;
}

const globalKey = Symbol.for('@clickhouse-ssot/runtime');

export const thisPackage: LoadedPackage = { version: '0.1.0', path: import.meta.url };

/** Finds the state of this process, or starts it. A copy that cannot share it says so, loudly, and keeps to itself. */
export function processState(
  here: LoadedPackage = thisPackage,
  warn: (warning: string) => void = (text) => process.emitWarning(text, 'ClickHouseSsotWarning'),
): ProcessState {
  const found: unknown = Reflect.get(globalThis, globalKey);
  if (found === undefined) {
    const state = newState(here);
    Reflect.set(globalThis, globalKey, state);
    return state;
  }
  if (isProcessState(found)) {
    if (!found.copies.some(({ path }) => path === here.path)) found.copies.push(here);
    return found;
  }
  warn(
    `Two copies of @clickhouse-ssot/runtime that cannot work together are loaded, so this process has two connection managers: ${describePackage(here)}, and before it ${copiesIn(found).map(describePackage).join(', ')}. ` +
      'Install one version: `npm ls @clickhouse-ssot/runtime` shows who brings which.',
  );
  return newState(here);
}

function newState(here: LoadedPackage): ProcessState {
  return { shape: 2, copies: [here], connections: new Map() };
}

function isProcessState(value: unknown): value is ProcessState {
  return typeof value === 'object' && value !== null && 'shape' in value && value.shape === 2;
}

/** What other shapes will keep: a list of copies. */
function copiesIn(state: unknown): LoadedPackage[] {
  const copies: unknown = typeof state === 'object' && state !== null && 'copies' in state ? state.copies : undefined;
  return Array.isArray(copies) && copies.length > 0
    ? copies.filter(isCopy)
    : [{ version: 'of an unknown version', path: 'an unknown place' }];
}

function isCopy(value: unknown): value is LoadedPackage {
  return typeof value === 'object' && value !== null && 'version' in value && 'path' in value;
}

function describePackage({ version, path }: LoadedPackage): string {
  return `${version} in ${path}`;
}
