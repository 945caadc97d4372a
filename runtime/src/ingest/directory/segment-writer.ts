import { join } from 'node:path';
import { nextTurn } from '../../concurrency/wait.js';
import { IngestStoreError } from '../../errors/index.js';
import type { RowChunk } from '../batch/encode-rows.js';
import type { IngestEnvironment } from '../batch/environment.js';
import { notSent } from '../batch/progress.js';
import { type BatchLimits, isFull, type RowSize } from '../batch/store.js';
import { recentLookMs } from './directory-lock.js';
import type { Disk, DiskFile } from './disk.js';
import { GroupQueue, type PendingGroup } from './group-queue.js';
import { batchIdOf, type SealedSegment } from './segment.js';
import { encodeGroup } from './segment-format.js';
import { formatSegmentName, type SegmentName } from './segment-name.js';

/** What the writer needs. */
export interface SegmentWriterOptions {
  readonly directory: string;
  readonly directoryId: string;
  readonly run: string;
  readonly limits: BatchLimits;
  readonly fsync: 'always' | 'never';
  readonly disk: Disk;
  readonly environment: Pick<IngestEnvironment, 'now'>;
  /** Rejects if the directory is no longer that of this process. @param maxAgeMs see `DirectoryLock.look()` */
  readonly assertOwned: (maxAgeMs?: number) => Promise<void>;
  readonly events: {
    /** A segment has its first rows. */
    readonly opened: () => void;
    readonly sealed: (segment: SealedSegment) => void;
    /** Rows were written. */
    readonly accepted: (rows: number) => void;
    /** Rows could not be written. */
    readonly refused: (failure: unknown) => void;
    /** Chunks have left the memory: they were written, or refused. */
    readonly freed: () => void;
  };
}

interface OpenSegment {
  readonly name: SegmentName;
  readonly path: string;
  readonly file: DiskFile;
  readonly openedAt: number;
  rows: number;
  /** Length of the complete groups. */
  bytes: number;
}

const emptySegment: RowSize = { rows: 0, bytes: 0 };

/** Writes chunks into the open segment, one group after the other. All chunks that wait are one group, with one write and one sync. */
export class SegmentWriter {
  readonly #queue: GroupQueue;
  #number = 0;
  #open: OpenSegment | undefined;
  #running: Promise<void> | undefined;
  /** Paths of files whose rows were all refused, and which the disk has not removed. The next start would deliver their rows. */
  readonly #refused = new Set<string>();

  constructor(private readonly options: SegmentWriterOptions) {
    this.#queue = new GroupQueue(options.limits);
  }

  /** Size of the chunks that are in memory. */
  get pending(): RowSize {
    return this.#queue.size;
  }

  /** Size of the open segment, and the time of its first row. */
  get open(): (RowSize & { readonly openedAt: number }) | undefined {
    return this.#hasRows ? this.#open : undefined;
  }

  /** Resolves when the chunk is written, and synchronised unless `fsync` is `never`. @throws IngestStoreError */
  write(chunk: RowChunk): Promise<void> {
    const written = this.#queue.add(chunk);
    this.#run();
    return written;
  }

  /** Closes the open segment, after the chunks that wait. */
  seal(): Promise<void> {
    const closed = this.#queue.endSegment();
    this.#run();
    return closed;
  }

