import { run } from '../fixtures.js';

/** @type {import('../act.js').Act} */
export default {
  title: 'The same services on the runtime, with a real ClickHouse engine inside the process',

  async play(stage, { after }) {
    const { exitCode, output } = await run(after, 'backend/src/main.ts');
    stage.show(output);
    stage.claim('the program creates, fills and reads a table', exitCode === 0 && output.includes("'acme'") && output.includes("'globex'"));
    stage.claim('the engine is real and reports its version', /engine +\d+\.\d+/.test(output));
    stage.claim(
      'both services share one client, and every statement released its permit',
      /created: 1\b/.test(output) && /inUse: 0\b/.test(output),
    );
  },
};
