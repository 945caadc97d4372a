import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '../../random.js';
import { httpFront } from '../harness/http-front/front.js';
import { toxicProxy } from '../harness/toxic-proxy.js';
import { bundleProducer } from './bundle-producer.js';
import { canMountDisks, mountDisk } from './disk.js';
import { faults, type NamedFault } from './faults.js';
import { type FsyncPolicy, fsyncPolicies, type IngestUnderTest } from './producer-options.js';
import { setAsideIn } from './rejected-rows.js';
import { Round, type Surroundings } from './round.js';
import { createTable, dropTable, readRows, type TableKind } from './tables.js';
import { brokenPromises, type Verdict, verdictOf } from './verdict.js';

/** The result of one round. */
export interface RoundReport {
  readonly seed: number;
  readonly fault: string;
  /** Number of producers. */
  readonly lives: number;
  /** The verdict on each table, by kind of ingest and table. */
  readonly verdicts: Readonly<Record<string, RoundVerdict>>;
  readonly maxBufferedRows: number;
  readonly maxBufferedBytes: number;
  readonly maxDirectoryBytes: number;
  /** Highest resident memory of a producer, in bytes. */
  readonly maxResidentBytes: number;
  /** Messages of rejected `add` calls and of directories that could not be opened. */
  readonly messages: readonly string[];
  /** Why the round could not be played to its end. */
  readonly failure: string | undefined;
}

/** A verdict with the names of the figures that should be 0. */
export interface RoundVerdict extends Verdict {
  readonly brokenPromises: readonly (keyof Verdict)[];
}

export interface PlayOptions {
  readonly rounds: number;
  /** Seed of the first round. Each further one has the next number. */
  readonly seed: number;
  /** Receives each report. Default: none. */
  readonly onRound?: (report: RoundReport) => void;
}

/** The faults that are possible in this process. */
export const possibleFaults = faults.filter(({ needsDisk }) => needsDisk !== true || canMountDisks());

/** Plays rounds one after the other. The faults take turns. */
export async function playRounds({ rounds, seed: firstSeed, onRound = () => undefined }: PlayOptions): Promise<RoundReport[]> {
  const folder = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-ingest-'));
  using disk = canMountDisks() ? mountDisk() : undefined;
  await using server = await httpFront();
  await using network = await toxicProxy(server.url);
  const surroundings: Surroundings = { program: await bundleProducer(), server, network, disk };
  const reports: RoundReport[] = [];
  for (let seed = firstSeed; seed < firstSeed + rounds; seed++) {
    const fault = possibleFaults[seed % possibleFaults.length];
    if (fault === undefined) continue;
    const report = await playRound(seed, fault, surroundings, disk?.folder ?? folder);
    reports.push(report);
    onRound(report);
  }
  rmSync(folder, { recursive: true, force: true });
  return reports;
}

async function playRound(seed: number, fault: NamedFault, surroundings: Surroundings, folder: string): Promise<RoundReport> {
  const random = new Random(seed);
  const fsync = fault.loses === 'unsynced' ? 'always' : random.pick<FsyncPolicy>(fsyncPolicies);
  const tables = tablesOf(seed, fault, join(folder, `round-${seed}`), fsync);
  const { url } = surroundings.server;
  for (const { table, tableKind } of tables) await createTable(url, table, tableKind);
  const round = new Round(random, surroundings, tables, random.percent(50));
  const failure = await play(round, fault);
  const verdicts = Object.fromEntries(
    await Promise.all(
      tables.map(async ({ table, tableKind, directory }) => {
        const ledger = round.ledger.table(table);
        if (directory !== undefined) for (const id of setAsideIn(directory)) ledger.setAside.add(id);
        const label = `${directory === undefined ? 'memory' : `durable, fsync ${fsync}`}, ${tableKind} table`;
        const verdict = verdictOf(ledger, await readRows(url, table), tableKind === 'deduplicating');
        return [label, { ...verdict, brokenPromises: brokenPromises(verdict, fault.loses === 'unsynced') }] as const;
      }),
    ),
  );
  for (const { table } of tables) await dropTable(url, table);
  round.removeDirectories();
  const most = (figure: 'maxBufferedRows' | 'maxBufferedBytes') =>
    Math.max(...tables.map(({ table }) => round.ledger.table(table)[figure]));
  return {
    seed,
    fault: fault.name,
    lives: round.lives,
    verdicts,
    maxBufferedRows: most('maxBufferedRows'),
    maxBufferedBytes: most('maxBufferedBytes'),
    maxDirectoryBytes: round.maxDirectoryBytes,
    maxResidentBytes: round.ledger.maxResidentBytes,
    messages: [...round.ledger.messages],
    failure,
  };
}

/** Plays the fault and lets the last producer deliver all rows. Returns why this was not possible. */
async function play(round: Round, fault: NamedFault): Promise<string | undefined> {
  try {
    await round.startProducer();
    await fault.inject(round);
    await round.pause();
    await round.producer.finish();
    return undefined;
  } catch (error) {
    await round.repair();
    return String(error);
  }
}

interface TableUnderTest extends IngestUnderTest {
  readonly tableKind: TableKind;
}

function tablesOf(seed: number, { loses }: NamedFault, folder: string, fsync: FsyncPolicy): TableUnderTest[] {
  const kinds = ['deduplicating', 'plain'] as const;
  const durable = kinds.map((tableKind) => ({
    table: `durable_${tableKind}_${seed}`,
    tableKind,
    directory: join(folder, tableKind),
    fsync,
  }));
  const inMemory = kinds.map((tableKind) => ({ table: `memory_${tableKind}_${seed}`, tableKind, directory: undefined, fsync }));
  return loses === undefined ? [...durable, ...inMemory] : durable;
}
