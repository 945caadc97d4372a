import { openIngests } from '../telemetry/open-ingests.js';

/** Time that the ingests get when nothing else keeps the process alive, in milliseconds. */
const timeoutMs = 10_000;

let isListening = false;

/** Closes the open ingests when the process has nothing else to do, so that a script need not close them. */
export function closeBeforeExit(warn: (text: string) => void): void {
  if (isListening) return;
  isListening = true;
  process.once('beforeExit', () => {
    isListening = false;
    for (const ingest of openIngests())
      ingest.close({ timeoutMs }).catch((error: unknown) => warn(`The process ends before all rows were delivered: ${String(error)}`));
  });
}
