import type { LeasePair } from './lease-pair.js';

export const waiting: readonly LeasePair[] = [
  {
    name: 'started, awaited before the release',
    nested: `
export async function report() {
  const c = await pool.acquire();
  const p = count();
  await c.ping();
  await p;
  pool.release(c);
}
`,
    sequential: `
export async function report() {
  const c = await pool.acquire();
  const p = count();
  await c.ping();
  pool.release(c);
  await p;
}
`,
  },
  {
    name: 'void',
    nested: `
export async function report() {
  const c = await pool.acquire();
  await count();
  pool.release(c);
}
`,
    sequential: `
export async function report() {
  const c = await pool.acquire();
  void count();
  pool.release(c);
}
`,
  },
  {
    name: 'fire and forget with catch',
    nested: `
export async function report() {
  const c = await pool.acquire();
  await count().catch(() => {});
  pool.release(c);
}
`,
    sequential: `
export async function report() {
  const c = await pool.acquire();
  count().catch(() => {});
  await c.ping();
  pool.release(c);
}
`,
  },
  {
    name: 'return without await in finally',
    nested: `
export async function report() {
  const c = await pool.acquire();
  try {
    return await count();
  } finally {
    pool.release(c);
  }
}
`,
    sequential: `
export async function report() {
  const c = await pool.acquire();
  try {
    return count();
  } finally {
    pool.release(c);
  }
}
`,
  },
  {
    name: 'then chain releases at the end',
    nested: `
export function report() {
  return pool.acquire().then((c) => count().finally(() => pool.release(c)));
}
`,
    sequential: `
export function report() {
  return pool.acquire().then((c) => {
    const p = count();
    pool.release(c);
    return p;
  });
}
`,
  },
  {
    name: 'then chain',
    nested: `
export function report() {
  return pool.acquire().then((c) =>
    c
      .ping()
      .then(() => count())
      .then(() => pool.release(c)),
  );
}
`,
    sequential: `
export function report() {
  return pool
    .acquire()
    .then((c) => c.ping().then(() => pool.release(c)))
    .then(() => count());
}
`,
  },
  {
    name: 'promises in a list',
    nested: `
export async function report() {
  const c = await pool.acquire();
  const jobs: Promise<unknown>[] = [];
  jobs.push(count());
  await Promise.all(jobs);
  pool.release(c);
}
`,
    sequential: `
export async function report() {
  const c = await pool.acquire();
  const jobs: Promise<unknown>[] = [];
  jobs.push(count());
  pool.release(c);
  await Promise.all(jobs);
}
`,
  },
  {
    name: 'timer',
    nested: `
export async function report() {
  const c = await pool.acquire();
  await new Promise<void>((done) => setTimeout(() => count().then(() => done()), 1));
  pool.release(c);
}
`,
    sequential: `
export async function report() {
  const c = await pool.acquire();
  setTimeout(() => count(), 1);
  pool.release(c);
}
`,
  },
  {
    name: 'setImmediate',
    nested: `
export async function report() {
  const c = await pool.acquire();
  await new Promise((done) => {
    setImmediate(async () => {
      await count();
      done(1);
    });
  });
  pool.release(c);
}
`,
    sequential: `
export async function report() {
  const c = await pool.acquire();
  await new Promise((done) => {
    setImmediate(done);
    count();
  });
  pool.release(c);
}
`,
  },
  {
    name: 'emit',
    nested: `
import { EventEmitter } from 'node:events';
const bus = new EventEmitter();
let work: Promise<unknown> | undefined;
bus.on('x', () => {
  work = count();
});
export async function report() {
  const c = await pool.acquire();
  bus.emit('x');
  await work;
  pool.release(c);
}
`,
    sequential: `
import { EventEmitter } from 'node:events';
const bus = new EventEmitter();
bus.on('x', async () => {
  await count();
});
export async function report() {
  const c = await pool.acquire();
  bus.emit('x');
  await c.ping();
  pool.release(c);
}
`,
  },
  {
    name: 'emit, jobs in a list',
    nested: `
import { EventEmitter } from 'node:events';
const bus = new EventEmitter();
const jobs: Promise<unknown>[] = [];
bus.on('x', () => {
  jobs.push(count());
});
export async function report() {
  const c = await pool.acquire();
  bus.emit('x');
  await Promise.all(jobs);
  pool.release(c);
}
`,
    sequential: `
import { EventEmitter } from 'node:events';
const bus = new EventEmitter();
const jobs: Promise<unknown>[] = [];
bus.on('x', () => {
  jobs.push(count());
});
export async function report() {
  const c = await pool.acquire();
  bus.emit('x');
  pool.release(c);
  await Promise.all(jobs);
}
`,
  },
  {
    name: 'own bus awaits',
    nested: `
const hooks: (() => Promise<unknown>)[] = [];
hooks.push(() => count());
async function emit() {
  for (const h of hooks) await h();
}
export async function report() {
  const c = await pool.acquire();
  await emit();
  pool.release(c);
}
`,
    sequential: `
const hooks: (() => Promise<unknown>)[] = [];
hooks.push(() => count());
function emit() {
  for (const h of hooks) void h();
}
export async function report() {
  const c = await pool.acquire();
  emit();
  pool.release(c);
}
`,
  },
  {
    name: 'emit in a called function',
    nested: `
import { EventEmitter } from 'node:events';
const bus = new EventEmitter();
bus.on('x', count);
async function tell() {
  bus.emit('x');
  await count();
}
export async function report() {
  const c = await pool.acquire();
  await tell();
  pool.release(c);
}
`,
    sequential: `
import { EventEmitter } from 'node:events';
const bus = new EventEmitter();
bus.on('x', count);
async function tell() {
  bus.emit('x');
}
export async function report() {
  const c = await pool.acquire();
  await tell();
  pool.release(c);
}
`,
  },
  {
    name: 'background helper',
    nested: `
async function run() {
  await count();
}
export async function report() {
  const c = await pool.acquire();
  await run();
  pool.release(c);
}
`,
    sequential: `
async function run() {
  void count();
}
export async function report() {
  const c = await pool.acquire();
  await run();
  pool.release(c);
}
`,
  },
  {
    name: 'sync helper',
    nested: `
const run = () => count();
export async function report() {
  const c = await pool.acquire();
  await run();
  pool.release(c);
}
`,
    sequential: `
const run = () => {
  count();
};
export async function report() {
  const c = await pool.acquire();
  await run();
  pool.release(c);
}
`,
  },
  {
    name: 'race with timeout helper',
    nested: `
const within = <T,>(p: Promise<T>) => p;
export async function report() {
  const c = await pool.acquire();
  await within(count());
  pool.release(c);
}
`,
    sequential: `
const within = <T,>(p: Promise<T>) => p;
export async function report() {
  const c = await pool.acquire();
  await within(c.ping());
  pool.release(c);
  await within(count());
}
`,
  },
  {
    name: 'acquire promise awaited later',
    nested: `
export async function report() {
  const first = pool.acquire();
  const second = pool.acquire();
  const a = await first;
  const b = await second;
  pool.release(a);
  pool.release(b);
}
`,
    sequential: `
export async function report() {
  const first = pool.acquire();
  const second = pool.acquire();
  const a = await first;
  pool.release(a);
  const b = await second;
  pool.release(b);
}
`,
  },
];
