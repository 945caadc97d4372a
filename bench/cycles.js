import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generate } from './generate.js';
import { median } from './measure.js';
import { plant, prove, rivals } from './rivals.js';

/**
 * Measures the search for import cycles on code bases without any, where it cannot end early. Run by `npm run bench:cycles`, with the number
 * of rounds in `ROUNDS`.
 */

// Each run analyses the code.
process.env['CLICKHOUSE_SSOT_CACHE'] = 'off';

const repository = fileURLToPath(new URL('..', import.meta.url));
const plugin = join(repository, 'dist/src/plugin.js');
const eslint = join(repository, 'node_modules/eslint/bin/eslint.js');
const rounds = Number(process.env['ROUNDS'] ?? 3);
const sizes = [500, 1_000, 2_000];
const target = 20;
const folder = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-bench-'));

const rival = rivals.find(({ rule }) => rule === 'import-x/no-cycle');
if (!rival) throw new Error('bench/rivals.js has no import-x/no-cycle');
symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
writeFileSync(join(folder, 'rival.mjs'), rival.config);
const configOf = (/** @type {string} */ rules) =>
  `import parser from '@typescript-eslint/parser';\nimport ssot from ${JSON.stringify(plugin)};\nexport default [{ files: ['**/*.ts'], languageOptions: { parser }, plugins: { 'clickhouse-ssot': ssot }, rules: ${rules} }];\n`;
writeFileSync(join(folder, 'own.mjs'), configOf(`{ 'clickhouse-ssot/no-connection-import-cycle': 'error' }`));
const command = (/** @type {string} */ config) => [eslint, '-c', join(folder, config)];

const proof = join(folder, 'proof');
mkdirSync(proof);
generate({ root: proof, files: 10, clients: 0 });
plant(proof);
prove(rival, command('rival.mjs'), proof);
const ownRule = { ...rival, name: 'this plugin', rule: 'clickhouse-ssot/no-connection-import-cycle', finds: 1 };
writeFileSync(
  join(proof, 'src/planted/a.ts'),
  `import { createClient } from '@clickhouse/client';\nimport { b } from './b';\nexport const a = () => createClient(b);\n`,
);
writeFileSync(join(proof, 'src/planted/c.ts'), `import { a } from './a.js';\nexport const c = () => a();\n`);
prove(ownRule, command('own.mjs'), proof);

console.log(
  `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}, ${rounds} rounds, medians; the time that ESLint reports for each rule, alone in its run`,
);
for (const files of sizes) {
  const root = join(folder, `acyclic-${files}`);
  mkdirSync(root);
  generate({ root, files, clients: 0, imports: 5 });
  connect(root);
  const [ownSeconds, rivalSeconds] = inTurn([
    () => secondsOf('own.mjs', ownRule.rule, root),
    () => secondsOf('rival.mjs', rival.rule, root),
  ]);
  const ratio = (rivalSeconds ?? 0) / (ownSeconds ?? 1);
  const verdict = files === sizes.at(-1) ? ` (target ${target}: ${ratio >= target ? 'met' : 'missed'})` : '';
  console.log(
    `  ${String(files).padStart(5)} files: ours ${ownSeconds?.toFixed(2)} s, ${rival.rule} ${rivalSeconds?.toFixed(2)} s: ${ratio.toFixed(1)} times ours${verdict}`,
  );
}
rmSync(folder, { recursive: true });

/** Returns the medians of several rounds, taken in turn. @param {readonly (() => number)[]} contenders */
function inTurn(contenders) {
  const samples = contenders.map(() => /** @type {number[]} */ ([]));
  for (let round = 0; round < rounds; round++) contenders.forEach((measure, index) => samples[index]?.push(measure()));
  return samples.map(median);
}

/** Returns the seconds that ESLint reports for a rule, with its start. @param {string} config @param {string} rule @param {string} root */
function secondsOf(config, rule, root) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...command(config), 'src'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, TIMING: 'all' },
  });
  const [, milliseconds] = new RegExp(`^${rule}\\s*\\|\\s*([\\d.]+)`, 'm').exec(stdout) ?? [];
  if (status !== 0 || milliseconds === undefined)
    throw new Error(`${rule} did not finish (${status ?? 'killed'}):\n${stdout.slice(-1_000)}${stderr.slice(-1_000)}`);
  return Number(milliseconds) / 1_000;
}

/** Writes a factory, a manager and an accessor; all other files are imported from the factory. @param {string} root */
function connect(root) {
  mkdirSync(join(root, 'src/db'));
  writeFileSync(
    join(root, 'src/db/factory.ts'),
    `import { type ClickHouseClient, createClient } from '@clickhouse/client';\nimport { compute0 } from '../area0/module0.js';\nexport const create = (): ClickHouseClient => createClient({ max_open_connections: compute0([]) });\n`,
  );
  writeFileSync(
    join(root, 'src/db/manager.ts'),
    `import { create } from './factory.js';\nexport class Manager {\n  readonly client = create();\n}\n`,
  );
  writeFileSync(
    join(root, 'src/db/accessor.ts'),
    `import { create } from './factory.js';\nimport { Manager } from './manager.js';\nconst manager = new Manager();\nexport const getClient = ({ bypassManager = false } = {}) => (bypassManager ? create() : manager.client);\n`,
  );
}
