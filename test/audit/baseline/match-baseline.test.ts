import { describe, expect, it } from 'vitest';
import type { AuditBaselineEntry } from '../../../src/audit/audit-result.js';
import { entriesOf, matchBaseline } from '../../../src/audit/baseline/match-baseline.js';
import { finding } from '../../report/results.js';

/** A finding as `file#content`. */
function found(name: string) {
  const [file = '', fingerprint = ''] = name.split('#');
  return { file, finding: { ...finding, file, fingerprint } };
}

function entry(name: string, count = 1): AuditBaselineEntry {
  const { file, finding: of } = found(name);
  return { file, rule: of.rule, within: '', fingerprint: of.fingerprint, count };
}

function match(
  findings: readonly string[],
  entries: readonly AuditBaselineEntry[],
  { deleted = [], judges = () => true }: { deleted?: readonly string[]; judges?: (entry: AuditBaselineEntry) => boolean } = {},
) {
  const result = matchBaseline(findings.map(found), entries, { exists: (file) => !deleted.includes(file), judges });
  const nameOf = ({ file, fingerprint }: { file: string; fingerprint: string }) => `${file}#${fingerprint}`;
  const nameWithCount = (of: AuditBaselineEntry) => `${nameOf(of)} ${of.count}`;
  return {
    known: result.known.map((of) => nameOf({ ...of.finding, file: of.file })),
    added: result.added.map((of) => nameOf({ ...of.finding, file: of.file })),
    stale: result.stale.map(nameWithCount),
    unjudged: result.unjudged.map(nameWithCount),
  };
}

const nothing = { known: [], added: [], stale: [], unjudged: [] };

describe('a finding is known', () => {
  it('if the baseline lists it', () => {
    expect(match(['a.ts#1'], [entry('a.ts#1')])).toEqual({ ...nothing, known: ['a.ts#1'] });
  });

  it('only as often as the baseline lists it: one more equal finding is new', () => {
    expect(match(['a.ts#1', 'a.ts#1', 'a.ts#1'], [entry('a.ts#1', 2)])).toEqual({
      ...nothing,
      known: ['a.ts#1', 'a.ts#1'],
      added: ['a.ts#1'],
    });
  });

  it('if its file was moved: the file of the entry is gone', () => {
    expect(match(['b.ts#1'], [entry('a.ts#1')], { deleted: ['a.ts'] })).toEqual({ ...nothing, known: ['b.ts#1'] });
  });

  it('as often as before if its file was split', () => {
    expect(match(['b.ts#1', 'c.ts#1', 'd.ts#1'], [entry('a.ts#1', 2)], { deleted: ['a.ts'] })).toEqual({
      ...nothing,
      known: ['b.ts#1', 'c.ts#1'],
      added: ['d.ts#1'],
    });
  });
});

describe('a finding is new', () => {
  it('if an equal one is known in another file that still exists', () => {
    expect(match(['a.ts#1', 'b.ts#1'], [entry('a.ts#1')])).toEqual({ ...nothing, known: ['a.ts#1'], added: ['b.ts#1'] });
  });

  it('if another one of the same file is gone: they do not cancel out', () => {
    expect(match(['a.ts#2'], [entry('a.ts#1')])).toEqual({ ...nothing, added: ['a.ts#2'], stale: ['a.ts#1 1'] });
  });

  it('if the entry is for another rule', () => {
    expect(match(['a.ts#1'], [{ ...entry('a.ts#1'), rule: 'no-nested-acquire' }]).added).toEqual(['a.ts#1']);
  });
});

describe('an entry without a finding', () => {
  it('is stale, with the number of missing findings', () => {
    expect(match(['a.ts#1'], [entry('a.ts#1', 3)])).toEqual({ ...nothing, known: ['a.ts#1'], stale: ['a.ts#1 2'] });
  });

  it('is stale if its file is gone', () => {
    expect(match([], [entry('a.ts#1')], { deleted: ['a.ts'] }).stale).toEqual(['a.ts#1 1']);
  });

  it('is not stale if the audit did not judge its place', () => {
    expect(match([], [entry('a.ts#1')], { judges: () => false })).toEqual({ ...nothing, unjudged: ['a.ts#1 1'] });
  });
});

it('equal entries, as a merge of two branches leaves them, count together', () => {
  expect(match(['a.ts#1', 'a.ts#1'], [entry('a.ts#1'), entry('a.ts#1')])).toEqual({ ...nothing, known: ['a.ts#1', 'a.ts#1'] });
});

it('equal findings of a file become one entry with a count', () => {
  expect(entriesOf(['a.ts#1', 'b.ts#1', 'a.ts#1'].map(found))).toEqual([entry('a.ts#1', 2), entry('b.ts#1', 1)]);
});

it('5,000 findings of one file are known, and one more is new', () => {
  const names = Array.from({ length: 5000 }, (_, index) => `a.ts#${index}`);
  const { known, added, stale } = match(
    [...names, 'a.ts#more'],
    names.map((name) => entry(name)),
  );
  expect([known.length, added, stale]).toEqual([5000, ['a.ts#more'], []]);
});
