import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rules } from '../../rules/index.js';
import { audit } from '../../src/audit/audit.js';
import { ProjectAnalyses } from '../../src/engine/project-analyses.js';
import { lintedTextOf } from '../../src/lint/component-section.js';
import { toLinterRule } from '../../src/lint/report-findings.js';
import { codeBase } from '../project/code-base.js';

const first = `\nimport { createClient } from '@clickhouse/client';\nexport const a = createClient();\n`;
const second = `\nconst b = createClient();\n`;
const component = `<p>{{ a }}</p>\n<script>${first}</script>\n<script setup>${second}</script>\n`;

describe("a linter's text of a component", () => {
  const kindOf = (text: string, saved: string | undefined, file = '/a.vue') => lintedTextOf(file, text, () => saved);

  it('is the file, if it is as saved, edited, or never saved', () => {
    expect(kindOf(component, component)).toEqual({ kind: 'file' });
    expect(kindOf(component.replace('const b', 'const c'), component)).toEqual({ kind: 'file' });
    expect(kindOf(component.trimEnd(), component)).toEqual({ kind: 'file' });
    expect(kindOf(component, undefined)).toEqual({ kind: 'file' });
  });

  it('is a section, if it is the content of one script', () => {
    expect(kindOf(first, component)).toEqual({ kind: 'section', start: component.indexOf(first) });
    expect(kindOf(second.trim(), component)).toEqual({ kind: 'section', start: component.indexOf('const b') });
  });

  it('is a section, if an Astro file has a script element in a string', () => {
    const saved = `---\nconst html = '<script>x()</script>';\n---\n`;
    expect(kindOf(`const html = '<script>x()</script>';\n`, saved, '/a.astro')).toEqual({ kind: 'section', start: 4 });
  });

  it('is unknown, if it is a section of an edited file', () => {
    expect(kindOf('\nconst edited = 1;\n', component)).toEqual({ kind: 'unknown' });
  });

  it('is the file for every other extension', () => {
    expect(kindOf('const a', 'const a = 1', '/a.ts')).toEqual({ kind: 'file' });
  });
});

describe('a component in a linter', () => {
  const root = codeBase({ 'clickhouse-ssot.config.json': { factories: ['b.ts'] }, 'a.vue': component, 'b.ts': `export const b = 1;\n` });

  /** Lints a text of a.vue and returns the reported places as offsets in the text. */
  function offsets(text: string): string[] {
    const reported: string[] = [];
    const context = {
      filename: join(root, 'a.vue'),
      physicalFilename: join(root, 'a.vue'),
      cwd: root,
      settings: {},
      options: [],
      sourceCode: { text, getLocFromIndex: (index: number) => index },
      report: ({ loc }: { loc: { start: number; end: number } }) => reported.push(text.slice(loc.start, loc.end)),
    };
    toLinterRule(rules['no-direct-client'], new ProjectAnalyses()).create(context);
    return reported;
  }

  it('has the same findings in the whole file and in its sections as in the audit', () => {
    expect(offsets(component)).toEqual(['createClient', 'createClient']);
    expect(offsets(first)).toEqual(['createClient']);
    expect(offsets(second)).toEqual(['createClient']);
    const outcome = audit({ root, selection: { preset: 'recommended', rules: ['no-direct-client'] } });
    expect(outcome.kind === 'done' && outcome.result.findings.map(({ file, line }) => `${file}:${line}`)).toEqual(['a.vue:4', 'a.vue:7']);
  });
});

describe('components in a program', () => {
  it('import and are imported as any other module', () => {
    const root = codeBase({
      'tsconfig.json': { compilerOptions: { paths: { '@/*': ['./src/*'] } } },
      'src/make.ts': `import { createClient } from '@clickhouse/client';\nexport const make = createClient;\n`,
      'src/Store.svelte': `<script context="module" lang="ts">\nexport { make } from '@/make';\n</script>\n`,
      'src/App.vue': `<script lang="ts">\nimport { make } from './Store.svelte';\nexport const a = <T,>(x: T) => make();\n</script>\n`,
      'src/View.vue': `<script lang="tsx">\nimport { make } from '@/make';\nexport const v = <p>{make()}</p>;\n</script>\n`,
      'src/page.astro': `---\nimport { make } from './Store.svelte';\nif (x) return;\nmake();\n---\n<p/>\n`,
      'src/text.vue': `<template>createClient() of '@clickhouse/client'</template>\n`,
    });
    const outcome = audit({ root });
    expect(outcome.kind === 'done' && outcome.result.constructions.map(({ file, line }) => `${file}:${line}`)).toEqual([
      'src/App.vue:3',
      'src/View.vue:3',
      'src/page.astro:4',
    ]);
  });
});
