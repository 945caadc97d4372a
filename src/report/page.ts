import type { createColors } from 'picocolors';
import type { AuditPlace } from '../audit/audit-result.js';
import { wrap } from './wrap-text.js';

/** How much a text report tells: only findings, the usual, or the whole inventory as well. */
export type ReportDetail = 'quiet' | 'normal' | 'verbose';

/** The terminal that a report is made for, and how much the user wants to read. */
export interface TextOptions {
  /** Whether to use ANSI colours. */
  readonly color: boolean;
  /** Columns of the terminal; Infinity if the output is no terminal. Lines break between words, so that `file:line:column` stays clickable. */
  readonly width: number;
  /** How much to tell. Default: `normal`. */
  readonly detail?: ReportDetail;
  /** Whether stale settings make the audit fail. Default: false. */
  readonly strictSettings?: boolean;
}

/** The colours and the width that all parts of a report share. */
export interface Page {
  readonly colors: ReturnType<typeof createColors>;
  readonly width: number;
}

/** Returns a title with its rows; an empty text if there is no row. */
export function section(title: string, rows: readonly string[], { colors }: Page): string {
  return rows.length === 0 ? '' : [colors.bold(title), ...rows].join('\n');
}

/** Returns a section whose rows are sentences. */
export function list(title: string, sentences: readonly string[], page: Page): string {
  return section(
    title,
    sentences.map((sentence) => wrap(sentence, page.width, '  ', '    ')),
    page,
  );
}

/** Returns a place as `file:line:column`, which terminals make clickable. */
export function placeOf({ file, line, column }: AuditPlace): string {
  return `${file}:${line}:${column}`;
}

/** Returns a number with its noun: `1 place`, `2 places`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
