import { join } from 'node:path';
import { nextTurn } from '../../concurrency/wait.js';
import { IngestStoreError } from '../../errors/index.js';
import type { RowChunk } from '../batch/encode-rows.js';
import type { IngestEnvironment } from '../batch/environment.js';
import { notSent } from '../batch/progress.js';
import { type BatchLimits, isFull, type RowSize } from '../batch/store.js';
import type { Disk, DiskFile } from './disk.js';
import { GroupQueue } from './group-queue.js';
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
  /** Throws if rows may not be written any more. */
  readonly assertOwned: () => void;
  /** Returns the error that a failed write rejects with. */
  readonly explain: (error: unknown) => Promise<unknown>;
  readonly events: {
    /** A segment has its first rows. */
    readonly opened: () => void;
    readonly sealed: (segment: SealedSegment) => void;
    /** Rows were written. */
    readonly accepted: (rows: number) => void;
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
  #isSealRequested = false;
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
    return this.#open;
  }

  /** Resolves when the chunk is written, and synchronised unless `fsync` is `never`. @throws IngestStoreError */
  write(chunk: RowChunk): Promise<void> {
    const written = this.#queue.add(chunk);
    this.#run();
    return written;
  }

  /** Closes the open segment, after the chunks that wait. */
  async seal(): Promise<void> {
    this.#isSealRequested = true;
    this.#run();
    // A run that was about to end has not seen the request.
    do await this.#running;
    while (this.#mustSeal());
  }

  #mustSeal(): boolean {
    return this.#isSealRequested;
  }

  #run(): void {
    this.#running ??= this.#writeAll().finally(() => {
      this.#running = undefined;
      // A call may have come after the last look.
      if (this.#queue.first || this.#isSealRequested) this.#run();
    });
  }

  async #writeAll(): Promise<void> {
    for (;;) {
      // Chunks of the same turn are one group: also those of the callers that the last group has answered.
      await nextTurn();
      const next = this.#queue.first;
      if (next && !(next.startsSegment && this.#hasRows)) await this.#writeGroup();
      else if (next || this.#isSealRequested) {
        this.#isSealRequested &&= next !== undefined;
        await this.#seal();
      } else return;
    }
  }

  get #hasRows(): boolean {
    return this.#open !== undefined && this.#open.rows > 0;
  }

  async #writeGroup(): Promise<void> {
    const { limits, events, explain } = this.options;
    const group = this.#queue.take();
    if (!group) return;
    const { rows } = group;
    let path = this.options.directory;
    try {
      this.options.assertOwned();
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
      const cause = await explain(error);
      await this.#cutOff();
      this.#queue.release(group);
      this.#queue.continueFrom(this.#open ?? emptySegment);
      group.reject(isSystemError(cause) ? new IngestStoreError({ operation: 'write rows to', path, cause }) : cause);
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

  /** Removes what a failed write has left. If the disk does not allow it, the segment is closed: its name says how many rows are good. */
  async #cutOff(): Promise<void> {
    const open = this.#open;
    if (!open) return;
    try {
      await open.file.truncate(open.bytes);
    } catch {
      await this.#seal();
      await this.#discard();
    }
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
