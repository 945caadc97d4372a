import { dirname, join } from 'node:path';
import { isError } from '../../errors/is-error.js';
import type { IngestEnvironment } from '../batch/environment.js';
import type { RejectedRows } from '../batch/store.js';
import { createFolder, type Disk, isFullDisk, onDisk, replaceFile } from './disk.js';

/** Directory, table and environment of the folder. */
export interface RejectedFilesOptions {
  readonly directory: string;
  readonly table: string;
  readonly disk: Disk;
  readonly environment: Pick<IngestEnvironment, 'warn'>;
}

/** The folder `rejected` of a directory: rows that were set aside, and beside each file the reason. */
export class RejectedFiles {
  readonly #folder: string;

  constructor(private readonly options: RejectedFilesOptions) {
    this.#folder = join(options.directory, 'rejected');
  }

  /** Writes rows that ClickHouse refused. A repetition after a crash replaces the same files. Returns the path. @throws IngestStoreError */
  async write({ id, rows, bytes, failure }: RejectedRows): Promise<string> {
    const path = join(this.#folder, `${id}.ndjson`);
    await this.#makeFolder();
    await onDisk('write the rejected rows', path, () => replaceFile(this.options.disk, this.#folder, path, bytes));
    await this.#explain(path, rows, failure);
    return path;
  }

  /** Moves a damaged segment, also on a full disk. Returns its new path. @throws IngestStoreError */
  async move(from: string, name: string, rows: number, failure: Error): Promise<string> {
    const { directory, disk } = this.options;
    // A folder needs space. The name alone takes the file out of the queue as well.
    const hasFolder = await this.#makeFolder().then(() => true, falseIfFull);
    const folder = hasFolder ? this.#folder : directory;
    const path = join(folder, `${name}.damaged`);
    await this.#tryToExplain(path, rows, failure);
    await onDisk('set the damaged segment aside as', path, async () => {
      await disk.rename(from, path);
      await disk.syncFolder(folder);
    });
    return path;
  }

  /** Writes a damaged part of a segment. Returns the path, or undefined if the disk is full. @throws IngestStoreError */
  async keep(name: string, bytes: Uint8Array, rows: number, failure: Error): Promise<string | undefined> {
    const path = join(this.#folder, `${name}.damaged`);
    const write = async (): Promise<true> => {
      await this.#makeFolder();
      await onDisk('write', path, () => replaceFile(this.options.disk, this.#folder, path, bytes));
      return true;
    };
    if (!(await write().catch(falseIfFull))) return undefined;
    await this.#tryToExplain(path, rows, failure);
    return path;
  }

  async #explain(path: string, rows: number, failure: Error): Promise<void> {
    const code: unknown = Reflect.get(failure, 'code');
    const reason = {
      table: this.options.table,
      rows,
      at: new Date().toISOString(),
      error: { name: failure.name, code, message: messageOf(failure) },
    };
    const file = `${path}.reason.json`;
    const text = `${JSON.stringify(reason, undefined, 2)}\n`;
    await onDisk('write', file, () => replaceFile(this.options.disk, dirname(path), file, text));
  }

  /** A missing reason must not prevent a start: the report has it as well. */
  async #tryToExplain(path: string, rows: number, failure: Error): Promise<void> {
    await this.#explain(path, rows, failure).catch((error: unknown) =>
      this.options.environment.warn(`The reason of ${path} could not be written: ${isError(error) ? error.message : String(error)}`),
    );
  }

  /** Is called each time, since the folder may be removed while the ingest runs. */
  async #makeFolder(): Promise<void> {
    await onDisk('create', this.#folder, () => createFolder(this.options.disk, this.#folder));
  }
}

/** Returns false if the error says that the disk is full. @throws every other error */
function falseIfFull(error: unknown): false {
  if (isFullDisk(error)) return false;
  throw error;
}

function messageOf(failure: Error): string {
  return isError(failure.cause) && failure.message === '' ? failure.cause.message : failure.message;
}
