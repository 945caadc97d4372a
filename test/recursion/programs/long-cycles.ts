import type { Pair } from './pair.js';

/** Returns a cycle through the given number of files, with a flag that is passed through all of them. */
function chain(files: number): Pair {
  const last = files - 2;
  const layers = Array.from({ length: last }, (_, index) => {
    const next = index + 1;
    return [
      `layer${index}.ts`,
      `import { step${next} } from './layer${next}.js';\nexport function step${index}(isFresh: boolean) { return step${next}(isFresh); }`,
    ] as const;
  });
  return {
    name: `${files} files`,
    why: 'The flag of the first layer reaches the last one at any distance.',
    path: ['getClient', ...Array.from({ length: last + 1 }, (_, index) => `step${index}`)],
    files: {
      ...Object.fromEntries(layers),
      'client.ts': `import { type ClickHouseClient, createClient } from '@clickhouse/client';
import { step0 } from './layer0.js';
export function getClient(options: { bypassManager?: boolean } = {}): ClickHouseClient {
  return options.bypassManager ? createClient() : step0(«false→true»);
}`,
      [`layer${last}.ts`]: `import { getClient } from './client.js';
export function step${last}(bypassManager: boolean) { return getClient({ bypassManager }); }`,
    },
  };
}

/** Two accessors that call one another: each bypass skips the manager of one accessor only. */
const twoAccessors: Pair = {
  name: 'two accessors',
  why: 'A bypass applies only to the accessor that receives it.',
  path: ['getWriter', 'WriterPool.take', 'getReader', 'ReaderPool.take'],
  files: {
    'reader.ts': `import { type ClickHouseClient, createClient } from '@clickhouse/client';
import { readers } from './reader-pool.js';
export function getReader(bypassPool = false): ClickHouseClient { return bypassPool ? createClient() : readers.take(); }`,
    'reader-pool.ts': `import { getWriter } from './writer.js';
class ReaderPool { take() { return getWriter(); } }
export const readers = new ReaderPool();`,
    'writer.ts': `import { type ClickHouseClient, createClient } from '@clickhouse/client';
import { writers } from './writer-pool.js';
export function getWriter(bypassPool = false): ClickHouseClient { return bypassPool ? createClient() : writers.take(); }`,
    'writer-pool.ts': `import { getReader } from './reader.js';
class WriterPool { take() { return getReader(«→true»); } }
export const writers = new WriterPool();`,
  },
};

/** Cycles through many files, and a cycle through two accessors. */
export const longCycles: readonly Pair[] = [...[3, 4, 6, 9, 12].map(chain), twoAccessors];
