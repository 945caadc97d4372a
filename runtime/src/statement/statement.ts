import type { Readable } from 'node:stream';
import { AbortedError, ManagerClosedError, StatementError, type StatementFacts } from '../errors/index.js';
import { DeadlineExceededError, StatementTerminatedError } from '../errors/interruption.js';
import type { Outcome } from '../errors/outcome.js';
import { keywordOf } from '../errors/sql-keyword.js';
import { type CallSite, describeCallSite } from '../concurrency/call-site.js';
import { onAbort } from '../concurrency/abort-listeners.js';
import { maxTimerMs, unref } from '../concurrency/wait.js';
import type { Permit } from '../concurrency/semaphore.js';
import type { Delivery } from '../resilience/delivery.js';

/** The endpoint pool or session whose connection a statement uses. */
export interface StatementOwner {
  /** Called once, when the statement has ended or moves to another owner. `failure` is undefined after a success. */
  ended(statement: Statement, failure?: unknown): void;
}

/**
 * One statement from its call to the end of its result. It releases its permit once and records why it ended early.
 * The official client has no deadlines, drops the reason of an abort, and ignores the caller's signal after the headers have arrived.
 */
export class Statement {
  /** Start of the wait. Unset if the statement did not wait: reading the clock costs time. */
  #startedAt: number | undefined;
  #sentAt: number | undefined;
  #stage: 'waiting' | 'sent' | 'over' = 'waiting';
  #mayHaveArrived = false;
  #isOutcomeUnknown = false;
  #failure: Error | undefined;
  #controller: AbortController | undefined;
  #permit: Permit | undefined;
  #owner: StatementOwner | undefined;
  #body: Readable | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopListening: (() => void) | undefined;
  /** The call of the statement, if diagnostics have recorded it. */
  calledAt: CallSite | undefined;
  /** Name of the statement for messages, if it has no SQL. Default: derived from its SQL. */
  label: string | undefined;
  /** Index in the list of the owner. */
  ownerIndex = 0;
  /** Whether `json()` reads the whole body. Then an early close is an error. */
  isBuffered = false;
  /** Number of attempts so far, also those before a renewal of the credentials. */
  attempts = 0;
  /** Endpoint, query id and SQL of the latest attempt. */
  facts: StatementFacts = {};
  /** How far the request of the attempt under way got. Undefined if it is not observed, and after the headers of the response. */
  delivery: Delivery | undefined;
  /** On the clock of `performance.now()`, in milliseconds. Infinity without a deadline. */
  readonly deadline: number;
  /** The failure of the body, after the headers had arrived. */
  streamError: StatementError | undefined;
  /** Called once, when the statement has ended. `failure` is undefined after a success. */
  onEnd: ((failure: unknown) => void) | undefined;

