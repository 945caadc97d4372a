import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ProjectAnalysis } from '../../src/engine/project-analysis.js';
import type { ModelSettings } from '../../src/model/model.js';
import { ModelCache } from '../../src/model/model-cache.js';
import { Project } from '../../src/project/project.js';
import { readSettings } from '../../src/settings/load-settings.js';
import { noTrace } from '../../src/trace/trace.js';
import { codeBase } from '../project/code-base.js';

const settings: ModelSettings = {
  clients: [],
  accessors: [],
  isManager: undefined,
  roles: { config: undefined, factory: undefined, service: undefined, isTest: () => false },
};

const client = `import { createClient } from '@clickhouse/client';\nexport const client = createClient();\n`;

function cacheOf(files: Readonly<Record<string, string>>) {
  const root = codeBase(files);
  const project = new Project(root);
  const cache = new ModelCache(project, settings, noTrace);
  const path = (file: string) => join(root, file);
  return { cache, path, open: (file: string, text: string) => cache.invalidate(project.open(path(file), text)) };
}

describe('the model', () => {
  it('is built again after an edit of a file of the slice', () => {
    const { cache, open } = cacheOf({ 'client.ts': client });
    const { model, version } = cache;
    open('client.ts', `${client}export const second = createClient();\n`);
    expect(cache.version).toBeGreaterThan(version);
    expect(model.constructions).toHaveLength(1);
    expect(cache.model.constructions).toHaveLength(2);
  });

  it('is built again after an edit that turns a file into a seed file', () => {
    const { cache, open } = cacheOf({ 'client.ts': client, 'other.ts': 'export {};\n' });
    expect(cache.model.slice.size).toBe(1);
    open('other.ts', client);
    expect(cache.model.slice.size).toBe(2);
  });

  it('is kept after an edit of any other file', () => {
    const { cache, open } = cacheOf({ 'client.ts': client, 'other.ts': 'export {};\n' });
    const { model, version } = cache;
    open('other.ts', 'export const other = 1;\n');
    expect(cache.model).toBe(model);
    expect(cache.version).toBe(version);
  });

  it('is released in a batch run, and built again with the same version', () => {
    const { cache, open } = cacheOf({ 'client.ts': client });
    const { model, version } = cache;
    for (let query = 0; query < 100; query++) open('client.ts', client);
    expect(cache.model).not.toBe(model);
    expect(cache.model.constructions.map(({ span }) => span)).toEqual(model.constructions.map(({ span }) => span));
    expect(cache.version).toBe(version);
  });
});

describe('a file whose nesting overflows the stack', () => {
  const tooDeep = `import { createClient } from '@clickhouse/client';\nexport const deep = ${'f(\n'.repeat(10_000)}createClient${')\n'.repeat(10_000)};\n`;

  it('is skipped, and all other files are analysed', () => {
    const { cache, path } = cacheOf({ 'client.ts': client, 'deep.ts': tooDeep });
    expect([...cache.model.skippedFiles]).toEqual([path('deep.ts')]);
    expect(cache.model.constructions.map(({ span }) => span.file)).toEqual([path('client.ts')]);
  });

  it('is listed as skipped if it is the only seed file', () => {
    const { cache, path } = cacheOf({ 'deep.ts': tooDeep });
    expect([...cache.model.skippedFiles]).toEqual([path('deep.ts')]);
  });

  it('is analysed again after an edit', () => {
    const { cache, open } = cacheOf({ 'deep.ts': tooDeep });
    expect(cache.model.constructions).toEqual([]);
    open('deep.ts', client);
    expect([...cache.model.skippedFiles]).toEqual([]);
    expect(cache.model.constructions).toHaveLength(1);
  });
});

describe('a function with so many branches that the type checker overflows the stack', () => {
  const branches = Array.from({ length: 1500 }, (_, index) => `  if (x === ${index}) y = ${index};`).join('\n');
  const many = (name: string) =>
    `import { createClient } from '@clickhouse/client';\nexport function ${name}(x: any) {\n  let y = 0;\n${branches}\n  createClient();\n  return y;\n}\n`;

  it('costs its file alone, in each language of the project', () => {
    const { cache, path } = cacheOf({
      'client.ts': client,
      'many.ts': many('f'),
      'many.js': many('g').replace(': any', ''),
      'Many.vue': `<script lang="ts">\n${many('h')}</script>\n`,
    });
    expect(cache.model.constructions.map(({ span }) => span.file)).toContain(path('client.ts'));
    const judged = new Set([...cache.model.constructions.map(({ span }) => span.file), ...cache.model.skippedFiles]);
    expect([...judged].sort()).toEqual(['Many.vue', 'client.ts', 'many.js', 'many.ts'].map(path));
  });
});

