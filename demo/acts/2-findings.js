import { isDeepStrictEqual } from 'node:util';
import { lintWithESLint, lintWithOxlint } from '../linters.js';

/** The rules about the outage itself, in the order in which the demo shows their findings with the messages. */
const outage = ['no-connection-recursion', 'no-connection-import-cycle', 'require-manager-bypass', 'no-direct-client'].map(
  (name) => `clickhouse-ssot/${name}`,
);

/** @type {import('../act.js').Act} */
export default {
  title: 'The same code, linted before it runs, without settings',

  async play(stage, { before }) {
    const [eslint, oxlint] = [await lintWithESLint(before, 'recommended'), await lintWithOxlint(before, 'recommended')];
    const causes = eslint.findings.filter(({ rule }) => outage.includes(rule)).sort(byOutage);
    for (const { file, line, column, rule, message } of causes) stage.show(`${file}:${line}:${column}  ${rule}\n${indented(message)}`);
    for (const { file, line, column, rule } of eslint.findings.filter(({ rule }) => !outage.includes(rule)))
      stage.show(`${file}:${line}:${column}  ${rule}`);

    const recursion = eslint.findings.find(({ rule }) => rule === 'clickhouse-ssot/no-connection-recursion');
    const steps = recursion?.message.match(/\(.+:\d+\)/g) ?? [];
    stage.claim(
      `the recursion is found, with its path: ${steps.length} steps through ${filesOf(steps).size} files`,
      filesOf(steps).size >= 3,
    );
    const clients = eslint.findings.filter(({ rule }) => rule === 'clickhouse-ssot/no-direct-client');
    const [undecided] = clients;
    stage.claim(
      'two modules construct clients, no code shows which is the factory, and one finding names both',
      clients.length === 1 &&
        ['backend/src/db/clickhouse.ts', 'analytics-service/src/clickhouse.ts'].every((file) => undecided?.message.includes(file)),
    );
    stage.claim(
      `ESLint and oxlint report the same ${eslint.findings.length} findings, word for word`,
      isDeepStrictEqual(eslint.findings, oxlint.findings),
    );
  },
};

/** Compares two findings by the order of their rules. @param {{ rule: string }} one @param {{ rule: string }} other */
function byOutage(one, other) {
  return outage.indexOf(one.rule) - outage.indexOf(other.rule);
}

/** Indents each line. @param {string} message */
function indented(message) {
  return message.replaceAll(/^/gm, '  ');
}

/** Returns the files of the steps. @param {readonly string[]} steps such as `(src/a.ts:12)` */
function filesOf(steps) {
  return new Set(steps.map((step) => step.replace(/:\d+\)$/, '')));
}
