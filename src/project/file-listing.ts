import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { toPosix } from './paths.js';
import { runGit } from './run-git.js';

/** The files below a root, before the settings exclude any. */
export interface FileListing {
  /** Paths of all files, relative to the root. */
  readonly paths: readonly string[];
  /** Content ids by path, of the files that git knows to be as they are in its index. Other files must be read. */
  readonly contentIds: ReadonlyMap<string, string>;
}

/** Folders of which a walk takes TypeScript only, the rest being build output. With git, `.gitignore` decides. */
const ignoredFolders = new Set(['build', 'out', 'coverage', 'tmp', 'temp', 'vendor', 'storybook-static']);

/** Lists the files below a root: with git, those that are tracked or not ignored; without git, those that a walk finds. */
export function readListing(root: string): FileListing {
  return gitListing(root) ?? { paths: walk(root), contentIds: new Map() };
}

/** Returns undefined if the folder is in no git repository, or if git ignores all of it. */
function gitListing(root: string): FileListing | undefined {
  try {
    const options = ['-z', '-v', '--stage', '--cached', '--modified', '--deleted', '--others', '--exclude-standard'];
    const listing = parseListing(runGit(root, ['ls-files', ...options]));
    return listing.paths.length > 0 ? listing : undefined;
  } catch {
    return foreignListing(root);
  }
}

/**
 * Git refuses a repository of another owner, such as one that a container mounts: its configuration may name programs that git runs. A plain
 * list of paths runs none of them but the monitor, which is switched off. Returns undefined if there is no repository.
 */
function foreignListing(root: string): FileListing | undefined {
  try {
    const trusting = ['-c', 'safe.directory=*', '-c', 'core.fsmonitor=false'];
    const output = runGit(root, [...trusting, 'ls-files', '-z', '--cached', '--others', '--exclude-standard']);
    const paths = [...new Set(output.split('\0'))].filter(
      (path) => path !== '' && lstatSync(join(root, path), { throwIfNoEntry: false }) !== undefined,
    );
    return paths.length > 0 ? { paths, contentIds: new Map() } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * An entry is a tag, a space, and a path: `H mode id stage<tab>path` for a file in the index, `? path` for another one. A changed file has
 * a second entry with the tag `C`, a deleted one with `R`. Any other tag than `H` means that git does not watch the file: it is sparse or
 * assumed to be unchanged.
 */
function parseListing(output: string): FileListing {
  const paths = new Set<string>();
  const deleted = new Set<string>();
  const changed = new Set<string>();
  const contentIds = new Map<string, string>();
  for (const entry of output.split('\0')) {
    if (entry === '') continue;
    const tag = entry[0] ?? '';
    const tab = tag === '?' ? 1 : entry.indexOf('\t');
    const path = entry.slice(tab + 1);
    if (tag === 'R') deleted.add(path);
    else if (tag === 'C') changed.add(path);
    paths.add(path);
    const id = tag === 'H' ? regularFile.exec(entry.slice(2, tab))?.[1] : undefined;
    if (id !== undefined) contentIds.set(path, id);
  }
  for (const path of deleted) paths.delete(path);
  for (const path of [...deleted, ...changed]) contentIds.delete(path);
  return { paths: [...paths], contentIds };
}

/** Mode, id and stage of a regular file without a conflict. The id of a symbolic link is that of its target's path. */
const regularFile = /^100\d{3} ([0-9a-f]{40}) 0$/;

function walk(root: string): string[] {
  const files: string[] = [];
  const folders = [''];
  const outputs = new Set<string>();
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const isOutput = outputs.has(folder);
    const entries = entriesOf(join(root, folder));
    // A git repository below a root without git is a project of its own.
    if (folder !== '' && entries.some(({ name }) => name === '.git')) continue;
    for (const entry of entries) {
      const path = toPosix(join(folder, entry.name));
      // Symbolic links are not followed: their targets are listed at their own paths, and a cycle of links would never end.
      if (entry.isFile() && (!isOutput || isTypeScriptPath(path))) files.push(path);
      if (!entry.isDirectory() || entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      folders.push(path);
      if (isOutput || ignoredFolders.has(entry.name)) outputs.add(path);
    }
  }
  return files;
}

/** Whether the file is TypeScript: build output has none. */
export function isTypeScriptPath(path: string): boolean {
  return /\.[cm]?tsx?$/.test(path);
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
