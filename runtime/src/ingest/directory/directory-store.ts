import { join, resolve } from 'node:path';
import { IngestLockedError } from '../../errors/index.js';
import type { RowChunk } from '../batch/encode-rows.js';
import type { IngestEnvironment } from '../batch/environment.js';
import { type Progress, rowsBefore } from '../batch/progress.js';
import type { Batch, BatchLimits, BatchStore, RejectedRows, RowSize, StoreEvents, StoreUsage } from '../batch/store.js';
import { beginRun } from './directory-identity.js';
import { type DirectoryLock, lockDirectory } from './directory-lock.js';
import { createFolder, type Disk, isMissing, nodeDisk, onDisk } from './disk.js';
import { thisProcess } from './process-identity.js';
import { recoverSegments } from './recovery.js';
import { RejectedFiles } from './rejected-files.js';
import type { SealedSegment } from './segment.js';
import { parseSegment } from './segment-format.js';
import { formatSegmentName, type SegmentName } from './segment-name.js';
import { SegmentWriter } from './segment-writer.js';

/** Limits of an ingest with a directory. */
export interface DirectoryLimits extends BatchLimits {
  readonly maxBufferedRows: number;
  readonly maxBufferedBytes: number;
  readonly maxDirectoryBytes: number;
  readonly fsync: 'always' | 'never';
}

/** What a directory store needs. */
export interface DirectoryStoreOptions {
  readonly directory: string;
  readonly table: string;
  readonly limits: DirectoryLimits;
  readonly environment: IngestEnvironment;
  readonly events: StoreEvents;
  /** Default: the file system of the process. */
  readonly disk?: Disk;
}

/**
 * Locks a directory, recovers what earlier processes have left, and returns the store.
 * @throws IngestLockedError; IngestStoreError; ConfigError if the directory is that of another table or of a newer version
 */
