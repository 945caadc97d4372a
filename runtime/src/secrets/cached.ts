import { anyFunction, assertOptions, atLeast, type OptionRules } from '../config/validate-options.js';
import { type Credentials, type SecretSource, toCredentials } from './source.js';

/** The options of `cached`. */
export interface CacheOptions {
  /** Time for which a secret is used before the source is read again, in milliseconds, 0 or more. */
  readonly ttlMs: number;
  /** Time after `ttlMs` for which the cached secret replaces a failing source, in milliseconds, 0 or more. Default: 0. */
  readonly staleMs?: number | undefined;
  /** Receives each failure that the cached secret replaced, with the age of that secret in milliseconds. Its errors are ignored. */
  readonly onStale?: ((failure: unknown, ageMs: number) => void) | undefined;
  /** Returns the time of a monotonic clock, in milliseconds. Default: `performance.now()`. */
  readonly now?: (() => number) | undefined;
}

const rules: OptionRules<CacheOptions> = {
  ttlMs: { ...atLeast(0), isRequired: true },
  staleMs: atLeast(0),
  onStale: anyFunction,
  now: anyFunction,
};

/**
 * Returns a source that caches the secret of another one. Concurrent calls of `get` share one read. The source is read again after `ttlMs`,
 * after a change, after a failure, and for `fresh`.
 *
 * `get` rejects with the failure of the source, or with ConfigError for an invalid secret, if no cached secret may replace it.
 */
export function cached(source: SecretSource, options: CacheOptions): SecretSource {
  assertOptions('cached', rules, options);
  const { ttlMs, staleMs = 0, onStale, now = () => performance.now() } = options;
  let entry: { readonly secret: string | Credentials; readonly at: number } | undefined;
  let pending: Promise<string | Credentials> | undefined;
  let isOutdated = false;

  const load = async (): Promise<string | Credentials> => {
    // Before the read: its result may lack a change that happens while it is in progress.
    isOutdated = false;
    const at = now();
    try {
      const secret = await source.get({ fresh: true });
      // An invalid secret must not replace a valid one.
      toCredentials(secret, source.describe());
      entry = { secret, at };
      return secret;
    } catch (failure) {
      isOutdated = true;
      const ageMs = entry ? now() - entry.at : Number.POSITIVE_INFINITY;
      if (!entry || ageMs > ttlMs + staleMs) throw failure;
      try {
        onStale?.(failure, ageMs);
      } catch {
        // An error of the listener must not hide the secret.
      }
      return entry.secret;
    }
  };

  return {
    get: ({ fresh = false } = {}) => {
      if (entry && !fresh && !isOutdated && now() - entry.at < ttlMs) return Promise.resolve(entry.secret);
      return (pending ??= load().finally(() => (pending = undefined)));
    },
    ttlMs,
    ...(source.getPending && { getPending: async () => source.getPending?.() }),
    ...(source.onChange && {
      onChange: (listener: () => void) =>
        source.onChange?.(() => {
          isOutdated = true;
          listener();
        }) ?? (() => undefined),
    }),
    describe: () => source.describe(),
  };
}
