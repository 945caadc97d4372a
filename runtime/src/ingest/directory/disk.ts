import { accessSync, constants } from 'node:fs';
import { open, mkdir, readdir, readFile, rename, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { IngestStoreError } from '../../errors/index.js';

/** A file that is open for writing. */
export interface DiskFile {
  /** Writes all bytes at the position. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** Resolves when the disk has the data of the file, which has this length in bytes. */
  sync(length: number): Promise<void>;
  /** Throws if the file is no longer at its path, or if its file system has become read-only. Writes and syncs may succeed even so. */
  assertStored(): void;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

/** The operations of the file system that a directory store needs. They fail with the errors of Node.js. */
export interface Disk {
  /** Creates a file, which must not exist. */
  create(path: string): Promise<DiskFile>;
  /** Opens a file that exists. */
  open(path: string): Promise<DiskFile>;
  read(path: string): Promise<Buffer>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Returns the names in a folder. */
  list(folder: string): Promise<readonly string[]>;
  /** Creates a folder and its parents where they are missing. Returns the folders that have a new name in them, the outermost first. */
  makeFolder(folder: string): Promise<readonly string[]>;
  /** Resolves when the disk has the names in the folder. */
  syncFolder(folder: string): Promise<void>;
  /** Returns the length of a file in bytes, and the time of its last change in milliseconds since 1970. */
  inspect(path: string): Promise<{ readonly bytes: number; readonly changedAt: number }>;
}

async function openFile(path: string, flags: string): Promise<DiskFile> {
  const handle = await open(path, flags);
  return {
    async write(bytes, position) {
      for (let written = 0; written < bytes.length;) {
        const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, position + written);
        written += bytesWritten;
      }
    },
    sync: async (length) => {
      await handle.datasync();
      // Linux may report success for a sync during which the disk fails. A change of the file fails then; this one changes nothing.
      await handle.truncate(length);
    },
    // A write to a removed file succeeds, and so may a sync on a file system that an error has made read-only. After a write, the system has
    // the answer in memory. A thread for it would take ten times as long.
    assertStored: () => accessSync(path, constants.W_OK),
    truncate: (length) => handle.truncate(length),
    close: () => handle.close(),
  };
}

/** The file system of the process. */
export const nodeDisk: Disk = {
  create: (path) => openFile(path, 'wx'),
  open: (path) => openFile(path, 'r+'),
  read: (path) => readFile(path),
  rename,
  remove: async (path) => {
    await unlink(path).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
  },
  list: (folder) => readdir(folder),
  makeFolder: async (folder) => {
    const outermost = await mkdir(folder, { recursive: true });
    const parents: string[] = [];
    for (let made = folder; outermost !== undefined && made.length >= outermost.length; made = dirname(made))
      parents.unshift(dirname(made));
    return parents;
  },
  syncFolder: async (folder) => {
    // Windows opens no folders; its file system keeps the names in a journal.
    if (process.platform === 'win32') return;
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
  inspect: async (path) => {
    const { size, mtimeMs } = await stat(path);
    return { bytes: size, changedAt: mtimeMs };
  },
};

/** Runs an operation. @throws IngestStoreError in place of the error of Node.js */
export async function onDisk<Result>(operation: string, path: string, run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (cause) {
    throw new IngestStoreError({ operation, path, cause });
  }
}

/** Creates a folder if it is missing. Resolves when the disk has its name and those of its new parents. `folder` is an absolute path. */
export async function createFolder(disk: Disk, folder: string): Promise<void> {
  for (const parent of await disk.makeFolder(folder)) await disk.syncFolder(parent);
}

/** Whether an error of Node.js, or of a store, says that there is no such file. */
export function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

/** Whether an error of Node.js, or of a store, says that the disk has no space for the process. */
export function isFullDisk(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].some((code) => code === codeOf(error));
}

function codeOf(error: unknown): unknown {
  if (error instanceof IngestStoreError) return error.systemCode;
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

/** Writes a file as a whole: either all of it is there after a crash, or what was there before. */
export async function replaceFile(disk: Disk, folder: string, path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.new`;
  await disk.remove(temporary);
  const bytes = Buffer.from(content);
  try {
    await writeFile(disk, temporary, bytes);
  } catch (error) {
    await disk.remove(temporary).catch(() => undefined);
    throw error;
  }
  await disk.rename(temporary, path);
  await disk.syncFolder(folder);
}

async function writeFile(disk: Disk, path: string, bytes: Uint8Array): Promise<void> {
  const file = await disk.create(path);
  try {
    await file.write(bytes, 0);
    await file.sync(bytes.length);
  } finally {
    await file.close();
  }
}
