import { execFileSync } from 'node:child_process';

/**
 * Runs git in a folder and returns its output. Throws if git is missing or fails. A git hook sets variables such as `GIT_DIR` and
 * `GIT_INDEX_FILE`, which name the repository of the hook and not that of the folder; git does not get them.
 */
export function runGit(folder: string, args: readonly string[]): string {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !repositoryVariables.has(name)));
  return execFileSync('git', args, { cwd: folder, env, encoding: 'utf8', maxBuffer: 1 << 29, stdio: ['ignore', 'pipe', 'ignore'] });
}

/** The variables that `git rev-parse --local-env-vars` lists and that select a repository or its files. */
const repositoryVariables: ReadonlySet<string> = new Set([
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_DIR',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_INTERNAL_SUPER_PREFIX',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
  'GIT_WORK_TREE',
]);
