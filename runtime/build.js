import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'rolldown';

/** The entry for run times without Node.js. All other files directly in `src` are entries for Node.js. */
const webEntry = 'web.ts';
const nodeEntries = readdirSync(join(import.meta.dirname, 'src')).filter((name) => name.endsWith('.ts') && name !== webEntry);

/** In both formats. @param {'esm' | 'cjs'} format */
const common = (format) => ({
  dir: 'dist',
  format,
  esModule: true,
  // Comments such as `webpackIgnore` are instructions for the bundlers of users.
  comments: { legal: false, annotation: true, jsdoc: false },
  entryFileNames: `[name].${extensions[format]}`,
  chunkFileNames: `[name].${extensions[format]}`,
});
const extensions = { esm: 'js', cjs: 'cjs' };

/**
 * Writes one file for each entry and one shared chunk: the import time grows with the number of files to find, read and compile.
 * @param {'esm' | 'cjs'} format
 */
function buildForNode(format) {
  return build({
    cwd: import.meta.dirname,
    input: nodeEntries.map((entry) => `src/${entry}`),
    platform: 'node',
    // All other packages (valibot) are bundled: see THIRD-PARTY.md. The optional chdb is no import: see process/optional-package.ts.
    external: [/^node:/, /^@clickhouse\/client/, /^@opentelemetry\/api/, /^@nestjs\//, /^prom-client/],
    treeshake: { moduleSideEffects: false },
    output: {
      ...common(format),
      // The embedded engine is loaded on demand, so it stays out of the shared chunk.
      codeSplitting: {
        groups: [
          { name: 'core', priority: 1, minShareCount: 2, test: (id) => !id.includes('/embedded/') && !id.includes('/src/http/') },
          // The modules that only the adapters of HTTP frameworks share.
          { name: 'adapters', minShareCount: 2, test: (id) => id.includes('/src/http/') },
        ],
      },
    },
  });
}

/**
 * Writes the entry for run times without Node.js as one file. Both official clients export the same names, so the modules that it shares with
 * the other entries get those of `@clickhouse/client-web`. Any other package, and a module of Node.js, fails the build.
 * @param {'esm' | 'cjs'} format
 */
function buildForWeb(format) {
  return build({
    cwd: import.meta.dirname,
    input: `src/${webEntry}`,
    platform: 'neutral',
    plugins: [
      {
        name: 'client-web',
        resolveId: (id) => (/^@clickhouse\/client(?:-web)?$/.test(id) ? { id: '@clickhouse/client-web', external: true } : undefined),
      },
    ],
    resolve: { conditionNames: ['import'], mainFields: ['module', 'main'] },
    treeshake: { moduleSideEffects: false },
    output: common(format),
    onLog(level, log) {
      throw new Error(`${level}: ${log.message}`);
    },
  });
}

for (const format of /** @type {const} */ (['esm', 'cjs'])) {
  await buildForNode(format);
  await buildForWeb(format);
}
