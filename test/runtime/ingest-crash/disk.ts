import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A disk of the test's own: ext4 in a file, mounted. Its faults are those of the kernel. */
export interface Disk extends Disposable {
  /** Folder of the mounted disk. */
  readonly folder: string;
  /** Fills the disk: further writes fail with ENOSPC. */
  fill(): void;
  /** Removes what filled the disk. */
  free(): void;
  /** Mounts the disk read-only. No file may be open for writing. */
  mountReadOnly(): void;
  /** Makes the disk read-only as an I/O error does, also for open files: writes fail with EROFS. Writes that were not synced are lost. */
  fail(): void;
  /** Mounts the disk anew. No process may use it. */
  mountAgain(): void;
}

const sizeInBytes = 16 << 20;
const ballastChunk = Buffer.alloc(64 << 10, 'x');

/** Returns whether this process may mount disks: it needs root and loop devices. */
export function canMountDisks(): boolean {
  return process.getuid?.() === 0 && existsSync('/dev/loop-control') && spawnSync('mkfs.ext4', ['-V']).status === 0;
}

/** Creates and mounts a disk of 16 MB. */
export function mountDisk(): Disk {
  const parent = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-disk-'));
  const image = join(parent, 'image');
  const folder = join(parent, 'mounted');
  const ballast = join(folder, 'ballast');
  writeFileSync(image, '');
  truncateSync(image, sizeInBytes);
  mkdirSync(folder);
  execFileSync('mkfs.ext4', ['-q', '-F', '-m', '0', image]);
  // The kernel commits late, so that a failure of the disk loses what no program has synced.
  const mount = () => execFileSync('mount', ['-o', 'loop,commit=60', image, folder]);
  const remount = (option: string) => execFileSync('mount', ['-o', `remount,${option}`, folder]);
  const unmount = () => execFileSync('umount', [folder]);
  mount();
  // If this process exits early, nothing may stay mounted.
  const unmountAtExit = () => void spawnSync('umount', ['--lazy', folder]);
  process.once('exit', unmountAtExit);
  return {
    folder,
    fill: () => {
      for (const chunk of [ballastChunk, ballastChunk.subarray(0, 1 << 10)]) while (appended(ballast, chunk));
    },
    free: () => rmSync(ballast, { force: true }),
    mountReadOnly: () => remount('ro'),
    fail: () => remount('abort'),
    mountAgain: () => {
      unmount();
      mount();
    },
    [Symbol.dispose]() {
      process.off('exit', unmountAtExit);
      unmount();
      rmSync(parent, { recursive: true, force: true });
    },
  };
}

function appended(file: string, chunk: Buffer): boolean {
  try {
    writeFileSync(file, chunk, { flag: 'a' });
    return true;
  } catch {
    return false;
  }
}
