import { expect, it } from 'vitest';
import { codeBase } from '../project/code-base.js';
import { runAsyncCommand } from './run-command.js';

const folder = codeBase({
  'package.json': { name: 'shop' },
  'src/db.ts': `import { createClient } from '@clickhouse/client'; export const client = createClient();`,
});

/** Runs `watch` until the first summary is printed, and ends it then. Returns what the progress showed and the listeners at that time. */
async function watchOnce() {
  const before = new Set(process.listeners('SIGINT'));
  const added = () => process.listeners('SIGINT').filter((listener) => !before.has(listener));
  const calls: string[] = [];
  const listenersInAudit: number[] = [];
  const note = (call: string): void => {
    calls.push(call);
    listenersInAudit.push(added().length);
  };
  const output = await runAsyncCommand(['watch', folder], {
    startProgress: () => ({ report: (phase) => note(phase), stop: () => note('stop') }),
    write: () => setImmediate(() => added().forEach((listener) => listener('SIGINT'))),
  });
  return { ...output, calls, listenersInAudit, listenersAfter: added().length };
}

it('leaves Ctrl-C to its default action during an audit, names each phase, and ends with 0 on Ctrl-C between audits', async () => {
  const { status, calls, listenersInAudit, listenersAfter } = await watchOnce();
  expect(status).toBe(0);
  expect(calls).toEqual(['reading', 'analysing', 'checking', 'stop']);
  expect(listenersInAudit).toEqual([0, 0, 0, 0]);
  expect(listenersAfter).toBe(0);
});
