import type { LeasePair } from './lease-pair.js';

export const branches: readonly LeasePair[] = [
  {
    name: 'early return',
    nested: `
export async function report() {
  const c = await pool.acquire();
  if (Math.random() < 2) {
    const d = await pool.acquire();
    pool.release(d);
    pool.release(c);
    return;
  }
  pool.release(c);
}
`,
    sequential: `
export async function report() {
  const c = await pool.acquire();
  if (Math.random() < 2) {
    pool.release(c);
    const d = await pool.acquire();
    pool.release(d);
    return;
  }
  pool.release(c);
}
`,
  },
  {
    name: 'released in a nested block',
    nested: `
export async function report() {
  const c = await pool.acquire();
  try {
    await c.ping();
    await count();
  } finally {
    pool.release(c);
  }
}
`,
    sequential: `
export async function report() {
  const c = await pool.acquire();
  try {
    await c.ping();
  } finally {
    pool.release(c);
  }
  try {
    await count();
  } finally {
  }
}
`,
  },
  {
    name: 'released before the loop goes on',
    nested: `
export async function report() {
  let c = await pool.acquire();
  for (const t of ['a']) {
    await count();
    pool.release(c);
    c = await pool.acquire();
  }
  pool.release(c);
}
`,
    sequential: `
export async function report() {
  let c = await pool.acquire();
  for (const t of ['a']) {
    pool.release(c);
    await count();
    c = await pool.acquire();
  }
  pool.release(c);
}
`,
  },
  {
    name: 'either branch releases',
    nested: `
export async function report() {
  const c = await pool.acquire();
  if (Math.random() < 2) pool.release(c);
  else pool.release(c);
  const d = await pool.acquire();
  await count();
  pool.release(d);
}
`,
    sequential: `
export async function report() {
  const c = await pool.acquire();
  if (Math.random() < 2) pool.release(c);
  else pool.release(c);
  const d = await pool.acquire();
  pool.release(d);
}
`,
  },
  {
    name: 'switch',
    nested: `
export async function report() {
  const c = await pool.acquire();
  switch (1 as number) {
    case 1:
      await count();
      pool.release(c);
      break;
    default:
      pool.release(c);
  }
}
`,
    sequential: `
export async function report() {
  const c = await pool.acquire();
  switch (1 as number) {
    case 1:
      pool.release(c);
      await count();
      break;
    default:
      pool.release(c);
  }
}
`,
  },
  {
    name: 'catch',
    nested: `
export async function report() {
  const c = await pool.acquire();
  try {
    throw new Error('x');
  } catch {
    await count();
  } finally {
    pool.release(c);
  }
}
`,
    sequential: `
export async function report() {
  const c = await pool.acquire();
  try {
    throw new Error('x');
  } catch {
    pool.release(c);
    await count();
  }
}
`,
  },
  {
    name: 'conditional acquire',
    nested: `
export async function report() {
  const c = Math.random() < 2 ? await pool.acquire() : undefined;
  await count();
  if (c) pool.release(c);
}
`,
    sequential: `
export async function report() {
  const c = Math.random() < 2 ? await pool.acquire() : undefined;
  if (c) pool.release(c);
  await count();
}
`,
  },
];
