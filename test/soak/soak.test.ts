import { describe, expect, it } from 'vitest';
import { onRealServer, serverBinary } from '../runtime/harness/server-binary.js';
import { soak, formatReport } from './soak.js';

describe.skipIf(serverBinary() === undefined)(onRealServer, () => {
  it('50 readers and writers on a server that is killed: each statement settles, each acknowledged insert is stored once, and each uncertain one is reported as ambiguous', async () => {
    const report = await soak({ seconds: 60 });
    expect(report.kills.length).toBeGreaterThanOrEqual(2);
    expect(report, formatReport(report)).toMatchObject({
      verdicts: { acknowledgedWrongly: 0, ambiguousInPart: 0, notDoneWrongly: 0 },
      unclassified: [],
      stats: { inUse: 0, waiting: 0 },
      settled: report.started,
    });
    expect(report.verdicts.acknowledged).toBeGreaterThan(100);
    expect(report.kills.filter(({ recoveryMs }) => recoveryMs > 2_000)).toEqual([]);
    const [warm, end] = report.megabytes;
    expect(end).toBeLessThan(warm * 1.2);
  });
});
