import { createColors } from 'picocolors';
import type { AuditFinding } from '../audit/audit-result.js';
import { groupFindings } from '../report/group-findings.js';
import { count, type Page, placeOf } from '../report/page.js';
import { describeSummary } from '../report/summary.js';
import { wrap } from '../report/wrap-text.js';
import type { WatchChange, WatchStep } from './watch-session.js';

/** The terminal that a watch prints to. */
export interface WatchTextOptions {
  readonly color: boolean;
  /** Columns; Infinity if the output is no terminal. */
  readonly width: number;
  /** The time of day, as in `14:05:09`. */
  readonly time: string;
}

/** Returns what a look at the disk brought as text; an empty text if nothing changed. */
export function stepText(step: WatchStep, { color, width, time }: WatchTextOptions): string {
  const page: Page = { colors: createColors(color), width };
  const stamp = page.colors.dim(`[${time}]`);
  switch (step.kind) {
    case 'unchanged':
      return '';
    case 'first':
      return `${describeSummary(step.result, page)}\n${wrap(`${stamp} Audited in ${duration(step.durationMs)}. Watching ${step.result.root}. Ctrl-C ends.`, width, '', '  ')}\n`;
    case 'problems':
      return step.problems.map((problem) => `${stamp} ${page.colors.red(problem)}\n`).join('');
    case 'changed':
      return `${changeText(step.change, stamp, page)}\n`;
  }
}

function changeText(
  { added, gone, moved, changed, files, syntaxErrors, mended, left, durationMs }: WatchChange,
  stamp: string,
  page: Page,
): string {
  const { colors, width } = page;
  const isSame = added.length + gone.length + moved.length + changed.length === 0;
  const verdict = isSame
    ? 'no finding changed'
    : [named(added, 'new'), named(gone, 'gone'), named(moved, 'moved'), named(changed, 'changed')].filter((part) => part !== '').join(', ');
  return [
    wrap(`${stamp} ${changedFiles(files)}: ${verdict}, ${left === 0 ? 'none' : left} left (${duration(durationMs)})`, width, '', '  '),
    ...syntaxErrors.map(({ file, line, column, message }) =>
      wrap(
        `${colors.yellow('!')} ${colors.bold(placeOf({ file, line, column }))}  syntax error: ${message} Findings in the file may be missing until it is mended.`,
        width,
        '  ',
        '    ',
      ),
    ),
    ...mended.map((file) => wrap(`${colors.green('ok')} ${file} has no syntax error any more.`, width, '  ', '    ')),
    ...gone.map((finding) => wrap(`${colors.green('-')} ${placeOf(finding)}  ${finding.rule}`, width, '  ', '    ')),
    ...moved.map(({ from, to }) => wrap(`${colors.cyan('>')} ${placeOf(from)} to ${placeOf(to)}  ${to.rule}`, width, '  ', '    ')),
    ...findingTexts(changed, '~', page),
    ...findingTexts(added, '+', page),
  ].join('\n');
}

/** The findings by cause, the most harmful first, each with its message and the lines of its path. */
function findingTexts(found: readonly AuditFinding[], sign: '+' | '~', { colors, width }: Page): string[] {
  return groupFindings(found).flatMap(({ rule, message, path, findings }) => [
    ...findings.map((finding) => `  ${colors.red(sign)} ${colors.bold(placeOf(finding))}  ${colors.red(rule)}`),
    wrap(message, width, '      '),
    ...path.map((line) => colors.cyan(wrap(line, width, '        ', ' '.repeat(11)))),
  ]);
}

function named(items: readonly unknown[], word: string): string {
  return items.length === 0 ? '' : `${items.length} ${word}`;
}

const maxFiles = 3;

function changedFiles(files: readonly string[]): string {
  if (files.length === 0) return 'Settings or files that decide about imports changed';
  return files.length <= maxFiles ? files.join(', ') : `${count(files.length, 'file')}, first ${files[0] ?? ''}`;
}

function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
