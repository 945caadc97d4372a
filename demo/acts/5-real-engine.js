import { run } from '../fixtures.js';

/** @type {import('../act.js').Act} */
export default {
  title: 'The same services on the runtime, on a real ClickHouse engine inside the process',

  async play(stage, { after }) {
    const { exitCode, output } = await run(after, 'backend/src/main.ts');
    stage.show(output);
    stage.claim('a table is created, filled and read', exitCode === 0 && output.includes("'acme'") && output.includes("'globex'"));
    stage.claim('the engine is the real one and says its version', /engine +\d+\.\d+/.test(output));
    stage.claim(
      'one client for both services, and every statement gave its permit back',
      /created: 1\b/.test(output) && /inUse: 0\b/.test(output),
    );
  },
};
