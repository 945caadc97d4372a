import { raceWithSignal } from '../concurrency/wait.js';
import { AmbiguousWriteError, AuthenticationError, ClickHouseSsotError } from '../errors/index.js';
import { outcomeOf } from '../errors/outcome.js';
import { retry, type RetryPolicy } from '../resilience/retry.js';
import { Attempt } from './attempt.js';
import { effectOf, type StatementParams, type StatementRequest } from './request.js';
import type { NodePlatform, Platform } from './platform.js';
import type { AttemptTarget, EndpointSelector } from './routing.js';
import type { Statement } from './statement.js';

/** Where statements are sent, and how often. */
export interface SendOptions<On extends Platform = NodePlatform> {
  /** Returns the endpoints of the current configuration. A rotation replaces them. */
  readonly currentEndpoints: () => EndpointSelector<On>;
  /**
   * Called after a server refused the credentials. Resolves with whether other endpoints are current, and never rejects. It may wait for a
   * secret source. A session has none, since it ends with its endpoint.
   */
  readonly refreshCredentials?: ((refused: EndpointSelector<On>) => Promise<boolean>) | undefined;
  /** When a failed attempt is followed by another one. */
  readonly retry: RetryPolicy;
}

const noneTried: ReadonlySet<never> = new Set();

/**
 * Sends a statement until an attempt succeeds or the retry policy ends. Each attempt prefers an endpoint that was not tried.
 * @throws the error of the statement, with the number of attempts
 */
export async function sendWithRetry<Params extends StatementParams, Result, On extends Platform = NodePlatform>(
  request: StatementRequest<Params, Result, On>,
  statement: Statement,
  endpoints: EndpointSelector<On>,
  options: SendOptions<On>,
): Promise<Result> {
  const first = new Attempt(request, statement, endpoints.next(noneTried));
  first.target.budget.deposit();
  try {
    return first.succeed(await first.send());
  } catch (error) {
    const failure = first.fail(error);
    // An aborted or terminated statement, or one after its deadline, fails at once.
    if (statement.failure) throw statement.failure;
    return recover(failure, first, endpoints, options);
  }
}

/** Retries. If a server refuses the credentials, sends once more to the endpoints with the new ones, also after an attempt that was lost. */
async function recover<Params extends StatementParams, Result, On extends Platform = NodePlatform>(
  failure: ClickHouseSsotError,
  first: Attempt<Params, Result, On>,
  endpoints: EndpointSelector<On>,
  { refreshCredentials, ...options }: SendOptions<On>,
): Promise<Result> {
  const attempts = { latest: first };
  try {
    return await retryFrom(failure, attempts, endpoints, options.retry);
  } catch (error) {
    if (!refreshCredentials || !(attempts.latest.failure instanceof AuthenticationError)) throw error;
    const { request, statement } = first;
    // Also for a stream that was read, which cannot be sent again: the statements after it need the new credentials.
    const isReplaced = await raceWithSignal(statement.signal, refreshCredentials(endpoints));
    if (!isReplaced || effectOf(request) === 'streamed-write') throw error;
    const current = options.currentEndpoints();
    endpoints.ended(statement);
    current.admit(statement);
    return await sendWithRetry(request, statement, current, options).catch((last: unknown) => {
      // An earlier attempt may have arrived, whatever the last one says.
      throw error instanceof AmbiguousWriteError && statement.failure === undefined && isUnsuccessful(last) ? error : last;
    });
  }
}

/** Whether this failure alone would say that the statement did not run. */
function isUnsuccessful(failure: unknown): boolean {
  return failure instanceof ClickHouseSsotError && ['never-sent', 'refused'].includes(outcomeOf(failure));
}

/** Sends further attempts as long as the policy, the retry budget and the deadline allow it. */
function retryFrom<Params extends StatementParams, Result, On extends Platform = NodePlatform>(
  failure: ClickHouseSsotError,
  attempts: { latest: Attempt<Params, Result, On> },
  endpoints: EndpointSelector<On>,
  policy: RetryPolicy,
): Promise<Result> {
  const first = attempts.latest;
  const { request, statement } = first;
  const tried = new Set<AttemptTarget<On>>([first.target]);
  const run = async (number: number): Promise<Result> => {
    if (number === 1) throw failure;
    const target = endpoints.next(tried);
    tried.add(target);
    const attempt = new Attempt(request, statement, target, attempts.latest);
    attempts.latest = attempt;
    try {
      return attempt.succeed(await attempt.send());
    } catch (error) {
      throw attempt.fail(error);
    }
  };
  return retry(run, {
    // A stream is read by one of the attempts.
    get effect() {
      return effectOf(request);
    },
    phase: () => attempts.latest.phase,
    policy,
    budget: first.target.budget,
    // A drain aborts this signal as well, and ends the pause.
    signal: statement.signal,
    deadline: statement.deadline,
    hasOtherEndpoint: () => !tried.has(endpoints.next(tried)),
  });
}
