import { halfSizes, lengthOfLines, type UnansweredInserts } from '../batch/progress.js';
import type { Batch } from '../batch/store.js';

/** A batch, or a part of one that was divided. */
export interface Part {
  /** Deduplication token. That of a half follows from that of the whole, so that the same division after a crash has the same tokens. */
  readonly id: string;
  /** Its place in the batch: see `Progress`. */
  readonly path: string;
  readonly rows: number;
  /** The rows as lines of JSON. */
  readonly bytes: Buffer;
  /** Inserts of it by an earlier delivery. */
  readonly unanswered: UnansweredInserts | undefined;
}

/** Returns the parts of a batch that are left, the last one first. */
export function partsLeft({ id, rows, progress }: Batch, bytes: Buffer): Part[] {
  const { path, unanswered } = progress;
  const left = divide({ id, path: '', rows, bytes, unanswered: undefined }, path, 'done');
  if (!unanswered) return left;
  return left
    .flatMap((part) => (unanswered.path.startsWith(part.path) ? divide(part, unanswered.path, 'left') : part))
    .map((part) => (part.path <= unanswered.path ? { ...part, unanswered: { ...unanswered, path: part.path } } : part));
}

/** Joins inserts of a part with those of a later one. */
export function joinUnanswered(inserts: UnansweredInserts, later: UnansweredInserts | undefined): UnansweredInserts {
  if (!later) return inserts;
  return { path: later.path, since: Math.min(inserts.since, later.since), hadToken: inserts.hadToken && later.hadToken };
}

/** Divides a part until one has the path. Returns the parts, the last one first, and those before that one only if they are left. */
function divide(part: Part, path: string, before: 'done' | 'left'): Part[] {
  if (part.path.length >= path.length) return [part];
  const [first, second] = halvesOf(part);
  if (path[part.path.length] === '0') return [second, ...divide(first, path, before)];
  return [...divide(second, path, before), ...(before === 'left' ? [first] : [])];
}

/** Returns the halves of a part of two rows or more. */
export function halvesOf({ id, path, rows, bytes }: Part): readonly [Part, Part] {
  const [firstRows, secondRows] = halfSizes(rows);
  const end = lengthOfLines(bytes, firstRows);
  return [
    { id: `${id}-0`, path: `${path}0`, rows: firstRows, bytes: bytes.subarray(0, end), unanswered: undefined },
    { id: `${id}-1`, path: `${path}1`, rows: secondRows, bytes: bytes.subarray(end), unanswered: undefined },
  ];
}
