import { replaceLinks } from '../scripts/markdown-text.js';
import type { Group } from './contents.js';
import { createDrafter, type Draft, type Sources } from './drafts.js';
import { homePage } from './home-page.js';
import { createLinkTargets } from './link-targets.js';
import { plainTitle, type SidebarItem, sidebarOf } from './sidebar.js';

/** The Markdown pages of the site by their files, and the sidebar. */
export interface Site {
  readonly pages: ReadonlyMap<string, string>;
  readonly sidebar: readonly SidebarItem[];
}

/** Creates the site from its sources: splits long files, and rewrites links to the places of their targets. */
export function buildSite(sources: Sources, contents: readonly Group[], leftOut: Readonly<Record<string, readonly string[]>>): Site {
  const draft = createDrafter(
    sources,
    contents.flatMap(({ entries }) => entries),
    leftOut,
  );
  const groups = contents.map(({ title, entries }) => ({ title, parts: entries.map((entry) => ({ entry, drafts: draft(entry) })) }));
  const drafts = groups.flatMap(({ parts }) => parts.flatMap((part) => part.drafts));
  const targetOf = createLinkTargets(drafts);
  const pages = drafts.map((page): [string, string] => {
    const text = replaceLinks(page.text, (link) => targetOf(page.source.file, link));
    return [`${page.path}.md`, withFrontMatter(page, page.path === 'index' ? homePage(text) : text)];
  });
  if (new Set(pages.map(([file]) => file)).size < pages.length)
    throw new Error(`site/contents.ts: found two pages of one path, expected one: ${pages.map(([file]) => file).join(', ')}. Rename one.`);
  return { pages: new Map(pages), sidebar: sidebarOf(groups) };
}

/** The source of a page is where its link "Edit this page" leads. */
function withFrontMatter({ title, source }: Draft, text: string): string {
  return `---\ntitle: ${JSON.stringify(plainTitle(title))}\nsource: ${JSON.stringify(source.file)}\n---\n\n${text}\n`;
}
