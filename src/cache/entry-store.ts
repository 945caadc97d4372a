import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Trace } from '../trace/trace.js';

/** Limits of one cache folder. The oldest entries are removed first. */
export interface StoreLimits {
  readonly files: number;
  readonly bytes: number;
}

const defaultLimits: StoreLimits = { files: 100, bytes: 64 * 2 ** 20 };

/** Version of the format of the files. A file of another version is not read. */
const format = 'clickhouse-ssot-cache 2';

/** An entry that is older than this, in milliseconds, gets a new time when it is used, so that it is not among the oldest. */
const touchAfterMs = 3_600_000;

/** A temporary file of a process that crashed is older than this, in milliseconds. */
const abandonedAfterMs = 600_000;

/**
 * Texts by name, as files of one folder. A file is complete or does not count: it is written under another name first, and its checksum is
 * verified when it is read. No method throws: without the folder there is no cache.
 */
export class EntryStore {
  constructor(
    private readonly folder: string,
    private readonly trace: Trace,
    private readonly limits: StoreLimits = defaultLimits,
  ) {}

  /** Returns the text of an entry; undefined if there is none or if it is damaged. */
  read(name: string): string | undefined {
    const path = join(this.folder, name);
    try {
      const content = readFileSync(path, 'utf8');
      const end = content.indexOf('\n');
      const text = content.slice(end + 1);
      if (end > 0 && content.slice(0, end) === headerOf(text)) {
        this.#touch(path);
        return text;
      }
      this.trace.fact(() => `cache: ${path} is damaged or of another version and is not used`);
    } catch (error) {
      if (!isMissing(error)) this.trace.fact(() => `cache: cannot read ${path}: ${messageOf(error)}`);
    }
    return undefined;
  }

  /** Returns the names of the entries that start with a prefix, newest first. */
  namesWith(prefix: string): string[] {
    return this.#files()
      .filter(({ name }) => name.startsWith(prefix))
      .sort((a, b) => b.mtimeMs - a.mtimeMs)
      .map(({ name }) => name);
  }

  /** Removes an entry. */
  remove(name: string): void {
    remove(join(this.folder, name));
  }

  /** Writes an entry and removes the oldest entries beyond the limits. A failure is a debug fact. */
  write(name: string, text: string): void {
    const temporary = join(this.folder, `${name}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`);
    try {
      this.#createFolder();
      writeFileSync(temporary, `${headerOf(text)}\n${text}`, { flag: 'wx' });
      renameSync(temporary, join(this.folder, name));
    } catch (error) {
      this.trace.fact(() => `cache: cannot write to ${this.folder}: ${messageOf(error)}`);
      remove(temporary);
    }
    this.#removeOldest();
  }

  /** Returns a folder inside this one, for files of others; undefined if it cannot be made. */
  subfolder(name: string): string | undefined {
    try {
      this.#createFolder();
      return join(this.folder, name);
    } catch (error) {
      this.trace.fact(() => `cache: cannot write to ${this.folder}: ${messageOf(error)}`);
      return undefined;
    }
  }

  /** The folder never gets into the repository of the user, wherever it is. */
  #createFolder(): void {
    mkdirSync(this.folder, { recursive: true });
    const ignore = join(this.folder, '.gitignore');
    if (!existsSync(ignore)) writeFileSync(ignore, '*\n');
  }

  #removeOldest(): void {
    const files = this.#files();
    const now = Date.now();
    for (const { name, mtimeMs } of files) if (name.endsWith('.tmp') && mtimeMs < now - abandonedAfterMs) remove(join(this.folder, name));
    const entries = files.filter(({ name }) => !name.endsWith('.tmp')).sort((a, b) => b.mtimeMs - a.mtimeMs);
    let bytes = 0;
    for (const [index, { name, size }] of entries.entries()) {
      bytes += size;
      if (index >= this.limits.files || bytes > this.limits.bytes) remove(join(this.folder, name));
    }
  }

  /** The files of this store: a folder that the user named may contain others. */
  #files(): { readonly name: string; readonly mtimeMs: number; readonly size: number }[] {
    try {
      return readdirSync(this.folder)
        .filter((name) => entryName.test(name))
        .flatMap((name) => {
          const stats = statSync(join(this.folder, name), { throwIfNoEntry: false });
          return stats ? [{ name, mtimeMs: stats.mtimeMs, size: stats.size }] : [];
        });
    } catch {
      return [];
    }
  }

  #touch(path: string): void {
    try {
      const now = Date.now();
      if (statSync(path).mtimeMs < now - touchAfterMs) utimesSync(path, now / 1000, now / 1000);
    } catch {
      // A folder that cannot be written is still read.
    }
  }
}

/** The names that `AnswerCache` gives, and those of temporary files. */
const entryName = /^[0-9a-f]+-[0-9a-f]+\.(?:answer|files)(?:\.\d+\.[0-9a-f]+\.tmp)?$/;

function headerOf(text: string): string {
  return `${format} ${createHash('sha256').update(text).digest('hex')}`;
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Another process uses it.
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
