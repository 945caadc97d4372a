import { defineConfig } from 'vitest/config';

/** Tests that start linters, editors or servers, or that run thousands of random programs and edits. */
const integration = [
  'test/{e2e,editor,faults,loading,robustness,recursion,soak}/**/*.test.ts',
  'test/site/built-site.test.ts',
  'test/engine/{incremental,memory}.test.ts',
  'test/cli/{audit,baseline}.test.ts',
  'test/migrate/migrated-service.test.ts',
  'test/watch/watch.test.ts',
  'test/docs/ci-page.test.ts',
  'test/docs/{migrating,runtime-blocks}/*.test.ts',
  'test/runtime/frameworks/*.test.ts',
  'test/runtime/**/{*-model,http-front,real-server,recovery-probe,default-settings,shutdown,idle-process,ingest-crash}.test.ts',
];

const shared = {
  // chDB holds one engine per process: worker threads would compete for it.
  pool: 'forks',
  // No test measures time, so a slow machine must not fail one.
  testTimeout: 120_000,
  hookTimeout: 120_000,
  // Programs that tests start analyse the code again; tests of the cache ask for it.
  env: { CLICKHOUSE_SSOT_CACHE: 'off' },
} as const;

export default defineConfig({
  test: {
    globalSetup: ['./test/setup/temporary-folder.ts', './test/setup/install-server.ts'],
    reporters: ['default', './test/setup/report-totals.ts', './test/setup/report-missing-server.ts'],
    projects: [
      { test: { ...shared, name: 'unit', include: ['test/**/*.test.ts'], exclude: integration } },
      { test: { ...shared, name: 'integration', include: integration } },
    ],
  },
});
