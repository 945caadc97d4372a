import type { Readable } from 'node:stream';
import { AbortedError, ManagerClosedError, StatementError, type StatementFacts } from '../errors/index.js';
import { DeadlineExceededError, StatementTerminatedError } from '../errors/interruption.js';
import type { Outcome } from '../errors/outcome.js';
import { maxTimerMs } from '../concurrency/wait.js';
import type { Permit } from '../concurrency/semaphore.js';

/** Whoever answers for the connection that a statement runs on, and hears of its end. */
export interface StatementOwner {
  ended(statement: Statement): void;
}

/**
 * One statement from its call to the end of its answer: it gives its permit back once, and it knows why it ended early.
 * The official client knows no deadline, drops the caller's reason, and hears no signal once the headers are there; we do.
 */
export class Statement {
  /** Of its wait: one that goes at once has none, and a look at the clock is not free. */
  #startedAt: number | undefined;
  #sentAt: number | undefined;
  #stage: 'waiting' | 'sent' | 'over' = 'waiting';
  #mayHaveArrived = false;
  #isLost = false;
  #failure: Error | undefined;
  #controller: AbortController | undefined;
  #permit: Permit | undefined;
  #keeper: StatementOwner | undefined;
  #body: Readable | undefined;
  #timer: NodeJS.Timeout | undefined;
  #abort: (() => void) | undefined;
  /** Where its keeper has it. */
  ownerIndex = 0;
  /** Its caller wants all of its answer, read by the client: whoever leaves that has found fault with it. */
  isBuffered = false;
  /** What is known of its latest attempt. */
  facts: StatementFacts = {};
  /** On the monotonic clock; Infinity without one. */
  readonly deadline: number;
  /** What the wire did to its answer, after the headers. */
  streamError: StatementError | undefined;
  /** Told once. */
  onEnd: ((failure: unknown) => void) | undefined;

  /** Without a signal and a deadline it costs no timer, no listener and no controller. @throws AbortedError */
  constructor(
    private readonly caller: AbortSignal | undefined,
    private readonly deadlineMs: number | undefined,
  ) {
    if (caller) {
      if (caller.aborted) throw new AbortedError(caller.reason);
      this.#abort = () => this.fail(new AbortedError(caller.reason, this.#stage === 'sent' ? 'while it ran' : 'before it was sent'));
      caller.addEventListener('abort', this.#abort, { once: true });
    }
    this.deadline = deadlineMs === undefined ? Infinity : this.markQueued() + deadlineMs;
    if (deadlineMs !== undefined && deadlineMs <= maxTimerMs) {
      this.#timer = setTimeout(
        () => this.fail(new DeadlineExceededError(deadlineMs, this.#stage === 'sent' ? 'running' : 'waiting')),
        deadlineMs,
      );
      // What it waits for keeps the process alive, or nothing does.
      this.#timer.unref();
    }
  }

  /** Why it ended early: what its caller is told instead of what the client makes of it. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** It was sent, and nobody knows what the server made of it, or still does. */
  get isOutcomeUnknown(): boolean {
    return this.#isLost;
  }

  /** The failure, which tells from now on how long this statement waited and ran: time in the queue is not the server's. */
  withTimings<Failure>(failure: Failure): Failure {
    if (!(failure instanceof StatementError)) return failure;
    const now = performance.now();
    const sentAt = this.#sentAt ?? now;
    return Object.assign(failure, { waitedMs: sentAt - (this.#startedAt ?? sentAt), ranMs: now - sentAt });
  }

  /** Of its answer, once the headers are there. */
  get body(): Readable | undefined {
    return this.#body;
  }

  get isInterruptible(): boolean {
    return this.#controller !== undefined || this.caller !== undefined || this.deadlineMs !== undefined;
  }

  /** Aborted when it ends early. Made for who asks: a statement that nothing can interrupt has none. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#failure && !this.#controller.signal.aborted) this.#controller.abort(this.#failure);
    return this.#controller.signal;
  }

  /** From now on, if not from before. */
  markQueued(): number {
    return (this.#startedAt ??= performance.now());
  }

  setPermit(permit: Permit): void {
    this.#permit = permit;
  }

  setOwner(keeper: StatementOwner, ownerIndex = 0): void {
    this.#keeper = keeper;
    this.ownerIndex = ownerIndex;
  }

  /** From here on it may have happened. @throws what ended it already */
  markSent(facts: StatementFacts): void {
    if (this.#failure) throw this.#failure;
    this.facts = facts;
    this.#sentAt ??= performance.now();
    this.#stage = 'sent';
  }

  /** The attempt has failed. One that reached nobody leaves the statement waiting, unless an earlier one may have. */
  attemptFailed(outcome: Outcome): void {
    if (outcome !== 'never-sent') this.#mayHaveArrived = true;
    else if (!this.#mayHaveArrived && this.#stage === 'sent') this.#stage = 'waiting';
  }

  /** The headers are there: from now on it lasts as long as its body. */
  setBody(body: Readable): void {
    this.#body = body;
    if (this.#failure) destroyBody(body, this.#failure);
  }

  terminate(by: StatementTerminatedError['by']): void {
    this.fail(this.#stage === 'sent' ? new StatementTerminatedError(by) : new ManagerClosedError());
  }

  /** Ends it for this reason, wherever it is. What has ended stays as it is, and the first reason counts. */
  fail(failure: Error): void {
    if (this.#stage === 'over' || this.#failure) return;
    this.#failure = failure;
    this.#controller?.abort(failure);
    if (this.#body) destroyBody(this.#body, failure);
  }

  /** Harmless the second time: a body may end, close and fail, all at once. `isAnswered`: the server has said its last word. */
  end(isAnswered: boolean, failure?: unknown): void {
    if (this.#stage === 'over') return;
    this.#isLost = this.#stage === 'sent' && !isAnswered;
    this.#stage = 'over';
    if (this.#abort) this.caller?.removeEventListener('abort', this.#abort);
    if (this.#timer) clearTimeout(this.#timer);
    this.#keeper?.ended(this);
    this.#permit?.release();
    this.onEnd?.(this.#failure ?? failure);
  }
}

/** Whoever reads the body gets the failure; where nobody reads it, nobody listens, and the process must not fall over it. */
export function destroyBody(body: Readable, failure: Error): void {
  if (body.listenerCount('error') === 0) body.on('error', () => undefined);
  body.destroy(failure);
}
