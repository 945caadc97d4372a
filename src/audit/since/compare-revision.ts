import { existsSync, statSync } from 'node:fs';
import { dirname, join, posix, relative, resolve } from 'node:path';
import { isSourcePath } from '../../project/list-files.js';
import { isBelow, realPath, relativeTo, toPosix } from '../../project/paths.js';
import type { AuditOutcome } from '../audit.js';
import type { AuditFinding, AuditResult, AuditSince } from '../audit-result.js';
import { entriesOf, matchBaseline } from '../baseline/match-baseline.js';
import { type Checkout, withRevision } from './checkout-revision.js';

/** A revision to compare with, and how to audit it. */
export interface SinceRequest {
  readonly revision: string;
  /** Absolute paths of the folders and files that the audit was asked for. */
  readonly audited: readonly string[];
  /** The settings file that the user named. */
  readonly settingsFile?: string | undefined;
  /** Audits the same paths in the files of the revision. */
  readonly audit: (paths: readonly string[], settingsFile: string | undefined) => AuditOutcome;
}

/** The comparison with the revision, or the reason why it could not be audited. */
export type SinceOutcome =
  { readonly kind: 'done'; readonly comparison: Comparison } | { readonly kind: 'error'; readonly problems: readonly string[] };

/** The findings of a result that the revision has already, and what it has beside them. */
export interface Comparison extends Omit<AuditSince, 'known'> {
  readonly known: ReadonlySet<AuditFinding>;
}

/**
 * Audits a revision and compares the findings by file, rule and fingerprint, as a baseline does. `result` is not changed: a baseline may
 * be applied between this and `splitKnown`.
 */
export function compareWithRevision(result: AuditResult, request: SinceRequest): SinceOutcome {
  const { revision, audited } = request;
  const checkout = withRevision(revision, folderOf(audited[0] ?? '.'), (files) => auditRevision(files, request));
  if (checkout.kind === 'error') return { kind: 'error', problems: [checkout.problem] };
  const before = checkout.value;
  if (before.kind === 'error') return before;
  const root = realPath(result.root);
  const notJudged = new Set(result.notJudged.map(({ file }) => file));
  const match = matchBaseline(
    result.findings.map((finding) => ({ file: finding.file, finding })),
    entriesOf(before.findings.map((finding) => ({ file: relativeTo(root, posix.join(before.root, finding.file)), finding }))),
    { exists: (file) => existsSync(join(root, file)), judges: ({ file }) => !notJudged.has(file) },
  );
  const known = new Set(match.known.map(({ finding }) => finding));
  return { kind: 'done', comparison: { revision, commit: before.commit, known, gone: match.stale } };
}

/** Moves the known findings of a result into `since`. */
export function splitKnown(result: AuditResult, { known, ...since }: Comparison): AuditResult {
  return {
    ...result,
    findings: result.findings.filter((finding) => !known.has(finding)),
    since: { ...since, known: result.findings.filter((finding) => known.has(finding)) },
  };
}

type Before =
  | { readonly kind: 'done'; readonly commit: string; readonly root: string; readonly findings: readonly AuditFinding[] }
  | { readonly kind: 'error'; readonly problems: readonly string[] };

/** Audits what the revision has of the paths. `root` is where its folder would be in the working tree. */
function auditRevision({ folder, commit, repository, files }: Checkout, request: SinceRequest): Before {
  const { revision, audited, settingsFile } = request;
  const inFolder = (path: string): string => join(folder, relative(repository, realPath(resolve(path))));
  const outside = audited.find((path) => !isIn(repository, path));
  if (outside !== undefined)
    return {
      kind: 'error',
      problems: [`--since: found ${outside} outside of the repository ${repository}. Audit one repository at a time.`],
    };
  const paths = audited.map(inFolder).filter((path) => existsSync(path) && hasSource(toPosix(path), folder, files));
  if (paths.length === 0) return { kind: 'done', commit, root: repository, findings: [] };
  const own = settingsFile !== undefined && isIn(repository, settingsFile) ? inFolder(settingsFile) : undefined;
  const outcome = request.audit(paths, own !== undefined && existsSync(own) ? own : settingsFile);
  if (outcome.kind === 'error') {
    const problems = outcome.problems.map(
      (problem) => `--since: the audit of ${revision} could not run: ${problem.replaceAll(`${folder}/`, '')}`,
    );
    return { kind: 'error', problems };
  }
  const { root, findings } = outcome.result;
  return { kind: 'done', commit, root: posix.join(repository, relativeTo(folder, realPath(root))), findings };
}

function isIn(repository: string, path: string): boolean {
  const real = realPath(resolve(path));
  return real === repository || isBelow(repository, real);
}

function hasSource(path: string, folder: string, files: readonly string[]): boolean {
  const inside = relativeTo(folder, path);
  return files.some((file) => isSourcePath(file) && (inside === '' || file === inside || isBelow(inside, file)));
}

function folderOf(path: string): string {
  return statSync(path).isDirectory() ? path : dirname(path);
}
