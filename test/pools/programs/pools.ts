import type { LeasePair } from './lease-pair.js';

export const pools: readonly LeasePair[] = [
  {
    name: 'own semaphore',
    nested: `
class Semaphore {
  private queue: (() => void)[] = [];
  constructor(private free: number) {}
  async acquire(): Promise<void> {
    if (this.free > 0) {
      this.free--;
      return;
    }
    await new Promise<void>((r) => this.queue.push(r));
  }
  release(): void {
    const n = this.queue.shift();
    if (n) n();
    else this.free++;
  }
  async run<T>(f: () => Promise<T>): Promise<T> {
    await this.acquire();
    try {
      return await f();
    } finally {
      this.release();
    }
  }
}
const sem = new Semaphore(1);
const sem2 = new Semaphore(1);
async function one() {
  await sem.acquire();
  try {
    return await count();
  } finally {
    sem.release();
  }
}
export async function report() {
  await sem.acquire();
  try {
    await one();
  } finally {
    sem.release();
  }
}
`,
    sequential: `
class Semaphore {
  private queue: (() => void)[] = [];
  constructor(private free: number) {}
  async acquire(): Promise<void> {
    if (this.free > 0) {
      this.free--;
      return;
    }
    await new Promise<void>((r) => this.queue.push(r));
  }
  release(): void {
    const n = this.queue.shift();
    if (n) n();
    else this.free++;
  }
  async run<T>(f: () => Promise<T>): Promise<T> {
    await this.acquire();
    try {
      return await f();
    } finally {
      this.release();
    }
  }
}
const sem = new Semaphore(1);
const sem2 = new Semaphore(1);
async function one() {
  await sem2.acquire();
  try {
    return await count();
  } finally {
    sem2.release();
  }
}
export async function report() {
  await sem.acquire();
  try {
    await one();
  } finally {
    sem.release();
  }
}
`,
  },
  {
    name: 'own semaphore run',
    nested: `
class Semaphore {
  private queue: (() => void)[] = [];
  constructor(private free: number) {}
  async acquire(): Promise<void> {
    if (this.free > 0) {
      this.free--;
      return;
    }
    await new Promise<void>((r) => this.queue.push(r));
  }
  release(): void {
    const n = this.queue.shift();
    if (n) n();
    else this.free++;
  }
  async run<T>(f: () => Promise<T>): Promise<T> {
    await this.acquire();
    try {
      return await f();
    } finally {
      this.release();
    }
  }
}
const sem = new Semaphore(1);
const sem2 = new Semaphore(1);
export const report = () => sem.run(() => sem.run(() => count()));
`,
    sequential: `
class Semaphore {
  private queue: (() => void)[] = [];
  constructor(private free: number) {}
  async acquire(): Promise<void> {
    if (this.free > 0) {
      this.free--;
      return;
    }
    await new Promise<void>((r) => this.queue.push(r));
  }
  release(): void {
    const n = this.queue.shift();
    if (n) n();
    else this.free++;
  }
  async run<T>(f: () => Promise<T>): Promise<T> {
    await this.acquire();
    try {
      return await f();
    } finally {
      this.release();
    }
  }
}
const sem = new Semaphore(1);
const sem2 = new Semaphore(1);
export const report = () => sem.run(() => sem2.run(() => count()));
`,
  },
  {
    name: 'own lock that returns its release',
    nested: `
class Gate {
  private tail: Promise<void> = Promise.resolve();
  async lock(): Promise<() => void> {
    const before = this.tail;
    let open!: () => void;
    this.tail = new Promise((r) => {
      open = r;
    });
    await before;
    return open;
  }
}
const gate = new Gate();
const gate2 = new Gate();
export async function report() {
  const unlock = await gate.lock();
  const again = await gate.lock();
  again();
  unlock();
}
`,
    sequential: `
class Gate {
  private tail: Promise<void> = Promise.resolve();
  async lock(): Promise<() => void> {
    const before = this.tail;
    let open!: () => void;
    this.tail = new Promise((r) => {
      open = r;
    });
    await before;
    return open;
  }
}
const gate = new Gate();
const gate2 = new Gate();
export async function report() {
  const unlock = await gate.lock();
  unlock();
  const again = await gate.lock();
  again();
}
`,
  },
  {
    name: 'pool of closures',
    nested: `
import { createClient, type ClickHouseClient } from '@clickhouse/client';
function createPool() {
  const idle: ClickHouseClient[] = [createClient()];
  const waiting: ((c: ClickHouseClient) => void)[] = [];
  return {
    async acquire(): Promise<ClickHouseClient> {
      const c = idle.pop();
      return c ?? new Promise((r) => waiting.push(r));
    },
    release(c: ClickHouseClient) {
      const n = waiting.shift();
      if (n) n(c);
      else idle.push(c);
    },
  };
}
const a = createPool();
const b = createPool();
async function one() {
  const c = await a.acquire();
  try {
    return await c.ping();
  } finally {
    a.release(c);
  }
}
export async function report() {
  const c = await a.acquire();
  try {
    await one();
  } finally {
    a.release(c);
  }
}
`,
    sequential: `
import { createClient, type ClickHouseClient } from '@clickhouse/client';
function createPool() {
  const idle: ClickHouseClient[] = [createClient()];
  const waiting: ((c: ClickHouseClient) => void)[] = [];
  return {
    async acquire(): Promise<ClickHouseClient> {
      const c = idle.pop();
      return c ?? new Promise((r) => waiting.push(r));
    },
    release(c: ClickHouseClient) {
      const n = waiting.shift();
      if (n) n(c);
      else idle.push(c);
    },
  };
}
const a = createPool();
const b = createPool();
async function one() {
  const c = await b.acquire();
  try {
    return await c.ping();
  } finally {
    b.release(c);
  }
}
export async function report() {
  const c = await a.acquire();
  try {
    await one();
  } finally {
    a.release(c);
  }
}
`,
  },
  {
    name: 'pool of module functions',
    nested: {
      'leases.ts': `
import { createClient, type ClickHouseClient } from '@clickhouse/client';
const idle: ClickHouseClient[] = [createClient()];
const waiting: ((c: ClickHouseClient) => void)[] = [];
export async function acquire(): Promise<ClickHouseClient> {
  const c = idle.pop();
  return c ?? new Promise((r) => waiting.push(r));
}
export function release(c: ClickHouseClient) {
  const n = waiting.shift();
  if (n) n(c);
  else idle.push(c);
}
`,
      'report.ts': `
import { acquire, release } from './leases';
async function one() {
  const c = await acquire();
  try {
    return await c.ping();
  } finally {
    release(c);
  }
}
export async function report() {
  const c = await acquire();
  try {
    await one();
  } finally {
    release(c);
  }
}
`,
    },
    sequential: {
      'leases.ts': `
import { createClient, type ClickHouseClient } from '@clickhouse/client';
const idle: ClickHouseClient[] = [createClient()];
const waiting: ((c: ClickHouseClient) => void)[] = [];
export async function acquire(): Promise<ClickHouseClient> {
  const c = idle.pop();
  return c ?? new Promise((r) => waiting.push(r));
}
export function release(c: ClickHouseClient) {
  const n = waiting.shift();
  if (n) n(c);
  else idle.push(c);
}
`,
      'report.ts': `
import { acquire, release } from './leases';
async function one() {
  const c = await acquire();
  try {
    return await c.ping();
  } finally {
    release(c);
  }
}
export async function report() {
  const c = await acquire();
  release(c);
  await one();
}
`,
    },
  },
  {
    name: 'pools in a record',
    nested: `
import { Pool } from './pool';
const pools = { a: new Pool(), b: new Pool() };
export async function report() {
  const c = await pools.a.acquire();
  const d = await pools.a.acquire();
  pools.a.release(d);
  pools.a.release(c);
}
`,
    sequential: `
import { Pool } from './pool';
const pools = { a: new Pool(), b: new Pool() };
export async function report() {
  const c = await pools.a.acquire();
  const d = await pools.b.acquire();
  pools.b.release(d);
  pools.a.release(c);
}
`,
  },
  {
    name: 'pool in a field',
    nested: `
import { Pool } from './pool';
class Repo {
  private readonly pool = new Pool();
  async one() {
    return this.pool.use((c) => c.ping());
  }
  async all() {
    return this.pool.use(() => this.one());
  }
}
export const report = () => new Repo().all();
`,
    sequential: `
import { Pool } from './pool';
class Repo {
  private readonly reads = new Pool();
  private readonly writes = new Pool();
  async one() {
    return this.writes.use((c) => c.ping());
  }
  async all() {
    return this.reads.use(() => this.one());
  }
}
export const report = () => new Repo().all();
`,
  },
  {
    name: 'pool in a constructor parameter',
    nested: `
import { Pool } from './pool';
class Repo {
  constructor(private readonly pool: Pool) {}
  one() {
    return this.pool.use((c) => c.ping());
  }
  all() {
    return this.pool.use(() => this.one());
  }
}
export const report = () => new Repo(pool).all();
`,
    sequential: `
import { Pool } from './pool';
class Repo {
  constructor(private readonly pool: Pool) {}
  one() {
    return this.pool.use((c) => c.ping());
  }
  async all() {
    await this.pool.use((c) => c.ping());
    return this.one();
  }
}
export const report = () => new Repo(pool).all();
`,
  },
  {
    name: 'callback pool',
    nested: `
function borrow(done: (c: ClickHouseClient) => void) {
  pool.acquire().then(done);
}
export const report = () =>
  new Promise<void>((ok) => {
    borrow((c) => {
      borrow((d) => {
        pool.release(d);
        pool.release(c);
        ok();
      });
    });
  });
`,
    sequential: `
function borrow(done: (c: ClickHouseClient) => void) {
  pool.acquire().then(done);
}
export const report = () =>
  new Promise<void>((ok) => {
    borrow((c) => {
      pool.release(c);
      borrow((d) => {
        pool.release(d);
        ok();
      });
    });
  });
`,
  },
  {
    name: 'generator of pages',
    nested: `
async function* pages() {
  const c = await pool.acquire();
  try {
    yield 1;
    yield 2;
  } finally {
    pool.release(c);
  }
}
export async function report() {
  for await (const p of pages()) await count();
}
`,
    sequential: `
async function* pages() {
  const c = await pool.acquire();
  try {
    await c.ping();
  } finally {
    pool.release(c);
  }
  yield 1;
}
export async function report() {
  for await (const p of pages()) await count();
}
`,
  },
  {
    name: 'a module of arrow functions',
    nested: `
const free = [1];
const waiting: ((one: number) => void)[] = [];
const borrow = () => new Promise<number>((resolve) => { const one = free.pop(); if (one) resolve(one); else waiting.push(resolve); });
const giveBack = (one: number) => { const next = waiting.shift(); if (next) next(one); else free.push(one); };
async function leased<T>(work: () => Promise<T>): Promise<T> { const one = await borrow(); try { return await work(); } finally { giveBack(one); } }
export const report = () => leased(async () => { await leased(() => count()); });
`,
    sequential: `
const free = [1];
const waiting: ((one: number) => void)[] = [];
const borrow = () => new Promise<number>((resolve) => { const one = free.pop(); if (one) resolve(one); else waiting.push(resolve); });
const giveBack = (one: number) => { const next = waiting.shift(); if (next) next(one); else free.push(one); };
async function leased<T>(work: () => Promise<T>): Promise<T> { const one = await borrow(); try { return await work(); } finally { giveBack(one); } }
export const report = async () => { await leased(() => count()); await leased(() => count()); };
`,
  },
];
