import { spawnSync } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { median } from '../measure.js';

const rounds = Number(process.env['ROUNDS'] ?? 5);
const otherPools = ['tarn', 'generic-pool', 'pg-pool', 'lightning-pool'];

/** Runs a script of this folder in its own process and returns its parsed output. @param {string} script @param {readonly string[]} args @returns {any} */
function run(script, ...args) {
  // The semaphore is measured alone, from its source file.
  const loader = script === 'pools.js' ? ['--import', 'tsx'] : [];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...loader, fileURLToPath(new URL(script, import.meta.url)), ...args], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${script} ${args.join(' ')} failed:\n${stderr}`);
  return JSON.parse(stdout);
}

/** Prints a row of the table. @param {readonly string[]} cells */
function row(...cells) {
  console.log(`| ${[62, 30, 8, 7].map((width, index) => (cells[index] ?? '').padEnd(width)).join(' | ')} |`);
}

/** Returns whether a target is met, as text. @param {boolean} isMet */
function verdict(isMet) {
  return isMet ? 'met' : 'missed';
}

/** Runs all pools in turn in each round, so that a disturbance affects all of them. Prints medians, and medians of the ratios within a round. @param {'uncontended' | 'contended'} shape @param {string} title @param {number} minOverTarn @param {number} minOverBest */
function comparePools(shape, title, minOverTarn, minOverBest) {
  const samples = Array.from({ length: rounds }, () =>
    Object.fromEntries(['permits', ...otherPools].map((pool) => [pool, run('pools.js', pool, shape)])),
  );
  const of = (/** @type {string} */ pool, /** @type {'perSecond' | 'p99'} */ figure) => median(samples.map((round) => round[pool][figure]));
  const ratio = (/** @type {string} */ pool) => median(samples.map((round) => round['permits'].perSecond / round[pool].perSecond));
  const [best = ''] = [...otherPools].sort((one, other) => of(other, 'perSecond') - of(one, 'perSecond'));
  for (const pool of ['permits', ...otherPools])
    row(
      `${title}: ${pool}`,
      `${(of(pool, 'perSecond') / 1e6).toFixed(2)} M/s${shape === 'contended' ? `, p99 wait ${of(pool, 'p99').toFixed(2)} ms` : ''}`,
    );
  row('  times tarn', ratio('tarn').toFixed(1), `>= ${minOverTarn}`, verdict(ratio('tarn') >= minOverTarn));
  row(`  times the best (${best})`, ratio(best).toFixed(2), `>= ${minOverBest}`, verdict(ratio(best) >= minOverBest));
}

/** Prints the overhead of managed statements. */
function measureEnvelope() {
  const samples = Array.from({ length: rounds }, () => run('envelope.js'));
  const figure = (/** @type {number} */ call, /** @type {string} */ key) => median(samples.map((round) => round[call][key]));
  for (const [call, { name }] of samples[0].entries()) {
    const overhead = figure(call, 'overhead');
    row(
      `overhead of a managed statement: ${name}`,
      `${overhead.toFixed(2)} µs on ${figure(call, 'bare').toFixed(2)} µs`,
      ...(call === 0 ? ['<= 1 µs', verdict(overhead <= 1)] : []),
    );
  }
}

/** Prints the throughput beside the bare client. */
function measureThroughput() {
  for (const { name, bare, managed, ratio, target } of run('throughput.js', String(rounds * 2 - 1)))
    row(
      `throughput beside the bare client: ${name}`,
      `${ratio.toFixed(3)} (${managed.toFixed(2)} s, ${bare.toFixed(2)} s)`,
      `>= ${target}`,
      verdict(ratio >= target),
    );
}

/** Prints the load times. */
function measureImports() {
  const samples = Array.from({ length: rounds * 2 }, () => run('import.js'));
  const [client, core] = [median(samples.map((sample) => sample.client)), median(samples.map((sample) => sample.core))];
  row('import of the core, after the client is loaded', `${core.toFixed(1)} ms on ${client.toFixed(1)} ms`, '< 10 ms', verdict(core < 10));
}

console.log(
  `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}, ${rounds} rounds, load average ${loadavg()[0]?.toFixed(1)}\n`,
);
row('measurement', 'result', 'target', '');
row('---', '---', '---', '---');
comparePools('uncontended', 'acquire and release, one caller', 10, 3);
comparePools('contended', '100 loops on 10, each held for a turn', 2.5, 1.2);
measureEnvelope();
measureThroughput();
measureImports();
