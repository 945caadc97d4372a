import { build } from 'rolldown';

/** One file for each entry and one shared chunk: the import time grows with the number of files to find, read and compile. */
await build({
  cwd: import.meta.dirname,
  input: ['index', 'embedded', 'otel', 'secrets', 'testing'].map((entry) => `src/${entry}.ts`),
  platform: 'node',
  // All other packages (valibot) are bundled: see THIRD-PARTY.md.
  external: [/^node:/, /^@clickhouse\/client/, /^@opentelemetry\/api/, /^chdb/],
  treeshake: { moduleSideEffects: false },
  output: {
    dir: 'dist',
    format: 'esm',
    comments: false,
    chunkFileNames: '[name].js',
    // The embedded engine is imported on demand, so it stays out of the shared chunk.
    codeSplitting: { groups: [{ name: 'core', minShareCount: 2, test: (id) => !id.includes('/embedded/') }] },
  },
});
