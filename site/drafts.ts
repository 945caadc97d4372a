import type { RuleInfo } from '../src/rule/rule.js';
import type { Entry } from './contents.js';
import { type LineRange, sectionOf, splitSource, type SplitSource, textOf } from './split-source.js';

/** A page before its links are rewritten. */
export interface Draft {
  /** Path on the site, without extension. */
  readonly path: string;
  /** The heading of level 1, as Markdown. */
  readonly title: string;
  readonly source: SplitSource;
  /** The lines of the source that are on the page, in the order of the page. */
  readonly ranges: readonly LineRange[];
  readonly text: string;
}

/** What the pages are made from. */
export interface Sources {
  /** Text of each Markdown file, by path from the root of the repository. */
  readonly texts: ReadonlyMap<string, string>;
  readonly rules: readonly RuleInfo[];
}

/** Creates the drafts of entries. `all` are the entries of the whole site: an entry for the rest leaves out what they name. */
export function createDrafter({ texts, rules }: Sources, all: readonly Entry[], leftOut: Readonly<Record<string, readonly string[]>>) {
  const sources = new Map<string, SplitSource>();
  const named = new Set(all.flatMap((entry) => ('source' in entry ? [entry.source] : [])));

  function sourceOf(file: string): SplitSource {
    const text = texts.get(file);
    if (text === undefined)
      throw new Error(`site/contents.ts: found ${file}, expected a Markdown file of this repository. Correct the entry.`);
    const source = sources.get(file) ?? splitSource(file, text);
    sources.set(file, source);
    return source;
  }

  function wholeFile(file: string, path: string): Draft {
    const source = sourceOf(file);
    const range = { from: 0, to: source.lines.length };
    return { path, title: titleOf(source), source, ranges: [range], text: textOf(source, range, 0) };
  }

  function restOf(file: string): string[] {
    const taken = all.flatMap((entry) => (entry.kind === 'sections' && entry.source === file ? entry.headings : []));
    const skipped = new Set([...taken, ...(leftOut[file] ?? []).map((title) => sectionOf(sourceOf(file), title).heading.text)]);
    return sourceOf(file).sections.flatMap(({ heading }) => (skipped.has(heading.text) ? [] : [heading.text]));
  }

  /** Returns the pages of an entry in their order. */
  return function draft(entry: Entry): Draft[] {
    switch (entry.kind) {
      case 'file':
        return [wholeFile(entry.source, entry.path)];
      case 'sections':
        return [sectionsPage(sourceOf(entry.source), entry.path, entry.headings, entry.withIntroduction === true)];
      case 'other-sections':
        return restOf(entry.source).map((title) => {
          const source = sourceOf(entry.source);
          return sectionsPage(source, join(entry.folder, nameOf(sectionOf(source, title).heading.anchor)), [title], false);
        });
      case 'other-files':
        return [...texts.keys()]
          .filter((file) => parentOf(file) === entry.sources && !named.has(file))
          .sort()
          .map((file) => wholeFile(file, join(entry.folder, file.slice(entry.sources.length + 1, -'.md'.length))));
      case 'rules':
        return rules
          .filter(({ meta }) => meta.docs.preset === entry.preset)
          .map(({ name }) => wholeFile(`docs/rules/${name}.md`, `rules/${name}`));
    }
  };
}

/** Puts sections on one page. Without the introduction, the first one gives the title, and its headings move up by one level. */
function sectionsPage(source: SplitSource, path: string, titles: readonly string[], withIntroduction: boolean): Draft {
  const sections = titles.map((title) => sectionOf(source, title));
  const ranges = [...(withIntroduction ? [source.introduction] : []), ...sections];
  const texts = ranges.map((range, index) => textOf(source, range, index === 0 && !withIntroduction ? 1 : 0));
  return { path, title: withIntroduction ? titleOf(source) : (titles[0] ?? ''), source, ranges, text: texts.join('\n\n') };
}

function titleOf({ file, headings }: SplitSource): string {
  const title = headings.find(({ level }) => level === 1);
  if (title === undefined) throw new Error(`${file}: found no heading of level 1, expected one. Begin the page with "# Title".`);
  return title.text;
}

/** The name of a page, from the anchor of a section: without the number of a numbered section. */
function nameOf(anchor: string): string {
  return anchor.replace(/^\d+-/, '');
}

function parentOf(file: string): string {
  return file.slice(0, Math.max(0, file.lastIndexOf('/')));
}

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
