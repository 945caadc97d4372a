import { posix } from 'node:path';
import chokidar from 'chokidar';
import { relativeTo, toPosix } from '../project/paths.js';
import { runGit } from '../project/run-git.js';

/** A running watch. */
export interface FolderWatch {
  /** Watches further folders. Those that are watched already stay. */
  readonly add: (folders: readonly string[]) => void;
  /** Ends the watch. */
  readonly close: () => Promise<void>;
}

/** A batch ends when nothing has happened for this long, in milliseconds: an editor or git writes several files at once. */
const pauseMs = 150;

/** A batch ends at the latest after this long, in milliseconds. */
const maxBatchMs = 2_000;

/** What the analysis may read: source files, manifests, settings, configurations of tools, and what git ignores. */
const mayMatter = /\.(?:[cm]?[jt]sx?|vue|svelte|astro|jsonc?|ya?ml|toml)$|(?:^|\/)\.gitignore$/;

/**
 * Watches folders and calls `onBatch` after each batch of changes. What changed is not told: the project finds it out, and better than events
 * of the file system do. Resolves when all folders are watched.
 */
export async function watchFolders(
  folders: readonly string[],
  onBatch: () => void,
  onError: (error: unknown) => void,
): Promise<FolderWatch> {
  const watched = new Map<string, (path: string) => boolean>();
  const note = (added: readonly string[]): string[] => {
    const further = added.filter((folder) => !watched.has(folder));
    for (const folder of further) watched.set(folder, ignoredBelow(folder));
    return further;
  };
  const watcher = chokidar.watch(note(folders), {
    ignoreInitial: true,
    followSymlinks: false,
    ignored: (path, stats) => {
      const file = toPosix(path);
      const isIgnored = [...watched].some(([folder, isOutside]) => file.startsWith(`${folder}/`) && isOutside(file));
      return isIgnored || (stats?.isFile() === true && !mayMatter.test(file));
    },
  });
  let timer: NodeJS.Timeout | undefined;
  let startedAt: number | undefined;
  watcher.on('all', () => {
    startedAt ??= performance.now();
    clearTimeout(timer);
    timer = setTimeout(
      () => {
        startedAt = undefined;
        onBatch();
      },
      Math.max(0, Math.min(pauseMs, startedAt + maxBatchMs - performance.now())),
    );
  });
  watcher.on('error', onError);
  await new Promise<void>((resolve) => void watcher.once('ready', () => resolve()));
  return {
    add: (further) => {
      const added = note(further);
      if (added.length > 0) watcher.add(added);
    },
    close: async () => {
      clearTimeout(timer);
      await watcher.close();
    },
  };
}

/** Returns a test for the paths below a folder that hold no source: packages, the data of git, and what git ignores. */
function ignoredBelow(folder: string): (path: string) => boolean {
  const ignored = new Set(ignoredFolders(folder).map((path) => posix.join(folder, path)));
  return (path) => ignored.has(path) || /(?:^|\/)(?:node_modules|\.git)(?:\/|$)/.test(relativeTo(folder, path));
}

/** Returns the folders and files that git ignores. A folder that is ignored as a whole is listed alone. */
function ignoredFolders(folder: string): string[] {
  try {
    const output = runGit(folder, ['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--directory']);
    return output.split('\0').flatMap((path) => (path === '' ? [] : [path.replace(/\/$/, '')]));
  } catch {
    return [];
  }
}
