import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // chDB holds one engine per process: worker threads would fight over it.
    pool: 'forks',
    testTimeout: 30_000,
  },
});
