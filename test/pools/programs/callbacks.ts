import type { LeasePair } from './lease-pair.js';

export const callbacks: readonly LeasePair[] = [
  {
    name: 'withLease wrapper',
    nested: `
const withLease = <T,>(work: (c: ClickHouseClient) => Promise<T>) => pool.use(work);
export const report = () =>
  withLease(async (c) => {
    await c.ping();
    return count();
  });
`,
    sequential: `
const withLease = <T,>(work: (c: ClickHouseClient) => Promise<T>) => pool.use(work);
export const report = async () => {
  await withLease(async (c) => c.ping());
  return count();
};
`,
  },
  {
    name: 'use in use',
    nested: `
export const report = () => pool.use(() => pool.use((c) => c.ping()));
`,
    sequential: `
export const report = () => pool.use(() => other.use((c) => c.ping()));
`,
  },
  {
    name: 'use in use, other way',
    nested: `
export const report = () => other.use(() => pool.use(() => count()));
`,
    sequential: `
export const report = () => other.use(() => count());
`,
  },
  {
    name: 'withConnection function',
    nested: `
async function withConnection<T>(work: (c: ClickHouseClient) => Promise<T>): Promise<T> {
  const c = await pool.acquire();
  try {
    return await work(c);
  } finally {
    pool.release(c);
  }
}
export const report = () => withConnection(() => withConnection((c) => c.ping()));
`,
    sequential: `
async function withConnection<T>(work: (c: ClickHouseClient) => Promise<T>): Promise<T> {
  const c = await pool.acquire();
  try {
    return await work(c);
  } finally {
    pool.release(c);
  }
}
export const report = async () => {
  await withConnection((c) => c.ping());
  await withConnection((c) => c.ping());
};
`,
  },
  {
    name: 'held lease passed on',
    nested: `
async function total(given?: ClickHouseClient) {
  return given ? given.ping() : pool.use((c) => c.ping());
}
export const report = () => pool.use((c) => total());
`,
    sequential: `
async function total(given?: ClickHouseClient) {
  return given ? given.ping() : pool.use((c) => c.ping());
}
export const report = () => pool.use((c) => total(c));
`,
  },
  {
    name: 'held lease passed on with ??',
    nested: `
async function total(given?: ClickHouseClient) {
  const c = given ?? (await pool.acquire());
  try {
    return await c.ping();
  } finally {
    if (!given) pool.release(c);
  }
}
export async function report() {
  const c = await pool.acquire();
  try {
    await total();
  } finally {
    pool.release(c);
  }
}
`,
    sequential: `
async function total(given?: ClickHouseClient) {
  const c = given ?? (await pool.acquire());
  try {
    return await c.ping();
  } finally {
    if (!given) pool.release(c);
  }
}
export async function report() {
  const c = await pool.acquire();
  try {
    await total(c);
  } finally {
    pool.release(c);
  }
}
`,
  },
  {
    name: 'held lease passed in options',
    nested: `
async function total({ client }: { client?: ClickHouseClient } = {}) {
  if (client) return client.ping();
  return pool.use((c) => c.ping());
}
export async function report() {
  const client = await pool.acquire();
  try {
    await total({});
  } finally {
    pool.release(client);
  }
}
`,
    sequential: `
async function total({ client }: { client?: ClickHouseClient } = {}) {
  if (client) return client.ping();
  return pool.use((c) => c.ping());
}
export async function report() {
  const client = await pool.acquire();
  try {
    await total({ client });
  } finally {
    pool.release(client);
  }
}
`,
  },
  {
    name: 'transaction helper',
    nested: `
async function transaction(run: (q: () => Promise<unknown>) => Promise<unknown>) {
  return pool.use(async (c) => {
    await c.ping();
    return run(() => c.ping());
  });
}
export const report = () => transaction(() => count());
`,
    sequential: `
async function transaction(run: (q: () => Promise<unknown>) => Promise<unknown>) {
  return pool.use(async (c) => {
    await c.ping();
    return run(() => c.ping());
  });
}
export const report = () => transaction((q) => q());
`,
  },
  {
    name: 'a function that passes its callback on to a pool of a package',
    nested: `
import { createPool } from 'generic-pool';
const clients = createPool({ create: async () => count(), destroy: async () => undefined }, { max: 1 });
const leased = <T>(work: () => Promise<T>): Promise<T> => clients.use(work);
const again = async <T>(work: () => Promise<T>): Promise<T> => { try { return await work(); } catch { return await work(); } };
export const report = () => leased(async () => { await again(() => leased(async () => 1)); });
`,
    sequential: `
import { createPool } from 'generic-pool';
const clients = createPool({ create: async () => count(), destroy: async () => undefined }, { max: 1 });
const leased = <T>(work: () => Promise<T>): Promise<T> => clients.use(work);
const again = async <T>(work: () => Promise<T>): Promise<T> => { try { return await work(); } catch { return await work(); } };
export const report = () => again(() => leased(async () => 1));
`,
  },
];
