import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('fault 27: failures without a caller that waits cause no unhandled rejection and no warning, and the process exits by itself', () => {
  const program = fileURLToPath(new URL('careless-caller.ts', import.meta.url));
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, ['--import', import.meta.resolve('tsx'), program], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect({
    status,
    signal,
    stdout,
    stderr: stderr.replaceAll(/^\(node:\d+\) ClickHouseSsotWarning: .*$\n|^\(Use `node --trace-warnings .*\n/gm, ''),
  }).toEqual({ status: 0, signal: null, stdout: '10 scenarios\n', stderr: '' });
}, 90_000);
