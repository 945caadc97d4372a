import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Options of a runner's process. */
export interface RunnerOptions {
  readonly url: string;
  readonly database: string;
  readonly folder: string;
  /** The runner stops for ever in place of the statement that contains this text. Default: it runs all. */
  readonly hangsAt?: string | undefined;
  /** Default: that of `migrate`. */
  readonly leaseMs?: number | undefined;
}

/** A process that runs the migrations. */
export interface Runner {
  /** Resolves with the line that it writes next, which is JSON at its end. */
  nextLine(): Promise<string>;
  /** Kills the process with SIGKILL. Resolves when it has exited. */
  kill(): Promise<void>;
}

export function parseRunnerOptions(text: string): RunnerOptions {
  const value: unknown = JSON.parse(text);
  if (!isOptions(value)) throw new TypeError(`The options of the runner are invalid: ${text}`);
  return value;
}

function isOptions(value: unknown): value is RunnerOptions {
  return typeof value === 'object' && value !== null && 'url' in value && 'database' in value && 'folder' in value;
}

export function startRunner(options: RunnerOptions): Runner {
  const program = fileURLToPath(new URL('runner.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', program, JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    async nextLine() {
      const line = await lines.next();
      return line.done === true ? '' : line.value;
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
