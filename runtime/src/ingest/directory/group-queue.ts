import type { RowChunk } from '../batch/encode-rows.js';
import { RowText } from '../batch/row-text.js';
import { type BatchLimits, exceeds, type RowSize } from '../batch/store.js';

/** Chunks that are written together. Their callers share one promise. */
export interface PendingGroup extends RowSize {
  readonly kind: 'group';
  readonly text: RowText;
  /** Whether the segment that precedes it has no space for it. */
  readonly startsSegment: boolean;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** The segment ends here, whatever is added later. */
export interface PendingEnd {
  readonly kind: 'end';
  readonly resolve: () => void;
}

interface GrowingGroup extends PendingGroup {
  readonly startsSegment: boolean;
  readonly written: Promise<void>;
  rows: number;
  bytes: number;
}

const nothing: RowSize = { rows: 0, bytes: 0 };

/** The chunks that wait to be written, as groups, and the requested ends of segments. A group grows until it is taken, as far as its segment has space. */
export class GroupQueue {
  readonly #items: (GrowingGroup | PendingEnd)[] = [];
  /** Of the chunks that were not written yet, also those of a group that was taken. */
  readonly #size = { rows: 0, bytes: 0 };
  /** Of the last segment, once all groups are written. */
  readonly #segment = { rows: 0, bytes: 0 };

  constructor(private readonly limits: BatchLimits) {}

  /** Size of the chunks that are in memory. */
  get size(): RowSize {
    return this.#size;
  }

  /** The item that is next. */
  get first(): PendingGroup | PendingEnd | undefined {
    return this.#items[0];
  }

  /** Returns the promise of the group of the chunk. */
  add(chunk: RowChunk): Promise<void> {
    const startsSegment = exceeds(this.#segment, chunk, this.limits);
    if (startsSegment) Object.assign(this.#segment, nothing);
    const last = this.#items.at(-1);
    const growing = last?.kind === 'group' && !startsSegment ? last : undefined;
    const group = growing ?? newGroup(startsSegment);
    if (!growing) this.#items.push(group);
    group.text.add(chunk.text);
    grow(group, chunk);
    grow(this.#segment, chunk);
    grow(this.#size, chunk);
    return group.written;
  }

  /** Ends the segment behind the chunks that wait. Resolves when it is closed. */
  endSegment(): Promise<void> {
    Object.assign(this.#segment, nothing);
    return new Promise((resolve) => this.#items.push({ kind: 'end', resolve }));
  }

  /** Takes the first item: further chunks are not added to it. */
  take(): void {
    this.#items.shift();
  }

  /** A group that was taken has left the memory. */
  release({ rows, bytes }: RowSize): void {
    this.#size.rows -= rows;
    this.#size.bytes -= bytes;
  }

  /** The open segment has this size: it was written, closed, or cut off. */
  continueFrom(open: RowSize): void {
    Object.assign(this.#segment, { rows: open.rows, bytes: open.bytes });
    for (const item of this.#items) {
      if (item.kind === 'end' || item.startsSegment) Object.assign(this.#segment, nothing);
      if (item.kind === 'group') grow(this.#segment, item);
    }
  }
}

function newGroup(startsSegment: boolean): GrowingGroup {
  let [resolve, reject]: [() => void, (error: unknown) => void] = [() => undefined, () => undefined];
  const written = new Promise<void>((...settle) => ([resolve, reject] = settle));
  return { kind: 'group', text: new RowText(), rows: 0, bytes: 0, startsSegment, written, resolve, reject };
}

function grow(size: { rows: number; bytes: number }, { rows, bytes }: RowSize): void {
  size.rows += rows;
  size.bytes += bytes;
}
