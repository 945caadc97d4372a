import { spawnSync } from 'node:child_process';

/** Runs processes in turn and summarises their time and memory. Used by the benches in this folder. */

/** @typedef {{ readonly name: string; readonly command: readonly string[]; readonly cwd: string }} Contender */
/** @typedef {{ readonly seconds: number; readonly processor: number; readonly user: number; readonly megabytes: number }} Sample */

/** Runs the contenders in turn, so that a disturbance affects all of them. @param {readonly Contender[]} contenders @param {number} rounds */
export function compare(contenders, rounds) {
  const samples = contenders.map(() => /** @type {Sample[]} */ ([]));
  for (let round = 0; round < rounds; round++) contenders.forEach((contender, index) => samples[index]?.push(run(contender)));
  return contenders.map(({ name }, index) => summary(name, samples[index] ?? []));
}

/** Returns the median; NaN without values. @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = [Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2)].map((index) => sorted[index] ?? Number.NaN);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}

/** Returns the value below which a share (0 to 1) of the values lie; NaN without values. @param {readonly number[]} values @param {number} share */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Returns the medians and the spread of the samples. @param {string} name @param {readonly Sample[]} samples */
function summary(name, samples) {
  const seconds = samples.map((sample) => sample.seconds);
  return {
    name,
    seconds: median(seconds),
    from: Math.min(...seconds),
    to: Math.max(...seconds),
    processor: median(samples.map(({ processor }) => processor)),
    user: median(samples.map(({ user }) => user)),
    megabytes: median(samples.map(({ megabytes }) => megabytes)),
  };
}

/** Runs a Node script and returns its wall time, CPU time and peak memory, which the process reports at its exit. @param {Contender} contender @returns {Sample} */
function run({ name, command, cwd }) {
  const report = `process.on('exit', () => { const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage(); process.stderr.write('\\nTOOK ' + userCPUTime + ' ' + systemCPUTime + ' ' + maxRSS + '\\n'); })`;
  const started = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, ['--import', `data:text/javascript,${encodeURIComponent(report)}`, ...command], {
    cwd,
    // Each run is cold: no audit finds its answer of an earlier one.
    env: { ...process.env, CLICKHOUSE_SSOT_CACHE: process.env['CLICKHOUSE_SSOT_CACHE'] ?? 'off' },
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  // Exit code 1 means findings; a higher one means that the process failed.
  if (status === null || status > 1) throw new Error(`${name} did not finish (${status ?? 'killed'}):\n${stderr.slice(-2_000)}`);
  const [, user, system, kilobytes] = /TOOK (\d+) (\d+) (\d+)/.exec(stderr) ?? [];
  return { seconds, processor: (Number(user) + Number(system)) / 1e6, user: Number(user) / 1e6, megabytes: Number(kilobytes) / 1024 };
}
