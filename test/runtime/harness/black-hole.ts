import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';

const listenerProgram =
  "require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () { console.log(this.address().port); });";

/** Opens a port whose process is stopped and whose backlog is full: further connections get no response of any kind. */
export async function blackHole(): Promise<{ readonly url: string } & AsyncDisposable> {
  const listener = spawn(process.execPath, ['-e', listenerProgram], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port]: unknown[] = await once(listener.stdout, 'data');
  listener.kill('SIGSTOP');
  const queued = Array.from({ length: 8 }, () => connect(Number(String(port)), '127.0.0.1').on('error', () => undefined));
  await once(queued[0] ?? listener, 'connect');
  return {
    url: `http://127.0.0.1:${Number(String(port))}`,
    async [Symbol.asyncDispose]() {
      for (const socket of queued) socket.destroy();
      listener.kill('SIGKILL');
      await once(listener, 'exit');
    },
  };
}
