import { describe, expect, it } from 'vitest';
import { createTrace, noTrace } from '../../src/trace/trace.js';

function recorded() {
  const lines: string[] = [];
  let time = 0;
  const trace = createTrace(
    (line) => lines.push(line),
    () => time,
  );
  return { lines, trace, wait: (ms: number) => (time += ms) };
}

describe('a trace', () => {
  it('writes one line for a fact', () => {
    const { lines, trace } = recorded();
    trace.fact(() => 'src/a.ts is a seed file');
    expect(lines).toEqual(['clickhouse-ssot: src/a.ts is a seed file\n']);
  });

  it('writes for each step the time since the step before and the size of its result, and returns the result', () => {
    const { lines, trace, wait } = recorded();
    const step = trace.startSteps('step');
    wait(1.26);
    const files = new Set(['a.ts', 'b.ts']);
    expect(step('files', files)).toBe(files);
    wait(3);
    step('parts', { sites: [1, 2, 3], kinds: new Map(), name: 'not counted' });
    step('graph', new Date(0));
    expect(lines).toEqual([
      'clickhouse-ssot: step files: 2 in 1.3 ms\n',
      'clickhouse-ssot: step parts: sites 3, kinds 0 in 3.0 ms\n',
      'clickhouse-ssot: step graph in 0.0 ms\n',
    ]);
  });

  it('that is off formats nothing and returns results unchanged', () => {
    const files = ['a.ts'];
    noTrace.fact(() => {
      throw new Error('a fact was formatted');
    });
    expect(noTrace.startSteps('step')('files', files)).toBe(files);
  });
});
