import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generate } from './generate.js';
import { compare } from './measure.js';
import { plant, prove, rivals } from './rivals.js';

/**
 * Measures the audit, the linters and edits on generated repositories, each against a rival. Run by `npm run bench`, with the number of
 * rounds in `ROUNDS` and the number of files in `FILES`.
 */

// The first run of each program would leave its answer to the others.
process.env['CLICKHOUSE_SSOT_CACHE'] = 'off';

const repository = fileURLToPath(new URL('..', import.meta.url));
const plugin = join(repository, 'dist/src/plugin.js');
const bin = (/** @type {string} */ path) => join(repository, 'node_modules', path);
const rounds = Number(process.env['ROUNDS'] ?? 3);
const files = Number(process.env['FILES'] ?? 5_000);
const folder = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-bench-'));

/** Generates a repository and returns its root. @param {string} name @param {number} count @param {number} clients */
function repositoryOf(name, count, clients) {
  const root = join(folder, name);
  mkdirSync(root);
  generate({ root, files: count, clients });
  return root;
}

/** Measures the contenders and prints each, with the ratios of the first to the second. @param {string} title @param {number | undefined} target @param {readonly import('./measure.js').Contender[]} contenders @param {number} [times] */
function race(title, target, contenders, times = rounds) {
  const results = compare(contenders, times);
  const [subject, rival, ...others] = results;
  console.log(`\n${title}`);
  for (const { name, seconds, from, to, processor, megabytes } of results)
    console.log(
      `  ${name.padEnd(48)} ${seconds.toFixed(2)} s (${from.toFixed(2)} to ${to.toFixed(2)})  processor ${processor.toFixed(2)} s  ${megabytes.toFixed(0)} MB`,
    );
  // On a shared machine CPU time varies less than wall time.
  if (subject && rival)
    console.log(
      `  ratio of time ${(subject.seconds / rival.seconds).toFixed(3)}${target === undefined ? '' : ` (target ${target})`}, processor ${(subject.processor / rival.processor).toFixed(3)}, memory ${(subject.megabytes / rival.megabytes).toFixed(3)}`,
    );
  for (const { name, seconds, processor, megabytes } of others)
    if (rival)
      console.log(
        `  ${name}: time ${(seconds / rival.seconds).toFixed(3)} of ${rival.name}, processor ${(processor / rival.processor).toFixed(3)}, memory ${(megabytes / rival.megabytes).toFixed(3)}`,
      );
}

const emptyPlugin = join(folder, 'empty-plugin.mjs');
writeFileSync(emptyPlugin, `export default { meta: { name: 'empty' }, rules: { nothing: { create: () => ({}) } } };\n`);
writeFileSync(
  join(folder, 'empty.json'),
  JSON.stringify({ jsPlugins: [emptyPlugin], categories: { correctness: 'off' }, rules: { 'empty/nothing': 'error' } }),
);
const pluginRules = Object.entries((await import(plugin)).default.configs.strict.rules);
writeFileSync(
  join(folder, 'ours.json'),
  JSON.stringify({
    jsPlugins: [{ name: 'clickhouse-ssot', specifier: plugin }],
    categories: { correctness: 'off' },
    rules: Object.fromEntries(pluginRules),
  }),
);
symlinkSync(bin(''), join(folder, 'node_modules'));
const eslintConfig = (/** @type {string} */ rules) =>
  `import parser from '@typescript-eslint/parser';\nimport ssot from ${JSON.stringify(plugin)};\nexport default [{ files: ['**/*.ts'], languageOptions: { parser }, plugins: { 'clickhouse-ssot': ssot }, rules: ${rules} }];\n`;
writeFileSync(join(folder, 'eslint.none.mjs'), eslintConfig('{}'));
writeFileSync(join(folder, 'eslint.ours.mjs'), eslintConfig('ssot.configs.strict.rules'));

console.log(`${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}, ${rounds} rounds`);
const withClients = repositoryOf('with', files, 25);
const without = repositoryOf('without', files, 0);
const large = repositoryOf('large', files * 4, 25);
// Rivals would take minutes on all files.
const part = repositoryOf('part', files / 5, 25);
plant(part);
const audit = (/** @type {string} */ cwd) => ({ name: `audit`, command: [join(repository, 'dist/src/cli/main.js'), 'audit', '.'], cwd });
const oxlint = (/** @type {string} */ name, /** @type {string} */ config, /** @type {string} */ cwd) => ({
  name,
  command: [bin('oxlint/bin/oxlint'), '-c', join(folder, config), '--silent', 'src'],
  cwd,
});
const eslintWith = (/** @type {string} */ config) => [bin('eslint/bin/eslint.js'), '-c', join(folder, config)];
const eslint = (/** @type {string} */ name, /** @type {string} */ config, /** @type {string} */ cwd) => ({
  name,
  command: [...eslintWith(config), '--quiet', 'src'],
  cwd,
});
const rivalConfig = (/** @type {number} */ index) => `eslint.rival${index}.mjs`;
rivals.forEach(({ config }, index) => writeFileSync(join(folder, rivalConfig(index)), config));
rivals.forEach((rival, index) => prove(rival, eslintWith(rivalConfig(index)), part));
const withAndWithoutRules = (/** @type {string} */ cwd) => [
  eslint('our rules', 'eslint.ours.mjs', cwd),
  eslint('no rules', 'eslint.none.mjs', cwd),
];

race(`${files} files, cold: the audit against a full ts-morph project`, 0.1, [
  audit(withClients),
  { name: 'full ts-morph project', command: [join(repository, 'bench/full-project.js')], cwd: withClients },
]);
race('oxlint: our rules against an empty plugin', 1.5, [
  oxlint('our rules', 'ours.json', withClients),
  oxlint('an empty plugin', 'empty.json', withClients),
]);
race('oxlint, a repository without ClickHouse', 1.05, [
  oxlint('our rules', 'ours.json', without),
  oxlint('an empty plugin', 'empty.json', without),
]);
race('growth: four times the files', 4.4, [
  { ...audit(large), name: `audit of ${files * 4} files` },
  { ...audit(withClients), name: `audit of ${files} files` },
]);
race('ESLint: our rules against none', 1.03, withAndWithoutRules(withClients), Math.min(rounds, 2));
race(
  `ESLint on ${files / 5} files, beside existing rules`,
  undefined,
  [...withAndWithoutRules(part), ...rivals.map(({ name }, index) => eslint(name, rivalConfig(index), part))],
  Math.min(rounds, 2),
);
console.log('\nan editor: one lint with all rules after each keystroke (targets: p95 50 ms and 1 ms)');
console.log(
  spawnSync(process.execPath, [join(repository, 'bench/dist/edits.js'), withClients, 'src/db/accessor.ts', 'src/area3/module151.ts'], {
    encoding: 'utf8',
  }).stdout.replace(/^/gm, '  '),
);
rmSync(folder, { recursive: true });
