import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ClickHouseConnectionFactory, ClickHouseConnectionManager, loadClickHouseConfig } from '../../runtime/src/index.js';
import { realServer } from '../runtime/harness/real-server.js';
import { InsertLedger, type Verdicts } from './insert-ledger.js';
import { Load } from './load.js';

export interface SoakOptions {
  readonly seconds: number;
  readonly killEverySeconds?: number;
  readonly log?: (line: string) => void;
}

export interface Kill {
  /** From kill -9 until the server answered again. */
  readonly downMs: number;
  /** From then until a statement of each kind had succeeded. */
  readonly recoveryMs: number;
}

export interface SoakReport {
  readonly kills: readonly Kill[];
  readonly verdicts: Verdicts;
  readonly reads: number;
  /** How often each failure was met, by its code. */
  readonly failures: Readonly<Record<string, number>>;
  /** What was thrown and is not ours, or has no name. */
  readonly strangers: readonly string[];
  readonly started: number;
  readonly settled: number;
  readonly stats: { readonly inUse: number; readonly waiting: number };
  /** Of the heap, after a collection: when warm, and at the end. */
  readonly megabytes: readonly [warm: number, end: number];
}

const [readers, writers] = [25, 25];
/** Before the server is started again. */
const longestPauseMs = 2_000;
const patienceMs = 30_000;

/** Readers and writers on a server that is killed again and again. Looks afterwards at what became of every single insert. */
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
    const next = performance.now() + killEverySeconds * 1_000;
    const killed = performance.now();
    await server.kill();
    await sleep(Math.random() * longestPauseMs);
    await server.start();
    const back = performance.now();
    await load.nextSuccesses(AbortSignal.timeout(patienceMs));
    const kill = { downMs: back - killed, recoveryMs: performance.now() - back };
    kills.push(kill);
    memory.push(heapMegabytes());
    log(
      `kill ${kills.length}: down for ${ms(kill.downMs)}, recovered ${ms(kill.recoveryMs)} after its return; ${load.reads} reads, ${ledger.size} inserts, ${load.failed} failures, heap ${(memory.at(-1) ?? 0).toFixed(1)} MB`,
    );
    await sleep(Math.max(0, Math.min(next, endsAt) - performance.now()));
  }
  load.stop();
  await Promise.race([load.ended, sleep(patienceMs, undefined, { ref: false })]);
  const verdicts = await ledger.verdicts();
  const { inUse, waiting } = manager.stats;
  await manager.close();
  const { reads, failures, strangers, started, settled } = load;
  // The first kills are the warm-up: code is compiled, sockets and caches are there.
  const warm = memory.slice(Math.floor(memory.length / 3));
  return {
    kills,
    verdicts,
    reads,
    failures: Object.fromEntries(failures),
    strangers: [...strangers],
    started,
    settled,
    stats: { inUse, waiting },
    megabytes: [warm[0] ?? Number.NaN, heapMegabytes()],
  };
}

/** The report, as a table for people. */
export function tell({ kills, verdicts, reads, failures, strangers, started, settled, stats, megabytes }: SoakReport): string {
  const rows = {
    'kills (-9) and restarts': kills.length,
    'slowest recovery after the return of the server': ms(Math.max(...kills.map(({ recoveryMs }) => recoveryMs))),
    'statements started, and settled': `${started}, ${settled}`,
    reads,
    'inserts acknowledged': verdicts.acknowledged,
    '  of them not there exactly once': verdicts.acknowledgedWrongly,
    'inserts reported as ambiguous': verdicts.ambiguous,
    '  of them there, and not there': `${verdicts.ambiguousThere}, ${verdicts.ambiguous - verdicts.ambiguousThere - verdicts.ambiguousInPart}`,
    '  of them there in part or more than once': verdicts.ambiguousInPart,
    'inserts reported as not done': verdicts.notDone,
    '  of them there nevertheless': verdicts.notDoneWrongly,
    'failures by code': Object.entries(failures)
      .map(([code, count]) => `${code} ${count}`)
      .join(', '),
    'failures that are not ours or have no name': strangers.length === 0 ? 0 : strangers.join('; '),
    'permits in use and statements waiting at the end': `${stats.inUse}, ${stats.waiting}`,
    'heap when warm, and at the end': megabytes.map((size) => `${size.toFixed(1)} MB`).join(', '),
  };
  return Object.entries(rows)
    .map(([what, value]) => `${what.padEnd(50)} ${value}`)
    .join('\n');
}

/** What is left of the heap after a collection. */
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
