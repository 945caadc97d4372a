import { read } from '../../scripts/generated.js';

export type UnitKind = 'heading' | 'row' | 'item' | 'paragraph';

/** A heading, a row of a table, an item of a list or a paragraph of the README. */
export interface Unit {
  readonly kind: UnitKind;
  /** The nearest heading, without its hashes. */
  readonly heading: string;
  /** Its lines, joined by spaces. */
  readonly text: string;
  readonly line: number;
}

/** Returns the units of the runtime's README in their order. Code blocks, headers of tables and the table of contents are none. */
export function readmeUnits(text = read('runtime/README.md')): Unit[] {
  const lines = text.split('\n');
  const units: { -readonly [K in keyof Unit]: Unit[K] }[] = [];
  let heading = '';
  let isCode = false;
  for (const [index, line] of lines.entries()) {
    if (line.startsWith('```')) isCode = !isCode;
    if (isCode || line.startsWith('```') || line === '' || line.startsWith('| ---') || lines[index + 1]?.startsWith('| ---') === true)
      continue;
    const last = units.at(-1);
    const title = /^#+ (.*)$/.exec(line)?.[1];
    if (title !== undefined) heading = title;
    const kind = title !== undefined ? 'heading' : line.startsWith('| ') ? 'row' : /^(?:-|\d+\.) /.test(line) ? 'item' : 'paragraph';
    const isContinued = kind === 'paragraph' && lines[index - 1] !== '' && (last?.kind === 'item' || last?.kind === 'paragraph');
    if (isContinued && lines[index - 1]?.startsWith('```') !== true) last.text += ` ${line.trim()}`;
    else units.push({ kind, heading, text: line, line: index + 1 });
  }
  return units.filter(({ text: unit }) => !/^- \[[^\]]+\]\(#[^)]+\)$/.test(unit));
}

/** Returns the cells of the rows below a heading, up to the next heading. @param columns number of cells of the wanted table */
export function rowsBelow(heading: string, columns?: number): string[][] {
  const rows = readmeUnits()
    .filter((unit) => unit.kind === 'row' && unit.heading === heading)
    .map(({ text }) =>
      text
        .slice(2, -2)
        .split(' | ')
        .map((cell) => cell.trim()),
    );
  return columns === undefined ? rows : rows.filter(({ length }) => length === columns);
}

/** Returns the names in the code spans of a text. */
export function codeSpans(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span);
}
