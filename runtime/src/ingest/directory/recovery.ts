import { join } from 'node:path';
import type { IngestEnvironment } from '../batch/environment.js';
import { type Disk, onDisk } from './disk.js';
import type { RejectedFiles } from './rejected-files.js';
import { batchIdOf, type SealedSegment } from './segment.js';
import { parseSegment } from './segment-format.js';
import { formatSegmentName, parseSegmentName, type SegmentName } from './segment-name.js';

/** What the recovery needs. */
export interface RecoveryContext {
  readonly directory: string;
  readonly directoryId: string;
  readonly disk: Disk;
  readonly environment: Pick<IngestEnvironment, 'now' | 'warn'>;
  readonly rejected: RejectedFiles;
  /** Called for each segment that was damaged after its rows had been acknowledged, and that was set aside. */
  readonly onDamaged: (rows: number, failure: Error, file: string) => void;
}

/**
 * Returns the segments that earlier processes have left, in the order in which their rows were accepted. Closes those that were being written:
 * a group that is not complete was never acknowledged, and is cut off.
 * @throws IngestStoreError
 */
export async function recoverSegments(context: RecoveryContext): Promise<SealedSegment[]> {
  const { directory, disk } = context;
  const names = await onDisk('list', directory, () => disk.list(directory));
  const segments: SealedSegment[] = [];
  for (const file of [...names].sort()) {
    const name = parseSegmentName(file);
    const segment = name && (name.state === 'open' ? await closeSegment(name, context) : await describeSegment(name, context));
    if (segment) segments.push(segment);
  }
  return segments;
}

/** A closed segment is read when it is sent: a start must not read a full directory. */
async function describeSegment(name: SegmentName, { directory, directoryId, disk, environment }: RecoveryContext): Promise<SealedSegment> {
  const path = join(directory, formatSegmentName(name));
  const { bytes, changedAt } = await onDisk('inspect', path, () => disk.inspect(path));
  const openedAt = environment.now() - Math.max(0, Date.now() - changedAt);
  // The time of an insert is not known: it was after the last change of the content.
  const unanswered = name.state === 'batch' ? undefined : { since: openedAt, hadToken: name.state === 'sent-token' };
  const progress = { path: name.path, unanswered };
  return { id: batchIdOf(directoryId, name), rows: name.rows ?? 0, bytes, progress, openedAt, name };
}

/** Returns undefined if the segment has no complete group. */
async function closeSegment(name: SegmentName, context: RecoveryContext): Promise<SealedSegment | undefined> {
  const { directory, disk, rejected, environment, onDamaged } = context;
  const path = join(directory, formatSegmentName(name));
  const content = await onDisk('read', path, () => disk.read(path));
  const { rows, length, rest } = parseSegment(content);
  if (rest === 'damaged') {
    const failure = new Error(`The segment is damaged after ${rows} rows: a part of it has a wrong checksum, and complete parts follow.`);
    onDamaged(rows, failure, await rejected.move(path, formatSegmentName(name), rows, failure));
    return undefined;
  }
  if (rest === 'unreadable') {
    const kept = await rejected.keep(formatSegmentName(name), content.subarray(length));
    environment.warn(
      `The last write to ${path} has a wrong checksum, as after a loss of power, and was not delivered. Unless the disk is faulty, it was not acknowledged. Its bytes are in ${kept}.`,
    );
  }
  if (length === 0) {
    await onDisk('remove', path, () => disk.remove(path));
    return undefined;
  }
  if (length < content.length) await onDisk('cut off the end of', path, () => truncate(path, length, disk));
  const closed: SegmentName = { ...name, state: 'batch', rows };
  await onDisk('rename', path, () => disk.rename(path, join(directory, formatSegmentName(closed))));
  return describeSegment(closed, context);
}

async function truncate(path: string, length: number, disk: Disk): Promise<void> {
  const file = await disk.open(path);
  try {
    await file.truncate(length);
    await file.sync(length);
  } finally {
    await file.close();
  }
}
