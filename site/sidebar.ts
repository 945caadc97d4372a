import { linksIn } from '../scripts/markdown-text.js';
import type { Entry } from './contents.js';
import type { Draft } from './drafts.js';
import { fileOf } from './link-targets.js';

/** An entry of the sidebar, as VitePress reads it. */
export interface SidebarItem {
  /** HTML. */
  readonly text: string;
  readonly link?: string;
  readonly items?: readonly SidebarItem[];
  readonly collapsed?: boolean;
}

/** A group of the sidebar: the pages of each of its entries. */
export interface DraftGroup {
  readonly title: string;
  readonly parts: readonly { readonly entry: Entry; readonly drafts: readonly Draft[] }[];
}

/**
 * Returns the sidebar. All groups but the first one are closed until a reader is in them. The title of a group leads to its first page:
 * without a link, VitePress makes it a button around another button, which screen readers cannot use.
 */
export function sidebarOf(groups: readonly DraftGroup[]): readonly SidebarItem[] {
  const children = childrenOf(groups);
  const nested = new Set([...children.values()].flat());
  const itemOf = (draft: Draft): SidebarItem => {
    const below = children.get(draft);
    const text = draft.path === 'index' ? 'Overview' : escapeHtml(plainTitle(draft.title));
    return { text, link: addressOf(draft.path), ...(below && { items: below.map(itemOf) }) };
  };
  return groups.map(({ title, parts }, index) => ({
    text: title,
    link: addressOf(parts.flatMap(({ drafts }) => drafts)[0]?.path ?? 'index'),
    collapsed: index > 0,
    items: parts.flatMap(({ entry, drafts }) => {
      const items = drafts.filter((draft) => !nested.has(draft)).map(itemOf);
      return entry.kind === 'rules' ? [{ text: `Preset ${entry.preset}`, items }] : items;
    }),
  }));
}

/** The pages below a page: those that it is the first one to link to, of an entry that asks for this. */
function childrenOf(groups: readonly DraftGroup[]): Map<Draft, Draft[]> {
  const parts = groups.flatMap((group) => group.parts);
  const all = parts.flatMap(({ drafts }) => drafts);
  const children = new Map<Draft, Draft[]>();
  for (const { entry, drafts } of parts) {
    if (entry.kind !== 'other-files' || entry.linkedFrom === undefined) continue;
    for (const draft of drafts) {
      const parent = all.find(({ source, text }) => source.file === entry.linkedFrom && linksTo(draft, source.file, text));
      if (parent) children.set(parent, [...(children.get(parent) ?? []), draft]);
    }
  }
  return children;
}

/** VitePress knows the page of a folder by the path of the folder. */
function addressOf(path: string): string {
  return `/${path.replace(/(^|\/)index$/, '$1')}`;
}

function linksTo(draft: Draft, file: string, text: string): boolean {
  return linksIn(text).some((link) => fileOf(file, link)?.file === draft.source.file);
}

/** Returns a title without the signs of Markdown. */
export function plainTitle(title: string): string {
  return title.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', '');
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
