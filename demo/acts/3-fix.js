import { report, run } from '../fixtures.js';
import { lintWithESLint } from '../linters.js';

/** Nobody listens there: the fixed program gets as far as this, and into no network. */
const nobody = 'http://127.0.0.1:1';

/** @type {import('../act.js').Act} */
export default {
  title: 'eslint --fix, on a copy',

  async play(stage, { before }) {
    const { fixes, findings: left } = await lintWithESLint(before, 'recommended', { fix: true });
    for (const fix of fixes) {
      stage.say(fix.file);
      stage.showDiff(changedLines(fix));
    }
    stage.claim('the one call that was missed passes the bypass now', fixes.length === 1);

    const { exitCode, output } = await run(before, 'backend/src/main.ts', { CLICKHOUSE_URL: nobody });
    stage.show(report(output));
    stage.claim(
      'it recurses no more: it reaches for the server, and there is none here',
      exitCode === 1 && output.includes('ECONNREFUSED') && !output.includes('RangeError'),
    );

    stage.say('Left for a human, because only the team can say which module is the factory and what becomes of the others:');
    for (const { file, line, column, rule } of left) stage.show(`${file}:${line}:${column}  ${rule}`);
    const [clients, circles] = ['no-direct-client', 'no-connection-import-cycle'].map(
      (name) => left.filter(({ rule }) => rule === `clickhouse-ssot/${name}`).length,
    );
    stage.claim(
      'what is left are the clients outside a factory, and that getter and manager import each other',
      left.length === 4 && clients === 3 && circles === 1,
    );
  },
};

/** @param {import('../linters.js').Fix} fix one that changes lines and adds none */
function changedLines({ before, after }) {
  const now = after.split('\n');
  return before.split('\n').flatMap((line, index) => (line === now[index] ? [] : [`- ${line.trim()}`, `+ ${now[index]?.trim()}`]));
}
