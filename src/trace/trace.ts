/**
 * Receives debug facts: why a file is analysed, and how long each step takes.
 * The engine and the model get one as a parameter; `plugin.ts` and the audit command create it.
 */
export interface Trace {
  /** Records one fact as one line. `describe` runs only if the trace is on. */
  fact(describe: () => string): void;
  /** Starts a clock and returns a function that records the end of each step. `kind` is the first word of each line: `step` or `rule`. */
  startSteps(kind: 'step' | 'rule'): RecordStep;
}

/**
 * Records that the step `name` has ended and returns its `result` unchanged. The line holds the milliseconds since the step before, and how
 * many items the result has: the size of an array, set or map, or of each such property of a plain object.
 */
export type RecordStep = <Result>(name: string, result: Result) => Result;

/** A trace that is off: it records nothing and formats nothing. */
export const noTrace: Trace = { fact: () => undefined, startSteps: () => (_, result) => result };

/** Returns a trace that passes each fact to `write` as one line. `now` is a clock in milliseconds. */
export function createTrace(write: (line: string) => void, now: () => number = () => performance.now()): Trace {
  const writeFact = (fact: string) => write(`clickhouse-ssot: ${fact}\n`);
  return {
    fact: (describe) => writeFact(describe()),
    startSteps: (kind) => {
      let startedAt = now();
      return (name, result) => {
        const durationMs = now() - startedAt;
        const counts = countsOf(result);
        writeFact(`${kind} ${name}${counts === '' ? '' : `: ${counts}`} in ${durationMs.toFixed(1)} ms`);
        startedAt = now();
        return result;
      };
    },
  };
}

function countsOf(result: unknown): string {
  const total = sizeOf(result);
  if (total !== undefined) return String(total);
  if (typeof result !== 'object' || result === null || Object.getPrototypeOf(result) !== Object.prototype) return '';
  const sizes = Object.entries(result).map(([key, value]) => [key, sizeOf(value)] as const);
  return sizes.flatMap(([key, size]) => (size === undefined ? [] : [`${key} ${size}`])).join(', ');
}

function sizeOf(value: unknown): number | undefined {
  if (Array.isArray(value)) return value.length;
  return value instanceof Set || value instanceof Map ? value.size : undefined;
}
