import type { RoundReport } from './play-rounds.js';
import { sumOf } from './verdict.js';

/** Formats one round as a line, with further lines for what went wrong. */
export function formatRound({ seed, fault, lives, verdicts, failure, messages }: RoundReport): string {
  const sum = sumOf(Object.values(verdicts));
  const broken = Object.entries(verdicts).flatMap(([table, verdict]) =>
    verdict.brokenPromises.map((key) => `  BROKEN: ${key} ${verdict[key]}, ${table}`),
  );
  const line = `seed ${seed}, ${fault}: ${lives} producers, ${sum.acknowledged} acknowledged, ${sum.setAside} set aside, ${sum.duplicated} duplicated`;
  if (broken.length === 0 && failure === undefined) return line;
  return [
    line,
    ...broken,
    ...(failure === undefined ? [] : [`  FAILED: ${failure}`]),
    ...messages.map((message) => `  said: ${message}`),
  ].join('\n');
}

/** Formats all rounds as a table. */
export function formatReport(reports: readonly RoundReport[]): string {
  const names = [...new Set(reports.flatMap(({ verdicts }) => Object.keys(verdicts)))].sort();
  const kinds = [...names, 'all'].map((name) => {
    const sum = sumOf(reports.flatMap(({ verdicts }) => (name === 'all' ? Object.values(verdicts) : (verdicts[name] ?? []))));
    return [name, ...Object.values(sum)].join(' | ');
  });
  const faults = [...new Set(reports.map(({ fault }) => fault))].map(
    (fault) => `${fault} ${reports.filter((report) => report.fault === fault).length}`,
  );
  const most = (figure: 'maxBufferedRows' | 'maxBufferedBytes' | 'maxDirectoryBytes' | 'maxResidentBytes') =>
    Math.max(...reports.map((report) => report[figure]));
  return [
    `rounds: ${reports.length}, producers: ${reports.reduce((sum, { lives }) => sum + lives, 0)}`,
    `rounds by fault: ${faults.join(', ')}`,
    `rounds that could not be played: ${reports.filter(({ failure }) => failure !== undefined).length}`,
    `most rows buffered: ${most('maxBufferedRows')}; bytes: ${most('maxBufferedBytes')}; bytes of batches in a directory: ${most('maxDirectoryBytes')}; of memory: ${most('maxResidentBytes')}`,
    '',
    ['rows of ingests', ...Object.keys(sumOf([]))].join(' | '),
    ...kinds,
  ].join('\n');
}
