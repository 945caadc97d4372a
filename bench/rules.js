import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generate } from './generate.js';
import { compare } from './measure.js';

/**
 * Measures what each rule costs beside `no-direct-client`, which every audit needs: `node bench/rules.js [CHECKOUT…]`. Without a checkout:
 * on a generated repository whose services run statements. The number of rounds is in `ROUNDS`, the number of files in `FILES`.
 */

const repository = fileURLToPath(new URL('..', import.meta.url));
const rounds = Number(process.env['ROUNDS'] ?? 3);
const files = Number(process.env['FILES'] ?? 5_000);
const folder = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-bench-'));
const checkouts = process.argv.slice(2).map((path) => resolve(path));
if (checkouts.length === 0) generate({ root: folder, files, clients: 25, services: files / 25 });

const floor = 'no-direct-client';
/** @type {{ readonly default: { readonly configs: { readonly strict: { readonly rules: object } } } }} */
const plugin = await import(join(repository, 'dist/src/plugin.js'));
const names = Object.keys(plugin.default.configs.strict.rules)
  .map((name) => name.slice(name.indexOf('/') + 1))
  // The rules on settings have no option of the audit: it checks the settings always.
  .filter((name) => name !== floor && !name.endsWith('-settings'));

/** Returns an audit with the given rules and the one that is compared with. @param {string} name @param {readonly string[]} rules @param {string} cwd */
const audit = (name, rules, cwd) => ({
  name,
  command: [
    join(repository, 'dist/src/cli/main.js'),
    'audit',
    '.',
    '--format',
    'json',
    ...[floor, ...rules].flatMap((rule) => ['--rule', rule]),
  ],
  cwd,
});

console.log(`Node ${process.version}, ${rounds} rounds, medians of user CPU and of peak memory`);
console.log(`| code base | rules, beside ${floor} | user CPU | times none | memory, times none |`);
console.log('| --- | --- | --- | --- | --- |');
for (const cwd of checkouts.length === 0 ? [folder] : checkouts) {
  const results = compare([audit('none', [], cwd), ...names.map((rule) => audit(rule, [rule], cwd)), audit('all', names, cwd)], rounds);
  const [none] = results;
  for (const { name, user, megabytes } of results)
    console.log(
      `| ${cwd === folder ? 'generated' : basename(cwd)} | ${name} | ${user.toFixed(1)} s | ${(user / (none?.user ?? Number.NaN)).toFixed(2)} | ${(megabytes / (none?.megabytes ?? Number.NaN)).toFixed(2)} |`,
    );
}
rmSync(folder, { recursive: true });
