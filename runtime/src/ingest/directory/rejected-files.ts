import { join } from 'node:path';
import { isError } from '../../errors/is-error.js';
import type { RejectedRows } from '../batch/store.js';
import { type Disk, onDisk, replaceFile } from './disk.js';

/** The folder `rejected` of a directory: rows that were set aside, and beside each file the reason. */
export class RejectedFiles {
  readonly #folder: string;
  #isMade = false;

  constructor(
    directory: string,
    private readonly table: string,
    private readonly disk: Disk,
  ) {
    this.#folder = join(directory, 'rejected');
  }

  /** Writes rows that ClickHouse refused. A repetition after a crash replaces the same files. Returns the path. @throws IngestStoreError */
  async write({ id, rows, bytes, failure }: RejectedRows): Promise<string> {
    const path = join(this.#folder, `${id}.ndjson`);
    await this.#makeFolder();
    await onDisk('write the rejected rows', path, () => replaceFile(this.disk, this.#folder, path, bytes));
    await this.#explain(path, rows, failure);
    return path;
  }

  /** Moves a damaged segment. Returns its new path. @throws IngestStoreError */
  async move(from: string, name: string, rows: number, failure: Error): Promise<string> {
    const path = join(this.#folder, `${name}.damaged`);
    await this.#makeFolder();
    await this.#explain(path, rows, failure);
    await onDisk('set the damaged segment aside as', path, async () => {
      await this.disk.rename(from, path);
      await this.disk.syncFolder(this.#folder);
    });
    return path;
  }

  /** Writes a damaged part of a segment. Returns the path. @throws IngestStoreError */
  async keep(name: string, bytes: Uint8Array, rows: number, failure: Error): Promise<string> {
    const path = join(this.#folder, `${name}.damaged`);
    await this.#makeFolder();
    await onDisk('write', path, () => replaceFile(this.disk, this.#folder, path, bytes));
    await this.#explain(path, rows, failure);
    return path;
  }

  async #explain(path: string, rows: number, failure: Error): Promise<void> {
    const code: unknown = Reflect.get(failure, 'code');
    const reason = {
      table: this.table,
      rows,
      at: new Date().toISOString(),
      error: { name: failure.name, code, message: messageOf(failure) },
    };
    const file = `${path}.reason.json`;
    await onDisk('write', file, () => replaceFile(this.disk, this.#folder, file, `${JSON.stringify(reason, undefined, 2)}\n`));
  }

  async #makeFolder(): Promise<void> {
    if (this.#isMade) return;
    await onDisk('create', this.#folder, () => this.disk.makeFolder(this.#folder));
    this.#isMade = true;
  }
}

function messageOf(failure: Error): string {
  return isError(failure.cause) && failure.message === '' ? failure.cause.message : failure.message;
}
