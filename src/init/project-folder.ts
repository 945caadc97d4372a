import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listFiles } from '../project/list-files.js';

/** The files of a project, as far as init reads them. */
export interface ProjectFolder {
  /** Absolute path. */
  readonly root: string;
  /** The files that git tracks or does not ignore, relative to the root, sorted. */
  readonly files: readonly string[];
  /** Returns the text of a file relative to the root; undefined if it cannot be read. */
  readonly read: (file: string) => string | undefined;
}

/** Returns the folder `root` of the disk. */
export function openProjectFolder(root: string): ProjectFolder {
  return { root, files: listFiles(root, () => false).all, read: (file) => readText(join(root, file)) };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
