import { type Content, type Markup, markup } from '../markup/markup.js';

/** A table that readers can sort by each column and filter by text. */
export interface Table {
  readonly id: string;
  readonly caption: string;
  /** Whether the caption is a heading above the table. Otherwise only screen readers get it, because a heading is there already. */
  readonly hasHeading: boolean;
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
  /** Index of a column with few values: readers can select one of them. Default: unset, no selection. */
  readonly choice?: number;
}

/** A row of a table. */
export interface TableRow {
  readonly id?: string;
  readonly cells: readonly Cell[];
}

/** A cell: its content, and the value to sort and to select by. Default: its text. */
export interface Cell {
  readonly content: Content;
  readonly value?: string | number;
}

/** Returns a table. The roles keep its meaning where the style sheet shows rows as blocks. */
export function tableMarkup({ id, caption, hasHeading, columns, rows, choice }: Table): Markup {
  return markup`${hasHeading ? markup`<h3>${caption}</h3>` : undefined}<div class="table" id="${id}"><table role="table" data-choice="${choice ?? ''}"><caption>${caption}</caption><thead role="rowgroup"><tr role="row">${columns.map((name) => markup`<th role="columnheader" scope="col">${name}</th>`)}</tr></thead><tbody role="rowgroup">${rows.map((row) => rowMarkup(row, columns))}</tbody></table></div>`;
}

function rowMarkup({ id, cells }: TableRow, columns: readonly string[]): Markup {
  const attribute = id === undefined ? undefined : markup` id="${id}"`;
  return markup`<tr role="row"${attribute}>${cells.map(({ content, value }, index) => markup`<td role="cell" data-label="${columns[index] ?? ''}"${value === undefined ? undefined : markup` data-value="${value}"`}>${content}</td>`)}</tr>`;
}
