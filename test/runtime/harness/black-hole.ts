import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';

const program =
  "require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () { console.log(this.address().port); });";

/** A port whose owner is frozen and whose queue is full: whoever connects to it from now on gets no answer of any kind. */
export async function blackHole(): Promise<{ readonly url: string } & AsyncDisposable> {
  const owner = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port]: unknown[] = await once(owner.stdout, 'data');
  owner.kill('SIGSTOP');
  const waiting = Array.from({ length: 8 }, () => connect(Number(String(port)), '127.0.0.1').on('error', () => undefined));
  await once(waiting[0] ?? owner, 'connect');
  return {
    url: `http://127.0.0.1:${Number(String(port))}`,
    async [Symbol.asyncDispose]() {
      for (const socket of waiting) socket.destroy();
      owner.kill('SIGKILL');
      await once(owner, 'exit');
    },
  };
}
