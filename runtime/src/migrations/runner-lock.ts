import { isServerError } from '../errors/predicates.js';
import type { MigrationService } from './journal.js';
import { MigrationError } from './migration-error.js';
import { hasQueryIdPrefix } from './query-ids.js';

/** The right of one process to run the migrations of a database. */
export interface RunnerLock {
  /** @throws MigrationError (`lock-lost`) if another process has taken over */
  confirm(): Promise<void>;
  /** Gives the lock to the next process. */
  release(): Promise<void>;
}

/** Options of a lock. */
export interface RunnerLockOptions {
  /** Prefix of the tables of the lock, and of the query ids of the statements. */
  readonly table: string;
  /** Name of this process, for the messages of others. */
  readonly holder: string;
  /** A holder that shows no sign for this time has lost the lock, in milliseconds. */
  readonly leaseMs: number;
  /** Maximum time to wait for the lock, in milliseconds. */
  readonly waitMs: number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Returns a time that never goes back, in milliseconds. */
  readonly now: () => number;
}

const tableExists = 57;
const unknownTable = 60;

/** What others see of the lock. */
interface LockState {
  /** Number of the newest lock table. 0: there is none. */
  readonly generation: number;
  /** Numbers of the older lock tables. */
  readonly older: readonly number[];
  /** Number of signs that the holder has written. */
  readonly signs: number;
  readonly isReleased: boolean;
  readonly holder: string;
  /** Whether a statement of the migrations runs on the server. It may run on when its process is gone. */
  readonly isStatementRunning: boolean;
}

/**
 * Waits for the lock and takes it.
 *
 * ClickHouse has no locks, but the creation of a table is atomic: of all processes that create the same one, a single one succeeds. Each
 * holder creates the table with the next number. The newest table is the lock, and it is never dropped while it is the newest, so no process
 * can take over on the ground of an old observation. A holder is gone if nothing of the state changed for `leaseMs`, by the clock of
 * the observer, and no statement of it runs.
 * @throws MigrationError (`locked`) after `waitMs`; the errors of the statements
 */
export async function acquireRunnerLock(service: MigrationService, options: RunnerLockOptions): Promise<RunnerLock> {
  const { table, holder, leaseMs, waitMs, sleep, now } = options;
  const pollMs = Math.min(1_000, leaseMs / 10);
  const tableOf = (generation: number): string => `${table}_lock_${generation}`;
  const endMs = now() + waitMs;
  const wait = async (reason: string): Promise<void> => {
    const leftMs = endMs - now();
    if (leftMs <= 0) throw new MigrationError('locked', reason);
    await sleep(Math.min(pollMs, leftMs));
  };

  let seen: { readonly state: LockState; readonly atMs: number } | undefined;
  /** Number of a lock table that another process has created. */
  let taken = 0;
  for (;;) {
    const askedMs = now();
    const state = await readState(service, table);
    if (!seen || hasSign(seen.state, state)) seen = { state, atMs: now() };
    const isHeld = !state.isReleased && askedMs - seen.atMs < leaseMs;
    if (isHeld || state.generation < taken) {
      await wait(isHeld ? reasonToWait(state, waitMs) : hiddenTable(tableOf(taken)));
      continue;
    }
    const generation = state.generation + 1;
    if (!(await create(service, tableOf(generation)))) {
      taken = generation;
      continue;
    }
    const created = await readState(service, table);
    if (created.generation < generation) throw new MigrationError('lock-lost', hiddenTable(tableOf(generation)));
    if (created.generation > generation) {
      await drop(service, tableOf(generation));
      continue;
    }
    await sign(service, tableOf(generation), 'held 0', holder);
    for (const older of created.older) await drop(service, tableOf(older));
    // A holder that is gone may have left a statement behind.
    for (let rest = created; rest.isStatementRunning; rest = await readState(service, table)) await wait(reasonToWait(rest, waitMs));
    return holdLock(service, options, generation, tableOf(generation));
  }
}

