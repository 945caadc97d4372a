import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'rolldown';

/** The entries are the files that lie directly in `src`. */
const entries = readdirSync(join(import.meta.dirname, 'src')).filter((name) => name.endsWith('.ts'));

/**
 * Writes one file for each entry and one shared chunk: the import time grows with the number of files to find, read and compile.
 * @param {'esm' | 'cjs'} format @param {string} extension
 */
function buildFormat(format, extension) {
  return build({
    cwd: import.meta.dirname,
    input: entries.map((entry) => `src/${entry}`),
    platform: 'node',
    // All other packages (valibot) are bundled: see THIRD-PARTY.md. The optional chdb is no import: see process/optional-package.ts.
    external: [/^node:/, /^@clickhouse\/client/, /^@opentelemetry\/api/, /^@nestjs\//],
    treeshake: { moduleSideEffects: false },
    output: {
      dir: 'dist',
      format,
      esModule: true,
      // Comments such as `webpackIgnore` are instructions for the bundlers of users.
      comments: { legal: false, annotation: true, jsdoc: false },
      entryFileNames: `[name].${extension}`,
      chunkFileNames: `[name].${extension}`,
      // The embedded engine is loaded on demand, so it stays out of the shared chunk.
      codeSplitting: {
        groups: [
          { name: 'core', priority: 1, minShareCount: 2, test: (id) => !id.includes('/embedded/') && !id.includes('/src/http/') },
          // What the adapters of HTTP frameworks share. No other entry needs it.
          { name: 'adapters', minShareCount: 2, test: (id) => id.includes('/src/http/') },
        ],
      },
    },
  });
}

await buildFormat('esm', 'js');
await buildFormat('cjs', 'cjs');
