import { describe, expect, it } from 'vitest';
import { onRealServer, serverBinary } from '../runtime/harness/server-binary.js';
import { soak, tell } from './soak.js';

describe.skipIf(serverBinary() === undefined)(onRealServer, () => {
  it('50 readers and writers outlive every kill -9: all statements settle, all acknowledged inserts are there once, and nothing is in doubt that does not say so', async () => {
    const report = await soak({ seconds: 60 });
    expect(report.kills.length).toBeGreaterThanOrEqual(2);
    expect(report, tell(report)).toMatchObject({
      verdicts: { acknowledgedWrongly: 0, ambiguousInPart: 0, notDoneWrongly: 0 },
      strangers: [],
      stats: { inUse: 0, waiting: 0 },
      settled: report.started,
    });
    expect(report.verdicts.acknowledged).toBeGreaterThan(100);
    expect(report.kills.filter(({ recoveryMs }) => recoveryMs > 2_000)).toEqual([]);
    const [warm, end] = report.megabytes;
    expect(end).toBeLessThan(warm * 1.2);
  });
});
