import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';

/** A named pipe that the engine writes a result to. The engine waits while the reader is slow. */
export interface ResultPipe {
  readonly path: string;
  readonly reader: Socket;
  /** Marks that the engine has written everything. The reader then ends after the last byte. */
  finish(): void;
}

/** Returns the function that opens a named pipe in the folder. Pipes are created in batches, since Node can only start `mkfifo`. */
export function pipesIn(folder: string): () => ResultPipe {
  const free: string[] = [];
  let created = 0;

  function createBatch(): void {
    const paths = Array.from({ length: 64 }, () => join(folder, `result-${process.pid}-${created++}`));
    execFileSync('mkfifo', paths);
    free.push(...paths);
  }

  return () => {
    if (free.length === 0) createBatch();
    const path = free.pop() ?? '';
    const readEnd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    // The reader ends when the last writer closes the pipe: this one keeps it open until the engine has finished.
    const writeEnd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    const reader = new Socket({ fd: readEnd, readable: true, writable: false });
    // Free when both ends are closed: a result that is no longer read must not go into that of the next statement.
    let openEnds = 2;
    const closeEnd = (): void => {
      if (--openEnds === 0) free.push(path);
    };
    reader.on('close', closeEnd);
    return {
      path,
      reader,
      finish: () => {
        closeSync(writeEnd);
        closeEnd();
      },
    };
  };
}
