import { closeSync, fstatSync, openSync, readFileSync, statSync } from 'node:fs';

interface FileStamp {
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly size: number;
}

interface DiskText {
  readonly text: string;
  /** Of the text; undefined where nobody has looked yet. */
  stamp: FileStamp | undefined;
  readonly readAt: number;
}

/** How far, in milliseconds, the clocks of a disk and of this process may differ, and how coarse the former may be. */
const mtimeToleranceMs = 2_000;

/**
 * What each file says: the text that a linter was handed, as long as the disk has not moved on since, else the disk.
 * Always without BOM, so that every offset agrees with ESLint, oxlint and ts-morph.
 */
export class DocumentStore {
  readonly #disk = new Map<string, DiskText>();
  readonly #open = new Map<string, { readonly text: string; readonly stamp: FileStamp | undefined }>();

  /** Undefined for a file that cannot be read. */
  read(file: string): string | undefined {
    return this.#open.get(file)?.text ?? this.#fromDisk(file)?.text;
  }

  /** Files that a linter handed in and the disk has never had. */
  unsaved(): string[] {
    return [...this.#open].filter(([, { stamp }]) => stamp === undefined).map(([file]) => file);
  }

  /** Takes the text of a linter over the disk's. True if the file now says something else. */
  open(file: string, text: string): boolean {
    const before = this.read(file);
    if (before === text) return false;
    if (this.#disk.get(file)?.text === text) this.#open.delete(file);
    else this.#open.set(file, { text, stamp: stampOf(file) });
    return true;
  }

  /** Looks at the disk again. True if the file now says something else than `read` last said. */
  refresh(file: string): boolean {
    const stamp = stampOf(file);
    const open = this.#open.get(file);
    if (open && sameStamp(open.stamp, stamp)) return false;
    if (!open && this.#isAsRead(file, stamp)) return false;
    const before = this.read(file);
    this.#open.delete(file);
    this.#take(file, readStamped(file));
    return this.read(file) !== before;
  }

  forget(file: string): void {
    this.#disk.delete(file);
    this.#open.delete(file);
  }

  #fromDisk(file: string): DiskText | undefined {
    return this.#disk.get(file) ?? this.#take(file, readUnstamped(file));
  }

  #take(file: string, fresh: DiskText | undefined): DiskText | undefined {
    if (fresh) this.#disk.set(file, fresh);
    else this.#disk.delete(file);
    return fresh;
  }

  /** A file that last changed well before it was read says what was read then. */
  #isAsRead(file: string, stamp: FileStamp | undefined): boolean {
    const known = this.#disk.get(file);
    if (known && stamp && known.stamp === undefined && stamp.ctimeMs < known.readAt - mtimeToleranceMs) known.stamp = stamp;
    return sameStamp(known?.stamp, stamp) && (known === undefined) === (stamp === undefined);
  }
}

export function withoutBom(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

/** By one question to the system: a cold start reads thousands of files, and most runs never look at them again. */
function readUnstamped(file: string): DiskText | undefined {
  try {
    return { text: withoutBom(readFileSync(file, 'utf8')), stamp: undefined, readAt: Date.now() };
  } catch {
    return undefined;
  }
}

/** By one open file, so that the stamp is that of the text. */
function readStamped(file: string): DiskText | undefined {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const { mtimeMs, ctimeMs, size } = fstatSync(descriptor);
      return { text: withoutBom(readFileSync(descriptor, 'utf8')), stamp: { mtimeMs, ctimeMs, size }, readAt: Date.now() };
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
}

/** When something last came into a folder or left it; 0 if it is gone. */
export function mtimeOf(folder: string): number {
  return statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function stampOf(file: string): FileStamp | undefined {
  try {
    const stats = statSync(file, { throwIfNoEntry: false });
    return stats?.isFile() ? { mtimeMs: stats.mtimeMs, ctimeMs: stats.ctimeMs, size: stats.size } : undefined;
  } catch {
    // A loop of links or a folder without permission: nothing to read there.
    return undefined;
  }
}

function sameStamp(a: FileStamp | undefined, b: FileStamp | undefined): boolean {
  return a?.mtimeMs === b?.mtimeMs && a?.ctimeMs === b?.ctimeMs && a?.size === b?.size;
}
