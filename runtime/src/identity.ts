import type { ClickHouseConnectionManager } from './manager.js';
import type { ClickHouseConnectionFactory } from './factory.js';

/** What all copies of this package in one process share. Its shape is a contract between versions: change it, change `shape`. */
export interface ProcessState {
  readonly shape: 1;
  readonly copies: string[];
  factory: ClickHouseConnectionFactory | undefined;
  manager: ClickHouseConnectionManager | undefined;
}

const slot = Symbol.for('@clickhouse-ssot/runtime');

/** Finds the state of this process, or starts it. A copy that cannot share it says so, loudly, and keeps to itself. */
export function processState(here: string = import.meta.url, warn: (warning: string) => void = (text) => process.emitWarning(text, 'ClickHouseSsotWarning')): ProcessState {
  const found: unknown = Reflect.get(globalThis, slot);
  if (found === undefined) {
    const state: ProcessState = { shape: 1, copies: [here], factory: undefined, manager: undefined };
    Reflect.set(globalThis, slot, state);
    return state;
  }
  if (isProcessState(found)) {
    if (!found.copies.includes(here)) found.copies.push(here);
    return found;
  }
  warn(`Two incompatible copies of @clickhouse-ssot/runtime are loaded, so there are two connection managers. One of them is ${here}. Let one version be installed: npm ls @clickhouse-ssot/runtime`);
  return { shape: 1, copies: [here], factory: undefined, manager: undefined };
}

function isProcessState(value: unknown): value is ProcessState {
  return typeof value === 'object' && value !== null && 'shape' in value && value.shape === 1;
}
