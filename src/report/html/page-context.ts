import type { AuditPlace } from '../../audit/audit-result.js';
import { type Content, type Markup, markup } from '../markup/markup.js';
import { type ExcerptOptions, excerpt, type ReadLines } from './excerpts.js';
import { type LinkTargets, linksOf } from '../source-links.js';

/** The context of all parts of a page: the sources of the audit and the targets of links. */
export interface PageContext {
  readonly readLines: ReadLines;
  readonly links: LinkTargets;
}

/** Returns a place as a link. A reader of a screen hears the name of the target. */
export function placeLink(place: AuditPlace, { links }: PageContext): Markup {
  const text = breakable(`${place.file}:${place.line}`);
  const [first, ...others] = linksOf(place, links);
  if (!first) return markup`<span class="place">${text}</span>`;
  const further = others.map(
    ({ href, name }) => markup` <a class="further" href="${href}" aria-label="${place.file}:${place.line} on ${name}">${name}</a>`,
  );
  return markup`<a class="place" href="${first.href}" title="Open in ${first.name}">${text}</a>${further}`;
}

/** Returns the code of a place behind a summary. */
export function codeOf(place: ExcerptOptions, { readLines }: PageContext, summary: Content = 'Code'): Markup | undefined {
  const code = excerpt(place, readLines);
  return code && markup`<details class="code"><summary>${summary}</summary>${code}</details>`;
}

/** Returns a text whose parts between backticks are code. */
export function prose(text: string): Content {
  return text.split(/`([^`]*)`/).map((part, index) => (index % 2 === 1 ? markup`<code>${part}</code>` : part));
}

/** Returns a path that can break after each slash. */
export function breakable(path: string): Content {
  return markup`<bdi>${path.split('/').map((part, index) => (index === 0 ? part : markup`/<wbr>${part}`))}</bdi>`;
}
