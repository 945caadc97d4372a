import type { RowChunk } from './encode-rows.js';
import type { IngestEnvironment } from './environment.js';
import { lengthOfLines, notSent, type Progress, rowsBefore } from './progress.js';
import { RowText } from './row-text.js';
import {
  type Batch,
  type BatchLimits,
  type BatchStore,
  exceeds,
  isFull,
  type RowSize,
  type StoreEvents,
  type StoreUsage,
} from './store.js';

/** Limits of an ingest in memory. */
export interface MemoryLimits extends BatchLimits {
  readonly maxBufferedRows: number;
  readonly maxBufferedBytes: number;
}

interface OpenBatch {
  readonly text: RowText;
  rows: number;
  bytes: number;
  readonly openedAt: number;
}

interface SealedBatch extends Batch {
  readonly content: Buffer;
  /** Size of what is neither delivered nor set aside: the end of the content. */
  readonly left: RowSize;
  readonly openedAt: number;
}

/** Keeps batches in memory. Rows that are not delivered at the end of the process are lost. */
export class MemoryStore implements BatchStore {
  #open: OpenBatch | undefined;
  readonly #sealed: SealedBatch[] = [];
  readonly #idPrefix: string;
  #number = 0;
  #rows = 0;
  #bytes = 0;

  constructor(
    private readonly limits: MemoryLimits,
    private readonly environment: Pick<IngestEnvironment, 'now' | 'newId'>,
    private readonly events: StoreEvents,
  ) {
    this.#idPrefix = environment.newId();
  }

  get usage(): StoreUsage {
    const oldestAt = (this.#sealed[0] ?? this.#open)?.openedAt;
    return { rows: this.#rows, bytes: this.#bytes, batches: this.#sealed.length, oldestAt };
  }

  fullFor(chunk: RowSize): string | undefined {
    if (this.#rows === 0) return undefined;
    if (this.#rows + chunk.rows > this.limits.maxBufferedRows) return 'maxBufferedRows';
    return this.#bytes + chunk.bytes > this.limits.maxBufferedBytes ? 'maxBufferedBytes' : undefined;
  }

  append(chunk: RowChunk): undefined {
    if (this.#open && exceeds(this.#open, chunk, this.limits)) this.#seal();
    const isNew = this.#open === undefined;
    this.#open ??= { text: new RowText(), rows: 0, bytes: 0, openedAt: this.environment.now() };
    const open = this.#open;
    open.text.add(chunk.text);
    open.rows += chunk.rows;
    open.bytes += chunk.bytes;
    this.#rows += chunk.rows;
    this.#bytes += chunk.bytes;
    this.events.accepted(chunk.rows);
    if (isFull(open, this.limits)) this.#seal();
    else if (isNew) this.events.opened();
  }

  async seal(): Promise<void> {
    this.#seal();
  }

  get first(): Batch | undefined {
    return this.#sealed[0];
  }

  async read(batch: Batch): Promise<Buffer | undefined> {
    return this.#sealed.find(({ id }) => id === batch.id)?.content;
  }

  async record({ id }: Batch, progress: Progress): Promise<void> {
    const index = this.#sealed.findIndex((batch) => batch.id === id);
    const batch = this.#sealed[index];
    if (!batch) return;
    const rows = batch.left.rows - (batch.rows - rowsBefore(batch.rows, progress.path));
    const bytes = lengthOfLines(contentLeft(batch), rows);
    this.#sealed[index] = { ...batch, progress, left: { rows: batch.left.rows - rows, bytes: batch.left.bytes - bytes } };
    this.#release({ rows, bytes });
  }

  async reject(): Promise<undefined> {
    // The handler of the ingest receives the rows.
  }

  async remove(batch: Batch): Promise<void> {
    const index = this.#sealed.findIndex(({ id }) => id === batch.id);
    if (index === -1) return;
    for (const { left } of this.#sealed.splice(index, 1)) this.#release(left);
  }

  async close(): Promise<readonly string[]> {
    const contents = [...this.#sealed.map((batch) => contentLeft(batch).toString()), this.#open?.text.toString() ?? ''];
    return contents.flatMap((content) => content.split('\n').filter((line) => line !== ''));
  }

  #seal(): void {
    const open = this.#open;
    if (!open) return;
    this.#open = undefined;
    const { text, rows, bytes, openedAt } = open;
    const id = `${this.#idPrefix}-${String(++this.#number).padStart(12, '0')}`;
    const content = Buffer.allocUnsafeSlow(bytes);
    text.writeTo(content, 0, bytes);
    this.#sealed.push({ id, rows, bytes, openedAt, progress: notSent, content, left: { rows, bytes } });
    this.events.sealed();
  }

  #release({ rows, bytes }: RowSize): void {
    if (rows === 0) return;
    this.#rows -= rows;
    this.#bytes -= bytes;
    this.events.freed();
  }
}

function contentLeft({ content, left }: SealedBatch): Buffer {
  return content.subarray(content.length - left.bytes);
}
