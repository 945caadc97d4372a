import { type Markup, markup } from '../markup/markup.js';

/** Returns the lines of a file of the audit; undefined if it cannot be read. */
export type ReadLines = (file: string) => readonly string[] | undefined;

/** Lines of a file around a place. */
export interface ExcerptOptions {
  readonly file: string;
  /** First and last line of the place, from 1. */
  readonly line: number;
  readonly endLine?: number;
}

const linesAround = 2;
const maxMarkedLines = 8;
const maxLineLength = 200;

/** Returns the code of a place with the lines around it. Undefined if the file has no such line. */
export function excerpt({ file, line, endLine = line }: ExcerptOptions, readLines: ReadLines): Markup | undefined {
  const lines = readLines(file);
  if (!lines || line > lines.length) return undefined;
  const lastMarked = Math.min(endLine, line + maxMarkedLines - 1, lines.length);
  const [first, last] = [Math.max(1, line - linesAround), Math.min(lines.length, lastMarked + linesAround)];
  const shown = lines.slice(first - 1, last);
  const indent = Math.min(...shown.filter((text) => text.trim() !== '').map((text) => /^\s*/.exec(text)?.[0].length ?? 0));
  const rows = shown.map((text, index) => {
    const number = first + index;
    const isMarked = number >= line && number <= lastMarked;
    const code = text.slice(Number.isFinite(indent) ? indent : 0).replaceAll('\t', '  ');
    const cut = code.length > maxLineLength ? `${code.slice(0, maxLineLength)}…` : code;
    return markup`<span class="${isMarked ? 'line marked' : 'line'}"><span class="number">${String(number).padStart(String(last).length)}</span> ${cut}</span>`;
  });
  return markup`<pre class="excerpt" tabindex="0" role="group" aria-label="Lines ${first} to ${last} of ${file}"><code>${rows}</code></pre>`;
}