export async function openDirectoryStore({ disk = nodeDisk, ...options }: DirectoryStoreOptions): Promise<BatchStore> {
  const { table, environment, events } = options;
  const directory = resolve(options.directory);
  await onDisk('create', directory, () => createFolder(disk, directory));
  const onLost = (): void => events.failed(lossOf(directory));
  const lock = await lockDirectory(directory, { disk, environment, self: thisProcess(), onLost });
  try {
    const identity = await beginRun(directory, table, { disk, environment });
    const rejected = new RejectedFiles({ directory, table, disk, environment });
    const segments = await recoverSegments({ directory, directoryId: identity.id, disk, environment, rejected, onDamaged: events.damaged });
    return new DirectoryStore({ ...options, ...identity, directory, disk, lock, rejected }, segments);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

interface OpenedOptions extends DirectoryStoreOptions {
  readonly id: string;
  readonly run: string;
  readonly disk: Disk;
  readonly lock: DirectoryLock;
  readonly rejected: RejectedFiles;
}

/** Keeps batches in a directory, one file each. The names of the files are the queue. */
class DirectoryStore implements BatchStore {
  readonly #sealed: SealedSegment[] = [];
  /** Of the closed segments: rows that are left, and bytes of the files. */
  readonly #size = { rows: 0, bytes: 0 };
  readonly #writer: SegmentWriter;

  constructor(
    private readonly options: OpenedOptions,
    recovered: readonly SealedSegment[],
  ) {
    const { directory, id, run, limits, disk, environment, events } = options;
    for (const segment of recovered) this.#keep(segment);
    this.#writer = new SegmentWriter({
      directory,
      directoryId: id,
      run,
      limits,
      fsync: limits.fsync,
      disk,
      environment,
      assertOwned: (maxAgeMs) => this.#assertOwned(maxAgeMs),
      events: {
        opened: events.opened,
        sealed: (segment) => {
          this.#keep(segment);
          events.sealed();
        },
        accepted: events.accepted,
        refused: events.refused,
        freed: events.freed,
      },
    });
  }

  get failure(): Error | undefined {
    const { lock, directory } = this.options;
    return lock.isLost ? lossOf(directory) : undefined;
  }

  get usage(): StoreUsage {
    const { pending, open } = this.#writer;
    return {
      rows: this.#size.rows + pending.rows + (open?.rows ?? 0),
      bytes: this.#size.bytes + pending.bytes + (open?.bytes ?? 0),
      batches: this.#sealed.length,
      oldestAt: (this.#sealed[0] ?? open)?.openedAt,
    };
  }

  fullFor(chunk: RowSize): string | undefined {
    const { limits, lock } = this.options;
    const { pending } = this.#writer;
    // A chunk that waits would wait for ever. The writer refuses it.
    if (lock.isLost) return undefined;
    if (pending.rows > 0 && pending.rows + chunk.rows > limits.maxBufferedRows) return 'maxBufferedRows';
    if (pending.rows > 0 && pending.bytes + chunk.bytes > limits.maxBufferedBytes) return 'maxBufferedBytes';
    const { rows, bytes } = this.usage;
    return rows > 0 && bytes + chunk.bytes > limits.maxDirectoryBytes ? 'maxDirectoryBytes' : undefined;
  }

  append(chunk: RowChunk): Promise<void> {
    return this.#writer.write(chunk);
  }

  seal(): Promise<void> {
    return this.#writer.seal();
  }

  get first(): Batch | undefined {
    return this.#sealed[0];
  }

  async read(batch: Batch): Promise<Buffer | undefined> {
    await this.#assertOwned();
    const segment = this.#segmentOf(batch);
    const path = this.#pathOf(segment);
    try {
      const content = await onDisk('read', path, () => this.options.disk.read(path));
      const { rows, bytes } = parseSegment(content, segment.rows);
      if (rows === segment.rows) return bytes;
    } catch (error) {
      await this.#assertOwned();
      if (!isMissing(error)) throw error;
      this.#lose(
        segment,
        new Error(`The file ${path} with ${rowsLeft(segment)} rows to deliver was removed.`, { cause: error }),
        undefined,
      );
      return undefined;
    }
    await this.#giveUp(segment, new Error(`The file ${path} with ${rowsLeft(segment)} rows to deliver is damaged.`));
    return undefined;
  }

  async record(batch: Batch, progress: Progress): Promise<void> {
    const segment = this.#segmentOf(batch);
    // Also a segment that could not be renamed when it was closed: a crash during its insert must leave a trace.
    const { path, unanswered } = progress;
    const sentPath = unanswered && unanswered.path !== path ? unanswered.path : undefined;
    const name = { ...segment.name, rows: segment.rows, path, sentPath, state: stateOf(progress) };
    const [from, to] = [this.#pathOf(segment), join(this.options.directory, formatSegmentName(name))];
    if (from !== to) await this.#rename(from, to);
    const recorded = { ...segment, name, progress };
    this.#sealed[this.#sealed.indexOf(segment)] = recorded;
    this.#size.rows -= rowsLeft(segment) - rowsLeft(recorded);
    // Not only after the rename: a call whose sync has failed is repeated. Without an insert, the old name is safe as well: its part is repeated.
    if (unanswered) await this.#syncFolder();
  }

  async #rename(from: string, to: string): Promise<void> {
    try {
      await onDisk('rename', from, () => this.options.disk.rename(from, to));
    } catch (error) {
      await this.#assertOwned();
      // A file that was removed is not delivered again, and its rows are in memory.
      if (!isMissing(error)) throw error;
    }
  }

  reject(rows: RejectedRows): Promise<string> {
    return this.options.rejected.write(rows);
  }

  async remove(batch: Batch): Promise<void> {
    const segment = this.#segmentOf(batch);
    const path = this.#pathOf(segment);
    await onDisk('remove', path, () => this.options.disk.remove(path));
    // A directory that was removed has no name to lose. Its rows count as delivered.
    await this.#syncFolder().catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
    this.#forget(segment);
  }

  async close(): Promise<readonly string[]> {
    await this.#writer.close();
    // A file that could not be renamed may have refused rows behind its good ones. Its new name has the number of the good ones.
    for (const segment of this.#sealed)
      if (segment.name.state === 'open') await this.record(segment, segment.progress).catch(() => undefined);
    await this.options.lock.release();
    return [];
  }

  /** Sets a segment aside whose rows cannot be read. */
  async #giveUp(segment: SealedSegment, failure: Error): Promise<void> {
    const { rejected } = this.options;
    const path = this.#pathOf(segment);
    const file = await rejected.move(path, formatSegmentName(segment.name), rowsLeft(segment), failure).catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw error;
    });
    this.#lose(segment, failure, file);
  }

  /** @param file the file that has the rows. Undefined if it was removed. */
  #lose(segment: SealedSegment, failure: Error, file: string | undefined): void {
    this.#forget(segment);
    this.options.events.damaged(rowsLeft(segment), failure, file);
  }

  #keep(segment: SealedSegment): void {
    this.#sealed.push(segment);
    this.#size.rows += rowsLeft(segment);
    this.#size.bytes += segment.bytes;
  }

  #forget(segment: SealedSegment): void {
    this.#sealed.splice(this.#sealed.indexOf(segment), 1);
    this.#size.rows -= rowsLeft(segment);
    this.#size.bytes -= segment.bytes;
    this.options.events.freed();
  }

  #segmentOf(batch: Batch): SealedSegment {
    const segment = this.#sealed.find(({ id }) => id === batch.id);
    if (!segment) throw new Error(`There is no segment of the batch ${batch.id}.`);
    return segment;
  }

  #pathOf({ name }: SealedSegment): string {
    return join(this.options.directory, formatSegmentName(name));
  }

  /** A name that is not on the disk may be gone after a loss of power. */
  async #syncFolder(): Promise<void> {
    const { limits, disk, directory } = this.options;
    if (limits.fsync === 'always') await onDisk('synchronise', directory, () => disk.syncFolder(directory));
  }

  /** @param maxAgeMs see `DirectoryLock.look()` @throws IngestLockedError if another process has taken the directory */
  async #assertOwned(maxAgeMs?: number): Promise<void> {
    await this.options.lock.look(maxAgeMs);
    if (this.failure) throw this.failure;
  }
}

function lossOf(directory: string): IngestLockedError {
  return new IngestLockedError(directory, undefined, false);
}

function stateOf({ unanswered }: Progress): SegmentName['state'] {
  if (!unanswered) return 'batch';
  return unanswered.hadToken ? 'sent-token' : 'sent';
}

/** Returns the number of rows that are neither delivered nor set aside. */
function rowsLeft({ rows, progress }: SealedSegment): number {
  return rows - rowsBefore(rows, progress.path);
}
