import { closeSync, fstatSync, openSync, readFileSync, statSync } from 'node:fs';

interface Stamp {
  readonly mtimeMs: number;
  readonly size: number;
}

interface DiskText extends Stamp {
  readonly text: string;
}

/**
 * What each file says: the text that a linter was handed, as long as the disk has not moved on since, else the disk.
 * Always without BOM, so that every offset agrees with ESLint, oxlint and ts-morph.
 */
export class Texts {
  readonly #disk = new Map<string, DiskText>();
  readonly #open = new Map<string, { readonly text: string; readonly stamp: Stamp | undefined }>();

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
    const known = this.#disk.get(file);
    if (!open && sameStamp(known, stamp)) return false;
    const before = this.read(file);
    this.#open.delete(file);
    this.#disk.delete(file);
    return this.read(file) !== before;
  }

  forget(file: string): void {
    this.#disk.delete(file);
    this.#open.delete(file);
  }

  #fromDisk(file: string): DiskText | undefined {
    const known = this.#disk.get(file);
    if (known) return known;
    const fresh = readDisk(file);
    if (fresh) this.#disk.set(file, fresh);
    return fresh;
  }
}

export function withoutBom(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

/** By one open file, so that the stamp is that of the text, and a cold start asks the system no more than it must. */
function readDisk(file: string): DiskText | undefined {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const { mtimeMs, size } = fstatSync(descriptor);
      return { mtimeMs, size, text: withoutBom(readFileSync(descriptor, 'utf8')) };
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
}

/** When something last came into a folder or left it; 0 if it is gone. */
export function changeTimeOf(folder: string): number {
  return statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function stampOf(file: string): Stamp | undefined {
  try {
    const stats = statSync(file, { throwIfNoEntry: false });
    return stats?.isFile() ? { mtimeMs: stats.mtimeMs, size: stats.size } : undefined;
  } catch {
    // A loop of links or a folder without permission: nothing to read there.
    return undefined;
  }
}

function sameStamp(a: Stamp | undefined, b: Stamp | undefined): boolean {
  return a?.mtimeMs === b?.mtimeMs && a?.size === b?.size;
}
