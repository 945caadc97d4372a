import type { ClickHouseConfig } from '../config/config.js';
import type { ClickHouseConnectionManager } from '../manager/manager.js';
import { anyFunction, assertOptions, atLeast, type OptionRules } from '../config/validate-options.js';
import { maxTimerMs } from '../concurrency/wait.js';
import { withCredentials } from './load.js';
import { type SecretSource, toCredentials } from './source.js';

/** The options of `keepCredentialsFresh`. */
export interface FreshnessOptions {
  /**
   * Pause after an authentication failure for which the source had no new, working secret, in milliseconds, 0 or more. Authentication
   * failures in the pause do not read the source, since servers and stores block clients that repeat failed requests. Default: 10,000.
   */
  readonly pauseMs?: number | undefined;
  /** Receives each failure of the source or of a rotation. Its errors are ignored. The statement fails with the error of the server. */
  readonly onFailure?: ((failure: unknown) => void) | undefined;
  /** Returns the time of a monotonic clock, in milliseconds. Default: `performance.now()`. */
  readonly now?: (() => number) | undefined;
}

/** Keeps the credentials of a manager current until it is disposed. */
export interface FreshCredentials extends Disposable {
  /**
   * Reads the source and rotates the manager if the secret is new. Concurrent calls share one read. Resolves with whether the manager was
   * rotated. Never rejects: failures go to `onFailure`.
   */
  refresh(): Promise<boolean>;
}

const rules: OptionRules<FreshnessOptions> = { pauseMs: atLeast(0), onFailure: anyFunction, now: anyFunction };

/**
 * Keeps the credentials of a manager equal to those of a source. It reads the source after a change, about every `ttlMs` of the source, and
 * when the server rejects the credentials. All rejected statements share one read. Each is sent once more if the source has a new secret
 * that works. Failures go to `onFailure`.
 * @throws ConfigError if an option is unknown or invalid
 */
export function keepCredentialsFresh(
  manager: Pick<ClickHouseConnectionManager, 'config' | 'onAuthenticationFailure' | 'rotate'>,
  source: SecretSource,
  options: FreshnessOptions = {},
): FreshCredentials {
  assertOptions('keepCredentialsFresh', rules, options);
  const { pauseMs = 10_000, onFailure, now = () => performance.now() } = options;
  let refreshing: Promise<boolean> | undefined;
  let pauseStartedAt = Number.NEGATIVE_INFINITY;
  let changes = 0;
  let wereRejected = false;

  const report = (failure: unknown): void => {
    try {
      onFailure?.(failure);
    } catch {
      // An error of the listener must not become a failure of the statement.
    }
  };
  const falseIfFailed = async (run: () => Promise<boolean>): Promise<boolean> => {
    try {
      return await run();
    } catch (failure) {
      report(failure);
      return false;
    }
  };
  const rotateTo = async (secret: unknown): Promise<boolean> => {
    const { config } = manager;
    const next = withCredentials(config, toCredentials(secret, source.describe()), `secret: ${source.describe()}`);
    if (!haveDifferentCredentials(config, next)) return false;
    await manager.rotate(next);
    return true;
  };
  const run = async (): Promise<boolean> => {
    let isNew = false;
    let changesBefore: number;
    // The result of a read may lack a change that happens while it is in progress.
    do {
      changesBefore = changes;
      isNew = (await falseIfFailed(async () => rotateTo(await source.get({ fresh: true })))) || isNew;
      if (!isNew && wereRejected)
        isNew = await falseIfFailed(async () => {
          const pending = await source.getPending?.();
          return pending !== undefined && rotateTo(pending);
        });
    } while (changesBefore !== changes);
    if (isNew) pauseStartedAt = Number.NEGATIVE_INFINITY;
    else if (wereRejected) pauseStartedAt = now();
    refreshing = undefined;
    wereRejected = false;
    return isNew;
  };
  const refresh = (): Promise<boolean> => (refreshing ??= run());

  const registration = manager.onAuthenticationFailure(async () => {
    if (!refreshing && now() - pauseStartedAt < pauseMs) return;
    wereRejected = true;
    await refresh();
  });
  let stopListening: (() => void) | undefined;
  try {
    stopListening = source.onChange?.(() => {
      changes++;
      void refresh();
    });
  } catch (failure) {
    report(failure);
  }
  const stopTimer = repeatWithJitter(source.ttlMs, () => void refresh());
  return {
    refresh,
    [Symbol.dispose]: () => {
      registration[Symbol.dispose]();
      stopListening?.();
      stopTimer();
    },
  };
}

/**
 * Runs the action every 0.9 to 1.1 periods, so that processes that started together do not read the store together. Does nothing for a period
 * of 0 or infinity. The timer does not keep the process alive. Returns a function that stops it.
 */
function repeatWithJitter(periodMs = 0, action: () => void): () => void {
  if (!(periodMs > 0 && periodMs < Number.POSITIVE_INFINITY)) return () => undefined;
  let timer: NodeJS.Timeout | undefined;
  const schedule = () => {
    timer = setTimeout(
      () => {
        schedule();
        action();
      },
      Math.min(periodMs * (0.9 + Math.random() / 5), maxTimerMs),
    ).unref();
  };
  schedule();
  return () => clearTimeout(timer);
}

function haveDifferentCredentials({ engine: a }: ClickHouseConfig, { engine: b }: ClickHouseConfig): boolean {
  if (a.kind === 'embedded' || b.kind === 'embedded') return false;
  return a.username !== b.username || a.password.reveal() !== b.password.reveal() || a.accessToken?.reveal() !== b.accessToken?.reveal();
}
