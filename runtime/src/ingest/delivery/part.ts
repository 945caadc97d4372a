import type { Batch } from '../batch/store.js';

/** A batch, or a part of one that was divided. */
export interface Part {
  /** Deduplication token. That of a half follows from that of the whole, so that the same division after a crash has the same tokens. */
  readonly id: string;
  readonly rows: number;
  /** The rows as lines of JSON. */
  readonly bytes: Buffer;
  /** Time since which an earlier process may have sent these rows, alone or with others. Undefined: no process has. */
  readonly sentSince: number | undefined;
}

/** Returns a batch as a part that is the whole. */
export function wholeOf({ id, rows, sentSince }: Batch, bytes: Buffer): Part {
  return { id, rows, bytes, sentSince };
}

/** Returns the halves of a part of two rows or more. The first one has the row in the middle. */
export function halvesOf({ id, rows, bytes, sentSince }: Part): readonly [Part, Part] {
  const firstRows = Math.ceil(rows / 2);
  let end = 0;
  for (let row = 0; row < firstRows; row++) end = bytes.indexOf('\n', end) + 1;
  return [
    { id: `${id}-0`, rows: firstRows, bytes: bytes.subarray(0, end), sentSince },
    { id: `${id}-1`, rows: rows - firstRows, bytes: bytes.subarray(end), sentSince },
  ];
}
