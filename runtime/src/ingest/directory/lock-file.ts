import { join } from 'node:path';
import { isObject } from '../../config/validate-options.js';
import { IngestStoreError } from '../../errors/index.js';
import { type Disk, type DiskFile, isFullDisk, isMissing, onDisk } from './disk.js';
import type { ProcessIdentity } from './process-identity.js';

/** Returns the path of the lock with the number. */
export function lockPath(directory: string, number: number): string {
  return join(directory, `lock.${number}`);
}

/** Returns the numbers of the locks in a directory, in ascending order. @throws IngestStoreError */
export async function lockNumbers(directory: string, disk: Disk): Promise<number[]> {
  const names = await onDisk('list', directory, () => disk.list(directory));
  const numbers = names.flatMap((name) => /^lock\.(\d+)$/.exec(name)?.[1] ?? []);
  return numbers.map(Number).sort((a, b) => a - b);
}

/** Returns the content of a lock. Undefined if there is none. @throws IngestStoreError */
export async function readLock(path: string, disk: Disk): Promise<string | undefined> {
  try {
    return (await onDisk('read the lock', path, () => disk.read(path))).toString();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Returns the content of a lock. All contents of one owner have the same length, so that one can be written over the other. */
export function lockContent(owner: ProcessIdentity, beats: number, state: 'held' | 'released'): Buffer {
  return Buffer.from(`${JSON.stringify({ ...owner, state: state.padEnd(8), beats: String(beats).padStart(12, '0') })}\n`);
}

/** Returns what the content of a lock says. Undefined if its owner has created it and not written it yet. */
export function parseLock(content: string): { readonly owner: ProcessIdentity; readonly state: string } | undefined {
  try {
    const lock: unknown = JSON.parse(content);
    if (!isObject(lock)) return undefined;
    const [pid, thread, host, startedAt, scope, state] = ['pid', 'thread', 'host', 'startedAt', 'scope', 'state'].map((key): unknown =>
      Reflect.get(lock, key),
    );
    return {
      owner: { pid: Number(pid), thread: Number(thread), host: String(host), startedAt: String(startedAt), scope: String(scope) },
      state: String(state).trim(),
    };
  } catch {
    return undefined;
  }
}

/**
 * Creates a lock for the owner and opens it. Removes the locks before it.
 * @param before numbers of the other locks, in ascending order
 * @returns undefined if another process was first
 * @throws IngestStoreError; there is no lock then
 */
export async function createLock(
  directory: string,
  before: readonly number[],
  { owner, disk }: { readonly owner: ProcessIdentity; readonly disk: Disk },
): Promise<DiskFile | undefined> {
  const number = (before.at(-1) ?? 0) + 1;
  const path = lockPath(directory, number);
  const created = await createFile(path, disk);
  if (!created) return undefined;
  // Another process may have taken over, and removed the number that was created here: since the look at the directory, or during a long write.
  const isOvertaken = async (): Promise<boolean> => (await lockNumbers(directory, disk)).some((other) => other > number);
  const giveUp = async (): Promise<undefined> => {
    await created.close().catch(() => undefined);
    await disk.remove(path).catch(() => undefined);
  };
  try {
    if (await isOvertaken()) return await giveUp();
    const reused = before.map((old) => lockPath(directory, old)).at(-1);
    const file = await onDisk('write the lock', path, () =>
      writeOwner(created, path, reused, { content: lockContent(owner, 0, 'held'), disk }),
    );
    if (await isOvertaken()) {
      await file.close().catch(() => undefined);
      return await giveUp();
    }
    // One that stays does no harm, since the highest number counts.
    for (const old of before) await disk.remove(lockPath(directory, old)).catch(() => undefined);
    return file;
  } catch (error) {
    await giveUp();
    throw error;
  }
}

async function createFile(path: string, disk: Disk): Promise<DiskFile | undefined> {
  try {
    return await disk.create(path);
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'EEXIST') return undefined;
    throw new IngestStoreError({ operation: 'create the lock', path, cause: error });
  }
}

/**
 * A lock without an owner would be taken from this process. A full disk must not prevent a start either: the rows in the directory may be what fills
 * it. So the owner is written over a lock before it, which has its space already.
 */
async function writeOwner(
  created: DiskFile,
  path: string,
  reused: string | undefined,
  { content, disk }: { readonly content: Buffer; readonly disk: Disk },
): Promise<DiskFile> {
  try {
    await created.write(content, 0);
    return created;
  } catch (error) {
    if (reused === undefined || !isFullDisk(error)) throw error;
  }
  const file = await disk.open(reused);
  try {
    await file.write(content, 0);
    await file.truncate(content.length);
    await created.close();
    await disk.rename(reused, path);
    return file;
  } catch (error) {
    await file.close().catch(() => undefined);
    throw error;
  }
}
