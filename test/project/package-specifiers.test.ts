import { describe, expect, it } from 'vitest';
import { packageSpecifierOf } from '../../src/project/package-specifiers.js';

describe('the package of a specifier', () => {
  it.each([
    ['@clickhouse/client', '@clickhouse/client'],
    ['@clickhouse/client/dist/config', '@clickhouse/client/dist/config'],
    ['npm:@clickhouse/client', '@clickhouse/client'],
    ['npm:@clickhouse/client@1', '@clickhouse/client'],
    ['npm:/@clickhouse/client@^1.8.0/web', '@clickhouse/client/web'],
    ['npm:clickhouse@2.6.0', 'clickhouse'],
    ['jsr:@acme/db@1.0', '@acme/db'],
    ['jsr:@acme/db@^1/mod', '@acme/db/mod'],
    ['https://esm.sh/@clickhouse/client-web@1.8.0', '@clickhouse/client-web'],
    ['https://esm.sh/v135/@clickhouse/client-web@1.8.0/dist/index.js?target=deno', '@clickhouse/client-web/dist/index.js'],
    ['https://esm.sh/*@clickhouse/client-web', '@clickhouse/client-web'],
    ['https://esm.run/@clickhouse/client-web', '@clickhouse/client-web'],
    ['https://unpkg.com/@clickhouse/client-web@1/dist/index.js', '@clickhouse/client-web/dist/index.js'],
    ['https://cdn.jsdelivr.net/npm/@clickhouse/client-web@1.8.0/+esm', '@clickhouse/client-web/+esm'],
    ['https://cdn.skypack.dev/@clickhouse/client-web', '@clickhouse/client-web'],
    ['https://cdn.skypack.dev/pin/@clickhouse/client-web@v1.8.0-x/a.js', '@clickhouse/client-web/a.js'],
    ['https://ga.jspm.io/npm:@clickhouse/client-web@1.8.0/dist/index.js', '@clickhouse/client-web/dist/index.js'],
    ['https://deno.land/x/clickhouse@v0.1.0/mod.ts', 'https://deno.land/x/clickhouse/mod.ts'],
    ['../node_modules/@clickhouse/client/dist/index.js', '@clickhouse/client/dist/index.js'],
    ['@clickhouse/client?raw', '@clickhouse/client'],
  ])('%s is %s', (specifier, expected) => {
    expect(packageSpecifierOf(specifier)).toBe(expected);
  });

  it.each(['./db', '../db.ts', '/db.ts', '.', '..', 'node:fs', 'data:text/javascript,1', 'virtual:pwa', '#db', 'npm:'])(
    '%s is none',
    (specifier) => {
      expect(packageSpecifierOf(specifier)).toBeUndefined();
    },
  );
});
