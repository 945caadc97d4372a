import { asCredentials, type Credentials, type SecretSource } from './source.js';

export interface CacheOptions {
  /** For how long a secret is used without asking again. */
  readonly ttlMs: number;
  /** For how long after that it may still stand in for a source that fails. Not at all by default. */
  readonly staleMs?: number;
  /** Told of each failure that a stale secret stood in for. */
  readonly onStale?: (failure: unknown, ageMs: number) => void;
  /** Monotonic, in milliseconds. */
  readonly now?: () => number;
}

/** Asks a source once for all who ask meanwhile, and again when its answer is older than `ttlMs`, has changed, or is asked for fresh. */
export function cached(source: SecretSource, { ttlMs, staleMs = 0, onStale, now = () => performance.now() }: CacheOptions): SecretSource {
  let known: { readonly secret: string | Credentials; readonly at: number } | undefined;
  let asking: Promise<string | Credentials> | undefined;
  let isOutdated = false;

  const ask = async (): Promise<string | Credentials> => {
    // Before the question: a change that comes while it is under way may not be in the answer.
    isOutdated = false;
    const at = now();
    try {
      const secret = await source.get({ fresh: true });
      // What is none must not take the place of one that works.
      asCredentials(secret, source.describe());
      known = { secret, at };
      return secret;
    } catch (failure) {
      isOutdated = true;
      const ageMs = known ? now() - known.at : Number.POSITIVE_INFINITY;
      if (!known || ageMs > ttlMs + staleMs) throw failure;
      try {
        onStale?.(failure, ageMs);
      } catch {
        // Whoever hears of it must not keep the secret from those who ask.
      }
      return known.secret;
    }
  };

  return {
    get: ({ fresh = false } = {}) => {
      if (known && !fresh && !isOutdated && now() - known.at < ttlMs) return Promise.resolve(known.secret);
      return (asking ??= ask().finally(() => (asking = undefined)));
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
