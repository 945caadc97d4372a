import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // chDB holds one engine per process: worker threads would fight over it.
    pool: 'forks',
    // Tests that start linters wait for them; none of them measures.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    globalSetup: ['./test/setup/temporary-folder.ts', './test/setup/install-server.ts'],
    reporters: ['default', './test/setup/report-totals.ts', './test/setup/report-missing-server.ts'],
  },
});
