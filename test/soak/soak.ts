import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ClickHouseConnectionFactory, ClickHouseConnectionManager, loadClickHouseConfig } from '../../runtime/src/index.js';
import { realServer } from '../runtime/harness/real-server.js';
import { InsertLedger, type Verdicts } from './insert-ledger.js';
import { Load } from './load.js';

/** Options of `soak`. */
export interface SoakOptions {
  /** Duration of the load. */
  readonly seconds: number;
  /** Interval of the kills. Default: 20. */
  readonly killEverySeconds?: number;
  /** Receives one line after each recovery. Default: none. */
  readonly log?: (line: string) => void;
}

/** One kill and restart of the server. */
export interface Kill {
  /** Time from the kill until the server answers again, in milliseconds. */
  readonly downMs: number;
  /** Time from then until a read and an insert have succeeded, in milliseconds. */
  readonly recoveryMs: number;
}

/** The result of `soak`. */
export interface SoakReport {
  readonly kills: readonly Kill[];
  readonly verdicts: Verdicts;
  /** Number of successful reads. */
  readonly reads: number;
  /** Number of failures by error code. */
  readonly failures: Readonly<Record<string, number>>;
  /** Errors that are not classified by the runtime. */
  readonly unclassified: readonly string[];
  /** Number of started statements. */
  readonly started: number;
  /** Number of statements that have succeeded or failed. */
  readonly settled: number;
  /** Permits in use and waiting statements at the end. */
  readonly stats: { readonly inUse: number; readonly waiting: number };
  /** Heap size after a garbage collection, in megabytes: after the warm-up, and at the end. */
  readonly megabytes: readonly [warm: number, end: number];
}

const [readers, writers] = [25, 25];
/** Maximum time between a kill and the start, in milliseconds. */
const maxDownMs = 2_000;
const recoveryTimeoutMs = 30_000;

/** Runs readers and writers on a server that is killed repeatedly. Then compares the result of every insert with the table. */
export async function soak({ seconds, killEverySeconds = 20, log = () => undefined }: SoakOptions): Promise<SoakReport> {
  await using server = await realServer();
  const config = loadClickHouseConfig({ url: server.url, maxConcurrentStatements: 20, requestTimeoutMs: 5_000 }, {});
  const manager = new ClickHouseConnectionManager({ config, factory: new ClickHouseConnectionFactory() });
  const ledger = new InsertLedger(manager.service);
  await ledger.createTable();
  const load = new Load(manager.service, ledger, { readers, writers });
  const endsAt = performance.now() + seconds * 1_000;
  const memory: number[] = [];
  const kills: Kill[] = [];
  await sleep(Math.min(killEverySeconds, seconds) * 500);
  while (performance.now() < endsAt) {
    const killedAt = performance.now();
    const nextAt = killedAt + killEverySeconds * 1_000;
    await server.kill();
    await sleep(Math.random() * maxDownMs);
    await server.start();
    const restartedAt = performance.now();
    await load.nextSuccesses(AbortSignal.timeout(recoveryTimeoutMs));
    const kill = { downMs: restartedAt - killedAt, recoveryMs: performance.now() - restartedAt };
    kills.push(kill);
    memory.push(heapMegabytes());
    log(
      `kill ${kills.length}: down for ${ms(kill.downMs)}, recovered after ${ms(kill.recoveryMs)}; ${load.reads} reads, ${ledger.size} inserts, ${load.failed} failures, heap ${(memory.at(-1) ?? 0).toFixed(1)} MB`,
    );
    await sleep(Math.max(0, Math.min(nextAt, endsAt) - performance.now()));
  }
  load.stop();
  await Promise.race([load.ended, sleep(recoveryTimeoutMs, undefined, { ref: false })]);
  const verdicts = await ledger.verdicts();
  const { inUse, waiting } = manager.stats;
  await manager.close();
  const { reads, failures, unclassified, started, settled } = load;
  // The first third is the warm-up: code is compiled, sockets and caches are filled.
  const warm = memory.slice(Math.floor(memory.length / 3));
  return {
    kills,
    verdicts,
    reads,
    failures: Object.fromEntries(failures),
    unclassified: [...unclassified],
    started,
    settled,
    stats: { inUse, waiting },
    megabytes: [warm[0] ?? Number.NaN, heapMegabytes()],
  };
}

/** Formats the report as a table. */
export function formatReport({ kills, verdicts, reads, failures, unclassified, started, settled, stats, megabytes }: SoakReport): string {
  const rows = {
    'kills and restarts': kills.length,
    'slowest recovery after the restart': ms(Math.max(...kills.map(({ recoveryMs }) => recoveryMs))),
    'statements started, and settled': `${started}, ${settled}`,
    reads,
    'inserts acknowledged': verdicts.acknowledged,
    '  of them missing or duplicated': verdicts.acknowledgedWrongly,
    'inserts reported as ambiguous': verdicts.ambiguous,
    '  of them stored, and not stored': `${verdicts.ambiguousStored}, ${verdicts.ambiguous - verdicts.ambiguousStored - verdicts.ambiguousInPart}`,
    '  of them stored in part or more than once': verdicts.ambiguousInPart,
    'inserts reported as not done': verdicts.notDone,
    '  of them stored nevertheless': verdicts.notDoneWrongly,
    'failures by code': Object.entries(failures)
      .map(([code, count]) => `${code} ${count}`)
      .join(', '),
    'unclassified failures': unclassified.length === 0 ? 0 : unclassified.join('; '),
    'permits in use and statements waiting at the end': `${stats.inUse}, ${stats.waiting}`,
    'heap when warm, and at the end': megabytes.map((size) => `${size.toFixed(1)} MB`).join(', '),
  };
  return Object.entries(rows)
    .map(([label, value]) => `${label.padEnd(50)} ${value}`)
    .join('\n');
}

/** Collects garbage, and returns the heap size in megabytes. */
function heapMegabytes(): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (isCollector(collect)) collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

function isCollector(value: unknown): value is () => void {
  return typeof value === 'function';
}

function ms(duration: number): string {
  return `${duration.toFixed(0)} ms`;
}
