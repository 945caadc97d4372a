import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { isManifestPath, isSourcePath } from '../../project/list-files.js';
import { toPosix } from '../../project/paths.js';
import { runGit } from '../../project/run-git.js';

/** The files of a revision in a folder of their own. */
export interface Checkout {
  /** Absolute path of the folder, with forward slashes. It is a git repository whose index lists the files. */
  readonly folder: string;
  /** The commit of the revision. */
  readonly commit: string;
  /** Absolute path of the repository that the revision is from. */
  readonly repository: string;
  /** Paths of its files, relative to the folder. */
  readonly files: readonly string[];
}

/** The result of a function for a checkout, or the reason why there is none. */
export type CheckoutOutcome<Value> =
  { readonly kind: 'done'; readonly value: Value } | { readonly kind: 'error'; readonly problem: string };

/**
 * Writes the files of a revision of the repository around `path` into a temporary folder, and removes it when `use` ends or throws. The
 * repository itself is not changed: no branch, index or list of worktrees.
 */
export function withRevision<Value>(revision: string, path: string, use: (checkout: Checkout) => Value): CheckoutOutcome<Value> {
  const place = findCommit(revision, path);
  if (place.kind === 'error') return place;
  const folder = toPosix(realpathSync(mkdtempSync(join(tmpdir(), 'clickhouse-ssot-since-'))));
  try {
    const { commit, repository } = place.value;
    const problem = writeFiles(folder, repository, commit);
    if (problem !== undefined)
      return {
        kind: 'error',
        problem: `--since: found that the files of ${revision} cannot be read (${problem}). Fetch its files, or name another revision.`,
      };
    linkDependencies(folder, repository);
    return { kind: 'done', value: use({ folder, commit, repository, files: filesOf(folder) }) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Place {
  readonly commit: string;
  readonly repository: string;
}

function findCommit(revision: string, path: string): CheckoutOutcome<Place> {
  const error = (found: string, advice: string) => ({ kind: 'error', problem: `--since: found ${found}. ${advice}` }) as const;
  if (revision === '' || revision.startsWith('-'))
    return error(`"${revision}", expected a revision of git`, 'Name a commit, a branch or a tag, as in --since origin/main.');
  const top = git(path, 'rev-parse', '--show-toplevel');
  if (top === undefined) {
    return git(path, '--version') === undefined
      ? error('no git, expected it to read the files of the revision', 'Install git.')
      : error(`no git repository around ${path}`, 'Run the audit in a working tree of git, or leave --since out.');
  }
  const commit = git(path, 'rev-parse', '--verify', '--quiet', `${revision}^{commit}`);
  if (commit !== undefined) return { kind: 'done', value: { commit, repository: toPosix(realpathSync(top)) } };
  return git(path, 'rev-parse', '--is-shallow-repository') === 'true'
    ? error(
        `no revision "${revision}" in this shallow clone`,
        'Fetch more: with actions/checkout set "fetch-depth: 0", in GitLab set GIT_DEPTH to 0, elsewhere run git fetch --unshallow.',
      )
    : error(`no revision "${revision}"`, 'Name a commit, a branch or a tag of this repository; fetch a remote branch first.');
}

/** Fills the folder from the objects of the repository. Returns a message if that fails. */
function writeFiles(folder: string, repository: string, commit: string): string | undefined {
  try {
    const format = git(repository, 'rev-parse', '--show-object-format') ?? 'sha1';
    runGit(folder, ['init', '--quiet', '--template=', ...(format === 'sha1' ? [] : [`--object-format=${format}`])]);
    const info = join(folder, '.git/objects/info');
    mkdirSync(info, { recursive: true });
    appendFileSync(join(info, 'alternates'), `${resolve(repository, runGit(repository, ['rev-parse', '--git-path', 'objects']).trim())}\n`);
    runGit(folder, ['read-tree', commit]);
    // It writes the other files if one cannot be read: in a partial clone, objects of large files are missing.
    git(folder, ...withoutDownloads, 'checkout-index', '--all', '--quiet');
    const missing = filesOf(folder).find((file) => (isSourcePath(file) || isManifestPath(file)) && !existsSync(join(folder, file)));
    return missing === undefined ? undefined : `the clone lacks ${missing}`;
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  }
}

/** Files of Git LFS are no code, and would be downloaded. */
const withoutDownloads = ['smudge', 'process', 'clean']
  .flatMap((key) => ['-c', `filter.lfs.${key}=`])
  .concat('-c', 'filter.lfs.required=false');

/** Configurations can extend a package, which is only in the working tree. */
function linkDependencies(folder: string, repository: string): void {
  for (const path of ['.', ...foldersWithDependencies(repository)]) {
    const [from, to] = [join(repository, path, 'node_modules'), join(folder, path, 'node_modules')];
    if (existsSync(from) && existsSync(dirname(to)) && !existsSync(to)) symlinkSync(from, to, 'junction');
  }
  mkdirSync(join(folder, '.git/info'), { recursive: true });
  appendFileSync(join(folder, '.git/info/exclude'), 'node_modules\n');
}

/** The folders of packages, which are at most two levels below the root in nearly all workspaces. */
function foldersWithDependencies(repository: string): string[] {
  const below = (path: string): string[] =>
    readdirSync(join(repository, path), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
      .map(({ name }) => join(path, name));
  const first = below('.');
  return [...first, ...first.flatMap(below)];
}

function filesOf(folder: string): string[] {
  return runGit(folder, ['ls-files', '-z'])
    .split('\0')
    .filter((file) => file !== '');
}

function git(folder: string, ...args: readonly string[]): string | undefined {
  try {
    return runGit(folder, args).trim();
  } catch {
    return undefined;
  }
}
