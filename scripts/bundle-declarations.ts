import { basename, resolve } from 'node:path';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';

/**
 * Writes the declarations of a package: one file for each entry, and one for what entries share. It leaves out declarations that no entry
 * exports or refers to.
 */
async function bundleDeclarations(tsconfig: string, outputFolder: string, entries: readonly string[]): Promise<void> {
  const bundle = await rollup({
    input: Object.fromEntries(entries.map((entry) => [basename(entry, '.ts'), resolve(entry)])),
    external: /^[^./]/,
    plugins: [dts({ tsconfig })],
    // Types in a shared file need no export of an entry: declarations import each other by file.
    onwarn: (warning, warn) => warning.message.includes('private shared type') || warn(warning),
  });
  await bundle.write({
    dir: outputFolder,
    entryFileNames: '[name].d.ts',
    chunkFileNames: 'shared/[name].d.ts',
    minifyInternalExports: false,
  });
  await bundle.close();
}

const [tsconfig, outputFolder, ...entries] = process.argv.slice(2);
if (tsconfig === undefined || outputFolder === undefined || entries.length === 0)
  throw new Error('bundle-declarations: found too few arguments, expected TSCONFIG FOLDER ENTRY... Pass all three.');
await bundleDeclarations(tsconfig, outputFolder, entries);
