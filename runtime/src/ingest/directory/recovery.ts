import { join } from 'node:path';
import type { IngestEnvironment } from '../batch/environment.js';
import { type Disk, onDisk } from './disk.js';
import type { RejectedFiles } from './rejected-files.js';
import { batchIdOf, type SealedSegment } from './segment.js';
import { countRows, parseSegment } from './segment-format.js';
import { compareSegmentNames, formatSegmentName, parseSegmentName, type SegmentName } from './segment-name.js';

/** What the recovery needs. */
export interface RecoveryContext {
  readonly directory: string;
  readonly directoryId: string;
  readonly disk: Disk;
  readonly environment: Pick<IngestEnvironment, 'now'>;
  readonly rejected: RejectedFiles;
  /** Called for each segment of which a damaged part was set aside, with the number of the rows that can be recognised in it. */
  readonly onDamaged: (rows: number, failure: Error, file: string) => void;
}

/**
 * Returns the segments that earlier processes have left, in the order in which their rows were accepted. Closes those that were being written:
 * a write that a crash has cut off was never acknowledged, and is removed. Anything else that cannot be read is set aside.
 * @throws IngestStoreError
 */
export async function recoverSegments(context: RecoveryContext): Promise<SealedSegment[]> {
  const { directory, disk } = context;
  const names = await onDisk('list', directory, () => disk.list(directory));
  const segments: SealedSegment[] = [];
  const left = names.map((name) => parseSegmentName(name)).filter((name) => name !== undefined);
  for (const name of left.sort(compareSegmentNames)) {
    const segment = await (name.state === 'open' ? closeSegment(name, context) : describeSegment(name, context));
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
  const unanswered =
    name.state === 'batch' ? undefined : { path: name.sentPath ?? name.path, since: openedAt, hadToken: name.state === 'sent-token' };
  const progress = { path: name.path, unanswered };
  return { id: batchIdOf(directoryId, name), rows: name.rows ?? 0, bytes, progress, openedAt, name };
}

/** Returns undefined if the segment has no complete group. */
async function closeSegment(name: SegmentName, context: RecoveryContext): Promise<SealedSegment | undefined> {
  const { directory, disk } = context;
  const path = join(directory, formatSegmentName(name));
  const content = await onDisk('read', path, () => disk.read(path));
  const { rows, length, rest } = parseSegment(content);
  if (rest === 'damaged' && (await setAside(name, content, length, context)) === 'all') return undefined;
  if (length === 0) {
    await onDisk('remove', path, () => disk.remove(path));
    return undefined;
  }
  if (length < content.length) await onDisk('cut off the end of', path, () => truncate(path, length, disk));
  const closed: SegmentName = { ...name, state: 'batch', rows };
  await onDisk('rename', path, () => disk.rename(path, join(directory, formatSegmentName(closed))));
  return describeSegment(closed, context);
}

/**
 * Sets the end of a damaged segment aside, and reports it. Sets all of it aside if it has no complete group, or if the disk has no space for a
 * copy of the end.
 */
async function setAside(name: SegmentName, content: Buffer, goodLength: number, context: RecoveryContext): Promise<'end' | 'all'> {
  const { directory, rejected, onDamaged } = context;
  const file = formatSegmentName(name);
  const path = join(directory, file);
  const failure = new Error(`A part of the file ${path} is damaged, as by a fault of the disk or a loss of power.`);
  const end = content.subarray(goodLength);
  const kept = goodLength === 0 ? undefined : await rejected.keep(file, end, countRows(end), failure);
  const rows = countRows(kept === undefined ? content : end);
  onDamaged(rows, failure, kept ?? (await rejected.move(path, file, rows, failure)));
  return kept === undefined ? 'all' : 'end';
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
