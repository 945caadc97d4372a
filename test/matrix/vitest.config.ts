import { defineConfig } from 'vitest/config';

/** Tests that install frameworks from the registry. They take minutes and need a network: run them with `npm run test:matrix`. */
export default defineConfig({
  test: {
    pool: 'forks',
    include: ['test/matrix/**/*.matrix.ts'],
    fileParallelism: false,
    testTimeout: 900_000,
    hookTimeout: 900_000,
    globalSetup: ['./test/setup/temporary-folder.ts'],
  },
});
