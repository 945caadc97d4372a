/** How far the delivery of a batch is. A batch is delivered in the order of its rows, so one position tells what is left. */
export interface Progress {
  /**
   * The part that is next: `0` or `1` for each division, for the first or the second half. Empty: the batch as a whole. The rows before the part
   * are delivered or set aside. Those behind it were refused or not sent yet, unless they are unanswered.
   */
  readonly path: string;
  /** Inserts that may have arrived. Undefined: there are none. */
  readonly unanswered: UnansweredInserts | undefined;
}

/** Inserts whose answer is not known. */
export interface UnansweredInserts {
  /** The last part of them: each part from that of the progress to this one may have been inserted. It is behind while rows are held back. */
  readonly path: string;
  /** Time of the first one on the clock of the environment, or an earlier time. */
  readonly since: number;
  /** Whether each of them had the deduplication token of the part. A table drops no copy of an insert without one. */
  readonly hadToken: boolean;
}

/** Of a batch that was never sent. */
export const notSent: Progress = { path: '', unanswered: undefined };

/** Returns the numbers of rows of both halves. The first one has the row in the middle. */
export function halfSizes(rows: number): readonly [number, number] {
  const first = Math.ceil(rows / 2);
  return [first, rows - first];
}

/** Returns the number of rows of a batch before the part. */
export function rowsBefore(rows: number, path: string): number {
  let [before, size] = [0, rows];
  for (const half of path) {
    const [first, second] = halfSizes(size);
    before += half === '1' ? first : 0;
    size = half === '1' ? second : first;
  }
  return before;
}

/** Returns the length of the first lines, in bytes. */
export function lengthOfLines(bytes: Buffer, lines: number): number {
  let end = 0;
  for (let line = 0; line < lines; line++) end = bytes.indexOf('\n', end) + 1;
  return end;
}
