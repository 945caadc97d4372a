import type { Statement } from '../statement/statement.js';

/** Time after which a drain says what it waits for, in milliseconds. */
const warnAfterMs = 1_000;
/** Further statements are counted only. */
const maxListed = 5;

/**
 * Emits one warning with the statements that a drain waits for, if it still waits after a second. Does not keep the process alive.
 * @param waitedFor returns the statements that have not ended or whose results are being read
 */
export function warnOfSlowDrain(waitedFor: () => Iterable<Statement>): Disposable {
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
