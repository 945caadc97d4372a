import type { Batch } from '../batch/store.js';
import type { SegmentName } from './segment-name.js';

/** A closed segment, which is a batch on the disk. */
export interface SealedSegment extends Batch {
  /** Name of its file, which has its progress. */
  readonly name: SegmentName;
  /** Length of its complete groups in the file. For a segment of an earlier process, that of the file. */
  readonly bytes: number;
  /** Time of its first row on the clock of the environment. For a segment of an earlier process, that of its last change. */
  readonly openedAt: number;
}

/** Returns the id of the batch in a segment, which is its deduplication token. */
export function batchIdOf(directoryId: string, { run, number }: SegmentName): string {
  return `${directoryId}-${run}-${String(number).padStart(9, '0')}`;
}
