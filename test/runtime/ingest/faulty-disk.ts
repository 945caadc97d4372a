import { type Disk, type DiskFile, nodeDisk } from '../../../runtime/src/ingest/directory/disk.js';

/** An operation on a disk: a method of `Disk` or of an open file, and the path. */
export interface DiskOperation {
  readonly name: string;
  readonly path: string;
}

/** A disk that records its operations and fails those for which `faultOf` returns a code. A failed write may write a part of its bytes. */
export class FaultyDisk implements Disk {
  readonly operations: DiskOperation[] = [];
  faultOf: (operation: DiskOperation) => string | undefined = () => undefined;
  /** Returns a promise after which the operation runs, if it is to be delayed. */
  delayOf: (operation: DiskOperation) => Promise<void> | undefined = () => undefined;
  /** Bytes that a failed write has written. */
  tornBytes = 0;

  readonly create = async (path: string): Promise<DiskFile> =>
    this.#watch(path, await this.#run('create', path, () => nodeDisk.create(path)));
  readonly open = async (path: string): Promise<DiskFile> => this.#watch(path, await this.#run('open', path, () => nodeDisk.open(path)));
  readonly read = (path: string) => this.#run('read', path, () => nodeDisk.read(path));
  readonly rename = (from: string, to: string) => this.#run('rename', from, () => nodeDisk.rename(from, to));
  readonly remove = (path: string) => this.#run('remove', path, () => nodeDisk.remove(path));
  readonly list = (folder: string) => this.#run('list', folder, () => nodeDisk.list(folder));
  readonly makeFolder = (folder: string) => this.#run('makeFolder', folder, () => nodeDisk.makeFolder(folder));
  readonly syncFolder = (folder: string) => this.#run('syncFolder', folder, () => nodeDisk.syncFolder(folder));
  readonly inspect = (path: string) => this.#run('inspect', path, () => nodeDisk.inspect(path));

  #watch(path: string, file: DiskFile): DiskFile {
    return {
      write: async (bytes, position) => {
        const isFaulty = this.faultOf({ name: 'write', path }) !== undefined;
        if (isFaulty) await file.write(bytes.subarray(0, this.tornBytes), position);
        await this.#run('write', path, () => file.write(bytes, position));
      },
      sync: (length) => this.#run('sync', path, () => file.sync(length)),
      assertStored: () => {
        this.#record('assertStored', path);
        file.assertStored();
      },
      truncate: (length) => this.#run('truncate', path, () => file.truncate(length)),
      close: () => file.close(),
    };
  }

  async #run<Result>(name: string, path: string, run: () => Promise<Result>): Promise<Result> {
    this.#record(name, path);
    await this.delayOf({ name, path });
    return run();
  }

  #record(name: string, path: string): void {
    this.operations.push({ name, path });
    const code = this.faultOf({ name, path });
    if (code !== undefined) throw Object.assign(new Error(`${code}: ${name}`), { code, syscall: name });
  }
}
