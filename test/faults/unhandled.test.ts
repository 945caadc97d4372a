import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('27 whatever fails while its caller has turned to something else, nothing is left unhandled, nobody listens in vain, and the process ends by itself', () => {
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
  }).toEqual({ status: 0, signal: null, stdout: '10 acts\n', stderr: '' });
}, 90_000);
