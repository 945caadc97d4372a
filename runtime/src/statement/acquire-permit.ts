import { type CallSite, callSite, type EntryPoints } from '../concurrency/call-site.js';
import type { LeakDetector } from '../concurrency/leak-detector.js';
import type { Holding, NestedAcquires } from '../concurrency/nested-acquires.js';
import type { Permit, Semaphore } from '../concurrency/semaphore.js';
import type { Statement } from './statement.js';

/** Where the permits of statements come from, and the diagnostics that watch them. */
export interface PermitOptions {
  readonly permits: Semaphore;
  /** Reports permits that are held for too long. */
  readonly leaks: LeakDetector | undefined;
  /** Rejects statements whose callers hold the permits that they wait for. */
  readonly nested: NestedAcquires | undefined;
}

/** The records that the diagnostics keep of one acquire. */
export interface AcquireRecord {
  readonly acquiredAt: CallSite | undefined;
  readonly holding: Holding | undefined;
}

/** Records the caller, which must be on the stack. Returns undefined if no diagnostics are configured. */
export function recordAcquire({ permits, leaks, nested }: PermitOptions, entryPoints: EntryPoints): AcquireRecord | undefined {
  if (!leaks && !nested) return undefined;
  return { acquiredAt: leaks && callSite(entryPoints[0]), holding: nested?.begin(permits, entryPoints) };
}

/** Queues the statement for a permit. @throws AcquireTimeoutError, QueueFullError, ManagerClosedError, AbortedError, NestedAcquireError */
export function waitForPermit(
  statement: Statement,
  record: AcquireRecord | undefined,
  { permits, nested }: PermitOptions,
): Promise<Permit> {
  statement.markQueued();
  const signal = statement.isInterruptible ? statement.signal : undefined;
  return nested && record?.holding ? nested.acquire(record.holding, signal) : permits.acquire(signal);
}

/** Returns the permit, watched by the diagnostics until its release. */
export function watchPermit(permit: Permit, record: AcquireRecord | undefined, { leaks, nested }: PermitOptions): Permit {
  if (!record) return permit;
  const { acquiredAt, holding } = record;
  const held = nested && holding ? nested.holdPermit(holding, permit) : permit;
  return leaks && acquiredAt ? leaks.track(held, acquiredAt) : held;
}
