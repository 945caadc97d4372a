import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectError, ConnectionLostError } from '../errors/index.js';
import type { CircuitBreaker } from './circuit-breaker.js';

export interface RecoveryOptions {
  /** Resolves with whether the server answers. */
  readonly ping: () => Promise<boolean>;
  /** Returns a number from 0 to 1, exclusive. Default: `Math.random`. */
  readonly random?: () => number;
  /** Resolves after so many milliseconds. Default: a timer that does not keep the process alive. */
  readonly pause?: (ms: number) => Promise<unknown>;
}

/** Mean pause before a ping after the first opening, in milliseconds. It doubles with each further opening: the server may be flapping. */
const initialPauseMs = 500;
/** Maximum of the mean pause, in milliseconds. After an outage of any length, statements resume within about this time. */
const maxPauseMs = 1_500;

/**
 * Pings a server that could not be reached, and allows the breaker to probe as soon as it answers, before `openDurationMs` has passed.
 * After any other failure an answer to a ping proves nothing, so it does nothing. Resolves when the breaker has left this opening.
 */
export async function probeUntilHealthy(
  breaker: CircuitBreaker,
  { ping, random = Math.random, pause = (ms) => sleep(ms, undefined, { ref: false }) }: RecoveryOptions,
): Promise<void> {
  const opening = breaker.state;
  const isUnreachable = breaker.lastFailure instanceof ConnectError || breaker.lastFailure instanceof ConnectionLostError;
  if (opening.kind !== 'open' || !isUnreachable) return;
  const hasLeft = () => breaker.state !== opening || breaker.isReady;
  while (!hasLeft()) {
    await pause(Math.min(maxPauseMs, initialPauseMs * 2 ** (opening.openings - 1)) * (0.75 + random() / 2));
    if (!hasLeft() && (await ping()) && !hasLeft()) breaker.allowProbe();
  }
}
