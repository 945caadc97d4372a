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
  /** Milliseconds from kill -9 until the server answers again. */
  readonly downMs: number;
  /** Milliseconds from then until a read and an insert have succeeded. */
  readonly recoveryMs: number;
}

export interface SoakReport {
  readonly kills: readonly Kill[];
  readonly verdicts: Verdicts;
  readonly reads: number;
  /** Number of failures by error code. */
  readonly failures: Readonly<Record<string, number>>;
  /** Errors that are not classified by the runtime. */
  readonly unclassified: readonly string[];
  readonly started: number;
  readonly settled: number;
  readonly stats: { readonly inUse: number; readonly waiting: number };
  /** Heap size after a garbage collection. */
  readonly megabytes: readonly [warm: number, end: number];
}

const [readers, writers] = [25, 25];
/** Longest time that the server stays down, in milliseconds. */
const maxDownMs = 2_000;
const recoveryTimeoutMs = 30_000;

/** Runs readers and writers on a server that is killed repeatedly, then checks the outcome of every insert. */
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
    await sleep(Math.random() * maxDownMs);
    await server.start();
    const back = performance.now();
    await load.nextSuccesses(AbortSignal.timeout(recoveryTimeoutMs));
    const kill = { downMs: back - killed, recoveryMs: performance.now() - back };
    kills.push(kill);
    memory.push(heapMegabytes());
    log(
      `kill ${kills.length}: down for ${ms(kill.downMs)}, recovered after ${ms(kill.recoveryMs)}; ${load.reads} reads, ${ledger.size} inserts, ${load.failed} failures, heap ${(memory.at(-1) ?? 0).toFixed(1)} MB`,
    );
    await sleep(Math.max(0, Math.min(next, endsAt) - performance.now()));
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
    'kills (-9) and restarts': kills.length,
    'slowest recovery after the server is back': ms(Math.max(...kills.map(({ recoveryMs }) => recoveryMs))),
    'statements started, and settled': `${started}, ${settled}`,
    reads,
    'inserts acknowledged': verdicts.acknowledged,
    '  of them missing or duplicated': verdicts.acknowledgedWrongly,
    'inserts reported as ambiguous': verdicts.ambiguous,
    '  of them stored, and not stored': `${verdicts.ambiguousThere}, ${verdicts.ambiguous - verdicts.ambiguousThere - verdicts.ambiguousInPart}`,
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
    .map(([what, value]) => `${what.padEnd(50)} ${value}`)
    .join('\n');
}

/** Returns the heap size after a garbage collection. */
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
