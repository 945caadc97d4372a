import { Writable } from 'node:stream';

/** Rows that the stream takes before it makes its source wait. */
const highWaterMark = 1_000;

/** Returns a stream of rows. A write is done when its rows are accepted, so the source waits while the ingest is full. */
export function rowWritable(add: (rows: readonly unknown[], abort_signal: AbortSignal) => Promise<void>): Writable {
  const destroyed = new AbortController();
  const write = (rows: readonly unknown[], done: (error?: Error | null) => void): void => {
    add(rows, destroyed.signal).then(() => done(), done);
  };
  return new Writable({
    objectMode: true,
    highWaterMark,
    write: (row: unknown, _, done) => write([row], done),
    writev: (chunks, done) =>
      write(
        chunks.map(({ chunk }): unknown => chunk),
        done,
      ),
    // Rows that wait for space must not be accepted after the source was told of a failure.
    destroy: (error, done) => {
      destroyed.abort();
      done(error);
    },
  });
}
