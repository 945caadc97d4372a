import { constants } from 'node:os';
import { assertOptions, objectWith, type OptionRules } from '../config/validate-options.js';
import { type DrainOptions, drainRules } from './options.js';

/** The part of `process` that `drainOnSignals` uses. */
export interface SignalledProcess {
  /** Adds a listener for a signal. It receives the name and the number of the signal. */
  on(signal: NodeJS.Signals, listener: (name: string, number: number) => void): unknown;
  /** Removes a listener. */
  off(signal: NodeJS.Signals, listener: (name: string, number: number) => void): unknown;
  /** Ends the process with this exit code. */
  exit(code: number): unknown;
}

/** Options of `drainOnSignals()`. */
export interface SignalOptions extends DrainOptions {
  /** The signals that start the drain. Default: `SIGTERM` and `SIGINT`. */
  readonly signals?: readonly NodeJS.Signals[] | undefined;
  /** The process that receives the signals and exits. Default: the global `process`. */
  readonly process?: SignalledProcess | undefined;
}

const rules: OptionRules<SignalOptions> = {
  ...drainRules,
  signals: {
    expected: 'a list of signals, such as SIGTERM',
    accepts: (value) => Array.isArray(value) && value.every((signal) => Object.hasOwn(constants.signals, String(signal))),
  },
  process: objectWith('an object with on, off and exit', 'on', 'off', 'exit'),
};

/** A manager, or an object that drains several managers and closes other resources before the process exits. */
export interface Drainable {
  /** Resolves when all running statements have ended. A rejection makes the process exit with 1. */
  drain(options: DrainOptions): Promise<void>;
}

/**
 * Implements `drainOnSignals`.
 * @param name the function that the user called
 * @throws ConfigError if an option is unknown or invalid
 */
export function drainAtSignals(manager: Drainable, options: SignalOptions = {}, name = 'drainOnSignals'): (() => void) & Disposable {
  assertOptions(name, rules, options);
  const { signals = ['SIGTERM', 'SIGINT'], timeoutMs = 10_000, process: target = process } = options;
  let isDraining = false;
  // A warning is written in the next turn of the event loop.
  const exit = (code: number): unknown => setImmediate(() => target.exit(code));
  const onSignal = (_name: string, number: number): void => {
    if (isDraining) target.exit(128 + number);
    isDraining = true;
    manager.drain({ timeoutMs }).then(
      () => exit(0),
      (error: unknown) => {
        process.emitWarning(
          `The drain of the ClickHouse connection manager failed, so the process exits with 1: ${String(error)}`,
          'ClickHouseSsotWarning',
        );
        exit(1);
      },
    );
  };
  for (const signal of signals) target.on(signal, onSignal);
  const stop = (): void => {
    for (const signal of signals) target.off(signal, onSignal);
  };
  return Object.assign(stop, { [Symbol.dispose]: stop });
}
