import { report, run } from '../fixtures.js';

/** @type {import('../act.js').Act} */
export default {
  title: 'The outage: the backend of the post-mortem runs a report',

  async play(stage, { before }) {
    const { exitCode, output } = await run(before, 'backend/src/main.ts');
    stage.show(report(output));
    stage.claim(
      'the getter calls the manager, which calls the getter, until the stack overflows',
      exitCode === 1 && output.includes('RangeError: Maximum call stack size exceeded'),
    );
  },
};
