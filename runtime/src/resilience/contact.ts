import { AuthenticationError, type ClickHouseSsotError } from '../errors/index.js';
import { endpointSignal } from '../errors/outcome.js';

/**
 * The result of the contact with an endpoint so far.
 * - `unknown`: no statement and no check has reached it.
 * - `working`: a statement or a check succeeded, or the server answered a statement with an error of the statement.
 * - `failing`: the last check failed, or no statement has succeeded yet and one has failed.
 */
export type ContactState = 'unknown' | 'working' | 'failing';

/** Records whether anything has worked at an endpoint. A circuit breaker cannot tell: it is closed before the first statement as well. */
export class Contact {
  #state: ContactState = 'unknown';

  get state(): ContactState {
    return this.#state;
  }

  /** Records that a statement or a check succeeded. */
  succeeded(): void {
    this.#state = 'working';
  }

  /** Records a failed statement. After the first success, failures of the endpoint are judged by its breaker. */
  failed(failure: ClickHouseSsotError): void {
    const signal = endpointSignal(failure);
    // The server answers, but this process cannot use it.
    const isRefused = failure instanceof AuthenticationError;
    if (signal === 'healthy' && !isRefused) this.#state = 'working';
    else if (signal !== 'none' && this.#state === 'unknown') this.#state = 'failing';
  }

  /** Records a failed check, which runs a statement of its own: whatever failed, the caller's statements would fail as well. */
  checkFailed(): void {
    this.#state = 'failing';
  }
}
