import { beforeAll, describe, expect, it } from 'vitest';
import { formatReport, formatRound } from './format-report.js';
import { playRounds, possibleFaults, type RoundReport } from './play-rounds.js';
import { bounds } from './producer-options.js';
import { sumOf } from './verdict.js';

/** One round of each fault takes about a minute. */
const rounds = Number(process.env['CRASH_ROUNDS'] ?? possibleFaults.length);
const seed = Number(process.env['CRASH_SEED'] ?? 0);
/** A row may be larger than a batch: the bounds hold up to one row for each key. */
const slack = 4 * (512 << 10);
/** A producer that does nothing has 80 MB. */
const maxResidentBytes = 400 << 20;

describe('an ingest whose producer, server or disk fails', () => {
  let reports: RoundReport[] = [];
  beforeAll(async () => {
    reports = await playRounds({ rounds, seed });
  }, rounds * 60_000);

  it('opens its directories after each fault, and delivers all rows in the end', () => {
    expect(reports.filter(({ failure }) => failure !== undefined).map(formatRound)).toEqual([]);
  });

  it('loses no acknowledged row, duplicates none unless it says so, stores no refused one, and keeps the order of each key', () => {
    const broken = reports.filter(({ verdicts }) => Object.values(verdicts).some(({ brokenPromises }) => brokenPromises.length > 0));
    expect(broken.map(formatRound)).toEqual([]);
    expect(sumOf(reports.flatMap(({ verdicts }) => Object.values(verdicts))).acknowledged, formatReport(reports)).toBeGreaterThan(rounds);
  });

  it('keeps its bounds in memory and on disk', () => {
    for (const report of reports) {
      expect(report.maxBufferedBytes, formatRound(report)).toBeLessThan(bounds.directoryBytes + slack);
      expect(report.maxDirectoryBytes, formatRound(report)).toBeLessThan(bounds.directoryBytes + slack);
      expect(report.maxResidentBytes, formatRound(report)).toBeLessThan(maxResidentBytes);
    }
  });
});
