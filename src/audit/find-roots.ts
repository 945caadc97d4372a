import { existsSync, statSync } from 'node:fs';
import { posix, resolve } from 'node:path';
import { findRoot } from '../project/find-root.js';
import { isBelow, relativeTo, toPosix } from '../project/paths.js';
import { settingsFileName } from '../settings/load-settings.js';
import { contains } from './join-results.js';

/** A project to audit, and the part of it that the report shows. */
export interface AuditTarget {
  /** Absolute path of the project's folder, with forward slashes. */
  readonly root: string;
  /** Files and folders of the project that the report is limited to, relative to its root. `.` is the whole project. */
  readonly paths: readonly string[];
}

/**
 * Returns the projects that files and folders belong to, in the order of the paths: those that a linter finds. The folder of `settingsFile`
 * is the project of all paths inside it.
 */
export function findRoots(paths: readonly string[], settingsFile?: string): AuditTarget[] {
  const settingsFolder = settingsFile === undefined ? undefined : posix.dirname(toPosix(resolve(settingsFile)));
  const targets = new Map<string, string[]>();
  for (const path of paths) {
    const absolute = toPosix(resolve(path));
    const isInside = settingsFolder !== undefined && contains(settingsFolder, absolute);
    const root = isInside ? settingsFolder : rootOf(absolute);
    targets.set(root, [...(targets.get(root) ?? []), relativeTo(root, absolute) || '.']);
  }
  const found = [...targets].map(([root, selected]) => ({ root, paths: selected.includes('.') ? ['.'] : [...new Set(selected)] }));
  return found.filter((target) => !found.some((outer) => outer !== target && includesNested(outer, target.root)));
}

function rootOf(path: string): string {
  const folder = folderOf(path);
  return findRoot(posix.join(folder, 'file.ts'), folder, settingsFileName);
}

/** Whether the audit of one target covers the other root: a folder with a settings file of its own, below the target's paths. */
function includesNested({ root, paths }: AuditTarget, nested: string): boolean {
  if (!isBelow(root, nested) || !existsSync(posix.join(nested, settingsFileName))) return false;
  return paths.some((path) => contains(path, relativeTo(root, nested)));
}

function folderOf(path: string): string {
  return statSync(path).isDirectory() ? path : posix.dirname(path);
}

/** Returns the deepest folder that contains all roots; undefined if there is none, as for two drives. */
export function commonFolder(roots: readonly string[]): string | undefined {
  const [first = '', ...others] = roots;
  for (let folder = first; ; folder = posix.dirname(folder)) {
    if (others.every((root) => root === folder || isBelow(folder, root))) return folder;
    if (posix.dirname(folder) === folder) return undefined;
  }
}
