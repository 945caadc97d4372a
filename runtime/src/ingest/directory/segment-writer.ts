import { join } from 'node:path';
import { IngestStoreError } from '../../errors/index.js';
import type { RowChunk } from '../batch/encode-rows.js';
import type { IngestEnvironment } from '../batch/environment.js';
import { notSent } from '../batch/progress.js';
import { type BatchLimits, exceeds, isFull, type RowSize } from '../batch/store.js';
import type { Disk, DiskFile } from './disk.js';
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
    /** Chunks have left the memory. */
    readonly written: () => void;
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

interface PendingChunk {
  readonly chunk: RowChunk;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Writes chunks into the open segment, one group after the other. All chunks that wait are one group, with one write and one sync. */
export class SegmentWriter {
  readonly #pending: PendingChunk[] = [];
  readonly #pendingSize = { rows: 0, bytes: 0 };
  #number = 0;
  #open: OpenSegment | undefined;
  #isSealRequested = false;
  #running: Promise<void> | undefined;

  constructor(private readonly options: SegmentWriterOptions) {}

  /** Size of the chunks that are in memory. */
  get pending(): RowSize {
    return this.#pendingSize;
  }

  /** Size of the open segment, and the time of its first row. */
  get open(): (RowSize & { readonly openedAt: number }) | undefined {
    return this.#open;
  }

  /** Resolves when the chunk is written, and synchronised unless `fsync` is `never`. @throws IngestStoreError */
  write(chunk: RowChunk): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ chunk, resolve, reject });
      this.#pendingSize.rows += chunk.rows;
      this.#pendingSize.bytes += chunk.bytes;
      this.#run();
    });
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
      if (this.#pending.length > 0 || this.#isSealRequested) this.#run();
    });
  }

  async #writeAll(): Promise<void> {
    for (;;) {
      const group = this.#takeGroup();
      if (group.length > 0) await this.#writeGroup(group);
      else if (this.#isSealRequested || (this.#pending.length > 0 && this.#open)) {
        this.#isSealRequested &&= this.#pending.length > 0;
        await this.#seal();
      } else return;
    }
  }

  /** Takes the chunks that the open segment has space for. None if it is full. */
  #takeGroup(): readonly PendingChunk[] {
    const size = { rows: this.#open?.rows ?? 0, bytes: this.#open?.bytes ?? 0 };
    const group: PendingChunk[] = [];
    for (let next = this.#pending[0]; next && !exceeds(size, next.chunk, this.options.limits); next = this.#pending[group.length]) {
      group.push(next);
      size.rows += next.chunk.rows;
      size.bytes += next.chunk.bytes;
    }
    this.#pending.splice(0, group.length);
    return group;
  }

  async #writeGroup(group: readonly PendingChunk[]): Promise<void> {
    const { fsync, limits, events, assertOwned, explain } = this.options;
    const rows = group.reduce((sum, { chunk }) => sum + chunk.rows, 0);
    let path = this.options.directory;
    try {
      assertOwned();
      this.#open ??= await this.#create();
      path = this.#open.path;
      const isFirst = this.#open.rows === 0;
      const bytes = encodeGroup(
        rows,
        group.map(({ chunk }) => chunk.text),
      );
      await this.#open.file.write(bytes, this.#open.bytes);
      if (fsync === 'always') await this.#open.file.sync(this.#open.bytes + bytes.length);
      await this.#open.file.assertStored();
      this.#open.rows += rows;
      this.#open.bytes += bytes.length;
      this.#leaveMemory(group);
      for (const { resolve } of group) resolve();
      if (isFull(this.#open, limits)) await this.#seal();
      else if (isFirst) events.opened();
    } catch (error) {
      const cause = await explain(error);
      await this.#cutOff();
      this.#leaveMemory(group);
      for (const { reject } of group)
        reject(
          cause instanceof IngestStoreError || !isSystemError(cause)
            ? cause
            : new IngestStoreError({ operation: 'write rows to', path, cause }),
        );
    }
    events.written();
  }

  #leaveMemory(group: readonly PendingChunk[]): void {
    for (const { chunk } of group) {
      this.#pendingSize.rows -= chunk.rows;
      this.#pendingSize.bytes -= chunk.bytes;
    }
  }

  async #create(): Promise<OpenSegment> {
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
  }

  /** Removes an open segment, which has no rows. */
  async #discard(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    if (!open) return;
    await open.file.close().catch(() => undefined);
    await this.options.disk.remove(open.path).catch(() => undefined);
  }
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && 'syscall' in error;
}
