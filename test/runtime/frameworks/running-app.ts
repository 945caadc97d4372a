import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Counts } from './apps/counts.js';

/** An application of a framework as a process of its own. */
export interface RunningApp extends AsyncDisposable {
  readonly url: string;
  /** All that the process has written so far. */
  output(): string;
  /** Sends SIGTERM. Resolves with the exit code and how the accepted requests ended. */
  terminate(): Promise<{ readonly exitCode: unknown; readonly counts: Counts }>;
}

/** How to start an application: the arguments of Node.js and the folder in which it runs. */
export interface AppProgram {
  readonly args: readonly string[];
  readonly folder: string;
}

/** Returns the program of an application in `apps`. */
export function sourceApp(name: string): AppProgram {
  return { args: ['--import', 'tsx', fileURLToPath(new URL(`apps/${name}.ts`, import.meta.url))], folder: process.cwd() };
}

/** Starts an application. Resolves when it has written its address. @param env its variables, in addition to those of this process */
export async function startApp({ args, folder }: AppProgram, env: Readonly<Record<string, string>>): Promise<RunningApp> {
  const child = spawn(process.execPath, args, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_ENV: 'production', ...env },
  });
  let output = '';
  const ended = once(child, 'close');
  const url = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        const [address] = /^http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost):\d+$/m.exec(output) ?? [];
        if (address !== undefined) resolve(address);
      });
    ended.then(() => reject(new Error(`The application did not start: ${output}`)), reject);
  });
  return {
    url,
    output: () => output,
    terminate: async () => {
      child.kill('SIGTERM');
      const [exitCode]: unknown[] = await ended;
      const counts: Counts = JSON.parse(/^counts (.*)$/m.exec(output)?.[1] ?? 'null');
      return { exitCode, counts };
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
