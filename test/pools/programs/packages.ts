import type { LeasePair } from './lease-pair.js';

export const packages: readonly LeasePair[] = [
  {
    name: 'a limiter that each call makes',
    nested: `
import pLimit from 'p-limit';
const limit = pLimit(1);
export async function walk(depth: number): Promise<void> {
  await limit(async () => { if (depth > 0) await walk(depth - 1); });
}
`,
    sequential: `
import pLimit from 'p-limit';
export async function walk(depth: number): Promise<void> {
  const limit = pLimit(1);
  await limit(async () => { if (depth > 0) await walk(depth - 1); });
}
`,
  },
  {
    name: 'p-limit in p-limit',
    nested: `
import pLimit from 'p-limit';
const limit = pLimit(1);
export const report = () => limit(() => limit(() => count()));
`,
    sequential: `
import pLimit from 'p-limit';
const limit = pLimit(1);
const second = pLimit(1);
export const report = () => limit(() => second(() => count()));
`,
  },
  {
    name: 'p-limit through a function',
    nested: `
import pLimit from 'p-limit';
const limit = pLimit(1);
async function one() {
  return limit(() => count());
}
export const report = () =>
  limit(async () => {
    await one();
  });
`,
    sequential: `
import pLimit from 'p-limit';
const limit = pLimit(1);
async function one() {
  return limit(() => count());
}
export const report = () =>
  limit(async () => {
    void one();
  });
`,
  },
  {
    name: 'p-limit over map',
    nested: `
import pLimit from 'p-limit';
const limit = pLimit(1);
export const report = () => limit(() => Promise.all(['a'].map((t) => limit(() => count()))));
`,
    sequential: `
import pLimit from 'p-limit';
const limit = pLimit(1);
export const report = () => Promise.all(['a'].map((t) => limit(() => count())));
`,
  },
  {
    name: 'p-queue',
    nested: `
import PQueue from 'p-queue';
const queue = new PQueue({ concurrency: 1 });
export const report = () =>
  queue.add(async () => {
    await queue.add(() => count());
  });
`,
    sequential: `
import PQueue from 'p-queue';
const queue = new PQueue({ concurrency: 1 });
export const report = () =>
  queue.add(async () => {
    void queue.add(() => count());
  });
`,
  },
  {
    name: 'p-queue without a limit',
    nested: `
import PQueue from 'p-queue';
const queue = new PQueue({ concurrency: 1 });
export const report = () => queue.add(() => queue.add(() => count()));
`,
    sequential: `
import PQueue from 'p-queue';
const queue = new PQueue();
export const report = () => queue.add(() => queue.add(() => count()));
`,
  },
  {
    name: 'async-mutex runExclusive',
    nested: `
import { Mutex } from 'async-mutex';
const mutex = new Mutex();
export const report = () => mutex.runExclusive(() => mutex.runExclusive(() => count()));
`,
    sequential: `
import { Mutex } from 'async-mutex';
const mutex = new Mutex();
const two = new Mutex();
export const report = () => mutex.runExclusive(() => two.runExclusive(() => count()));
`,
  },
  {
    name: 'async-mutex acquire',
    nested: `
import { Mutex } from 'async-mutex';
const mutex = new Mutex();
export async function report() {
  const release = await mutex.acquire();
  try {
    await mutex.runExclusive(() => count());
  } finally {
    release();
  }
}
`,
    sequential: `
import { Mutex } from 'async-mutex';
const mutex = new Mutex();
export async function report() {
  const release = await mutex.acquire();
  try {
    await count();
  } finally {
    release();
  }
  await mutex.runExclusive(() => count());
}
`,
  },
  {
    name: 'async-mutex semaphore',
    nested: `
import { Semaphore } from 'async-mutex';
const s = new Semaphore(1);
export async function report() {
  const [, release] = await s.acquire();
  const [, again] = await s.acquire();
  again();
  release();
}
`,
    sequential: `
import { Semaphore } from 'async-mutex';
const s = new Semaphore(1);
export async function report() {
  const [, release] = await s.acquire();
  release();
  const [, again] = await s.acquire();
  again();
}
`,
  },
  {
    name: 'generic-pool',
    nested: `
import genericPool from 'generic-pool';
import { createClient } from '@clickhouse/client';
const p = genericPool.createPool({ create: async () => createClient(), destroy: async () => {} }, { max: 1 });
export async function report() {
  const c = await p.acquire();
  await p.use((d) => d.ping());
  await p.release(c);
}
`,
    sequential: `
import genericPool from 'generic-pool';
import { createClient } from '@clickhouse/client';
const p = genericPool.createPool({ create: async () => createClient(), destroy: async () => {} }, { max: 1 });
export async function report() {
  const c = await p.acquire();
  await p.release(c);
  await p.use((d) => d.ping());
}
`,
  },
  {
    name: 'generic-pool use in use',
    nested: `
import { createPool } from 'generic-pool';
import { createClient } from '@clickhouse/client';
const p = createPool({ create: async () => createClient(), destroy: async () => {} }, { max: 1 });
const one = () => p.use((d) => d.ping());
export const report = () => p.use(() => one());
`,
    sequential: `
import { createPool } from 'generic-pool';
import { createClient } from '@clickhouse/client';
const p = createPool({ create: async () => createClient(), destroy: async () => {} }, { max: 1 });
const one = () => p.use((d) => d.ping());
export const report = async () => {
  await p.use((c) => c.ping());
  await one();
};
`,
  },
  {
    name: 'tarn',
    nested: `
import { Pool as Tarn } from 'tarn';
import { createClient } from '@clickhouse/client';
const p = new Tarn({ create: () => createClient(), destroy() {}, min: 0, max: 1 });
export async function report() {
  const c = await p.acquire().promise;
  const d = await p.acquire().promise;
  p.release(d);
  p.release(c);
}
`,
    sequential: `
import { Pool as Tarn } from 'tarn';
import { createClient } from '@clickhouse/client';
const p = new Tarn({ create: () => createClient(), destroy() {}, min: 0, max: 1 });
export async function report() {
  const c = await p.acquire().promise;
  p.release(c);
  const d = await p.acquire().promise;
  p.release(d);
}
`,
  },
  {
    name: 'pg-like connect',
    nested: `
import { Pool as Pg } from 'pg';
const p = new Pg({ max: 1 });
export async function report() {
  const c = await p.connect();
  try {
    const d = await p.connect();
    d.release();
  } finally {
    c.release();
  }
  await count();
}
`,
    sequential: `
import { Pool as Pg } from 'pg';
const p = new Pg({ max: 1 });
export async function report() {
  const c = await p.connect();
  try {
    await c.query('x');
  } finally {
    c.release();
  }
  const d = await p.connect();
  d.release();
  await count();
}
`,
  },
  {
    name: 'pg pool.query',
    nested: `
import { Pool as Pg } from 'pg';
const p = new Pg({ max: 1 });
export async function report() {
  const c = await p.connect();
  try {
    await p.query('x');
  } finally {
    c.release();
  }
  await count();
}
`,
    sequential: `
import { Pool as Pg } from 'pg';
const p = new Pg({ max: 1 });
export async function report() {
  const c = await p.connect();
  try {
    await c.query('x');
  } finally {
    c.release();
  }
  await p.query('x');
  await count();
}
`,
  },
];
