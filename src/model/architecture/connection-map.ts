import type { Accessor } from '../connections/accessors.js';
import type { Construction } from '../connections/constructions.js';
import type { Manager } from '../connections/managers.js';

/** Code by which connections are made or passed on. */
export type ConnectionCode =
  | { readonly kind: 'accessor'; readonly accessor: Accessor }
  | { readonly kind: 'manager'; readonly manager: Manager }
  | { readonly kind: 'construction'; readonly construction: Construction };

/** Code that asks other code for a connection, directly or through functions that are neither. */
export interface ConnectionCall {
  readonly from: ConnectionCode;
  readonly to: ConnectionCode;
}

/** A file that uses what a module with connection code exports. */
export interface Consumer {
  /** Absolute path. */
  readonly file: string;
  /** Absolute path of the module; of the runtime, the name of its package. */
  readonly module: string;
  /** The exports that the file uses, sorted. */
  readonly names: readonly string[];
}

/** How the code of a project reaches ClickHouse. */
export interface ConnectionMap {
  readonly calls: readonly ConnectionCall[];
  /** Sorted by file. */
  readonly consumers: readonly Consumer[];
  /** The server of each construction, as in `process.env.CLICKHOUSE_URL` or `http://localhost:8123`. Without an entry the code does not show it. */
  readonly servers: ReadonlyMap<Construction, string>;
}
