import { posix } from 'node:path';
import type { AuditPlace } from '../audit/audit-result.js';
import { relativeTo } from '../project/paths.js';

/** Variables of the environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A commit of a repository on a forge. */
export interface Forge {
  /** Which addresses it has. Forgejo has those of Gitea. */
  readonly kind: 'github' | 'gitlab' | 'bitbucket' | 'gitea';
  /** Address of the repository, without a slash at its end. */
  readonly url: string;
  readonly commit: string;
  /** Path of the audit's root in the repository. Empty if the root is the repository. */
  readonly prefix: string;
}

/** Where the links of a report lead to. */
export interface LinkTargets {
  /** Absolute path of the root for links to the editor. Unset if readers have other files than the audit, as in CI. */
  readonly editorRoot?: string;
  /** The repository on a forge. Unset if there is none. */
  readonly forge?: Forge;
}

/** A link to a place, and its name for readers. */
export interface SourceLink {
  readonly href: string;
  readonly name: string;
}

/** Returns the URL of a place; undefined if it is not known where the code is shown. */
export type LinkOf = (place: Pick<AuditPlace, 'file' | 'line'>) => string | undefined;

const names: Readonly<Record<Forge['kind'], string>> = { github: 'GitHub', gitlab: 'GitLab', bitbucket: 'Bitbucket', gitea: 'Gitea' };

/** Returns the links of a place: to the editor, and to the forge. */
export function linksOf({ file, line, column }: AuditPlace, { editorRoot, forge }: LinkTargets): SourceLink[] {
  const editor =
    editorRoot === undefined
      ? []
      : [{ name: 'VS Code', href: `vscode://file/${encodePath(posix.join(editorRoot, file).replace(/^\/+/, ''))}:${line}:${column}` }];
  return [...editor, ...(forge ? [{ name: names[forge.kind], href: forgeUrl(forge, file, line) }] : [])];
}

/**
 * Returns a function that links places to the commit that a job of GitHub, GitLab, Gitea or Forgejo audits. `root` is the folder that the
 * places are relative to, `repository` the one that contains it.
 */
export function jobLinks(environment: Environment, root: string, repository: string): LinkOf {
  const job = forgeOfJob(environment);
  if (job === undefined) return () => undefined;
  const forge = { ...job, prefix: relativeTo(repository, root) };
  return ({ file, line }) => forgeUrl(forge, file, line);
}

/** The repository and its audited commit, by the variables that each forge documents for its jobs. */
function forgeOfJob(environment: Environment): Omit<Forge, 'prefix'> | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name, GITHUB_SHA: sha, GITEA_ACTIONS, FORGEJO_ACTIONS } = environment;
  const { CI_PROJECT_URL: project, CI_COMMIT_SHA: commit } = environment;
  const isGitea = GITEA_ACTIONS === 'true' || FORGEJO_ACTIONS === 'true';
  const forge: Omit<Forge, 'prefix'> | undefined =
    server && name && sha
      ? { kind: isGitea ? 'gitea' : 'github', url: `${server}/${name}`, commit: sha }
      : project && commit
        ? { kind: 'gitlab', url: project, commit }
        : undefined;
  return forge && /^https?:\/\/[^\s()<>]+$/.test(`${forge.url}/${forge.commit}`) ? forge : undefined;
}

function forgeUrl({ kind, url, commit, prefix }: Forge, file: string, line: number): string {
  const path = encodePath(posix.join(prefix, file));
  switch (kind) {
    case 'github':
      return `${url}/blob/${commit}/${path}#L${line}`;
    case 'gitlab':
      return `${url}/-/blob/${commit}/${path}#L${line}`;
    case 'bitbucket':
      return `${url}/src/${commit}/${path}#lines-${line}`;
    case 'gitea':
      return `${url}/src/commit/${commit}/${path}#L${line}`;
  }
}

/** Encodes each segment, and the parentheses, which would end a link of Markdown. The drive of a Windows path stays. */
function encodePath(path: string): string {
  // A name that is not valid UTF-16 cannot be encoded; the buffer replaces what is invalid.
  const segments = Buffer.from(path).toString().split('/').map(encodeURIComponent);
  return segments
    .join('/')
    .replace(/[()]/g, (sign) => (sign === '(' ? '%28' : '%29'))
    .replace(/^(\w)%3A/, '$1:');
}
