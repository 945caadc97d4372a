import { posix } from 'node:path';
import type { AuditPlace } from '../audit/audit-result.js';
import { relativeTo } from '../project/paths.js';

/** Variables of the environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Returns the URL of a place; undefined if it is not known where the code is shown. */
export type LinkOf = (place: Pick<AuditPlace, 'file' | 'line'>) => string | undefined;

/**
 * Returns a function that links places to the commit that a job of GitHub, GitLab, Gitea or Forgejo audits. `root` is the folder that the
 * places are relative to, `repository` the one that contains it.
 */
export function sourceLinks(environment: Environment, root: string, repository: string): LinkOf {
  const base = sourceBase(environment);
  if (base === undefined) return () => undefined;
  return ({ file, line }) => `${base}/${encodePath(relativeTo(repository, posix.join(root, file)))}#L${line}`;
}

/** The URL of the audited commit's root folder, by the variables that each system documents for its jobs. */
function sourceBase(environment: Environment): string | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name, GITHUB_SHA: sha, GITEA_ACTIONS, FORGEJO_ACTIONS } = environment;
  const { CI_PROJECT_URL: project, CI_COMMIT_SHA: commit } = environment;
  const url =
    server && name && sha
      ? `${server}/${name}/${GITEA_ACTIONS === 'true' || FORGEJO_ACTIONS === 'true' ? 'src/commit' : 'blob'}/${sha}`
      : project && commit
        ? `${project}/-/blob/${commit}`
        : undefined;
  return url !== undefined && /^https?:\/\/[^\s()<>]+$/.test(url) ? url : undefined;
}

/** Encodes each segment, and the parentheses, which would end a link of Markdown. */
function encodePath(path: string): string {
  // A name that is not valid UTF-16 cannot be encoded; the buffer replaces what is invalid.
  const segments = Buffer.from(path).toString().split('/').map(encodeURIComponent);
  return segments.join('/').replace(/[()]/g, (sign) => (sign === '(' ? '%28' : '%29'));
}
