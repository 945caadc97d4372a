import type { Bulkheads } from '../concurrency/bulkheads.js';
import { nextTurn, waitAtMost } from '../concurrency/wait.js';
import type { OpenResults } from '../statement/open-results.js';
import type { Statement } from '../statement/statement.js';

/** The statements and results that a drain waits for. */
export interface PendingWork {
  readonly bulkheads: Bulkheads;
  readonly results: OpenResults;
  /** Returns the statements that have not ended. */
  readonly running: () => readonly Statement[];
}

/** Time after which a drain says what it waits for, in milliseconds. */
const warnAfterMs = 1_000;
/** Further statements are counted only. */
const maxListed = 5;

/** Resolves when no statement runs and all readers have their rows, or after `timeoutMs`. Warns once if it takes longer than a second. */
export async function waitForDelivery(work: PendingWork, timeoutMs: number): Promise<void> {
  const warning = warnOfSlowDrain(() => [...work.running(), ...work.results.inReading.map(({ statement }) => statement)]);
  await waitAtMost(timeoutMs, whenDelivered(work));
  warning[Symbol.dispose]();
}

/** Resolves one turn of the event loop after the last row, so that the callers can continue with their results. */
async function whenDelivered({ bulkheads, results }: PendingWork): Promise<void> {
  do {
    await bulkheads.whenIdle();
    await results.whenRead();
    await nextTurn();
  } while (bulkheads.inUse > 0 || results.inReading.length > 0);
}

/**
 * Emits one warning with the statements that a drain waits for, if it still waits after a second. Does not keep the process alive.
 * @param waitedFor returns the statements that have not ended or whose results are being read
 */
function warnOfSlowDrain(waitedFor: () => Iterable<Statement>): Disposable {
  const timer = setTimeout(() => {
    const all = [...new Set(waitedFor())];
    if (all.length === 0) return;
    const listed = all.slice(0, maxListed).map((statement) => `- ${statement.describe()}`);
    const others = all.length > maxListed ? [`- and ${all.length - maxListed} more`] : [];
    process.emitWarning(
      `The drain of a ClickHouse connection manager waits for ${all.length === 1 ? 'one statement' : `${all.length} statements`}. Read each result to its end or close it, and release each session. After the timeout of the drain they are terminated.\n${[...listed, ...others].join('\n')}`,
      'ClickHouseSsotWarning',
    );
  }, warnAfterMs).unref();
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}
