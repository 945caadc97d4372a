import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freezeProcess } from '../freeze-process.js';
import { defaultUser, type FrontOptions, type FrontUser } from './options.js';

/** A process with the HTTP interface of ClickHouse over chDB. */
export interface HttpFront extends AsyncDisposable {
  readonly url: string;
  /** Starts the process again on the same port and data. Resolves when it responds. */
  start(): Promise<void>;
  /** Kills the process with SIGKILL. Resolves when it has exited. */
  kill(): Promise<void>;
  /** Stops the process, which keeps its connections and sends nothing until `thaw`. Resolves when all threads have stopped. */
  freeze(): Promise<void>;
  /** Continues a frozen process. */
  thaw(): void;
}

export interface HttpFrontSettings {
  /** Users in addition to `default`, which has no password. One with the name `default` replaces it. */
  readonly users?: readonly FrontUser[];
  /** Default: a free port. */
  readonly port?: number;
  /** Default: 10. */
  readonly keepAliveSeconds?: number;
}

const program = fileURLToPath(new URL('main.ts', import.meta.url));

/** Starts the front as a child process, since chDB holds one engine per process and tests kill their servers. */
export async function httpFront({ users = [], port = 0, keepAliveSeconds = 10 }: HttpFrontSettings = {}): Promise<HttpFront> {
  const folder = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-front-'));
  const options: FrontOptions = {
    port,
    dataPath: join(folder, 'data'),
    temporaryPath: join(folder, 'temporary'),
    users: users.some(({ name }) => name === 'default') ? users : [defaultUser, ...users],
    keepAliveSeconds,
  };
  mkdirSync(options.temporaryPath);
  let child: ChildProcess | undefined;

  async function startOn(listenPort: number): Promise<number> {
    const argument = JSON.stringify({ ...options, port: listenPort });
    // Each statement occupies a thread of the pool while it runs.
    const env = { ...process.env, UV_THREADPOOL_SIZE: '128', NODE_OPTIONS: '' };
    const started = spawn(process.execPath, ['--import', 'tsx', program, argument], { stdio: ['pipe', 'pipe', 'inherit'], env });
    child = started;
    const exited = once(started, 'exit').then(() => {
      throw new Error('The HTTP front did not start. Its error is above.');
    });
    exited.catch(() => undefined);
    const [line]: unknown[] = await Promise.race([once(started.stdout, 'data'), exited]);
    return Number(String(line));
  }

  async function kill(): Promise<void> {
    const killed = child;
    child = undefined;
    if (killed?.exitCode !== null || killed.signalCode !== null) return;
    const exited = once(killed, 'exit');
    killed.kill('SIGKILL');
    await exited;
  }

  const actualPort = await startOn(port);
  return {
    url: `http://127.0.0.1:${actualPort}`,
    start: async () => {
      await startOn(actualPort);
    },
    kill,
    freeze: async () => freezeProcess(child),
    thaw: () => {
      child?.kill('SIGCONT');
    },
    async [Symbol.asyncDispose]() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
