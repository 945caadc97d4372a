/** What the producer process writes to its parent, one line each. Each line is written at once, so that a kill loses none before it. */
export type ProducerRecord =
  /** The directories are open. */
  | { readonly kind: 'open' }
  /** A directory could not be opened. The process ends. */
  | { readonly kind: 'not-open'; readonly table: string; readonly message: string }
  /** `add` has resolved. */
  | { readonly kind: 'added'; readonly table: string; readonly ids: readonly number[] }
  /** `add` has rejected. */
  | { readonly kind: 'refused'; readonly table: string; readonly ids: readonly number[]; readonly message: string }
  /** Rows that were set aside in memory. */
  | { readonly kind: 'rejected'; readonly table: string; readonly ids: readonly number[] }
  /** The figures of an ingest of this process. */
  | { readonly kind: 'stats'; readonly table: string; readonly stats: ObservedStats }
  /** Resident memory of the process. */
  | { readonly kind: 'memory'; readonly bytes: number }
  /** All rows are delivered, and the ingests are closed. */
  | { readonly kind: 'closed' };

/** The figures that the harness compares. */
export interface ObservedStats {
  readonly bufferedRows: number;
  readonly bufferedBytes: number;
  readonly possiblyDuplicatedRows: number;
}

/** Formats a record as a line. */
export function formatRecord(record: ProducerRecord): string {
  return `${JSON.stringify(record)}\n`;
}

/** Returns the record of a line. @throws SyntaxError, TypeError */
export function parseRecord(line: string): ProducerRecord {
  const parsed: unknown = JSON.parse(line);
  if (!isRecord(parsed)) throw new TypeError(`Expected a record of the producer, found: ${line}`);
  return parsed;
}

function isRecord(value: unknown): value is ProducerRecord {
  return typeof value === 'object' && value !== null && 'kind' in value;
}
