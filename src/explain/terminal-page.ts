import { posix } from 'node:path';
import { createColors } from 'picocolors';
import type { AuditPlace } from '../audit/audit-result.js';
import { relativeTo } from '../project/paths.js';
import { type Page, placeOf } from '../report/page.js';
import { wrap } from '../report/wrap-text.js';
import type { Fact } from './explanation.js';

/** The terminal that an explanation is printed for. */
export interface TerminalOptions {
  readonly color: boolean;
  /** Columns; Infinity if the output is no terminal. */
  readonly width: number;
  /** The working folder, an absolute path with forward slashes. Places are relative to it, so that a terminal can open them. */
  readonly cwd: string;
}

/** A page of text whose places a terminal can open. */
export interface TerminalPage extends Page {
  /** Returns a place as `file:line:column` from the working folder. */
  readonly place: (place: AuditPlace) => string;
  /** Returns a path from the working folder. */
  readonly path: (file: string) => string;
  /** A sentence that says what other paths are relative to. Empty if all paths are relative to the same folder. */
  readonly rootNote: string;
}

/** Returns the page for the paths of one root. */
export function terminalPage({ color, width, cwd }: TerminalOptions, root: string): TerminalPage {
  const path = (file: string): string => relativeTo(cwd, posix.join(root, file)) || '.';
  return {
    colors: createColors(color),
    width,
    path,
    place: (place) => placeOf({ ...place, file: path(place.file) }),
    rootNote: cwd === root ? '' : `Places are relative to the working folder, paths in sentences and settings to ${root}.`,
  };
}

/** Returns a sentence with its place and its code below. */
export function factText({ text, place, code = '' }: Fact, page: TerminalPage): string {
  return [wrap(text, page.width, '  ', '    '), ...(place === undefined ? [] : [codeText(place, code, page)])].join('\n');
}

/** Returns a place and its code in a line. A long place has a line of its own, so that it stays whole. */
export function codeText(place: AuditPlace, code: string, page: TerminalPage, indent = '    '): string {
  const where = page.place(place);
  const head = `${indent}${page.colors.cyan(where)}`;
  if (code === '') return head;
  const isShort = indent.length + where.length + 2 + code.length <= page.width;
  return isShort ? `${head}  ${code}` : `${head}\n${indent}  ${code}`;
}