  #run(): void {
    this.#running ??= this.#writeAll().finally(() => {
      this.#running = undefined;
      // A call may have come after the last look.
      if (this.#queue.first) this.#run();
    });
  }

  async #writeAll(): Promise<void> {
    for (;;) {
      // Chunks of the same turn are one group: also those of the callers that the last group has answered.
      await nextTurn();
      const next = this.#queue.first;
      if (!next) return;
      if (next.kind === 'end') {
        this.#queue.take();
        await this.#seal();
        next.resolve();
      } else if (next.startsSegment && this.#hasRows) await this.#seal();
      else await this.#writeGroup(next);
    }
  }

  get #hasRows(): boolean {
    return this.#open !== undefined && this.#open.rows > 0;
  }

  async #writeGroup(group: PendingGroup): Promise<void> {
    const { limits, events, assertOwned } = this.options;
    const { rows } = group;
    this.#queue.take();
    let path = this.options.directory;
    try {
      await assertOwned(recentLookMs);
      const open = (this.#open ??= await this.#create());
      path = open.path;
      const isFirst = open.rows === 0;
      const bytes = encodeGroup(group.text, rows, group.bytes);
      await this.#store(open, bytes);
      open.rows += rows;
      open.bytes += bytes.length;
      this.#queue.release(group);
      this.#queue.continueFrom(open);
      events.accepted(rows);
      group.resolve();
      if (isFull(open, limits)) await this.#seal();
      else if (isFirst) events.opened();
    } catch (error) {
      // A file that is missing may be one of the process that has taken the directory over.
      const cause: unknown = await assertOwned().then(
        () => error,
        (loss: unknown) => loss,
      );
      if (cause === error) await this.#cutOff();
      else await this.#abandon();
      this.#queue.release(group);
      this.#queue.continueFrom(this.#open ?? emptySegment);
      const failure = isSystemError(cause) ? new IngestStoreError({ operation: 'write rows to', path, cause }) : cause;
      events.refused(failure);
      group.reject(failure);
    }
    events.freed();
  }

  async #store({ file, bytes: end }: OpenSegment, group: Buffer): Promise<void> {
    await file.write(group, end);
    if (this.options.fsync === 'always') await file.sync(end + group.length);
    file.assertStored();
  }

  async #create(): Promise<OpenSegment> {
    await this.#removeRefused();
    const { directory, run, disk, environment, fsync } = this.options;
    const name: SegmentName = { run, number: ++this.#number, state: 'open', rows: undefined, path: '' };
    const path = join(directory, formatSegmentName(name));
    const file = await disk.create(path);
    try {
      if (fsync === 'always') await disk.syncFolder(directory);
    } catch (error) {
      await file.close().catch(() => undefined);
      await disk.remove(path).catch(() => undefined);
      throw error;
    }
    return { name, path, file, openedAt: environment.now(), rows: 0, bytes: 0 };
  }

  /**
   * Removes what a failed write has left. If the disk does not allow it, the segment is closed: its name says how many rows are good. A file
   * without rows is removed: it may be what fails.
   */
  async #cutOff(): Promise<void> {
    const open = this.#open;
    if (!open) return;
    const isCut = await open.file.truncate(open.bytes).then(
      () => true,
      () => false,
    );
    if (isCut && this.#hasRows) return;
    await this.#seal();
    await this.#discard();
  }

  /** Leaves the open segment to the owner of the directory. */
  async #abandon(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await open?.file.close().catch(() => undefined);
  }

  async #seal(): Promise<void> {
    const open = this.#open;
    if (!open || open.rows === 0) return;
    await open.file.close().catch(() => undefined);
    const name: SegmentName = { ...open.name, state: 'batch', rows: open.rows };
    const { directory, disk } = this.options;
    const isRenamed = await disk.rename(open.path, join(directory, formatSegmentName(name))).then(
      () => true,
      () => false,
    );
    // Not before the rename: its rows must be counted all the time.
    this.#open = undefined;
    this.#queue.continueFrom(emptySegment);
    // With its old name it is sent as well: the first record of its progress renames it.
    this.#report(open, isRenamed ? name : open.name);
  }

  #report({ rows, bytes, openedAt }: OpenSegment, name: SegmentName): void {
    const id = batchIdOf(this.options.directoryId, name);
    this.options.events.sealed({ id, rows, bytes, openedAt, name, progress: notSent });
  }

  /** Ends the writer after what waits. */
  async close(): Promise<void> {
    await this.seal();
    await this.#discard();
    await this.#removeRefused();
  }

  /** Removes an open segment, which has no rows. */
  async #discard(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    if (!open) return;
    await open.file.close().catch(() => undefined);
    this.#refused.add(open.path);
    await this.#removeRefused();
  }

  async #removeRefused(): Promise<void> {
    for (const path of this.#refused)
      await this.options.disk.remove(path).then(
        () => this.#refused.delete(path),
        () => undefined,
      );
  }
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && 'syscall' in error;
}
