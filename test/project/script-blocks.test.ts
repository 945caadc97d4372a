import { describe, expect, it } from 'vitest';
import { isComponentFile, scriptLanguageOf, scriptsOf } from '../../src/project/script-blocks.js';

/** The code of the scripts, without blanks. */
const codeOf = (path: string, text: string) => scriptsOf(path, text).replace(/\s+/g, ' ').trim();

describe('the scripts of a component', () => {
  it.each([
    ['a.vue', '<template><p>{{ a }}</p></template>\n<script setup lang="ts">\nconst a = 1\n</script>', 'const a = 1 ;'],
    ['a.vue', '<script>\nexport default {}\n</script>\n<script setup>const b = 2</script>', 'export default {} ; const b = 2;'],
    ['a.vue', '<script setup lang="ts" generic="T extends Record<string, number>">const c = 3</script>', 'const c = 3;'],
    ['a.vue', '<!-- <script>const commented = 1</script> --><script>const d = 4</script>', 'const d = 4;'],
    ['a.vue', '<script type="application/ld+json">{"a": 1}</script><script>e()</script>', 'e();'],
    ['a.vue', '<script src="./x.ts" /><style>a > b {}</style>', ''],
    ['a.vue', '<SCRIPT>f()</SCRIPT >', 'f();'],
    [
      'a.svelte',
      '<script context="module">\nexport const a = 1\n</script>\n<script>\nlet b\n</script>\n{#if a <b}<p/>{/if}',
      'export const a = 1 ; let b ;',
    ],
    ['a.svelte', '{#if a <b && "}<p>x</p>{/if}<script>late()</script>', 'late();'],
    ['a.svelte', "<script lang='ts'>const html = '<' + '/p>'; g<A>()</script>", "const html = '<' + '/p>'; g<A>();"],
    [
      'a.astro',
      '---\nimport { db } from "../db";\nconst rows = await db();\n---\n<html>{rows}</html>',
      'import { db } from "../db"; const rows = await db(); ;',
    ],
    ['a.astro', '---\r\nconst a = 1\r\n---\r\n<script>b()</script><script is:inline type="module">c()</script>', 'const a = 1 ; b(); c();'],
    ['a.astro', '<p>no frontmatter</p>\n---\nnot code\n---', ''],
    ['a.vue', '<script lang = "ts" async defer=true>g()</script>', 'g();'],
    ['a.vue', `<script ${'a="b" '.repeat(2000)}`, ''],
    ['a.vue', '', ''],
    ['a.vue', '<script>never closed', ''],
  ])('%s %j are %j', (path, text, code) => {
    expect(codeOf(path, text)).toBe(code);
  });

  it.each([
    ['a.vue', '<p>😀</p>\r\n<script>\nconst here = 1\n</script>\u2028<p/>'],
    ['a.astro', '---\nconst first = 1\n---\n<p/>\n<script>\nhere()\n</script>\n'],
    ['a.svelte', '<script>\na</script><script>here</script>'],
  ])('keep their offsets, lines and columns in %s %j', (path, text) => {
    const scripts = scriptsOf(path, text);
    expect(scripts).toHaveLength(text.length);
    expect(scripts.indexOf('here')).toBe(text.indexOf('here'));
    expect(scripts.split(/\r?\n|\u2028/)).toHaveLength(text.split(/\r?\n|\u2028/).length);
  });

  it.each([
    ['a.vue', '<script>a</script>', 'js'],
    ['a.vue', '<script lang="ts">a</script>', 'ts'],
    ['a.vue', '<script>a</script><script lang="tsx">b</script>', 'tsx'],
    ['a.svelte', '<script type="text/typescript">a</script>', 'ts'],
    ['a.svelte', '<script type="module">a</script>', 'js'],
    ['a.vue', '<script lang="coffee">a</script>', 'ts'],
    ['a.astro', '---\na\n---\n<script>b</script>', 'ts'],
    ['a.astro', '<p/>', 'js'],
  ])('%s %j are in %s', (path, text, language) => {
    expect(scriptLanguageOf(path, text)).toBe(language);
  });

  it('are those of .vue, .svelte and .astro files', () => {
    expect(['a.vue', 'b.svelte', 'c.astro', 'd.svelte.ts', 'e.ts', 'vue'].filter(isComponentFile)).toEqual([
      'a.vue',
      'b.svelte',
      'c.astro',
    ]);
  });
});
