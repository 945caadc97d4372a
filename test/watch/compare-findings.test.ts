import { describe, expect, it } from 'vitest';
import { compareFindings } from '../../src/watch/compare-findings.js';
import { finding } from '../report/results.js';

const everywhere = (): boolean => true;

describe('the comparison of two audits', () => {
  it('takes a finding whose line moved for the same', () => {
    expect(compareFindings([finding], [{ ...finding, line: 9 }], everywhere)).toEqual({ added: [], gone: [], moved: [], changed: [] });
  });

  it('takes a further equal finding for a new one', () => {
    const second = { ...finding, line: 9 };
    expect(compareFindings([finding], [finding, second], everywhere)).toMatchObject({ added: [second], gone: [] });
  });

  it('takes a finding for moved if its file was renamed, and for new if the file is still there', () => {
    const there = { ...finding, file: 'src/b.ts' };
    expect(compareFindings([finding], [there], (file) => file !== 'src/a.ts')).toMatchObject({
      added: [],
      gone: [],
      moved: [{ from: finding, to: there }],
    });
    expect(compareFindings([finding], [there], everywhere)).toMatchObject({ added: [there], gone: [finding], moved: [] });
  });

  it('takes another message at the same place for a change, and the same message for none', () => {
    const other = { ...finding, fingerprint: 'f'.repeat(16) };
    expect(compareFindings([finding], [{ ...other, message: 'By another path.' }], everywhere)).toMatchObject({
      added: [],
      gone: [],
      changed: [{ message: 'By another path.' }],
    });
    expect(compareFindings([finding], [other], everywhere)).toMatchObject({ added: [], gone: [], changed: [] });
  });
});
