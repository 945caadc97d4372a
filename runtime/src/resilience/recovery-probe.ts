import { setTimeout as sleep } from 'node:timers/promises';
import type { CircuitBreaker } from './circuit-breaker.js';
import { ConnectError, ConnectionLostError } from '../errors/index.js';

export interface RecoveryOptions {
  /** Does the server answer? */
  readonly ping: () => Promise<boolean>;
  readonly random?: () => number;
  readonly pause?: (ms: number) => Promise<unknown>;
}

/** Twice as long from one opening to the next: a server that comes and goes is not believed as readily. */
const firstPauseMs = 500;
/** Who is back is back for everybody a moment later, however long it was away. */
const longestPauseMs = 1_500;

/**
 * Shortens the time that a breaker stays open for a server that could not be reached: as soon as that answers, statements may try. Where something
 * else was wrong an answer proves nothing, and the breaker waits out its time. Ends when the breaker has moved on.
 */
export async function probeUntilHealthy(
  breaker: CircuitBreaker,
  { ping, random = Math.random, pause = (ms) => sleep(ms, undefined, { ref: false }) }: RecoveryOptions,
): Promise<void> {
  const opening = breaker.state;
  const isUnreachable = breaker.lastFailure instanceof ConnectError || breaker.lastFailure instanceof ConnectionLostError;
  if (opening.kind !== 'open' || !isUnreachable) return;
  const isOver = () => breaker.state !== opening || breaker.isReady;
  while (!isOver()) {
    await pause(Math.min(longestPauseMs, firstPauseMs * 2 ** (opening.openings - 1)) * (0.75 + random() / 2));
    if (!isOver() && (await ping()) && !isOver()) breaker.allowProbe();
  }
}
