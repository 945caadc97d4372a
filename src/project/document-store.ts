import { closeSync, fstatSync, openSync, readFileSync, statSync } from 'node:fs';
import type { ReadRecord } from './read-record.js';

interface FileStamp {
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly size: number;
}

interface DiskText {
  readonly text: string;
  /** The stamp of the file when the text was read; undefined until the first refresh. */
  stamp: FileStamp | undefined;
  /** Time of the read, in milliseconds since the epoch. */
  readonly readAt: number;
}

/** Allowance for the difference between the clocks of the disk and the process, and for coarse timestamps, in milliseconds. */
const mtimeToleranceMs = 2_000;

/**
 * The text of each file: the linter's if it passed one and the file on disk is the same since, else the disk's.
 * Texts have no byte order mark, so that offsets agree with ESLint, oxlint and ts-morph.
 */
export class DocumentStore {
  readonly #disk = new Map<string, DiskText>();
  /** Files that could not be read. If one appears, its text has changed. */
  readonly #missing = new Set<string>();
  readonly #open = new Map<string, { readonly text: string; readonly stamp: FileStamp | undefined }>();

  /** `record` receives each read of the disk. Default: none does. */
  constructor(private readonly record?: ReadRecord) {}

  /** Whether a linter's text counts for some file. */
  get hasOpenTexts(): boolean {
    return this.#open.size > 0;
  }

  /** Returns the text; undefined if the file cannot be read. */
  read(file: string): string | undefined {
    return this.#open.get(file)?.text ?? this.#fromDisk(file)?.text;
  }

  /** Returns the files that a linter passed and that do not exist on disk. */
  unsaved(): string[] {
    return [...this.#open].filter(([, { stamp }]) => stamp === undefined).map(([file]) => file);
  }

  /** Stores a linter's text; it overrides the text on disk. Returns whether the text of the file changed. */
  open(file: string, text: string): boolean {
    const before = this.read(file);
    if (before === text) return false;
    if (this.#disk.get(file)?.text === text) this.#open.delete(file);
    else this.#open.set(file, { text, stamp: stampOf(file) });
    return true;
  }

  /** Compares the file with the disk. Returns whether the text changed since the last `read`: no, if there was none. */
  refresh(file: string): boolean {
    if (!this.#disk.has(file) && !this.#missing.has(file) && !this.#open.has(file)) return false;
    const stamp = stampOf(file);
    const open = this.#open.get(file);
    if (open && isSameStamp(open.stamp, stamp)) return false;
    if (!open && this.#isUnchanged(file, stamp)) return false;
    const before = this.#missing.has(file) ? undefined : this.read(file);
    this.#open.delete(file);
    this.#store(file, this.#readStamped(file));
    return this.read(file) !== before;
  }

  /** Drops both texts of a file. */
  forget(file: string): void {
    this.#disk.delete(file);
    this.#open.delete(file);
  }

  #fromDisk(file: string): DiskText | undefined {
    return this.#disk.get(file) ?? this.#store(file, this.#readUnstamped(file));
  }

  #store(file: string, diskText: DiskText | undefined): DiskText | undefined {
    if (diskText) {
      this.#disk.set(file, diskText);
      this.#missing.delete(file);
    } else {
      this.#disk.delete(file);
      this.#missing.add(file);
    }
    return diskText;
  }

  /** Reads without a stamp, in one system call: a cold start reads thousands of files, and most runs never compare them again. */
  #readUnstamped(file: string): DiskText | undefined {
    try {
      return { text: this.#decode(file, readFileSync(file)), stamp: undefined, readAt: Date.now() };
    } catch {
      this.record?.addFile(file, undefined);
      return undefined;
    }
  }

  /** Reads text and stamp from one open file, so that they belong together. */
  #readStamped(file: string): DiskText | undefined {
    try {
      const descriptor = openSync(file, 'r');
      try {
        const { mtimeMs, ctimeMs, size } = fstatSync(descriptor);
        return { text: this.#decode(file, readFileSync(descriptor)), stamp: { mtimeMs, ctimeMs, size }, readAt: Date.now() };
      } finally {
        closeSync(descriptor);
      }
    } catch {
      this.record?.addFile(file, undefined);
      return undefined;
    }
  }

  #decode(file: string, bytes: Buffer): string {
    this.record?.addFile(file, bytes);
    return withoutBom(bytes.toString('utf8'));
  }

  /** Whether the file is as it was read. A text without a stamp gets one if the file last changed well before the read. */
  #isUnchanged(file: string, stamp: FileStamp | undefined): boolean {
    const cached = this.#disk.get(file);
    if (cached && stamp && cached.stamp === undefined && stamp.ctimeMs < cached.readAt - mtimeToleranceMs) cached.stamp = stamp;
    return isSameStamp(cached?.stamp, stamp) && (cached === undefined) === (stamp === undefined);
  }
}

/** Returns the text without a leading byte order mark. */
export function withoutBom(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

/** Returns the time of the last change of a file or of a folder's entries, in milliseconds since the epoch; 0 if it cannot be read. */
export function mtimeOf(path: string): number {
  try {
    return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  } catch {
    // The path leads through a file: `.git` of a worktree is one.
    return 0;
  }
}

function stampOf(file: string): FileStamp | undefined {
  try {
    const stats = statSync(file, { throwIfNoEntry: false });
    return stats?.isFile() ? { mtimeMs: stats.mtimeMs, ctimeMs: stats.ctimeMs, size: stats.size } : undefined;
  } catch {
    // A cycle of symbolic links, or a folder without permission.
    return undefined;
  }
}

function isSameStamp(a: FileStamp | undefined, b: FileStamp | undefined): boolean {
  return a?.mtimeMs === b?.mtimeMs && a?.ctimeMs === b?.ctimeMs && a?.size === b?.size;
}
