import { IngestLockedError } from '../../errors/index.js';
import type { IngestEnvironment } from '../batch/environment.js';
import type { Disk, DiskFile } from './disk.js';
import { createLock, lockContent, lockNumbers, lockPath, parseLock, readLock } from './lock-file.js';
import { isRunning, type ProcessIdentity } from './process-identity.js';

/** Time between two signs of life of the owner, in milliseconds. */
const beatMs = 5_000;
/** Time without a sign of life after which an owner that cannot be looked up counts as dead, in milliseconds. */
const silenceMs = 3 * beatMs;
/** Time after which an owner that has created its lock and not written it counts as dead, in milliseconds. */
const unwrittenMs = 2_000;
const lookMs = 1_000;
/** An owner that has looked in the last so many milliseconds holds the lock: no process takes it before `silenceMs`. */
export const recentLookMs = 2 * beatMs;

/** A lock that is held. */
export interface DirectoryLock {
  /** Whether another process or thread has taken the lock, since this one was suspended for long. Known since the last look. */
  readonly isLost: boolean;
  /** Looks whether it is lost now, unless the last look is at most so many milliseconds old. Each sign of life looks as well. Default: 0. */
  look(maxAgeMs?: number): Promise<void>;
  release(): Promise<void>;
}

/** What the lock needs. */
export interface LockContext {
  readonly disk: Disk;
  readonly environment: Pick<IngestEnvironment, 'after' | 'now'>;
  readonly self: ProcessIdentity;
  /** Called once if another process or thread has taken the lock. */
  readonly onLost: () => void;
}

/**
 * Locks a directory for this process. Lock files have numbers that only grow, and the highest one counts. To take over from a dead owner, a
 * process creates the next number, which the file system lets exactly one process do. A crash leaves nothing that prevents a start: the owner
 * is looked up in the process table. Only an owner in a worker thread, in another container or on another host is waited for, until its signs of
 * life end.
 * @throws IngestLockedError; IngestStoreError
 */
export async function lockDirectory(directory: string, context: LockContext): Promise<DirectoryLock> {
  const { disk, self } = context;
  for (;;) {
    const numbers = await lockNumbers(directory, disk);
    const highest = numbers.at(-1) ?? 0;
    const verdict = highest === 0 ? 'free' : await judge(lockPath(directory, highest), context);
    if (verdict === 'changed') continue;
    if (verdict !== 'free') throw new IngestLockedError(directory, verdict.owner, verdict.owner?.pid === self.pid);
    const file = await createLock(directory, numbers, { owner: self, disk });
    // Without a file, another process was first. It is judged in turn.
    if (file) return hold(directory, highest + 1, file, context);
  }
}

function hold(directory: string, number: number, file: DiskFile, { disk, environment, self, onLost }: LockContext): DirectoryLock {
  let beats = 0;
  let isLost = false;
  let lookedAt = environment.now();
  let cancel = (): void => undefined;
  let beating = Promise.resolve();
  const lose = (): void => {
    const isNew = !isLost;
    isLost = true;
    if (isNew) onLost();
  };
  const look = async (maxAgeMs = 0): Promise<void> => {
    if (isLost || environment.now() - lookedAt < maxAgeMs) return;
    const numbers = await lockNumbers(directory, disk).catch(() => [number]);
    lookedAt = environment.now();
    if (numbers.at(-1) !== number) lose();
  };
  const beat = async (): Promise<void> => {
    // A full or removed disk must not end the process; the next beat may succeed.
    await file.write(lockContent(self, ++beats, 'held'), 0).catch(() => undefined);
    await look();
    if (!isLost) schedule();
  };
  const schedule = (): void => {
    cancel = environment.after(beatMs, () => {
      beating = beat();
    });
  };
  schedule();
  return {
    get isLost() {
      return isLost;
    },
    look,
    release: async () => {
      cancel();
      await beating;
      cancel();
      // A process that has taken over on a full disk may use the same file.
      await look();
      // Written in place, so that it works on a full disk.
      if (!isLost) await file.write(lockContent(self, beats, 'released'), 0).catch(() => undefined);
      await file.close().catch(() => undefined);
    },
  };
}

type Verdict = 'free' | 'changed' | { readonly owner: ProcessIdentity | undefined };

/** Returns whether the owner of a lock file is dead or alive. */
async function judge(path: string, context: LockContext): Promise<Verdict> {
  const first = await readLock(path, context.disk);
  if (first === undefined) return 'changed';
  const lock = parseLock(first);
  if (lock?.state === 'released') return 'free';
  const running = lock ? isRunning(lock.owner, context.self) : 'unknown';
  if (running !== 'unknown') return running ? { owner: lock?.owner } : 'free';
  for (let silentMs = 0; silentMs < (lock ? silenceMs : unwrittenMs); silentMs += lookMs) {
    await new Promise<void>((resolve) => context.environment.after(lookMs, resolve));
    const content = await readLock(path, context.disk);
    if (content === undefined || parseLock(content)?.state === 'released') return 'changed';
    if (content !== first) return { owner: parseLock(content)?.owner };
  }
  return 'free';
}
