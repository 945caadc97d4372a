import type { LeasePair } from './lease-pair.js';

export const releases: readonly LeasePair[] = [
  {
    name: 'released by a helper',
    nested: `
const done = (c: ClickHouseClient) => pool.release(c);
export async function report() {
  const c = await pool.acquire();
  await count();
  done(c);
}
`,
    sequential: `
const done = (c: ClickHouseClient) => pool.release(c);
export async function report() {
  const c = await pool.acquire();
  done(c);
  await count();
}
`,
  },
  {
    name: 'release callback',
    nested: `
export async function report() {
  const c = await pool.acquire();
  const done = () => pool.release(c);
  await count();
  done();
}
`,
    sequential: `
export async function report() {
  const c = await pool.acquire();
  const done = () => pool.release(c);
  done();
  await count();
}
`,
  },
  {
    name: 'released in then',
    nested: `
export async function report() {
  const c = await pool.acquire();
  await count().then(() => pool.release(c));
}
`,
    sequential: `
export async function report() {
  const c = await pool.acquire();
  await c.ping().then(() => pool.release(c));
  await count();
}
`,
  },
  {
    name: 'released in finally of a chain',
    nested: `
export async function report() {
  const c = await pool.acquire();
  return count().finally(() => pool.release(c));
}
`,
    sequential: `
export async function report() {
  const c = await pool.acquire();
  await c.ping().finally(() => pool.release(c));
  return count();
}
`,
  },
  {
    name: 'never released',
    nested: `
export async function report() {
  const a = await pool.acquire();
  const b = await pool.acquire();
  return [a, b].length;
}
`,
    sequential: `
export async function report() {
  const a = await pool.acquire();
  const b = await other.acquire();
  return [a, b].length;
}
`,
  },
];
