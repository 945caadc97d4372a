import { runGit } from '../project/run-git.js';
import type { Forge } from '../report/source-links.js';

/** Returns the commit on GitHub, GitLab or Bitbucket that a folder shows. Undefined without git, without a remote, or on another host. */
export function findForge(root: string): Forge | undefined {
  const [remote, commit] = [git(root, 'config', '--get', 'remote.origin.url'), git(root, 'rev-parse', 'HEAD')];
  const repository = remote === undefined ? undefined : parseRemote(remote);
  if (!repository || commit === undefined) return undefined;
  return { ...repository, commit, prefix: git(root, 'rev-parse', '--show-prefix') ?? '' };
}

/** Returns the web address of a remote: it has no user, no password and no port. */
export function parseRemote(remote: string): Pick<Forge, 'kind' | 'url'> | undefined {
  const match = /^(?:(?:https?|ssh|git):\/\/)?(?:[^@/]*@)?([\w.-]+)(?::\d+)?[:/]+(.+?)(?:\.git)?\/?$/.exec(remote);
  const [, host = '', path = ''] = match ?? [];
  const kind = (['github', 'gitlab', 'bitbucket'] as const).find((name) => host.split('.').includes(name));
  return kind === undefined ? undefined : { kind, url: `https://${host}/${path}` };
}

function git(root: string, ...args: readonly string[]): string | undefined {
  try {
    return runGit(root, args).trim();
  } catch {
    return undefined;
  }
}
