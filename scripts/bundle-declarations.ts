import { writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';

/** The module formats of a package. A package with both has two files for each entry. */
type Formats = 'esm' | 'esm-and-cjs';

/**
 * Writes the declarations of a package: one file for each entry, and one for what entries share. It leaves out declarations that no entry
 * exports or refers to. The declarations of an ES module re-export those of the CommonJS module, so that a class has one type in both:
 * two declarations of a private property are not assignable to each other.
 * @param renamed packages that others replace in the declarations
 */
async function bundleDeclarations(
  tsconfig: string,
  formats: Formats,
  outputFolder: string,
  entries: readonly string[],
  renamed: ReadonlyMap<string, string> = new Map(),
): Promise<void> {
  const names = entries.map((entry) => basename(entry, '.ts'));
  const bundle = await rollup({
    input: Object.fromEntries(entries.map((entry) => [basename(entry, '.ts'), resolve(entry)])),
    external: /^[^./]/,
    plugins: [dts({ tsconfig })],
    // Types in a shared file need no export of an entry: declarations import each other by file.
    onwarn: (warning, warn) => warning.message.includes('private shared type') || warn(warning),
  });
  const extension = formats === 'esm' ? 'ts' : 'cts';
  await bundle.write({
    dir: outputFolder,
    entryFileNames: `[name].d.${extension}`,
    chunkFileNames: `shared/[name].d.${extension}`,
    minifyInternalExports: false,
    paths: (id) => renamed.get(id) ?? id,
  });
  await bundle.close();
  if (formats === 'esm-and-cjs')
    for (const name of names) writeFileSync(join(outputFolder, `${name}.d.ts`), `export * from './${name}.cjs';\n`);
}

const [tsconfig, formats, outputFolder, ...entries] = process.argv.slice(2);
if (tsconfig === undefined || (formats !== 'esm' && formats !== 'esm-and-cjs') || outputFolder === undefined || entries.length === 0)
  throw new Error(
    `bundle-declarations: found the arguments ${JSON.stringify(process.argv.slice(2))}, expected TSCONFIG esm|esm-and-cjs FOLDER ENTRY... Pass all four.`,
  );
// The entry for run times without Node.js is on the other official client, so it shares no declaration with the other entries.
const isWeb = (entry: string): boolean => basename(entry) === 'web.ts';
const toWebClient = new Map([['@clickhouse/client', '@clickhouse/client-web']]);
await bundleDeclarations(
  tsconfig,
  formats,
  outputFolder,
  entries.filter((entry) => !isWeb(entry)),
);
for (const entry of entries.filter(isWeb)) await bundleDeclarations(tsconfig, formats, outputFolder, [entry], toWebClient);
