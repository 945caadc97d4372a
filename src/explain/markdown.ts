/** A part of a page: what the pages of the rules consist of. */
export type Block =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'item'; readonly text: string; readonly depth: number }
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'code'; readonly info: string; readonly lines: readonly string[] }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };

/** A section of a page, below a heading of the second level. */
export interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** Reads the sections of a page of a rule. Text before the first heading is left out. */
export function sectionsOf(page: string): Section[] {
  const parts: { title: string; lines: string[] }[] = [];
  let isCode = false;
  for (const line of page.split('\n')) {
    if (line.startsWith('```')) isCode = !isCode;
    const title = isCode ? undefined : /^## (.*)$/.exec(line)?.[1];
    if (title !== undefined) parts.push({ title, lines: [] });
    else parts.at(-1)?.lines.push(line);
  }
  return parts.map(({ title, lines }) => ({ title, blocks: blocksOf(lines) }));
}

/** Reads the blocks of one section. */
function blocksOf(lines: readonly string[]): Block[] {
  const blocks: Block[] = [];
  for (let index = 0; index < lines.length;) {
    const line = lines[index] ?? '';
    const rest = lines.slice(index);
    const [block, length] = line.startsWith('```') ? codeAt(rest) : line.startsWith('|') ? tableAt(rest) : textAt(rest);
    if (block) blocks.push(block);
    index += Math.max(length, 1);
  }
  return blocks;
}

type Found = readonly [block: Block | undefined, length: number];

function codeAt(lines: readonly string[]): Found {
  const end = lines.indexOf('```', 1);
  const length = end < 0 ? lines.length : end;
  return [{ kind: 'code', info: (lines[0] ?? '').slice(3).trim(), lines: lines.slice(1, length) }, length + 1];
}

function tableAt(lines: readonly string[]): Found {
  const end = lines.findIndex((line) => !line.startsWith('|'));
  const [head = [], , ...rows] = lines.slice(0, end < 0 ? lines.length : end).map(cellsOf);
  return [{ kind: 'table', head, rows }, rows.length + 2];
}

function cellsOf(line: string): string[] {
  return line
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => plainText(cell.trim()));
}

/** A paragraph, a heading or an item of a list: it ends before an empty line and before the next item or block. */
function textAt(lines: readonly string[]): Found {
  const [first = ''] = lines;
  if (first.trim() === '' || first.startsWith('<!--')) return [undefined, 1];
  const heading = /^#{3,} (.*)$/.exec(first)?.[1];
  if (heading !== undefined) return [{ kind: 'heading', text: plainText(heading) }, 1];
  const end = lines.findIndex((line, index) => index > 0 && (line.trim() === '' || /^\s*(?:[-*]|\d+\.) |^```|^\||^#/.test(line)));
  const length = end < 0 ? lines.length : end;
  const text = plainText(
    lines
      .slice(0, length)
      .map((line) => line.trim())
      .join(' '),
  );
  const [, indent] = /^(\s*)(?:[-*]|\d+\.) /.exec(first) ?? [];
  return [indent === undefined ? { kind: 'paragraph', text } : { kind: 'item', text, depth: Math.ceil(indent.length / 3) }, length];
}

/** Returns the text without what only a browser shows: the targets of links, and bold type. */
function plainText(text: string): string {
  return text.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/\*\*([^*]+)\*\*/g, '$1');
}
