import { describe, expect, it } from 'vitest';
import { isRunning, type ProcessTable, thisProcess } from '../../../runtime/src/ingest/directory/process-identity.js';

const self = { pid: 10, thread: 0, host: 'here', startedAt: '500', scope: 'boot namespace' };
const other = { ...self, pid: 20, startedAt: '700' };

/** Content of `/proc/PID/stat`. */
function stat(state: string, startedAt: string): string {
  return `20 (a name) of it) ${state} ${'0 '.repeat(18)}${startedAt} 0 0`;
}

function tableWith(content: string | undefined, isThere: boolean): ProcessTable {
  return { stat: () => content, exists: () => isThere };
}

describe('the owner of a directory on the same machine', () => {
  it.each<[string, ProcessTable, boolean | 'unknown']>([
    ['runs', tableWith(stat('S', '700'), true), true],
    ['has ended, and its id is that of a later process', tableWith(stat('S', '900'), true), false],
    ['is a zombie', tableWith(stat('Z', '700'), true), false],
    ['has ended', tableWith(undefined, false), false],
    // A mount of /proc with hidepid shows no process of another user.
    ['is hidden', tableWith(undefined, true), 'unknown'],
  ])('%s', (_, table, verdict) => {
    expect(isRunning(other, self, table)).toBe(verdict);
  });

  it('could not read its own start', () => {
    expect(isRunning({ ...other, startedAt: '' }, self, tableWith(stat('S', '700'), true))).toBe('unknown');
  });

  it('is this process', () => {
    expect(isRunning(thisProcess(), thisProcess())).not.toBe(false);
  });
});