/** Whether the holder has shown a sign between two observations. */
function hasSign(before: LockState, after: LockState): boolean {
  return before.generation !== after.generation || before.signs !== after.signs || after.isStatementRunning;
}

function reasonToWait({ holder, isStatementRunning }: LockState, waitMs: number): string {
  return isStatementRunning
    ? `A statement of the migrations still runs on the server after ${waitMs} ms. Find it in system.processes, and wait for it or kill it.`
    : `Another process runs the migrations for longer than ${waitMs} ms: ${holder === '' ? 'it has not given its name' : holder}. Wait for it, or raise waitMs.`;
}

function hiddenTable(name: string): string {
  return `The lock was created as the table ${name}, and it is not visible. Use a connection to one server, or to servers that share their tables.`;
}

function holdLock(service: MigrationService, { table, holder, leaseMs }: RunnerLockOptions, generation: number, name: string): RunnerLock {
  let signs = 0;
  // Each row differs: a replicated table drops a block that it has had. A sign that fails is no error: `confirm` decides.
  const next = (): void => void sign(service, name, `held ${++signs}`, holder).catch(() => undefined);
  // The timer keeps no process alive.
  const timer = setInterval(next, leaseMs / 5).unref();
  return {
    async confirm() {
      const [newest = 0] = await readGenerations(service, table);
      if (newest === generation) return;
      throw new MigrationError(
        'lock-lost',
        `Another process took over the migrations, since this one gave no sign for ${leaseMs} ms. The next statement was not sent. Raise leaseMs if this process is often blocked.`,
      );
    },
    async release() {
      clearInterval(timer);
      await sign(service, name, 'released', holder);
    },
  };
}

async function readState(service: MigrationService, table: string): Promise<LockState> {
  const [generation = 0, ...older] = await readGenerations(service, table);
  const running = `SELECT count() AS n FROM system.processes WHERE ${hasQueryIdPrefix(table)}`;
  const [count] = await read(service, running);
  const isStatementRunning = Number(count?.['n']) > 0;
  if (generation === 0) return { generation, older, signs: 0, isReleased: true, holder: '', isStatementRunning };
  try {
    const signs = await read(service, `SELECT event, holder FROM ${table}_lock_${generation}`);
    const isReleased = signs.some(({ event }) => event === 'released');
    return { generation, older, signs: signs.length, isReleased, holder: signs[0]?.['holder'] ?? '', isStatementRunning };
  } catch (error) {
    // A newer holder has dropped it.
    if (isServerError(error, unknownTable)) return readState(service, table);
    throw error;
  }
}

/** Resolves with the numbers of the lock tables, newest first. */
async function readGenerations(service: MigrationService, table: string): Promise<readonly number[]> {
  const prefix = `${table}_lock_`;
  const rows = await read(
    service,
    `SELECT name FROM system.tables WHERE database = currentDatabase() AND match(name, '^${prefix}[0-9]+$')`,
  );
  return rows.map(({ name }) => Number(name?.slice(prefix.length))).sort((one, other) => other - one);
}

async function read(service: MigrationService, query: string): Promise<readonly Record<string, string>[]> {
  return (await service.query({ query, format: 'JSONEachRow' })).json<Record<string, string>>();
}

/** Creates a lock table. Resolves with false if another process was first. */
async function create(service: MigrationService, name: string): Promise<boolean> {
  try {
    await service.command({ query: `CREATE TABLE ${name} (event String, holder String) ENGINE = MergeTree ORDER BY event` });
    return true;
  } catch (error) {
    if (isServerError(error, tableExists)) return false;
    throw error;
  }
}

async function drop(service: MigrationService, name: string): Promise<void> {
  await service.command({ query: `DROP TABLE IF EXISTS ${name}` });
}

async function sign(service: MigrationService, table: string, event: `held ${number}` | 'released', holder: string): Promise<void> {
  await service.insert({ table, values: [{ event, holder }], format: 'JSONEachRow' });
}
