import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Stops a process, which keeps its connections. Resolves when all threads have stopped. */
export async function freezeProcess(child: ChildProcess | undefined): Promise<void> {
  child?.kill('SIGSTOP');
  while (child?.pid !== undefined && !isStopped(child.pid)) await sleep(1);
}

/** Whether all threads have stopped. A signal stops one thread after the other, and each may send one more response. */
function isStopped(pid: number): boolean {
  const tasks = `/proc/${pid}/task`;
  try {
    // The state follows the name in parentheses, which may contain any character.
    return readdirSync(tasks).every((task) => readFileSync(`${tasks}/${task}/stat`, 'latin1').split(') ').at(-1)?.startsWith('T'));
  } catch {
    // A thread has just ended.
    return false;
  }
}
