import { describe, expect, it } from 'vitest';
import { audit } from '../../../src/audit/audit.js';
import type { AuditResult } from '../../../src/audit/audit-result.js';
import { codeBase } from '../../project/code-base.js';

const settings = (...clients: object[]) => ({ 'clickhouse-ssot.config.json': { clients } });
const httpClient = { module: 'src/lib/clickhouse-http.ts', constructors: ['ClickHouseHttp'] };
const httpClass = `export interface Row { readonly id: string }
export class ClickHouseHttp {
  static create() { return new ClickHouseHttp(); }
  constructor(readonly url = '') {}
  query(sql: string) { return fetch(this.url, { method: 'POST', body: sql }); }
}
export const quote = (text: string) => text;
`;

function resultOf(files: Readonly<Record<string, string | object>>): AuditResult {
  const outcome = audit({ root: codeBase(files) });
  if (outcome.kind === 'error') throw new Error(outcome.problems.join('\n'));
  return outcome.result;
}

const constructionsOf = (files: Readonly<Record<string, string | object>>) =>
  resultOf(files).constructions.map(({ file, line, client, constructor }) => `${file}:${line} ${constructor} of ${client}`);

describe('a module of the project that the settings name as a client', () => {
  it('is constructed by its importers, through barrels, aliases and subclasses, and not by itself', () => {
    expect(
      constructionsOf({
        ...settings(httpClient),
        'tsconfig.json': { compilerOptions: { paths: { '@/*': ['./src/*'] } } },
        'src/lib/clickhouse-http.ts': httpClass,
        'src/lib/index.ts': `export * from './clickhouse-http';\n`,
        'src/a.ts': `import { ClickHouseHttp, type Row } from '@/lib/clickhouse-http';\nexport const a: ClickHouseHttp = new ClickHouseHttp();\nexport type R = Row;\n`,
        'src/b.ts': `import { ClickHouseHttp as Http } from './lib';\nexport const b = () => new Http('http://b');\n`,
        'src/c.ts': `import * as lib from './lib/index.js';\nexport const c = new lib.ClickHouseHttp();\n`,
        'src/d.ts': `export const d = async () => new (await import('./lib/clickhouse-http')).ClickHouseHttp();\n`,
        'src/e.cjs': `const { ClickHouseHttp } = require('./lib/clickhouse-http');\nmodule.exports = new ClickHouseHttp();\n`,
        'src/f.ts': `import { quote } from './lib/clickhouse-http';\nexport const f = quote('x');\n`,
      }),
    ).toEqual(
      ['src/a.ts:2', 'src/b.ts:2', 'src/c.ts:2', 'src/d.ts:1', 'src/e.cjs:2'].map(
        (at) => `${at} ClickHouseHttp of src/lib/clickhouse-http.ts`,
      ),
    );
  });

  it('may be CommonJS, and be named by its default export, which a result names as the importer does', () => {
    expect(
      constructionsOf({
        ...settings({ module: 'src/http.js', constructors: ['default', 'make'] }),
        'src/http.js': `class Http {}\nmodule.exports = Http;\nmodule.exports.make = () => new Http();\n`,
        'src/a.js': `const Http = require('./http');\nmodule.exports = new Http();\n`,
        'src/b.mjs': `import Http from './http.js';\nexport default new Http();\n`,
        'src/c.js': `const { make } = require('./http');\nmodule.exports = make();\n`,
      }),
    ).toEqual(['src/a.js:2 Http of src/http.js', 'src/b.mjs:2 Http of src/http.js', 'src/c.js:2 make of src/http.js']);
  });

  it('may be an ES module with a default export', () => {
    expect(
      constructionsOf({
        ...settings({ module: 'src/http.ts', constructors: ['default'] }),
        'src/http.ts': `export default class Http {}\nexport const other = () => 1;\n`,
        'src/a.ts': `import Http, { other } from './http';\nexport const a = new Http(), b = other();\n`,
      }),
    ).toEqual(['src/a.ts:2 Http of src/http.ts']);
  });

  it('may have a static method that constructs', () => {
    expect(
      constructionsOf({
        ...settings({ ...httpClient, constructors: ['ClickHouseHttp.create'] }),
        'src/lib/clickhouse-http.ts': httpClass,
        'src/a.ts': `import { ClickHouseHttp } from './lib/clickhouse-http';\nexport const a = ClickHouseHttp.create();\n`,
      }),
    ).toEqual(['src/a.ts:2 ClickHouseHttp.create of src/lib/clickhouse-http.ts']);
  });

  it('hides no recursion through its own code', () => {
    const { findings } = resultOf({
      ...settings({ module: 'http.ts', constructors: ['Http'] }),
      'http.ts': `import { getClient } from './accessor';\nexport class Http { constructor() { getClient(); } }\n`,
      'accessor.ts': `import { Http } from './http';\nlet client: Http | undefined;\nexport function getClient(bypassManager = false): Http {\n  if (!bypassManager) client ??= new Http();\n  return client ?? new Http();\n}\n`,
    });
    expect(findings.map(({ rule }) => rule)).toContain('no-connection-recursion');
  });

  it('constructs nothing and is a stale setting, while the module does not exist', () => {
    const files = {
      ...settings(httpClient),
      'src/a.ts': `import { ClickHouseHttp } from './lib/clickhouse-http';\nexport const a = new ClickHouseHttp();\n`,
    };
    expect(constructionsOf(files)).toEqual([]);
    expect(resultOf(files).notices).toContain(
      'clickhouse-ssot.config.json: "clients[0]": "src/lib/clickhouse-http.ts" is no source file. Correct or remove it.',
    );
  });

  it('is a stale setting, if the module does not exist, with the most similar one', () => {
    const { notices } = resultOf({
      ...settings({ ...httpClient, module: 'src/lib/clickhouse-htpp.ts' }),
      'src/lib/clickhouse-http.ts': httpClass,
    });
    expect(notices).toEqual([
      'clickhouse-ssot.config.json: "clients[0]": "src/lib/clickhouse-htpp.ts" is no source file. Did you mean "src/lib/clickhouse-http.ts"?',
    ]);
  });

  it('is a stale setting, if the module does not export the name', () => {
    const { notices } = resultOf({
      ...settings({ ...httpClient, constructors: ['ClickHouseHttp', 'Missing'] }),
      'src/lib/clickhouse-http.ts': httpClass,
    });
    expect(notices).toEqual([
      'clickhouse-ssot.config.json: "clients[0].constructors[1]": src/lib/clickhouse-http.ts does not export "Missing". Name an export that creates a client, or remove it.',
    ]);
  });
});

