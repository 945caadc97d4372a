import type { ClickHouseConfig } from '../config/config.js';
import type { ClickHouseConnectionManager } from '../manager.js';
import { withCredentials } from './load.js';
import { asCredentials, type SecretSource } from './source.js';

export interface FreshnessOptions {
  /** How long after a question that brought nothing new, or nothing that works, before the next: servers and stores lock out who asks on and on. */
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
 * Keeps a manager's credentials those of a source: when it tells of a change, and when the server refuses them. Then all who were
 * refused share one question, and each statement is repeated once, if there is another secret and it works.
 */
export function keepCredentialsFresh(
  manager: Pick<ClickHouseConnectionManager, 'config' | 'onRefusedCredentials' | 'rotate'>,
  source: SecretSource,
  { pauseMs = 10_000, onFailure, now = () => performance.now() }: FreshnessOptions = {},
): FreshCredentials {
  let refreshing: Promise<boolean> | undefined;
  let refusedAt = Number.NEGATIVE_INFINITY;

  const ask = async (): Promise<boolean> => {
    try {
      const { config } = manager;
      const next = withCredentials(config, asCredentials(await source.get({ fresh: true })), `secret: ${source.describe()}`);
      if (!differ(config, next)) return false;
      await manager.rotate(next);
      return true;
    } catch (failure) {
      onFailure?.(failure);
      return false;
    }
  };
  const refresh = (): Promise<boolean> =>
    (refreshing ??= ask().then((isNew) => {
      refusedAt = isNew ? Number.NEGATIVE_INFINITY : now();
      refreshing = undefined;
      return isNew;
    }));

  const renewal = manager.onRefusedCredentials(async () => {
    if (refreshing || now() - refusedAt >= pauseMs) await refresh();
  });
  const stop = source.onChange?.(() => void refresh());
  return {
    refresh,
    [Symbol.dispose]: () => {
      renewal[Symbol.dispose]();
      stop?.();
    },
  };
}

function differ({ engine: a }: ClickHouseConfig, { engine: b }: ClickHouseConfig): boolean {
  return a.kind === 'server' && b.kind === 'server' && (a.username !== b.username || a.password.reveal() !== b.password.reveal());
}
