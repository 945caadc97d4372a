import { report, run } from '../fixtures.js';
import { lintWithESLint } from '../linters.js';

/** No server listens on this port: the fixed program fails here and opens no other connection. */
const closedPort = 'http://127.0.0.1:1';

/** @type {import('../act.js').Act} */
export default {
  title: 'eslint --fix on a copy of the code',

  async play(stage, { before }) {
    const { fixes, findings: remaining } = await lintWithESLint(before, 'recommended', { fix: true });
    for (const fix of fixes) {
      stage.say(fix.file);
      stage.showDiff(changedLines(fix));
    }
    stage.claim('the call without the bypass flag now passes it', fixes.length === 1);

    const { exitCode, output } = await run(before, 'backend/src/main.ts', { CLICKHOUSE_URL: closedPort });
    stage.show(report(output));
    stage.claim(
      'the program does not recurse: it tries to connect, and fails because no server is running here',
      exitCode === 1 && output.includes('ECONNREFUSED') && !output.includes('RangeError'),
    );

    stage.say('These findings remain, because only the team can decide where clients are made and closed, and where settings are read:');
    for (const { file, line, column, rule } of remaining) stage.show(`${file}:${line}:${column}  ${rule}`);
    const rules = [...new Set(remaining.map(({ rule }) => rule.replace('clickhouse-ssot/', '')))].sort();
    stage.claim(
      'the remaining findings are the undecided factory, the import cycle, settings in four places, errors told apart by text, requests by hand, a lost failure, and clients that stay open',
      rules.join() ===
        'no-connection-import-cycle,no-direct-client,no-error-text-matching,no-raw-http,no-swallowed-error,require-release,single-config-source',
    );
  },
};

/** Returns the lines of a diff. @param {import('../linters.js').Fix} fix changes lines and adds none */
function changedLines({ before, after }) {
  const linesAfter = after.split('\n');
  return before
    .split('\n')
    .flatMap((line, index) => (line === linesAfter[index] ? [] : [`- ${line.trim()}`, `+ ${linesAfter[index]?.trim()}`]));
}
