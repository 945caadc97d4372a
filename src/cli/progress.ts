import { Worker } from 'node:worker_threads';
import type { AuditPhase } from '../audit/audit.js';

/** Shows the phases of a long run on standard error. */
export interface Progress {
  /** Names the phase that begins. */
  readonly report: (phase: AuditPhase, root: string) => void;
  /** Removes what is shown. Nothing is shown afterwards. */
  readonly stop: () => void;
}

/** The data of the worker: a shared state of one number, and the pause before the first output, in milliseconds. */
export interface ProgressData {
  readonly state: SharedArrayBuffer;
  readonly delayMs: number;
}

/** The values of the shared state. The worker answers `stopping` with `stopped`. */
export const progressStates = { running: 0, stopping: 1, stopped: 2 };

const phaseTexts: Readonly<Record<AuditPhase, string>> = {
  reading: 'Reading the source files',
  analysing: 'Analysing the code',
  checking: 'Checking the rules',
};

/** A run that is over before this many milliseconds shows nothing. */
const delayMs = 1000;

/** The worker answers within one frame. A worker that failed to start never does. */
const maxStopMs = 200;

/**
 * Starts a worker that shows progress. The audit is synchronous, so no timer of this thread would run; a worker writes to the terminal by
 * itself. `script` is the module `progress-worker`. Without it the run continues and shows nothing.
 */
export function startProgress(script: URL): Progress {
  const data: ProgressData = { state: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT), delayMs };
  const state = new Int32Array(data.state);
  const worker = new Worker(script, { workerData: data });
  worker.on('error', () => undefined);
  worker.unref();
  return {
    report: (phase, root) => worker.postMessage(`${phaseTexts[phase]} of ${root.split('/').at(-1) ?? root}`),
    stop: () => {
      Atomics.store(state, 0, progressStates.stopping);
      worker.postMessage('');
      Atomics.wait(state, 0, progressStates.stopping, maxStopMs);
      void worker.terminate();
    },
  };
}
