import { posix } from 'node:path';
import { mtimeOf } from './document-store.js';

/** Returns the root and all folders between it and the files. */
export function foldersOf(root: string, files: Iterable<string>): Set<string> {
  const folders = new Set([root]);
  for (const file of files)
    for (let folder = posix.dirname(file); !folders.has(folder) && folder.length > root.length; folder = posix.dirname(folder))
      folders.add(folder);
  return folders;
}

/** Returns the time of the last change of each path. A new or deleted file changes the timestamp of its folder. An edit changes that of an ignore file. */
export function stampsOf(paths: Iterable<string>): Map<string, number> {
  return new Map([...paths].map((path) => [path, mtimeOf(path)]));
}

/** Whether both have the same paths with the same times. */
export function isSameStamps(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): boolean {
  return a.size === b.size && [...a].every(([folder, time]) => b.get(folder) === time);
}
