import { type Heading, headingsOf } from '../scripts/markdown-text.js';

/** Lines of a source from `from` up to, but without, `to`. */
export interface LineRange {
  readonly from: number;
  readonly to: number;
}

/** A section of a source: its heading of level 2, and all lines up to the next one. */
export interface Section extends LineRange {
  readonly heading: Heading;
}

/** A Markdown file, split at its headings of level 2. */
export interface SplitSource {
  readonly file: string;
  readonly lines: readonly string[];
  readonly headings: readonly Heading[];
  /** The lines before the first section. */
  readonly introduction: LineRange;
  readonly sections: readonly Section[];
}

/** Splits a Markdown file at its headings of level 2. */
export function splitSource(file: string, text: string): SplitSource {
  const lines = text.trimEnd().split('\n');
  const headings = headingsOf(text);
  const starts = headings.filter(({ level }) => level === 2);
  const sections = starts.map((heading, index) => ({ heading, from: heading.line, to: starts[index + 1]?.line ?? lines.length }));
  return { file, lines, headings, introduction: { from: 0, to: sections[0]?.from ?? lines.length }, sections };
}

/** Returns the section with a heading. Throws if the file has none. */
export function sectionOf({ file, sections }: SplitSource, title: string): Section {
  const found = sections.find(({ heading }) => heading.text === title);
  if (found) return found;
  const titles = sections.map(({ heading }) => `"${heading.text}"`).join(', ');
  throw new Error(`site/contents.ts: found the section "${title}", expected one of ${file}: ${titles}. Correct the entry.`);
}

/** Returns the lines of a range as text. `promoted` is the number of signs that each heading loses. */
export function textOf({ lines, headings }: SplitSource, { from, to }: LineRange, promoted: number): string {
  const inRange = new Map(headings.filter(({ line }) => line >= from && line < to).map((heading) => [heading.line, heading]));
  return lines
    .slice(from, to)
    .map((content, index) => (inRange.has(from + index) ? content.slice(promoted) : content))
    .join('\n')
    .trim();
}
