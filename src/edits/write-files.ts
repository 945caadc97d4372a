import { chmodSync, existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
 * that fails, leaves every file as it was. Throws then.
 */
export function writeFiles(root: string, edits: readonly FileEdit[], { write, rename }: FileOperations = disk): void {
  const targets = edits.map(({ file, before, after }) => {
    const path = targetOf(join(root, file));
    return { path, temporary: `${path}.${process.pid}.clickhouse-ssot.tmp`, before, after };
  });
  // A signal between two renames would leave the project half changed.
  const ignore = () => undefined;
  for (const signal of signals) process.on(signal, ignore);
  try {
    for (const { path, before } of targets) expectUnchanged(path, before);
    for (const { path, temporary, after } of targets) {
      mkdirSync(dirname(path), { recursive: true });
      write(temporary, after);
      if (existsSync(path)) chmodSync(temporary, statSync(path).mode);
    }
    replaceAll(targets, rename);
  } finally {
    for (const { temporary } of targets) rmSync(temporary, { force: true });
    for (const signal of signals) process.off(signal, ignore);
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
