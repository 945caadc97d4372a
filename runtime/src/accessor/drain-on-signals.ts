import { isObject } from '../config/validate-options.js';
import { closeIngestsFirst } from '../manager/close-ingests-first.js';
import { type Drainable, drainAtSignals, type SignalOptions } from '../manager/shutdown.js';
import { closeClickHouse } from './accessors.js';

/**
 * Drains all connections of the process, as `closeClickHouse()` does, when the process receives a signal, and then ends the process.
 * - First signal: new statements are rejected, and running ones finish or are terminated after `timeoutMs`. Then the process exits with 0,
 *   or with 1 if the drain fails.
 * - Second signal: the process exits at once with 128 plus the number of the signal, which is the default of Node.
 * @returns a function, which is also a `Disposable`, that removes the listeners
 */
export function drainOnSignals(options?: SignalOptions): (() => void) & Disposable;
/** Closes all ingests, and then drains one manager, or an object that drains several managers and closes other resources. */
export function drainOnSignals(manager: Drainable, options?: SignalOptions): (() => void) & Disposable;
export function drainOnSignals(first: Drainable | SignalOptions = {}, second: SignalOptions = {}): (() => void) & Disposable {
  if (!isObject(first) || !('drain' in first)) return drainAtSignals({ drain: closeClickHouse }, first);
  return drainAtSignals(
    { drain: ({ timeoutMs = Infinity }) => closeIngestsFirst(timeoutMs, (leftMs) => first.drain({ timeoutMs: leftMs })) },
    second,
  );
}
