import { executeWithRetry, effectOfParams, type SendAttempt, type StatementParams } from './attempts.js';
import { AuthenticationError, InvalidArgumentError, ServerError, UnclassifiedError } from '../errors/index.js';
import type { EndpointSelector } from './routing.js';
import { callSite, type LeakDetector } from '../concurrency/leak-detector.js';
import type { NestedAcquires } from '../concurrency/nested-acquires.js';
import { raceWithSignal } from '../concurrency/wait.js';
import type { Semaphore } from '../concurrency/semaphore.js';
import type { RetryPolicy } from '../resilience/retry.js';
import { Statement } from './statement.js';

export interface ExecutorOptions {
  readonly permits: Semaphore;
  /** Asked once the permit is there: what served when the wait began may not serve any more. */
  readonly host: () => EndpointSelector;
  /** Asked where a server refused the credentials: do others serve by now? It may take its time to find some, and never fails. A session has none: it is its client's. */
  readonly isReplaced?: (refused: EndpointSelector) => Promise<boolean>;
  readonly retry: RetryPolicy;
  readonly deadlineMs: number | undefined;
  readonly leaks: LeakDetector | undefined;
  readonly nested: NestedAcquires | undefined;
}

/** A statement's way: deadline, permit, attempts, and, if it has a body, what ends it. */
export type ExecuteStatement = <Params extends StatementParams, Result>(
  params: Params,
  send: SendAttempt<Params, Result>,
  onResult?: (result: Result, statement: Statement) => Result,
) => Promise<Result>;

export function createExecutor({ permits, host, isReplaced, retry, deadlineMs, leaks, nested }: ExecutorOptions): ExecuteStatement {
  return async <Params extends StatementParams, Result>(
    params: Params,
    send: SendAttempt<Params, Result>,
    onResult?: (result: Result, statement: Statement) => Result,
  ): Promise<Result> => {
    const acquiredAt = leaks && callSite();
    const statement = new Statement(params.abort_signal, deadlineMs);
    const holding = nested?.begin(permits);
    try {
      // Before the queue: a creation that runs a statement would wait there for the permit of the statement that it is created for.
      host().assertNotRecursive();
      const signal = statement.isInterruptible ? statement.signal : undefined;
      let permit = permits.tryAcquire();
      if (!permit) {
        statement.markQueued();
        permit = await (nested && holding ? nested.acquire(holding, signal) : permits.acquire(signal));
      }
      if (nested && holding) permit = nested.held(holding, permit);
      statement.setPermit(leaks && acquiredAt ? leaks.track(permit, acquiredAt) : permit);
      const to = host();
      to.admit(statement);
      let result: Result;
      try {
        result = await executeWithRetry(params, statement, to, retry, send);
      } catch (error) {
        if (!isReplaced || !(error instanceof AuthenticationError)) throw error;
        // Worth asking for those who come later, also where the body has been read and cannot be sent again.
        const isElsewhere = await raceWithSignal(statement.signal, isReplaced(to));
        if (!isElsewhere || effectOfParams(params) === 'streamed-write') throw error;
        const other = host();
        to.ended(statement);
        other.admit(statement);
        result = await executeWithRetry(params, statement, other, retry, send);
      }
      if (!onResult) statement.end(true);
      else if (holding) holding.isHeld = true;
      const held = onResult ? onResult(result, statement) : result;
      if (holding) holding.body = statement.body;
      if (onResult && statement.failure) throw statement.failure;
      return held;
    } catch (error) {
      statement.end(isAnswer(error), error);
      throw statement.failure ?? (isOfCreation(error, statement) ? error.cause : statement.withTimings(error));
    }
  };
}

/** What a hook throws when a client is made is its own affair, and no failure of a statement. */
function isOfCreation(error: unknown, { facts }: Statement): error is UnclassifiedError {
  return error instanceof UnclassifiedError && facts.endpoint === undefined;
}

/** ClickHouse has said no, by number, or it was never asked: so it has nothing to do with the statement any more. */
export function isAnswer(error: unknown): boolean {
  return error instanceof InvalidArgumentError || (error instanceof ServerError && error.clickhouseCode !== undefined);
}
