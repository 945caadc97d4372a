// Measures one pool in its own process, so that other pools do not change the compiled code. Prints one line of JSON. Usage: node pools.js <pool> <shape>
import genericPool from 'generic-pool';
import { createPool } from 'lightning-pool';
// @ts-expect-error The package has no types.
import PgPool from 'pg-pool';
import { Pool as TarnPool } from 'tarn';
import { Semaphore } from '../../runtime/src/concurrency/semaphore.js';
import { percentile } from '../measure.js';

const [max, acquireTimeoutMs, loops, durationMs] = [10, 10_000, 100, 400];

/** The client that pg-pool creates. */
class StubClient {
  connect(/** @type {(error?: Error) => void} */ done) {
    done();
  }
  end(/** @type {() => void} */ done) {
    done();
  }
  on() {}
  once() {}
  removeListener() {}
  ref() {}
  unref() {}
}

/** @typedef {{ readonly acquire: () => Promise<unknown>; readonly release: (lease: any) => unknown }} Pool */

/** Creates each pool with the same limits and a resource that costs nothing, in its fastest configuration. @type {Record<string, () => Pool>} */
const pools = {
  permits: () => {
    const permits = new Semaphore({ max, maxWaiting: 1_000, acquireTimeoutMs });
    return { acquire: () => permits.acquire(), release: (permit) => permit.release() };
  },
  tarn: () => {
    const pool = new TarnPool({ create: async () => ({}), destroy: () => undefined, min: 0, max, acquireTimeoutMillis: acquireTimeoutMs });
    return { acquire: () => pool.acquire().promise, release: (resource) => pool.release(resource) };
  },
  'generic-pool': () => {
    const pool = genericPool.createPool(
      { create: async () => ({}), destroy: async () => undefined },
      { min: 0, max, acquireTimeoutMillis: acquireTimeoutMs, maxWaitingClients: 1_000 },
    );
    return { acquire: () => pool.acquire(), release: (resource) => pool.release(resource) };
  },
  'pg-pool': () => {
    const pool = new PgPool({ Client: StubClient, max, connectionTimeoutMillis: acquireTimeoutMs, idleTimeoutMillis: 0 });
    return { acquire: () => pool.connect(), release: (client) => client.release() };
  },
  'lightning-pool': () => {
    const pool = createPool(
      { create: async () => ({}), destroy: async () => undefined },
      { min: 0, max, acquireTimeoutMillis: acquireTimeoutMs, maxQueue: 1_000 },
    );
    return { acquire: () => pool.acquire(), release: (resource) => pool.release(resource) };
  },
};

/** The shapes of the load. Each runs a number of operations. */
const shapes = {
  /** @param {Pool} pool @param {number} operations */
  async uncontended(pool, operations) {
    for (let count = 0; count < operations; count++) pool.release(await pool.acquire());
  },

  /** Each loop holds a lease for one turn of the event loop. `waits` receives the wait times, in milliseconds. @param {Pool} pool @param {number} operations @param {number[]} [waits] */
  async contended(pool, operations, waits) {
    const loop = async () => {
      for (let count = 0; count < operations / loops; count++) {
        const requestedAt = waits ? performance.now() : 0;
        const lease = await pool.acquire();
        waits?.push(performance.now() - requestedAt);
        await new Promise(setImmediate);
        pool.release(lease);
      }
    };
    await Promise.all(Array.from({ length: loops }, loop));
  },
};

const [name = '', shape = ''] = process.argv.slice(2);
const create = pools[name];
const run = shapes[/** @type {keyof typeof shapes} */ (shape)];
if (!create || !run) throw new Error(`Usage: node pools.js <${Object.keys(pools).join(' | ')}> <${Object.keys(shapes).join(' | ')}>`);

const pool = create();

/** Returns the number of operations per second. @param {number} operations */
async function perSecond(operations) {
  const started = performance.now();
  await run(pool, operations);
  return (operations * 1_000) / (performance.now() - started);
}

// The first run compiles the code; the second estimates how many operations fit into the third.
await perSecond(20_000);
const rate = await perSecond(Math.round((await perSecond(50_000)) * (durationMs / 1_000)));
const waits = /** @type {number[]} */ ([]);
await run(pool, 50_000, waits);
waits.length = 0;
await run(pool, 200_000, waits);
console.log(JSON.stringify({ perSecond: rate, p99: percentile(waits, 0.99) }));
// Some pools keep an idle process alive.
process.exit();
