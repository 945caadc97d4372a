// One pool in a process of its own, where no rival has taught the compiler other shapes: node pools.js <pool> <shape>
import genericPool from 'generic-pool';
import { createPool } from 'lightning-pool';
import PgPool from 'pg-pool';
import { Pool as TarnPool } from 'tarn';
import { Permits } from '../../runtime/src/permits.js';
import { percentile } from '../measure.js';

const [max, acquireTimeoutMs, loops, milliseconds] = [10, 10_000, 100, 400];

/** What pg-pool takes for a connection. */
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

/** All with a bound, an acquire timeout and nothing to do for a resource, as fast as each can be had. @type {Record<string, () => Pool>} */
const pools = {
  permits: () => {
    const permits = new Permits({ max, maxWaiting: 1_000, acquireTimeoutMs });
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

/** Each does so many operations, and keeps how long each waited for whoever wants to know. */
const shapes = {
  /** @param {Pool} pool @param {number} operations */
  async uncontended(pool, operations) {
    for (let count = 0; count < operations; count++) pool.release(await pool.acquire());
  },

  /** Each loop holds what it has for one turn of the event loop. @param {Pool} pool @param {number} operations @param {number[]} [waits] */
  async contended(pool, operations, waits) {
    const loop = async () => {
      for (let count = 0; count < operations / loops; count++) {
        const asked = waits ? performance.now() : 0;
        const lease = await pool.acquire();
        waits?.push(performance.now() - asked);
        await new Promise(setImmediate);
        pool.release(lease);
      }
    };
    await Promise.all(Array.from({ length: loops }, loop));
  },
};

const [name = '', shape = ''] = process.argv.slice(2);
const pool = pools[name]?.();
const run = shapes[/** @type {keyof typeof shapes} */ (shape)];
if (!pool || !run) throw new Error(`node pools.js <${Object.keys(pools).join(' | ')}> <${Object.keys(shapes).join(' | ')}>`);

/** @param {number} operations */
async function perSecond(operations) {
  const started = performance.now();
  await run(pool, operations);
  return (operations * 1_000) / (performance.now() - started);
}

// The second time it is compiled, and tells how much fits into the time of the third.
await perSecond(20_000);
const rate = await perSecond(Math.round((await perSecond(50_000)) * (milliseconds / 1_000)));
const waits = /** @type {number[]} */ ([]);
await run(pool, 50_000, waits);
waits.length = 0;
await run(pool, 200_000, waits);
console.log(JSON.stringify({ perSecond: rate, p99: percentile(waits, 0.99) }));
// Some keep a process alive that has nothing to do.
process.exit();
