import { raceWithSignal } from '../concurrency/wait.js';
import { AbortedError } from '../errors/index.js';
import type { IngestEnvironment } from './batch/environment.js';

/** Waits for a promise, and keeps the process alive meanwhile. @throws AbortedError; the error of the promise */
export async function holdProcessUntil<Value>(
  promise: Promise<Value>,
  signal: AbortSignal | undefined,
  { holdProcess }: Pick<IngestEnvironment, 'holdProcess'>,
): Promise<Value> {
  const release = holdProcess();
  try {
    return await (signal ? raceWithSignal(signal, promise) : promise);
  } catch (error) {
    throw signal?.aborted === true ? new AbortedError(signal.reason) : error;
  } finally {
    release();
  }
}
