import { describe, expect, it } from 'vitest';
import type { TableLedger } from './round-ledger.js';
import { brokenPromises, verdictOf } from './verdict.js';

function ledgerWith(figures: Partial<TableLedger>): TableLedger {
  return {
    acknowledged: new Set(),
    refused: new Set(),
    setAside: new Set(),
    possiblyDuplicated: 0,
    maxBufferedRows: 0,
    maxBufferedBytes: 0,
    ...figures,
  };
}

const stored = (...ids: number[]) => ({ ids, damaged: 0 });

describe('the verdict on a table', () => {
  it('breaks no promise if each acknowledged row is stored once or set aside', () => {
    const verdict = verdictOf(ledgerWith({ acknowledged: new Set([1, 5, 9]), setAside: new Set([5]) }), stored(1, 9, 13), true);
    expect(verdict).toMatchObject({ acknowledged: 3, setAside: 1, duplicated: 0, lost: 0 });
    expect(brokenPromises(verdict, false)).toEqual([]);
  });

  it('finds acknowledged rows that are lost', () => {
    const verdict = verdictOf(ledgerWith({ acknowledged: new Set([1, 5]) }), stored(5), false);
    expect(brokenPromises(verdict, false)).toEqual(['lost']);
  });

  it('finds duplicates on a table that deduplicates, also reported ones', () => {
    const verdict = verdictOf(ledgerWith({ possiblyDuplicated: 1 }), stored(1, 1), true);
    expect(brokenPromises(verdict, false)).toEqual(['duplicatedUnreported']);
  });

  it('accepts as many duplicates on another table as were reported, and no more', () => {
    const ledger = ledgerWith({ possiblyDuplicated: 1 });
    expect(brokenPromises(verdictOf(ledger, stored(1, 1), false), false)).toEqual([]);
    expect(verdictOf(ledger, stored(1, 1, 1), false)).toMatchObject({ duplicated: 2, duplicatedUnreported: 1 });
  });

  it('finds rows that were refused and are stored, unless the disk has failed', () => {
    const verdict = verdictOf(ledgerWith({ refused: new Set([1]) }), stored(1), true);
    expect(brokenPromises(verdict, false)).toEqual(['refusedButStored']);
    expect(brokenPromises(verdict, true)).toEqual([]);
  });

  it('finds rows that are stored after a later row of the same key, and not a second copy of an earlier one', () => {
    expect(verdictOf(ledgerWith({}), stored(1, 9, 5), true)).toMatchObject({ disordered: 1 });
    expect(verdictOf(ledgerWith({ possiblyDuplicated: 1 }), stored(1, 5, 9, 5, 2), false)).toMatchObject({ disordered: 0 });
  });

  it('finds damaged rows', () => {
    expect(brokenPromises(verdictOf(ledgerWith({}), { ids: [1], damaged: 1 }, true), false)).toEqual(['damaged']);
  });
});
