import { realPath, toPosix } from '../project/paths.js';
import { runGit } from '../project/run-git.js';

/** The state of a project in git. Without git each property is empty. */
export interface GitState {
  /** Whether a remote is on github.com. */
  readonly isOnGitHub: boolean;
  /** Whether the project is the whole repository, so that its `.github` folder counts. True without git. */
  readonly isTopLevel: boolean;
  /** Which of the files, relative to the root, have uncommitted changes. */
  readonly uncommitted: (files: readonly string[]) => readonly string[];
}

/** Asks git about the project in the folder `root`. */
export function readGitState(root: string): GitState {
  const top = git(root, 'rev-parse', '--show-toplevel').trim();
  return {
    isOnGitHub: /\bgithub\.com[:/]/.test(git(root, 'config', '--get-regexp', '^remote\\..*\\.url$')),
    isTopLevel: top === '' || realPath(toPosix(top)) === realPath(root),
    uncommitted: (files) =>
      files.length === 0 ? [] : files.filter((file) => git(root, 'status', '--porcelain', '--', `:(literal)${file}`) !== ''),
  };
}

function git(root: string, ...args: readonly string[]): string {
  try {
    return runGit(root, args);
  } catch {
    return '';
  }
}
