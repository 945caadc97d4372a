import { posix } from 'node:path';
import { headingsOf } from '../scripts/markdown-text.js';
import type { Draft } from './drafts.js';

const web = 'https://github.com/clickhouse-ssot/clickhouse-ssot';

/** The folder of the pictures in the repository; on the site it is `/images`. */
export const pictures = 'docs/images';

/** Returns a function that says where a link of a source leads on the site. */
export function createLinkTargets(drafts: readonly Draft[]): (source: string, link: string) => string {
  const places = new Map<string, Map<string, string>>();
  for (const draft of drafts) {
    const known = places.get(draft.source.file) ?? new Map([['', `/${draft.path}.md`]]);
    places.set(draft.source.file, known);
    for (const [anchor, place] of anchorsOf(draft)) known.set(anchor, place);
  }
  return (source, link) => {
    const target = fileOf(source, link);
    if (target === undefined) return link;
    const place = places.get(target.file)?.get(target.anchor);
    if (place !== undefined) return place;
    if (posix.dirname(target.file) === pictures) return `/images/${posix.basename(target.file)}`;
    const onGitHub = `${web}/blob/main/${target.file}${target.anchor === '' ? '' : `#${target.anchor}`}`;
    return /^[a-z]+:/.test(link) ? link : onGitHub;
  };
}

/** The file of this repository that a link of a source leads to, with its anchor; undefined for another site. */
export function fileOf(source: string, link: string): { readonly file: string; readonly anchor: string } | undefined {
  const path = link.startsWith(`${web}#`) ? link.replace(web, 'README.md') : new RegExp(`^${web}/(?:blob|tree)/main/(.*)$`).exec(link)?.[1];
  if (path === undefined && /^[a-z]+:/.test(link)) return undefined;
  const [file = '', anchor = ''] = (path ?? link).split('#');
  if (path !== undefined) return { file, anchor };
  return { file: file === '' ? source : posix.join(posix.dirname(source), file), anchor };
}

/** Pairs of an anchor of the source and its place on the site. The title of a page leads to its beginning. */
function anchorsOf({ path, source, ranges, text }: Draft): (readonly [string, string])[] {
  const ofSource = ranges.flatMap(({ from, to }) => source.headings.filter(({ line }) => line >= from && line < to));
  const ofPage = headingsOf(text);
  return ofSource.map(({ anchor }, index) => {
    const heading = ofPage[index];
    return [anchor, heading === undefined || heading.level === 1 ? `/${path}.md` : `/${path}.md#${heading.anchor}`];
  });
}