describe('a client module that exports the names of another module', () => {
  it('has no notice: these names are not known', () => {
    const { constructions, staleSettings } = resultOf({
      ...settings({ module: 'lib/index.ts', constructors: ['Http'] }),
      'lib/http.ts': 'export class Http {}\n',
      'lib/index.ts': `export * from './http';\n`,
      'a.ts': `import { Http } from './lib';\nexport const a = new Http();\n`,
    });
    expect([constructions.length, staleSettings]).toEqual([1, []]);
  });
});

describe('a package that the settings name as a client', () => {
  it('may have a static method that constructs', () => {
    expect(
      constructionsOf({
        ...settings({ package: '@acme/nest', constructors: ['Module.forRoot'] }),
        'a.ts': `import { Module } from '@acme/nest';\nexport const a = Module.forRoot({});\nexport const b = Module.forFeature({});\n`,
      }),
    ).toEqual(['a.ts:2 Module.forRoot of @acme/nest']);
  });

  it('may be named with registry and version', () => {
    expect(
      constructionsOf({
        ...settings({ package: 'npm:@acme/ch@1', constructors: ['make'] }, { package: 'https://deno.land/x/ch', constructors: ['make'] }),
        'a.ts': `import { make } from 'npm:@acme/ch@2';\nexport const a = make();\n`,
        'b.ts': `import { make } from 'https://deno.land/x/ch@v1.2.0/mod.ts';\nexport const b = make();\n`,
      }),
    ).toEqual(['a.ts:2 make of @acme/ch', 'b.ts:2 make of https://deno.land/x/ch']);
  });

  it('is a client for all importers but itself, also if its source is in the project', () => {
    expect(
      constructionsOf({
        ...settings({ package: '@acme/ch', constructors: ['make'] }),
        'package.json': { workspaces: ['*'] },
        'ch/package.json': { name: '@acme/ch' },
        'ch/index.ts': `export const make = () => ({ query: () => fetch('http://ch:8123') });\n`,
        'ch/self.ts': `import { make } from '@acme/ch';\nexport const self = make();\n`,
        'app/package.json': { name: 'app', dependencies: { '@acme/ch': 'workspace:*' } },
        'app/a.ts': `import { make } from '@acme/ch';\nexport const a = make();\n`,
      }),
    ).toEqual(['app/a.ts:2 make of @acme/ch']);
  });

  it('replaces the built-in entry of the same name', () => {
    expect(
      constructionsOf({
        ...settings({ package: 'clickhouse', constructors: ['connect'] }),
        'a.ts': `import { connect } from 'clickhouse';\nexport const a = connect();\n`,
      }),
    ).toEqual(['a.ts:2 connect of clickhouse']);
  });

  it('is a stale setting, if it names a file of the project', () => {
    const { notices } = resultOf({
      ...settings({ package: 'src/http.ts', constructors: ['Http'] }),
      'src/http.ts': 'export class Http {}\n',
    });
    expect(notices).toEqual([
      'clickhouse-ssot.config.json: "clients[0]": no source file imports a package "src/http.ts", but the project has a file of this name. Use "module" instead of "package".',
    ]);
  });
});
