import type { LeasePair } from './lease-pair.js';

export const keptLeases: readonly LeasePair[] = [
  {
    name: 'lease in a field',
    nested: `
class Session {
  private client?: ClickHouseClient;
  async open() {
    this.client = await pool.acquire();
  }
  async close() {
    if (this.client) pool.release(this.client);
    this.client = undefined;
  }
}
export async function report() {
  const s = new Session();
  await s.open();
  await count();
  await s.close();
}
`,
    sequential: `
class Session {
  private client?: ClickHouseClient;
  async open() {
    this.client = await pool.acquire();
  }
  async close() {
    if (this.client) pool.release(this.client);
    this.client = undefined;
  }
}
export async function report() {
  const s = new Session();
  await s.open();
  await s.close();
  await count();
}
`,
  },
  {
    name: 'lease in a field, try finally',
    nested: `
class Session {
  private client?: ClickHouseClient;
  async open() {
    this.client = await pool.acquire();
  }
  async close() {
    if (this.client) pool.release(this.client);
    this.client = undefined;
  }
}
export async function report() {
  const s = new Session();
  await s.open();
  try {
    await count();
  } finally {
    await s.close();
  }
}
`,
    sequential: `
class Session {
  private client?: ClickHouseClient;
  async open() {
    this.client = await pool.acquire();
  }
  async close() {
    if (this.client) pool.release(this.client);
    this.client = undefined;
  }
}
export async function report() {
  const s = new Session();
  await s.open();
  try {
  } finally {
    await s.close();
  }
  await count();
}
`,
  },
  {
    name: 'two sessions',
    nested: `
class Session {
  private client?: ClickHouseClient;
  async open() {
    this.client = await pool.acquire();
  }
  async close() {
    if (this.client) pool.release(this.client);
    this.client = undefined;
  }
}
export async function report() {
  const s = new Session();
  const t = new Session();
  await s.open();
  await t.open();
  await s.close();
  await t.close();
}
`,
    sequential: `
class Session {
  private client?: ClickHouseClient;
  async open() {
    this.client = await pool.acquire();
  }
  async close() {
    if (this.client) pool.release(this.client);
    this.client = undefined;
  }
}
export async function report() {
  const s = new Session();
  const t = new Session();
  await s.open();
  await s.close();
  await t.open();
  await t.close();
}
`,
  },
  {
    name: 'field within the same class',
    nested: `
class Job {
  private client!: ClickHouseClient;
  async begin() {
    this.client = await pool.acquire();
  }
  async end() {
    pool.release(this.client);
  }
  async run() {
    await this.begin();
    try {
      await count();
    } finally {
      await this.end();
    }
  }
}
export const report = () => new Job().run();
`,
    sequential: `
class Job {
  private client!: ClickHouseClient;
  async begin() {
    this.client = await pool.acquire();
  }
  async end() {
    pool.release(this.client);
  }
  async run() {
    await this.begin();
    try {
      await this.client.ping();
    } finally {
      await this.end();
    }
    await count();
  }
}
export const report = () => new Job().run();
`,
  },
  {
    name: 'module variable',
    nested: `
let held: ClickHouseClient | undefined;
async function begin() {
  held = await pool.acquire();
}
function end() {
  if (held) pool.release(held);
}
export async function report() {
  await begin();
  await count();
  end();
}
`,
    sequential: `
let held: ClickHouseClient | undefined;
async function begin() {
  held = await pool.acquire();
}
function end() {
  if (held) pool.release(held);
}
export async function report() {
  await begin();
  end();
  await count();
}
`,
  },
  {
    name: 'map of leases in an object',
    nested: `
class Leases {
  private readonly held = new Map<string, ClickHouseClient>();
  async take(k: string) {
    this.held.set(k, await pool.acquire());
  }
  give(k: string) {
    const c = this.held.get(k);
    if (c) pool.release(c);
  }
}
export async function report() {
  const l = new Leases();
  await l.take('a');
  await l.take('b');
  l.give('a');
  l.give('b');
}
`,
    sequential: `
class Leases {
  private readonly held = new Map<string, ClickHouseClient>();
  async take(k: string) {
    this.held.set(k, await pool.acquire());
  }
  give(k: string) {
    const c = this.held.get(k);
    if (c) pool.release(c);
  }
}
export async function report() {
  const l = new Leases();
  await l.take('a');
  l.give('a');
  await l.take('b');
  l.give('b');
}
`,
  },
  {
    name: 'closure keeps the lease',
    nested: `
function session() {
  let c: ClickHouseClient;
  return {
    async open() {
      c = await pool.acquire();
    },
    close() {
      pool.release(c);
    },
  };
}
export async function report() {
  const s = session();
  await s.open();
  await count();
  s.close();
}
`,
    sequential: `
function session() {
  let c: ClickHouseClient;
  return {
    async open() {
      c = await pool.acquire();
    },
    close() {
      pool.release(c);
    },
  };
}
export async function report() {
  const s = session();
  await s.open();
  s.close();
  await count();
}
`,
  },
  {
    name: 'open nests itself',
    nested: `
class S {
  private client!: ClickHouseClient;
  async open() {
    this.client = await pool.acquire();
    await count();
  }
  close() {
    pool.release(this.client);
  }
}
export async function report() {
  const s = new S();
  await s.open();
  s.close();
}
`,
    sequential: `
class S {
  private client!: ClickHouseClient;
  async open() {
    await count();
    this.client = await pool.acquire();
  }
  close() {
    pool.release(this.client);
  }
}
export async function report() {
  const s = new S();
  await s.open();
  s.close();
}
`,
  },
];
