import { keys } from './producer-options.js';
import type { TableLedger } from './round-ledger.js';

/** What a round did to one table. All but the first three must be 0. */
export interface Verdict {
  readonly acknowledged: number;
  /** Acknowledged rows that were set aside with a reason. */
  readonly setAside: number;
  /** Stored rows whose id was stored before. */
  readonly duplicated: number;
  /** Duplicated rows that were not reported; on a table that deduplicates, all of them. */
  readonly duplicatedUnreported: number;
  /** Acknowledged rows that are neither stored nor set aside. */
  readonly lost: number;
  /** Rows whose `add` was rejected, and that are stored nevertheless. */
  readonly refusedButStored: number;
  /** Rows that differ from those that were added. */
  readonly damaged: number;
  /** Rows that are stored before an earlier row of the same key. */
  readonly disordered: number;
}

/** The rows of a table. */
export interface StoredRows {
  /** Ids in the order of their insertion. */
  readonly ids: readonly number[];
  /** Number of rows whose other columns do not fit their id. */
  readonly damaged: number;
}

/** Compares the rows of a table with what the producers were told. */
export function verdictOf(ledger: TableLedger, stored: StoredRows, deduplicates: boolean): Verdict {
  const unique = new Set(stored.ids);
  const duplicated = stored.ids.length - unique.size;
  const reported = deduplicates ? 0 : ledger.possiblyDuplicated;
  const isMissing = (id: number) => !unique.has(id) && !ledger.setAside.has(id);
  return {
    acknowledged: ledger.acknowledged.size,
    setAside: [...ledger.acknowledged].filter((id) => ledger.setAside.has(id) && !unique.has(id)).length,
    duplicated,
    duplicatedUnreported: Math.max(0, duplicated - reported),
    lost: [...ledger.acknowledged].filter(isMissing).length,
    refusedButStored: [...ledger.refused].filter((id) => unique.has(id)).length,
    damaged: stored.damaged,
    disordered: disorderedIn(unique),
  };
}

/** Counts the ids that come after a higher one of the same key. The set has the first occurrences, in their order. */
function disorderedIn(ids: ReadonlySet<number>): number {
  const latest = new Map<number, number>();
  let disordered = 0;
  for (const id of ids) {
    const highest = latest.get(id % keys) ?? -1;
    if (id < highest) disordered++;
    latest.set(id % keys, Math.max(id, highest));
  }
  return disordered;
}

/** Returns the sums of verdicts. */
export function sumOf(verdicts: readonly Verdict[]): Verdict {
  const sum = (key: keyof Verdict) => verdicts.reduce((total, verdict) => total + verdict[key], 0);
  return {
    acknowledged: sum('acknowledged'),
    setAside: sum('setAside'),
    duplicated: sum('duplicated'),
    duplicatedUnreported: sum('duplicatedUnreported'),
    lost: sum('lost'),
    refusedButStored: sum('refusedButStored'),
    damaged: sum('damaged'),
    disordered: sum('disordered'),
  };
}

/**
 * Returns the names of the figures that should be 0. If the disk has failed, nothing can take back a refused row that it may have stored
 * before.
 */
export function brokenPromises(verdict: Verdict, hasDiskFailed: boolean): (keyof Verdict)[] {
  const always = ['lost', 'duplicatedUnreported', 'damaged', 'disordered'] as const;
  const mustBeZero = hasDiskFailed ? always : [...always, 'refusedButStored' as const];
  return mustBeZero.filter((key) => verdict[key] !== 0);
}
