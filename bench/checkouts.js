import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { compare } from './measure.js';

/**
 * Measures cold audits of two builds on checkouts, alternating in one run: `node bench/checkouts.js BEFORE AFTER CHECKOUT…`. BEFORE and AFTER
 * are folders of this package with a `dist`. The number of rounds is in `ROUNDS`. Run by `npm run bench:checkouts`.
 */

const rounds = Number(process.env['ROUNDS'] ?? 3);
const [before, after, ...checkouts] = process.argv.slice(2);
if (before === undefined || after === undefined || checkouts.length === 0) {
  console.error('usage: node bench/checkouts.js BEFORE AFTER CHECKOUT…');
  process.exit(2);
}

/** Returns the program of a build. @param {string} folder */
function programOf(folder) {
  /** @type {{ readonly bin: Readonly<Record<string, string>> }} */
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, bin['clickhouse-ssot'] ?? '');
}

/** @param {string} name @param {string} folder @param {string} checkout */
const contender = (name, folder, checkout) => ({
  name,
  command: [programOf(resolve(folder)), 'audit', '--format', 'json', resolve(checkout)],
  cwd: process.cwd(),
});

console.log(`Node ${process.version}, ${rounds} rounds, medians, spread in parentheses`);
console.log('| checkout | build | user CPU | wall | memory | user CPU, after / before | memory, after / before |');
console.log('| --- | --- | --- | --- | --- | --- | --- |');
for (const checkout of checkouts) {
  const [old, own] = compare([contender('before', before, checkout), contender('after', after, checkout)], rounds);
  if (!old || !own) continue;
  for (const result of [old, own]) {
    const { name, user, seconds, from, to, megabytes } = result;
    const ratios = result === old ? ' | ' : `**${(own.user / old.user).toFixed(2)}** | **${(own.megabytes / old.megabytes).toFixed(2)}**`;
    console.log(
      `| ${basename(checkout)} | ${name} | ${user.toFixed(1)} s | ${seconds.toFixed(1)} s (${from.toFixed(1)} to ${to.toFixed(1)}) | ${megabytes.toFixed(0)} MB | ${ratios} |`,
    );
  }
}
