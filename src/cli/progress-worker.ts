import { writeSync } from 'node:fs';
import { WriteStream } from 'node:tty';
import { parentPort, workerData } from 'node:worker_threads';
import yoctoSpinner from 'yocto-spinner';
import { type ProgressData, progressStates } from './progress.js';

const showCursor = '\u001B[?25h';
const { state, delayMs } = workerData as ProgressData;
const shared = new Int32Array(state);

// Not `process.stderr`: in a worker it writes through the main thread, which is busy.
const stream = new WriteStream(2);
const spinner = yoctoSpinner({ stream, handleSignals: false });
const startedAt = Date.now();
let phase = '';

// A wrapped line could not be removed. A terminal of unknown size reports 0 columns.
const textNow = (): string => `${phase} (${Math.round((Date.now() - startedAt) / 1000)} s)`.slice(0, (stream.columns || 80) - 4);

const start = setTimeout(() => {
  spinner.start(textNow());
  // Ctrl-C ends the process at once and must not leave the terminal without a cursor.
  writeSync(2, showCursor);
}, delayMs);
const tick = setInterval(() => {
  if (spinner.isSpinning) spinner.text = textNow();
}, 1000);

parentPort?.on('message', (text: string) => {
  if (text !== '') {
    phase = text;
    if (spinner.isSpinning) spinner.text = textNow();
    return;
  }
  clearTimeout(start);
  clearInterval(tick);
  spinner.stop();
  Atomics.store(shared, 0, progressStates.stopped);
  Atomics.notify(shared, 0);
});
