import { readdirSync, readFileSync } from 'node:fs';
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
  // Without git, folders whose name begins with a dot are not listed.
  const files = new Set([...listFiles(root, () => false).all, ...workflowsIn(root)]);
  return { root, files: [...files].sort(), read: (file) => readText(join(root, file)) };
}

function workflowsIn(root: string): string[] {
  try {
    return readdirSync(join(root, '.github/workflows')).map((name) => `.github/workflows/${name}`);
  } catch {
    return [];
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
