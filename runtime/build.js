import { build } from 'rolldown';

/** What an import costs is what it takes to find, read and compile files: so there is one for each entry, and one for what they share. */
await build({
  cwd: import.meta.dirname,
  input: ['index', 'embedded', 'otel', 'secrets', 'testing'].map((entry) => `src/${entry}.ts`),
  platform: 'node',
  // Everything else, valibot that is, is brought along: see THIRD-PARTY.md.
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
