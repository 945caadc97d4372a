import type { ts as TS } from 'ts-morph';
import { importedName } from '../dataflow/imported-name.js';
import { isCall } from '../dataflow/normalize-call.js';
import { memberAccess, staticName, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import type { Pool, PoolUse } from './pool.js';
import type { Places } from './places.js';

interface LibraryPool {
  /** The exports that create a pool; `default` for the default export. */
  readonly exports: readonly string[];
  /** The methods; the empty name is a call of the pool itself. */
  readonly methods: Readonly<Record<string, PoolUse>>;
  /** The option that limits the pool. Without it the package sets no limit. */
  readonly limit?: string;
}

/** The pools, locks and limiters of packages. */
const libraryPools: Readonly<Record<string, LibraryPool>> = {
  'p-limit': { exports: ['default', 'pLimit'], methods: { '': 'callback' } },
  'p-queue': { exports: ['default', 'PQueue'], methods: { add: 'callback', addAll: 'callback' }, limit: 'concurrency' },
  'async-mutex': { exports: ['Mutex', 'Semaphore'], methods: { acquire: 'lease', runExclusive: 'callback', waitForUnlock: 'statement' } },
  'async-sema': { exports: ['Sema'], methods: { acquire: 'lease' } },
  'await-semaphore': { exports: ['Semaphore', 'Mutex'], methods: { acquire: 'lease', use: 'callback' } },
  'await-lock': { exports: ['default', 'AwaitLock'], methods: { acquireAsync: 'lease' } },
  bottleneck: { exports: ['default', 'Bottleneck'], methods: { schedule: 'callback' }, limit: 'maxConcurrent' },
  'generic-pool': { exports: ['createPool'], methods: { acquire: 'lease', use: 'callback' } },
  'lightning-pool': { exports: ['createPool', 'Pool'], methods: { acquire: 'lease' } },
  tarn: { exports: ['Pool'], methods: { acquire: 'lease' } },
  pg: { exports: ['Pool'], methods: { connect: 'lease', query: 'statement' } },
  mysql2: { exports: ['createPool'], methods: { getConnection: 'lease', query: 'statement', execute: 'statement' } },
  'mysql2/promise': { exports: ['createPool'], methods: { getConnection: 'lease', query: 'statement', execute: 'statement' } },
};

/** Returns the pool of a package that the call acquires from, and what the call does. */
export function libraryPoolOf(node: TS.Node, places: Places): { readonly pool: Pool; readonly use: PoolUse } | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const callee = unwrap(node.expression);
  const access = memberAccess(callee);
  const object = access ? unwrap(access.object) : callee;
  const holder = places.of(object);
  const creation = holder === undefined || typeof holder === 'string' ? undefined : creationOf(holder, places);
  if (!creation) return undefined;
  const use = creation.library.methods[access ? (access.name ?? '') : ''];
  return use === undefined ? undefined : { use, pool: { name: object.getText(), kind: creation.holder, instance: undefined } };
}

function creationOf(holder: TS.Node, places: Places, depth = 4): { readonly library: LibraryPool; readonly holder: TS.Node } | undefined {
  const isInitialised = ts.isVariableDeclaration(holder) || ts.isPropertyDeclaration(holder) || ts.isPropertyAssignment(holder);
  const value = isInitialised && holder.initializer ? unwrap(holder.initializer) : undefined;
  if (!value) return undefined;
  if (!isCall(value)) {
    const next = depth > 0 ? places.of(value) : undefined;
    return next === undefined || typeof next === 'string' || next === holder ? undefined : creationOf(next, places, depth - 1);
  }
  const imported = importedName(value.expression, places);
  const library = imported && libraryPools[imported.module];
  if (!imported || !library?.exports.includes(imported.name)) return undefined;
  const { limit } = library;
  return limit === undefined || setsOption(value.arguments?.[0], limit) ? { library, holder } : undefined;
}

/** Whether the options set the limit, or may set it. */
function setsOption(options: TS.Expression | undefined, name: string): boolean {
  const value = options && unwrap(options);
  if (!value) return false;
  if (!ts.isObjectLiteralExpression(value)) return true;
  return value.properties.some((property) => ts.isSpreadAssignment(property) || staticName(property.name) === name);
}
