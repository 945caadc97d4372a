import type { LeasePair } from './lease-pair.js';

export const disposal: readonly LeasePair[] = [
  {
    name: 'await using of own lease',
    nested: `
class Lease implements AsyncDisposable {
  constructor(readonly client: ClickHouseClient) {}
  async [Symbol.asyncDispose]() {
    pool.release(this.client);
  }
}
const lease = async () => new Lease(await pool.acquire());
export async function report() {
  await using a = await lease();
  await a.client.ping();
  await using b = await lease();
  return b.client.ping();
}
`,
    sequential: `
class Lease implements AsyncDisposable {
  constructor(readonly client: ClickHouseClient) {}
  async [Symbol.asyncDispose]() {
    pool.release(this.client);
  }
}
const lease = async () => new Lease(await pool.acquire());
export async function report() {
  {
    await using a = await lease();
    await a.client.ping();
  }
  await using b = await lease();
  return b.client.ping();
}
`,
  },
  {
    name: 'await using then a call',
    nested: `
class Lease implements AsyncDisposable {
  constructor(readonly client: ClickHouseClient) {}
  async [Symbol.asyncDispose]() {
    pool.release(this.client);
  }
}
const lease = async () => new Lease(await pool.acquire());
export async function report() {
  await using a = await lease();
  return await count();
}
`,
    sequential: `
class Lease implements AsyncDisposable {
  constructor(readonly client: ClickHouseClient) {}
  async [Symbol.asyncDispose]() {
    pool.release(this.client);
  }
}
const lease = async () => new Lease(await pool.acquire());
export async function report() {
  {
    await using a = await lease();
  }
  return await count();
}
`,
  },
  {
    name: 'using sync dispose',
    nested: `
class L implements Disposable {
  constructor(readonly client: ClickHouseClient) {}
  [Symbol.dispose]() {
    pool.release(this.client);
  }
}
async function open() {
  const client = await pool.acquire();
  return new L(client);
}
export async function report() {
  using a = await open();
  await count();
}
`,
    sequential: `
class L implements Disposable {
  constructor(readonly client: ClickHouseClient) {}
  [Symbol.dispose]() {
    pool.release(this.client);
  }
}
async function open() {
  const client = await pool.acquire();
  return new L(client);
}
export async function report() {
  {
    using a = await open();
  }
  await count();
}
`,
  },
  {
    name: 'using with object literal',
    nested: `
async function open() {
  const client = await pool.acquire();
  return {
    client,
    [Symbol.dispose]() {
      pool.release(client);
    },
  };
}
export async function report() {
  using a = await open();
  await count();
}
`,
    sequential: `
async function open() {
  const client = await pool.acquire();
  return {
    client,
    [Symbol.dispose]() {
      pool.release(client);
    },
  };
}
export async function report() {
  for (const x of [1, 2]) {
    using a = await open();
  }
  await count();
}
`,
  },
  {
    name: 'lease object with release',
    nested: `
async function open() {
  const client = await pool.acquire();
  return { client, release: () => pool.release(client) };
}
export async function report() {
  const a = await open();
  await count();
  a.release();
}
`,
    sequential: `
async function open() {
  const client = await pool.acquire();
  return { client, release: () => pool.release(client) };
}
export async function report() {
  const a = await open();
  await a.client.ping();
  a.release();
  await count();
}
`,
  },
  {
    name: 'lease object destructured',
    nested: `
async function open() {
  const client = await pool.acquire();
  return { client, release: () => pool.release(client) };
}
export async function report() {
  const { client, release } = await open();
  await count();
  release();
}
`,
    sequential: `
async function open() {
  const client = await pool.acquire();
  return { client, release: () => pool.release(client) };
}
export async function report() {
  const { client, release } = await open();
  await client.ping();
  release();
  await count();
}
`,
  },
  {
    name: 'DisposableStack',
    nested: `
export async function report() {
  const c = await pool.acquire();
  await using stack = new AsyncDisposableStack();
  stack.defer(() => pool.release(c));
  await count();
}
`,
    sequential: `
export async function report() {
  {
    const c = await pool.acquire();
    await using stack = new AsyncDisposableStack();
    stack.defer(() => pool.release(c));
  }
  await count();
}
`,
  },
  {
    name: 'own lease class releases on close',
    nested: `
class L {
  constructor(readonly client: ClickHouseClient) {}
  close() {
    pool.release(this.client);
  }
}
async function open() {
  return new L(await pool.acquire());
}
export async function report() {
  const a = await open();
  try {
    await count();
  } finally {
    a.close();
  }
}
`,
    sequential: `
class L {
  constructor(readonly client: ClickHouseClient) {}
  close() {
    pool.release(this.client);
  }
}
async function open() {
  return new L(await pool.acquire());
}
export async function report() {
  const a = await open();
  try {
    await a.client.ping();
  } finally {
    a.close();
  }
  await count();
}
`,
  },
];
