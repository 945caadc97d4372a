import type { ClickHouseConfig } from '../config/config.js';
import type { ClickHouseConnectionManager } from '../manager/manager.js';
import { maxTimerMs } from '../concurrency/wait.js';
import { withCredentials } from './load.js';
import { asCredentials, type SecretSource } from './source.js';

export interface FreshnessOptions {
  /** How long after a refusal that was met with nothing new, or nothing that works, before the next one is met with a question: servers and stores lock out who asks on and on. */
  readonly pauseMs?: number;
  /** Told why a question or a rotation failed. The statement fails with what the server said of it. */
  readonly onFailure?: (failure: unknown) => void;
  /** Monotonic, in milliseconds. */
  readonly now?: () => number;
}

export interface FreshCredentials extends Disposable {
  /** Rotates to the secret as it is now; all who ask meanwhile share one question. Did that change what statements run with? */
  refresh(): Promise<boolean>;
}

/**
 * Keeps a manager's credentials those of a source: when it tells of a change, when its time is over, and when the server refuses them. Then
 * all who were refused share one question, and each statement is repeated once, if there is another secret and it works.
 */
export function keepCredentialsFresh(
  manager: Pick<ClickHouseConnectionManager, 'config' | 'onAuthenticationFailure' | 'rotate'>,
  source: SecretSource,
  { pauseMs = 10_000, onFailure, now = () => performance.now() }: FreshnessOptions = {},
): FreshCredentials {
  let refreshing: Promise<boolean> | undefined;
  let refusedAt = Number.NEGATIVE_INFINITY;
  let changes = 0;
  let wasRefused = false;

  const report = (failure: unknown): void => {
    try {
      onFailure?.(failure);
    } catch {
      // Whoever hears of failures must not become one.
    }
  };
  const told = async (ask: () => Promise<boolean>): Promise<boolean> => {
    try {
      return await ask();
    } catch (failure) {
      report(failure);
      return false;
    }
  };
  const rotateTo = async (secret: unknown): Promise<boolean> => {
    const { config } = manager;
    const next = withCredentials(config, asCredentials(secret, source.describe()), `secret: ${source.describe()}`);
    if (!differ(config, next)) return false;
    await manager.rotate(next);
    return true;
  };
  const run = async (): Promise<boolean> => {
    let isNew = false;
    let seen: number;
    // A change that comes while a question is under way may not be in its answer.
    do {
      seen = changes;
      isNew = (await told(async () => rotateTo(await source.get({ fresh: true })))) || isNew;
      if (!isNew && wasRefused)
        isNew = await told(async () => {
          const pending = await source.getPending?.();
          return pending !== undefined && rotateTo(pending);
        });
    } while (seen !== changes);
    if (isNew) refusedAt = Number.NEGATIVE_INFINITY;
    else if (wasRefused) refusedAt = now();
    refreshing = undefined;
    wasRefused = false;
    return isNew;
  };
  const refresh = (): Promise<boolean> => (refreshing ??= run());

  const renewal = manager.onAuthenticationFailure(async () => {
    if (!refreshing && now() - refusedAt < pauseMs) return;
    wasRefused = true;
    await refresh();
  });
  let stop: (() => void) | undefined;
  try {
    stop = source.onChange?.(() => {
      changes++;
      void refresh();
    });
  } catch (failure) {
    report(failure);
  }
  const stopAsking = aboutEvery(source.ttlMs, () => void refresh());
  return {
    refresh,
    [Symbol.dispose]: () => {
      renewal[Symbol.dispose]();
      stop?.();
      stopAsking();
    },
  };
}

/** A tenth sooner or later, so that processes which started together do not ask together. Keeps no process alive. */
function aboutEvery(periodMs = 0, ask: () => void): () => void {
  if (!(periodMs > 0 && periodMs < Number.POSITIVE_INFINITY)) return () => undefined;
  let timer: NodeJS.Timeout | undefined;
  const schedule = () => {
    timer = setTimeout(
      () => {
        schedule();
        ask();
      },
      Math.min(periodMs * (0.9 + Math.random() / 5), maxTimerMs),
    ).unref();
  };
  schedule();
  return () => clearTimeout(timer);
}

function differ({ engine: a }: ClickHouseConfig, { engine: b }: ClickHouseConfig): boolean {
  return a.kind === 'server' && b.kind === 'server' && (a.username !== b.username || a.password.reveal() !== b.password.reveal());
}
