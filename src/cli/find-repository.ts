import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { realPath, toPosix } from '../project/paths.js';

/**
 * Returns the repository that contains a root: the nearest folder with `.git`, else the workspace of GitHub Actions, else the root. Git
 * comes first: a workflow can check out a repository into a folder below the workspace. The result is a prefix of `root`.
 */
export function findRepository(root: string, workspace: string | undefined): string {
  const folders = foldersAbove(root);
  const withGit = folders.find((folder) => existsSync(join(folder, '.git')));
  if (withGit !== undefined || workspace === undefined) return withGit ?? root;
  // The two paths can lead to one folder by different links.
  const isWorkspace = (folder: string): boolean => realPath(folder) === realPath(workspace);
  return folders.find(isWorkspace) ?? root;
}

/** Returns the folder and all folders above it, nearest first. */
function foldersAbove(folder: string): string[] {
  const parent = toPosix(dirname(folder));
  return parent === folder ? [folder] : [folder, ...foldersAbove(parent)];
}