describe('a long chain of calls that the type checker overflows the stack on', () => {
  const numbers = Array.from({ length: 2500 }, (_, index) => index);
  const link = (index: number) => `export function f${index}() { return f${index + 1}(); }\n`;

  it('costs its file alone', () => {
    const chain = `import { createClient } from '@clickhouse/client';\n${numbers.map(link).join('')}export const f2500 = () => createClient();\n`;
    const { cache, path } = cacheOf({ 'client.ts': client, 'chain.ts': chain });
    expect([...cache.model.skippedFiles]).toEqual([path('chain.ts')]);
    expect(cache.model.constructions.map(({ span }) => span.file)).toEqual([path('client.ts')]);
  });

  it('costs the files that it passes, if no file overflows alone, and no error', () => {
    const files = numbers.map((index): [string, string] => {
      const next = (index + 1) % 10;
      return [`f${index % 10}.ts`, index < 2499 ? `import { f${index + 1} } from './f${next}';\n${link(index)}` : ''];
    });
    const texts = new Map<string, string>();
    for (const [file, text] of files) texts.set(file, (texts.get(file) ?? "import '@clickhouse/client';\n") + text);
    texts.set(
      'f9.ts',
      `${texts.get('f9.ts') ?? ''}import { createClient } from '@clickhouse/client';\nexport const f2499 = () => createClient();\n`,
    );
    const { cache } = cacheOf(Object.fromEntries(texts));
    expect(cache.model.skippedFiles.size).toBe(10);
    expect(cache.model.constructions).toEqual([]);
  });
});

describe('a change of what imports mean', () => {
  function analysisOf(files: Readonly<Record<string, string | object>>, clients: object[] = []) {
    const root = codeBase({ ...files, 'clickhouse-ssot.config.json': { clients } });
    const settings = readSettings(root);
    if (!settings.ok) throw new Error('The settings are invalid.');
    const analysis = new ProjectAnalysis(root, settings.settings);
    const constructions = () => {
      analysis.refresh('all');
      return analysis.model.constructions.map(({ span }) => span.file.slice(root.length + 1));
    };
    return {
      constructions,
      write: (file: string, content: object | string) =>
        writeFileSync(join(root, file), typeof content === 'string' ? content : JSON.stringify(content)),
    };
  }

  it('by an alias in package.json is followed', () => {
    const { constructions, write } = analysisOf({ 'package.json': {}, 'a.ts': client.replace('@clickhouse/client', 'ch') });
    expect(constructions()).toEqual([]);
    write('package.json', { dependencies: { ch: 'npm:@clickhouse/client@^1' } });
    expect(constructions()).toEqual(['a.ts']);
    write('package.json', { dependencies: { ch: 'npm:redis@^1' } });
    expect(constructions()).toEqual([]);
  });

  it('by a dependency that links a package of the project is followed', () => {
    const { constructions, write } = analysisOf({
      'package.json': { dependencies: { clickhouse: '^2.6.0' } },
      'local/package.json': { name: 'clickhouse' },
      'local/index.ts': 'export class ClickHouse {}\n',
      'a.ts': `import { ClickHouse } from 'clickhouse';\nexport const a = new ClickHouse();\n`,
    });
    expect(constructions()).toEqual(['a.ts']);
    write('package.json', { dependencies: { clickhouse: 'link:./local' } });
    expect(constructions()).toEqual([]);
    write('package.json', { dependencies: { clickhouse: '^2.6.0' } });
    expect(constructions()).toEqual(['a.ts']);
  });

  it('by a client module that is added is followed', () => {
    const { constructions, write } = analysisOf({ 'a.ts': `import { Http } from './http';\nexport const a = new Http();\n` }, [
      { module: 'http.ts', constructors: ['Http'] },
    ]);
    expect(constructions()).toEqual([]);
    write('http.ts', 'export class Http {}\n');
    expect(constructions()).toEqual(['a.ts']);
  });

  it('by a client module that becomes a CommonJS module is followed', () => {
    const { constructions, write } = analysisOf(
      { 'http.js': 'export class Http {}\n', 'a.js': `const http = require('./http');\nmodule.exports = new http.Http();\n` },
      [{ module: 'http.js', constructors: ['Http'] }],
    );
    expect(constructions()).toEqual(['a.js']);
    write('http.js', 'class Http {}\nmodule.exports = { Http };\n// CommonJS\n');
    expect(constructions()).toEqual(['a.js']);
  });
});
