import type { ConfiguredClientOptions } from '../config/client-options.js';

type JsonHandling = NonNullable<ConfiguredClientOptions['json']>;

const encodingErrors = new WeakSet<Error>();

/** Returns the handling with an encoder whose errors `isEncodingError` recognises. They may have any class and message. */
export function markEncodingErrors({ stringify, ...handling }: JsonHandling): JsonHandling {
  if (!stringify) return handling;
  return {
    ...handling,
    stringify: (value) => {
      try {
        return stringify(value);
      } catch (thrown) {
        const error = thrown instanceof Error ? thrown : new Error(`The encoder threw ${String(thrown)}.`, { cause: thrown });
        encodingErrors.add(error);
        throw error;
      }
    },
  };
}

/** Whether `json.stringify` of the configuration threw the error. The values of an array are encoded before anything is sent. */
export function isEncodingError(error: unknown): error is Error {
  return error instanceof Error && encodingErrors.has(error);
}
