import type { ClickHouseConfig } from '../config/config.js';
import type { ClickHouseConnectionFactory } from '../client/factory.js';
import type { ClickHouseConnectionManager } from '../manager/manager.js';

/** One loaded copy of this package. */
export interface Copy {
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
  readonly copies: Copy[];
  /** Without a name: the one that most processes have alone. */
  readonly connections: Map<string | undefined, ConnectionState>;
}

const slot = Symbol.for('@clickhouse-ssot/runtime');

export const thisCopy: Copy = { version: '0.1.0', path: import.meta.url };

/** Finds the state of this process, or starts it. A copy that cannot share it says so, loudly, and keeps to itself. */
export function processState(
  here: Copy = thisCopy,
  warn: (warning: string) => void = (text) => process.emitWarning(text, 'ClickHouseSsotWarning'),
): ProcessState {
  const found: unknown = Reflect.get(globalThis, slot);
  if (found === undefined) {
    const state = newState(here);
    Reflect.set(globalThis, slot, state);
    return state;
  }
  if (isProcessState(found)) {
    if (!found.copies.some(({ path }) => path === here.path)) found.copies.push(here);
    return found;
  }
  warn(
    `Two copies of @clickhouse-ssot/runtime that cannot work together are loaded, so this process has two connection managers: ${tell(here)}, and before it ${copiesIn(found).map(tell).join(', ')}. ` +
      'Install one version: `npm ls @clickhouse-ssot/runtime` shows who brings which.',
  );
  return newState(here);
}

function newState(here: Copy): ProcessState {
  return { shape: 2, copies: [here], connections: new Map() };
}

function isProcessState(value: unknown): value is ProcessState {
  return typeof value === 'object' && value !== null && 'shape' in value && value.shape === 2;
}

/** What other shapes will keep: a list of copies. */
function copiesIn(state: unknown): Copy[] {
  const copies: unknown = typeof state === 'object' && state !== null && 'copies' in state ? state.copies : undefined;
  return Array.isArray(copies) && copies.length > 0
    ? copies.filter(isCopy)
    : [{ version: 'of an unknown version', path: 'an unknown place' }];
}

function isCopy(value: unknown): value is Copy {
  return typeof value === 'object' && value !== null && 'version' in value && 'path' in value;
}

function tell({ version, path }: Copy): string {
  return `${version} in ${path}`;
}
