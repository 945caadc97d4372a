import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Platform } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import { serviceWith } from './app.js';

const folder = serviceWith({
  'main.mjs': `
    import { createClickHouseService, loadClickHouseConfig } from '@clickhouse-ssot/runtime/web';
    globalThis.clickhouse = createClickHouseService({ config: loadClickHouseConfig({ url: 'https://host:8443' }) });
  `,
  'unused.mjs': `
    import { createClickHouseService } from '@clickhouse-ssot/runtime/web';
    globalThis.done = true;
  `,
});
afterAll(() => rmSync(folder, { recursive: true }));

function bundle(entry: string, platform: Platform) {
  return build({
    entryPoints: [join(folder, entry)],
    bundle: true,
    minify: true,
    format: 'esm',
    platform,
    // Neutral, esbuild looks at no field of a manifest but "exports".
    mainFields: ['module', 'main'],
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
}

describe.each(['browser', 'neutral'] as const)('a bundle for the platform "%s"', (platform) => {
  it('has no import left, and no module of Node.js', async () => {
    const { metafile, warnings } = await bundle('main.mjs', platform);
    expect(warnings).toEqual([]);
    expect(Object.values(metafile.outputs).flatMap(({ imports }) => imports)).toEqual([]);
    const packages = Object.keys(metafile.inputs).map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? '.');
    expect([...new Set(packages)].sort()).toEqual(['.', '@clickhouse-ssot/runtime', '@clickhouse/client-web']);
  });

  it('has less than 60 kB when it is minified and compressed, the official client included', async () => {
    const { outputFiles } = await bundle('main.mjs', platform);
    expect(gzipSync(outputFiles[0]?.contents ?? '').length).toBeLessThan(60_000);
  });
});

it('an import that is not used leaves nothing but the official client, which is CommonJS', async () => {
  const { metafile } = await bundle('unused.mjs', 'browser');
  const bytes = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).map(([path, { bytesInOutput }]) => (path.includes('runtime/dist') ? bytesInOutput : 0)),
  );
  expect(Math.max(0, ...bytes)).toBe(0);
});
