import type { LeasePair } from './lease-pair.js';

export const loops: readonly LeasePair[] = [
  {
    name: 'loop pushes leases',
    nested: `
export async function report() {
  const held: ClickHouseClient[] = [];
  for (let i = 0; i < 2; i++) {
    held.push(await pool.acquire());
  }
  for (const c of held) pool.release(c);
}
`,
    sequential: `
export async function report() {
  const held: ClickHouseClient[] = [];
  for (let i = 0; i < 2; i++) {
    held.push(await pool.acquire());
    pool.release(held.pop()!);
  }
  for (const c of held) pool.release(c);
}
`,
  },
  {
    name: 'for of keeps in map',
    nested: `
export async function report() {
  const held = new Map<string, ClickHouseClient>();
  for (const t of ['a', 'b']) {
    held.set(t, await pool.acquire());
  }
  for (const c of held.values()) pool.release(c);
}
`,
    sequential: `
export async function report() {
  const held = new Map<string, string>();
  for (const t of ['a', 'b']) {
    const c = await pool.acquire();
    held.set(t, String(await c.ping()));
    pool.release(c);
  }
  for (const c of held.values()) void c;
}
`,
  },
  {
    name: 'while loop with indexes',
    nested: `
export async function report() {
  const held: ClickHouseClient[] = [];
  let i = 0;
  while (i < 2) {
    const c = await pool.acquire();
    held[i++] = c;
  }
  held.forEach((c) => pool.release(c));
}
`,
    sequential: `
export async function report() {
  const held: ClickHouseClient[] = [];
  let i = 0;
  while (i < 2) {
    const c = await pool.acquire();
    i++;
    pool.release(c);
  }
  held.forEach((c) => pool.release(c));
}
`,
  },
  {
    name: 'map with Promise.all of acquires',
    nested: `
export async function report() {
  const held = await Promise.all(['a', 'b'].map(() => pool.acquire()));
  for (const c of held) pool.release(c);
}
`,
    sequential: `
export async function report() {
  await Promise.all(
    ['a', 'b'].map(async () => {
      const c = await pool.acquire();
      try {
        await c.ping();
      } finally {
        pool.release(c);
      }
    }),
  );
}
`,
  },
  {
    name: 'Promise.all of two acquires',
    nested: `
export async function report() {
  const [a, b] = await Promise.all([pool.acquire(), pool.acquire()]);
  await a.ping();
  pool.release(a);
  pool.release(b);
}
`,
    sequential: `
export async function report() {
  const [a, b] = await Promise.all([pool.acquire(), other.acquire()]);
  await a.ping();
  pool.release(a);
  other.release(b);
}
`,
  },
  {
    name: 'Promise.all of two workers',
    nested: `
export async function report() {
  const c = await pool.acquire();
  try {
    await Promise.all([count(), count()]);
  } finally {
    pool.release(c);
  }
}
`,
    sequential: `
export async function report() {
  await Promise.all([count(), count()]);
}
`,
  },
  {
    name: 'lease held over a loop',
    nested: `
export async function report() {
  const c = await pool.acquire();
  try {
    for (const t of ['a', 'b']) await count();
  } finally {
    pool.release(c);
  }
}
`,
    sequential: `
export async function report() {
  for (const t of ['a', 'b']) {
    const c = await pool.acquire();
    try {
      await c.ping();
    } finally {
      pool.release(c);
    }
    await count();
  }
}
`,
  },
  {
    name: 'retry loop',
    nested: `
export async function report() {
  for (let i = 0; i < 2; i++) {
    const c = await pool.acquire();
    try {
      await c.ping();
      await count();
    } finally {
      pool.release(c);
    }
  }
}
`,
    sequential: `
export async function report() {
  let c: ClickHouseClient | undefined;
  for (let i = 0; i < 3; i++) {
    try {
      c = await pool.acquire();
      break;
    } catch {}
  }
  if (c) pool.release(c);
}
`,
  },
  {
    name: 'while not acquired',
    nested: `
export async function report() {
  let c: ClickHouseClient | undefined;
  while (!c) c = await pool.acquire();
  await count();
  pool.release(c);
}
`,
    sequential: `
export async function report() {
  let c: ClickHouseClient | undefined;
  while (!c) c = await pool.acquire();
  await c.ping();
  pool.release(c);
}
`,
  },
  {
    name: 'leases of a for loop with a finally',
    nested: `
export async function report() {
  const held: ClickHouseClient[] = [];
  try {
    for (const t of ['a', 'b']) {
      const c = await pool.acquire();
      held.push(c);
    }
  } finally {
    for (const c of held) pool.release(c);
  }
}
`,
    sequential: `
export async function report() {
  const held: ClickHouseClient[] = [];
  try {
    for (const t of ['a', 'b']) {
      const c = await pool.acquire();
      try {
        await c.ping();
      } finally {
        pool.release(c);
      }
    }
  } finally {
    for (const c of held) pool.release(c);
  }
}
`,
  },
  {
    name: 'lease overwritten in a loop',
    nested: `
export async function report() {
  let c: ClickHouseClient | undefined;
  for (const t of ['a', 'b']) {
    c = await pool.acquire();
    await c.ping();
  }
  if (c) pool.release(c);
}
`,
    sequential: `
export async function report() {
  let c: ClickHouseClient | undefined;
  for (const t of ['a', 'b']) {
    c = await pool.acquire();
    await c.ping();
    pool.release(c);
  }
}
`,
  },
];
