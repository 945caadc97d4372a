/** Options of the producer process, as its argument in JSON. */
export interface ProducerOptions {
  /** Address of the server. */
  readonly url: string;
  /** Number of this process in its round, from 1. The ids of its rows begin with it. */
  readonly life: number;
  readonly seed: number;
  readonly ingests: readonly IngestUnderTest[];
  /** Whether one row of a thousand cannot be inserted. */
  readonly hasInvalidRows: boolean;
}

/** One ingest of the producer. */
export interface IngestUnderTest {
  readonly table: string;
  /** Undefined: in memory. */
  readonly directory: string | undefined;
  readonly fsync: FsyncPolicy;
}

export const fsyncPolicies = ['always', 'never'] as const;
export type FsyncPolicy = (typeof fsyncPolicies)[number];

/** Each row has one of these keys. The rows of a key are added one call after the other. */
export const keys = 4;
/** The id of the n-th row of a life is `life * idsPerLife + n`, and its key is the remainder by `keys`. */
export const idsPerLife = 1_000_000;
/** A producer adds fewer rows to each ingest, so that a round ends soon. */
export const maxRowsPerLife = 3_000;
/** Bounds of each ingest. */
export const bounds = { rows: 800, bytes: 2 << 20, directoryBytes: 4 << 20 } as const;

/** Returns the options in the argument. @throws SyntaxError, TypeError */
export function parseProducerOptions(text: string): ProducerOptions {
  const parsed: unknown = JSON.parse(text);
  if (!isProducerOptions(parsed)) throw new TypeError(`The options of the producer are invalid: ${text}`);
  return parsed;
}

function isProducerOptions(value: unknown): value is ProducerOptions {
  return (
    typeof value === 'object' &&
    value !== null &&
    'url' in value &&
    'life' in value &&
    'seed' in value &&
    'hasInvalidRows' in value &&
    'ingests' in value &&
    Array.isArray(value.ingests)
  );
}
