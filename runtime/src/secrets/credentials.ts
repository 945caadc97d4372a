import type { ClickHouseConfig } from '../config/config.js';
import { isAuthenticationError } from '../predicates.js';
import type { ClickHouseConnectionManager } from '../manager.js';
import type { ClickHouseService } from '../service.js';
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
  /** The manager's, with one repetition of what the server refused before the secret was changed. Its `close()` drains the manager. */
  readonly service: ClickHouseService;
  /** Rotates to the secret as it is now; all who ask meanwhile share one question. Did that change what statements run with? */
  refresh(): Promise<boolean>;
}

/**
 * Keeps a manager's credentials those of a source: when it tells of a change, and when the server refuses them. Then all who were
 * refused share one question, and each statement is repeated once, if there is another secret and it works.
 */
export function keepCredentialsFresh(
  manager: Pick<ClickHouseConnectionManager, 'config' | 'rotate' | 'service'>,
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

  /** Is there now something else to try than what was refused? */
  const isReplaced = async (refused: ClickHouseConfig): Promise<boolean> => {
    if (differ(refused, manager.config)) return true;
    if (!refreshing && now() - refusedAt < pauseMs) return false;
    await refresh();
    return differ(refused, manager.config);
  };
  const repeated = async <Result>(run: () => Promise<Result>, isRefused: (result: Result) => boolean, isRepeatable = true): Promise<Result> => {
    const { config } = manager;
    try {
      const result = await run();
      if (!isRefused(result) || !(await isReplaced(config))) return result;
    } catch (error) {
      // The question is worth it for those who come later, also where the body has been read and cannot be sent again.
      if (!isAuthenticationError(error) || !(await isReplaced(config)) || !isRepeatable) throw error;
    }
    return run();
  };
  const never = (): boolean => false;

  const { service } = manager;
  const stop = source.onChange?.(() => void refresh());
  return {
    service: {
      query: (params) => repeated(() => service.query(params), never),
      insert: (params) => repeated(() => service.insert(params), never, Array.isArray(params.values)),
      command: (params) => repeated(() => service.command(params), never),
      exec: (params) => repeated(() => service.exec(params), never, !('values' in params)),
      ping: (params) => repeated(() => service.ping(params), (answer) => !answer.success && isAuthenticationError(answer.error)),
      close: () => service.close(),
    },
    refresh,
    [Symbol.dispose]: () => stop?.(),
  };
}

function differ({ engine: a }: ClickHouseConfig, { engine: b }: ClickHouseConfig): boolean {
  return a.kind === 'server' && b.kind === 'server' && (a.username !== b.username || a.password.reveal() !== b.password.reveal());
}