  /** Creates a timer only for a deadline, and a listener only for a signal. @throws AbortedError if the signal is aborted */
  constructor(
    private readonly callerSignal: AbortSignal | undefined,
    private readonly deadlineMs: number | undefined,
  ) {
    if (callerSignal) {
      if (callerSignal.aborted) throw new AbortedError(callerSignal.reason);
      this.#stopListening = onAbort(callerSignal, () =>
        this.fail(new AbortedError(callerSignal.reason, this.#mayRun ? 'running' : 'waiting')),
      );
    }
    this.deadline = deadlineMs === undefined ? Infinity : this.markQueued() + deadlineMs;
    if (deadlineMs !== undefined && deadlineMs <= maxTimerMs) {
      this.#timer = setTimeout(() => this.fail(new DeadlineExceededError(deadlineMs, this.#mayRun ? 'running' : 'waiting')), deadlineMs);
      // The socket or the queue keeps the process alive, if anything does.
      unref(this.#timer);
    }
  }

  /** The reason of an early end. The caller gets it in place of the client's error. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Whether a server may have received the statement, by this attempt or an earlier one. */
  get #mayRun(): boolean {
    return this.#stage === 'sent' && (this.#mayHaveArrived || (this.delivery?.stage ?? 'sent') === 'sent');
  }

  /** Whether the statement ended after it was sent and without an answer: the server may have run it or may still run it. */
  get isOutcomeUnknown(): boolean {
    return this.#isOutcomeUnknown;
  }

  /** Adds `attempts`, `waitedMs` and `ranMs` to a StatementError. Returns the failure. */
  withAttempts<Failure>(failure: Failure): Failure {
    if (!(failure instanceof StatementError)) return failure;
    const now = performance.now();
    const sentAt = this.#sentAt ?? now;
    return Object.assign(failure, { attempts: this.attempts, waitedMs: sentAt - (this.#startedAt ?? sentAt), ranMs: now - sentAt });
  }

  /** The body of the response, as soon as the headers have arrived. */
  get body(): Readable | undefined {
    return this.#body;
  }

  /** Whether an abort, a deadline or another reader of `signal` can end the statement early. */
  get isInterruptible(): boolean {
    return this.#controller !== undefined || this.callerSignal !== undefined || this.deadlineMs !== undefined;
  }

  /** Aborted when the statement ends early. The first read creates the controller, so that most statements have none. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#failure && !this.#controller.signal.aborted) this.#controller.abort(this.#failure);
    return this.#controller.signal;
  }

  /** Starts the clock of the wait, if it has not started yet. Returns its start. */
  markQueued(): number {
    return (this.#startedAt ??= performance.now());
  }

  setPermit(permit: Permit): void {
    this.#permit = permit;
  }

  setOwner(owner: StatementOwner, ownerIndex = 0): void {
    this.#owner = owner;
    this.ownerIndex = ownerIndex;
  }

  /** From this call on, the server may have run the statement, unless `delivery` shows that nothing was sent. @throws the failure, if the statement ended early before */
  markSent(facts: StatementFacts, delivery?: Delivery): void {
    if (this.#failure) throw this.#failure;
    this.facts = facts;
    this.delivery = delivery;
    this.#sentAt ??= performance.now();
    this.#stage = 'sent';
  }

  /** Ends the observation of the attempt under way. */
  ignoreDelivery(): void {
    this.delivery?.end();
    this.delivery = undefined;
  }

  /** Records a failed attempt. If no attempt has reached a server, the statement is in the stage `waiting` again. */
  attemptFailed(outcome: Outcome): void {
    if (outcome !== 'never-sent') this.#mayHaveArrived = true;
    else if (!this.#mayHaveArrived && this.#stage === 'sent') this.#stage = 'waiting';
  }

  /** Describes the statement for a message, without its SQL. */
  describe(): string {
    const { queryId, sql } = this.facts;
    const name = this.label ?? (sql === undefined ? 'INSERT' : (keywordOf(sql) ?? 'UNKNOWN'));
    const id = this.label !== undefined || queryId === undefined ? '' : `, query id ${queryId}`;
    const phase = this.#body ? ', its result is not read to its end' : '';
    return `${name}${id}${phase}${this.calledAt ? `, called${describeCallSite(this.calledAt)}` : ''}`;
  }

  /** Sets the body. An early end of the statement destroys it. */
  setBody(body: Readable): void {
    this.#body = body;
    if (this.#failure) destroyBody(body, this.#failure);
  }

  /** Ends the statement early because its connection closes. */
  terminate(by: StatementTerminatedError['by']): void {
    this.fail(this.#stage === 'sent' ? new StatementTerminatedError(by) : new ManagerClosedError());
  }

  /** Fails the readers of the result, also if the statement has ended and its rows are buffered. Returns their failure. */
  terminateDelivery(by: StatementTerminatedError['by']): Error {
    this.terminate(by);
    this.#failure ??= new StatementTerminatedError(by);
    if (this.#body) destroyBody(this.#body, this.#failure);
    return this.#failure;
  }

  /** Ends the statement early, in any stage. Does nothing if it has ended or has a failure already. */
  fail(failure: Error): void {
    if (this.#stage === 'over' || this.#failure) return;
    this.#failure = failure;
    this.#controller?.abort(failure);
    if (this.#body) destroyBody(this.#body, failure);
  }

  /**
   * Ends the statement: notifies the owner and releases the permit. Further calls do nothing, since a body may end, close and fail.
   * @param isServerDone whether the server has finished the statement
   */
  end(isServerDone: boolean, failure?: unknown): void {
    if (this.#stage === 'over') return;
    this.#isOutcomeUnknown = this.#stage === 'sent' && !isServerDone;
    this.#stage = 'over';
    this.#stopListening?.();
    if (this.#timer) clearTimeout(this.#timer);
    this.#owner?.ended(this, this.#failure ?? failure);
    this.#permit?.release();
    this.onEnd?.(this.#failure ?? failure);
  }
}

/** Destroys a body with a failure for its reader. Without a reader's listener, `error` would end the process. */
export function destroyBody(body: Readable, failure: Error): void {
  if (body.listenerCount('error') === 0) body.on('error', () => undefined);
  body.destroy(failure);
}
