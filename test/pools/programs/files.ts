import type { LeasePair } from './lease-pair.js';

export const files: readonly LeasePair[] = [
  {
    name: 'through two files',
    nested: {
      'report.ts': `
import { pool } from './pool';
import { count } from './count';
export async function report() {
  const c = await pool.acquire();
  try {
    return await count();
  } finally {
    pool.release(c);
  }
}
`,
      'count.ts': `
import { countOf } from './count-of';
export const count = () => countOf('events');
`,
      'count-of.ts': `
import { pool } from './pool';
export async function countOf(t: string) {
  const c = await pool.acquire();
  try {
    return await c.ping();
  } finally {
    pool.release(c);
  }
}
`,
    },
    sequential: {
      'report.ts': `
import { pool } from './pool';
import { count } from './count';
export async function report() {
  const c = await pool.acquire();
  try {
    return await count();
  } finally {
    pool.release(c);
  }
}
`,
      'count.ts': `
import { countOf } from './count-of';
export const count = () => countOf('events');
`,
      'count-of.ts': `
import { other } from './pool';
export async function countOf(t: string) {
  const c = await other.acquire();
  try {
    return await c.ping();
  } finally {
    other.release(c);
  }
}
`,
    },
  },
  {
    name: 'through four files',
    nested: {
      'report.ts': `
import { pool } from './pool';
import { count } from './count';
export async function report() {
  const c = await pool.acquire();
  try {
    return await count();
  } finally {
    pool.release(c);
  }
}
`,
      'count.ts': `
import { step } from './lib/step';
export async function count() {
  return await step();
}
`,
      'count-of.ts': `
import { pool } from './pool';
export async function countOf(t: string) {
  const c = await pool.acquire();
  try {
    return await c.ping();
  } finally {
    pool.release(c);
  }
}
`,
      'lib/step.ts': `
import * as deep from './deep';
export function step() {
  return deep.run();
}
`,
      'lib/deep.ts': `
import { countOf } from '../count-of';
export class Deep {
  run() {
    return countOf('x');
  }
}
const d = new Deep();
export const run = () => d.run();
`,
    },
    sequential: {
      'report.ts': `
import { pool } from './pool';
import { count } from './count';
export async function report() {
  const c = await pool.acquire();
  try {
    return await count();
  } finally {
    pool.release(c);
  }
}
`,
      'count.ts': `
import { step } from './lib/step';
export async function count() {
  return await step();
}
`,
      'count-of.ts': `
import { other } from './pool';
export async function countOf(t: string) {
  const c = await other.acquire();
  try {
    return await c.ping();
  } finally {
    other.release(c);
  }
}
`,
      'lib/step.ts': `
import * as deep from './deep';
export function step() {
  return deep.run();
}
`,
      'lib/deep.ts': `
import { countOf } from '../count-of';
export class Deep {
  run() {
    return countOf('x');
  }
}
const d = new Deep();
export const run = () => d.run();
`,
    },
  },
  {
    name: 'through classes of three files',
    nested: {
      'report.ts': `
import { pool } from './pool';
import { Counter } from './counter';
export async function report() {
  const counter = new Counter();
  return pool.use(() => counter.count());
}
`,
      'counter.ts': `
import { Store } from './store';
export class Counter {
  private readonly store = new Store();
  count() {
    return this.store.total();
  }
}
`,
      'store.ts': `
import { pool } from './pool';
export class Store {
  async total() {
    return pool.use((c) => c.ping());
  }
}
`,
    },
    sequential: {
      'report.ts': `
import { pool } from './pool';
import { Counter } from './counter';
export async function report() {
  const counter = new Counter();
  return pool.use(() => counter.count());
}
`,
      'counter.ts': `
import { Store } from './store';
export class Counter {
  private readonly store = new Store();
  count() {
    return this.store.total();
  }
}
`,
      'store.ts': `
import { other } from './pool';
export class Store {
  async total() {
    return other.use((c) => c.ping());
  }
}
`,
    },
  },
  {
    name: 'through a barrel',
    nested: {
      'report.ts': `
import { pool } from './pool';
import { count } from './lib';
export async function report() {
  const c = await pool.acquire();
  try {
    return await count();
  } finally {
    pool.release(c);
  }
}
`,
      'count.ts': `
import { countOf } from './count-of';
export const count = () => countOf('events');
`,
      'count-of.ts': `
import { pool } from './pool';
export async function countOf(t: string) {
  const c = await pool.acquire();
  try {
    return await c.ping();
  } finally {
    pool.release(c);
  }
}
`,
      'lib/index.ts': `
export * from '../count';
`,
    },
    sequential: {
      'report.ts': `
import { pool } from './pool';
import { count } from './lib';
export async function report() {
  const c = await pool.acquire();
  try {
    return await count();
  } finally {
    pool.release(c);
  }
}
`,
      'count.ts': `
import { countOf } from './count-of';
export const count = () => countOf('events');
`,
      'count-of.ts': `
import { other } from './pool';
export async function countOf(t: string) {
  const c = await other.acquire();
  try {
    return await c.ping();
  } finally {
    other.release(c);
  }
}
`,
      'lib/index.ts': `
export * from '../count';
`,
    },
  },
];
