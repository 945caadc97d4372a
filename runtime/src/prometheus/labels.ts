import { parseFailure } from '../errors/index.js';
import { type Outcome, outcomeOf } from '../errors/outcome.js';
import { nameOfCode } from '../errors/server-code-names.js';
import { errorCodeOf } from '../telemetry/error-code.js';

/** Value of a label for all that exceeds its bound. */
const other = 'other';

/** Bounds the values of a label: each new series costs memory in this process and in Prometheus, for good. */
export class BoundedValues {
  readonly #values = new Set<string>();

  constructor(private readonly max: number) {}

  /** Returns the value, or `other` if it is new and `max` values are known. */
  bound(value: string): string {
    if (this.#values.has(value)) return value;
    if (this.#values.size >= this.max) return other;
    this.#values.add(value);
    return value;
  }
}

/** The labels of a statement's end. */
export interface OutcomeLabels {
  /** What is known about the statement: `done` after a success. */
  readonly outcome: Outcome;
  /** The code of the error. Empty after a success, `other` for a code of the server that this package does not know. */
  readonly error: string;
}

/** Returns the labels for the failure of a statement. @param failure undefined after a success */
export function outcomeLabels(failure: unknown): OutcomeLabels {
  return { outcome: failure === undefined ? 'done' : outcomeOf(parseFailure(failure)), error: errorLabel(failure) };
}

/** Returns the code of an error as a label, of a closed set. */
export function errorLabel(failure: unknown): string {
  const code = errorCodeOf(failure) ?? '';
  return /^\d+$/.test(code) && nameOfCode(Number(code)) === undefined ? other : code;
}
