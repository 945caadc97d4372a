import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { toPosix } from '../project/paths.js';
import type { FileEdit } from './file-edit.js';

/** The operations on files that can fail. Tests replace them. */
export interface FileOperations {
  readonly write: (path: string, text: string) => void;
  readonly rename: (from: string, to: string) => void;
}

const disk: FileOperations = { write: (path, text) => writeFileSync(path, text), rename: renameSync };

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

interface Target {
  readonly path: string;
  readonly temporary: string;
  readonly before: string | undefined;
  readonly after: string;
}

/**
 * Writes all edits or none: each text goes to a temporary file beside its target first. A file that changed since it was read, or a write
 * that fails, leaves every file as it was. Throws then. Returns the temporary files of a run that was killed, which it removes: paths
 * relative to the root.
 */
export function writeFiles(root: string, edits: readonly FileEdit[], { write, rename }: FileOperations = disk): readonly string[] {
  const targets = edits.map(({ file, before, after }) => {
    const path = targetOf(join(root, file));
    return { path, temporary: `${path}.${process.pid}.clickhouse-ssot.tmp`, before, after };
  });
  // A signal between two renames would leave the project half changed.
  const ignore = () => undefined;
  for (const signal of signals) process.on(signal, ignore);
  try {
    for (const { path, before } of targets) expectUnchanged(path, before);
    const stale = staleFiles(new Set(targets.map(({ path }) => dirname(path))));
    for (const path of stale) rmSync(path, { force: true });
    for (const { path, temporary, after } of targets) {
      mkdirSync(dirname(path), { recursive: true });
      write(temporary, after);
      if (existsSync(path)) chmodSync(temporary, statSync(path).mode);
    }
    replaceAll(targets, rename);
    return stale.map((path) => toPosix(relative(root, path)));
  } finally {
    for (const { temporary } of targets) rmSync(temporary, { force: true });
    for (const signal of signals) process.off(signal, ignore);
  }
}

/** The temporary files in these folders whose process does not run any more. */
function staleFiles(folders: ReadonlySet<string>): string[] {
  return [...folders]
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder).flatMap((name) => {
        const process = /\.(\d+)\.clickhouse-ssot\.tmp$/.exec(name)?.[1];
        return process === undefined || isRunning(Number(process)) ? [] : [join(folder, name)];
      }),
    );
}

function isRunning(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch (error) {
    // The process of another user runs as well.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** A symbolic link stays a link: the file behind it is replaced. */
function targetOf(path: string): string {
  return existsSync(path) ? realpathSync(path) : path;
}

function expectUnchanged(path: string, before: string | undefined): void {
  const now = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  if (now !== before) throw new Error(`${path} has changed since it was read. Nothing was written: run the command again.`);
}

function replaceAll(targets: readonly Target[], rename: FileOperations['rename']): void {
  const done: Target[] = [];
  try {
    for (const target of targets) {
      rename(target.temporary, target.path);
      done.push(target);
    }
  } catch (error) {
    for (const { path, before } of done) {
      if (before === undefined) rmSync(path, { force: true });
      else writeFileSync(path, before);
    }
    throw error;
  }
}
