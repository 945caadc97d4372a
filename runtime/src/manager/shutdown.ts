import type { DrainOptions } from './options.js';

/** As much of a process as this takes. */
export interface SignalledProcess {
  on(signal: NodeJS.Signals, listener: (name: string, number: number) => void): unknown;
  off(signal: NodeJS.Signals, listener: (name: string, number: number) => void): unknown;
  exit(code: number): unknown;
}

export interface SignalOptions extends DrainOptions {
  /** SIGTERM and SIGINT by default. */
  readonly signals?: readonly NodeJS.Signals[];
  /** The process that gets the signals, and is left. */
  readonly process?: SignalledProcess;
}

/** Something to be drained: a manager, or several with what else has to end before the process does. */
export interface Drainable {
  drain(options: DrainOptions): Promise<void>;
}

/**
 * At the first signal: no new statements, the running ones finish or are cut after `timeoutMs`, and the process exits with 0, or
 * with 1 if draining fails. At the second one it exits at once, with 128 and the number of the signal, as if nobody had listened.
 * Listens from the call on, until what it returns is called or disposed of.
 */
export function drainOnSignals(
  manager: Drainable,
  { signals = ['SIGTERM', 'SIGINT'], timeoutMs = 10_000, process: target = process }: SignalOptions = {},
): (() => void) & Disposable {
  let isDraining = false;
  const onSignal = (_name: string, number: number): void => {
    if (isDraining) target.exit(128 + number);
    isDraining = true;
    manager.drain({ timeoutMs }).then(
      () => target.exit(0),
      (error: unknown) => {
        process.emitWarning(`Draining the ClickHouse connection manager failed: ${String(error)}`, 'ClickHouseSsotWarning');
        target.exit(1);
      },
    );
  };
  for (const signal of signals) target.on(signal, onSignal);
  const stop = (): void => {
    for (const signal of signals) target.off(signal, onSignal);
  };
  return Object.assign(stop, { [Symbol.dispose]: stop });
}
