import { describe, expect, it } from 'vitest';
import { rules } from '../../rules/index.js';
import { headingsOf } from '../../scripts/markdown-text.js';
import { contents, leftOut } from '../../site/contents.js';
import { buildSite } from '../../site/pages.js';
import type { SidebarItem } from '../../site/sidebar.js';
import { readSources } from '../../site/write-pages.js';

const sources = readSources();
const { pages, sidebar } = buildSite(sources, contents, leftOut);

/** Returns the places in the sidebar, in its order. */
function linksOf(items: readonly SidebarItem[]): string[] {
  return items.flatMap(({ link, items: inner = [] }) => [...(link === undefined ? [] : [link]), ...linksOf(inner)]);
}

/** The entries of all groups. The title of a group repeats the link of its first page. */
function pagesOf(groups: readonly SidebarItem[]): readonly SidebarItem[] {
  return groups.flatMap(({ items = [] }) => items);
}

/** A site of these files: a README with an introduction, the runtime's README, and others. */
function siteOf(files: Readonly<Record<string, string>>) {
  const texts = new Map(Object.entries(files));
  const readme = { kind: 'sections', source: 'README.md', path: 'start', headings: ['One'], withIntroduction: true } as const;
  return buildSite(
    { texts, rules: [] },
    [
      { title: 'Start', entries: [readme, { kind: 'other-sections', source: 'README.md', folder: '' }] },
      { title: 'More', entries: [{ kind: 'other-files', sources: 'docs', folder: 'more', linkedFrom: 'README.md' }] },
    ],
    { 'README.md': ['License'] },
  );
}

const readme = '# Title\n\nText.\n\n## One\n\n### `a()`\n\n## Two\n\n### `a()`\n\nSee [one](#a) and [two](#a-1).\n\n## License\n\nMIT\n';

describe('the site', () => {
  it('has each page in the sidebar once, beginning with the front page', () => {
    const links = linksOf(pagesOf(sidebar));
    expect(links[0]).toBe('/');
    expect(links.map((link) => `${link.slice(1)}${link.endsWith('/') ? 'index' : ''}.md`).sort()).toEqual([...pages.keys()].sort());
  });

  it('has each section of its sources, unless it is left out by name', () => {
    const missing = [...sources.texts].flatMap(([file, text]) => {
      const titles = headingsOf(text).filter(({ level }) => level === 2);
      const own = [...pages.values()].filter((page) => page.includes(`source: ${JSON.stringify(file)}`));
      const shown = new Set(own.flatMap((page) => headingsOf(page).map((heading) => heading.text)));
      return titles.filter((heading) => !shown.has(heading.text) && !leftOut[file]?.includes(heading.text)).map((heading) => heading.text);
    });
    expect(missing).toEqual([]);
  });

  it.each(Object.values(rules))('has the page of $name among the rules of its preset', ({ name, meta }) => {
    expect(pages.has(`rules/${name}.md`)).toBe(true);
    const ruleGroup = sidebar.find(({ text }) => text === 'Rules');
    const preset = ruleGroup?.items?.find(({ text }) => text === `Preset ${meta.docs.preset}`);
    expect(linksOf(preset?.items ?? [])).toContain(`/rules/${name}`);
  });

  it('says on the front page what the project is, in the first sentence of the README', () => {
    const home = pages.get('index.md') ?? '';
    expect(home).toMatch(
      /^# clickhouse-ssot\n\nclickhouse-ssot keeps one way to reach ClickHouse [^.]*\.\n\n```sh\nnpm install --save-dev /m,
    );
    expect(home.match(/\/images\/html-report-(?:light|dark)\.png/g)).toHaveLength(2);
  });

  it.each([...pages])('%s has one title, and no heading skips a level', (file, text) => {
    const levels = headingsOf(text).map(({ level }) => level);
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    for (const [index, level] of levels.entries()) expect(level - (levels[index - 1] ?? 1)).toBeLessThanOrEqual(1);
  });
});

describe('a long document', () => {
  it('becomes a page for each section; the headings of a section move up by one level', () => {
    const site = siteOf({ 'README.md': readme });
    expect([...site.pages.keys()]).toEqual(['start.md', 'two.md']);
    expect(site.pages.get('start.md')).toMatch(/# Title\n\nText\.\n\n## One\n\n### `a\(\)`\n$/);
    expect(site.pages.get('two.md')).toContain('---\n\n# Two\n\n## `a()`\n');
  });

  it('keeps the targets of links to its headings, also of equal ones on two pages', () => {
    expect(siteOf({ 'README.md': readme }).pages.get('two.md')).toContain('See [one](/start.md#a) and [two](/two.md#a).');
  });

  it('shows a section that it got later, without an entry for it', () => {
    const site = siteOf({ 'README.md': `${readme}\n## Three\n` });
    expect(linksOf(pagesOf(site.sidebar))).toEqual(['/start', '/two', '/three']);
  });

  it.each([
    ['a section that the document does not have', { 'README.md': '# Title\n\n## Other\n' }, 'found the section "One"'],
    ['a missing document', {}, 'found README.md, expected a Markdown file'],
    ['a document without a title', { 'README.md': '## One\n\n## License\n' }, 'found no heading of level 1'],
    ['two pages of one path', { 'README.md': `${readme}\n## Start\n` }, 'found two pages of one path'],
  ])('is refused with %s', (_, files: Readonly<Record<string, string>>, message) => {
    expect(() => siteOf(files)).toThrow(message);
  });
});

describe('a link', () => {
  const linking = (link: string, files: Readonly<Record<string, string>> = {}): string => {
    const text = readme.replace('Text.', `[x](${link}) \`[y](${link})\`\n\n\`\`\`\n[z](${link})\n\`\`\``);
    const page = siteOf({ 'README.md': text, 'docs/a.md': '# A\n\n## B\n', ...files }).pages.get('start.md') ?? '';
    expect(page).toContain(`\`[y](${link})\``);
    expect(page).toContain(`\n[z](${link})\n`);
    return /\[x\]\((.*?)\)/.exec(page)?.[1] ?? '';
  };
  const web = 'https://github.com/clickhouse-ssot/clickhouse-ssot';

  it.each([
    ['docs/a.md', '/more/a.md'],
    ['docs/a.md#b', '/more/a.md#b'],
    [`${web}/blob/main/docs/a.md#b`, '/more/a.md#b'],
    ['docs/a.md#a', '/more/a.md'],
    [`${web}#two`, '/two.md'],
    ['docs/images/x.png', '/images/x.png'],
    ['#license', `${web}/blob/main/README.md#license`],
    ['bench/README.md', `${web}/blob/main/bench/README.md`],
    [`${web}/tree/main/fixtures`, `${web}/tree/main/fixtures`],
    ['https://example.com/docs/a.md', 'https://example.com/docs/a.md'],
  ])('to %s leads to %s', (link, expected) => {
    expect(linking(link)).toBe(expected);
  });
});

describe('a new file in a folder of documents', () => {
  it('is placed below the page that links to it first, and else behind the others', () => {
    const text = readme.replace('See ', 'See [b](docs/b.md) and ');
    const site = siteOf({ 'README.md': text, 'docs/a.md': '# A `<x>`\n', 'docs/b.md': '# B\n' });
    expect(site.sidebar[0]?.items?.[1]).toEqual({ text: 'Two', link: '/two', items: [{ text: 'B', link: '/more/b' }] });
    expect(site.sidebar[1]?.items).toEqual([{ text: 'A &lt;x&gt;', link: '/more/a' }]);
  });
});
