import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { threadId } from 'node:worker_threads';

/** Identifies a thread among those of all processes, as far as its platform allows it. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Number of the thread: 0 for the main one. No two threads of a process ever have the same. */
  readonly thread: number;
  readonly host: string;
  /** Time of its start, in ticks since the boot. Empty if it is unknown. */
  readonly startedAt: string;
  /** Identifies the boot of the machine and the namespace of process ids, such as that of a container. Empty if it is unknown. */
  readonly scope: string;
}

/** Returns the identity of this process. */
export function thisProcess(): ProcessIdentity {
  const { pid } = process;
  const boot = attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  const namespace = attempt(() => readlinkSync('/proc/self/ns/pid'));
  const scope = boot === '' || namespace === '' ? '' : `${boot} ${namespace}`;
  return { pid, thread: threadId, host: hostname(), startedAt: startIn(nodeProcesses.stat(pid) ?? ''), scope };
}

/** The process table of the platform. */
export interface ProcessTable {
  /** Returns the content of `/proc/PID/stat`. Undefined if there is none, or if it is hidden from this process. */
  readonly stat: (pid: number) => string | undefined;
  /** Whether there is a process with the id, also if it is hidden. */
  readonly exists: (pid: number) => boolean;
}

const nodeProcesses: ProcessTable = {
  stat: (pid) => attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8')) || undefined,
  exists: (pid) => {
    try {
      process.kill(pid, 0);
      return true;
    } catch (error) {
      // A process of another user may not be signalled: EPERM.
      return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
    }
  },
};

/**
 * Whether the thread runs. `unknown` if this process cannot tell, since the other one is on another host or in another container, since `/proc` hides
 * it, or since it is a worker thread, which may have ended before its process.
 */
export function isRunning(other: ProcessIdentity, self: ProcessIdentity, processes: ProcessTable = nodeProcesses): boolean | 'unknown' {
  if (other.scope === self.scope && other.scope !== '') {
    const stat = processes.stat(other.pid);
    // An id without a time of its start may be that of a later process.
    if (stat === undefined || other.startedAt === '') return processes.exists(other.pid) ? 'unknown' : false;
    if (startIn(stat) !== other.startedAt) return false;
    const isThisThread = other.pid === self.pid && other.thread === self.thread;
    return other.thread === 0 || isThisThread || 'unknown';
  }
  if (other.scope !== '' || self.scope !== '' || other.host !== self.host) return 'unknown';
  // Without /proc, an id may belong to a later process.
  return processes.exists(other.pid) ? 'unknown' : false;
}

/** Returns field 22 of `/proc/PID/stat`. Empty for a zombie, which has ended. The name before it, in parentheses, may contain anything. */
function startIn(stat: string): string {
  const fields = stat.split(') ').at(-1)?.split(' ') ?? [];
  return fields[0] === 'Z' || fields[0] === 'X' ? '' : (fields[19] ?? '');
}

function attempt(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
