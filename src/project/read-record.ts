import { contentIdOf } from './content-id.js';

/**
 * Everything that an analysis has read from the disk beside the list of files. An answer holds as long as each of these is the same.
 * The document store and the project fill it; the answer cache compares it.
 */
export class ReadRecord {
  /** Content ids by absolute path, as last read; undefined for a file that could not be read. */
  readonly files = new Map<string, string | undefined>();
  /** Whether paths existed that were looked for, by absolute path. */
  readonly existence = new Map<string, boolean>();
  /** The names that files were looked for by: a base name, or a pattern of it. */
  readonly names = new Map<string, string | RegExp>();

  /** `bytes` is undefined if the file could not be read. */
  addFile(file: string, bytes: Uint8Array | undefined): void {
    this.files.set(file, bytes && contentIdOf(bytes));
  }

  /** Returns a record of both. Where they differ, `newer` counts. */
  joined(newer: ReadRecord): ReadRecord {
    const record = new ReadRecord();
    for (const { files, existence, names } of [this, newer]) {
      for (const [file, id] of files) record.files.set(file, id);
      for (const [path, exists] of existence) record.existence.set(path, exists);
      for (const [key, name] of names) record.names.set(key, name);
    }
    return record;
  }

  addExistence(path: string, exists: boolean): void {
    this.existence.set(path, exists);
  }

  addName(name: string | RegExp): void {
    this.names.set(String(name), name);
  }
}
