import { readFileSync } from 'node:fs';
import { defineConfig, type DefaultTheme } from 'vitepress';
import { anchorOf } from '../../scripts/markdown-text.js';

const repository = 'https://github.com/clickhouse-ssot/clickhouse-ssot';
const sidebar = JSON.parse(readFileSync(new URL('../dist/pages/sidebar.json', import.meta.url), 'utf8')) as DefaultTheme.SidebarItem[];

export default defineConfig({
  lang: 'en',
  title: 'clickhouse-ssot',
  description: 'One way to reach ClickHouse in a TypeScript or JavaScript code base: lint rules, an audit and a runtime.',
  srcDir: 'dist/pages',
  outDir: 'dist/html',
  cacheDir: 'dist/cache',
  markdown: {
    // The plain themes of GitHub have colours with too little contrast for text on the background of code.
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    // The anchors of GitHub, so that a link works there and here.
    anchor: { slugify: anchorOf },
    config(markdown) {
      // As on GitHub, a word such as README.md is no link to a host.
      markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
      // Vue would take {{name}} in code for an expression.
      const code = markdown.renderer.rules.code_inline;
      markdown.renderer.rules.code_inline = (tokens, index, options, env, self) => {
        tokens[index]?.attrSet('v-pre', '');
        return code?.(tokens, index, options, env, self) ?? '';
      };
      const fence = markdown.renderer.rules.fence;
      markdown.renderer.rules.fence = (tokens, index, options, env, self) => {
        const token = tokens[index];
        if (token?.info.trim() === 'mermaid') return `<MermaidDiagram code="${encodeURIComponent(token.content)}" />`;
        return fence?.(tokens, index, options, env, self) ?? '';
      };
    },
  },
  themeConfig: {
    nav: [
      { text: 'Set up', link: '/set-up' },
      { text: 'Rules', link: '/rules/', activeMatch: '^/rules/' },
      { text: 'Settings', link: '/settings' },
      { text: 'Runtime', link: '/runtime/', activeMatch: '^/runtime/' },
      { text: 'CI', link: '/ci' },
      { text: 'Architecture', link: '/architecture/', activeMatch: '^/architecture/' },
    ],
    sidebar,
    outline: [2, 3],
    search: { provider: 'local' },
    socialLinks: [{ icon: 'github', link: repository }],
    editLink: {
      // VitePress sends this function to the browser as text: it must not use a name from outside.
      pattern: ({ frontmatter }) => `https://github.com/clickhouse-ssot/clickhouse-ssot/edit/main/${String(frontmatter['source'])}`,
      text: 'Edit this page on GitHub',
    },
  },
});
