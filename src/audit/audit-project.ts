import { posix } from 'node:path';
import type { AuditOutcome } from './audit.js';
import { cachedAudit, type CachedAuditOptions } from './cached-audit.js';
import { addResult, contains, moveInto, selectFiles } from './join-results.js';

/** Audits one root. */
export type AuditRoot = (options: CachedAuditOptions) => AuditOutcome;

/**
 * Audits a project and the projects below it. A folder with a settings file of its own is another project: its files are judged by its
 * settings, as in a linter. `auditRoot` audits one root; default: with answers on disk. `auditPaths` calls it.
 */
export function auditProject(options: CachedAuditOptions, auditRoot: AuditRoot = cachedAudit): AuditOutcome {
  const outcome = auditRoot(options);
  if (outcome.kind === 'error') return outcome;
  const nested = outcome.nestedRoots.map((path) => ({
    path,
    outcome: auditProject({ ...options, root: posix.join(outcome.result.root, path), settingsFile: undefined }, auditRoot),
  }));
  const problems = nested.flatMap(({ path, outcome: inner }) =>
    inner.kind === 'error' ? inner.problems.map((problem) => `${path}: ${problem}`) : [],
  );
  if (problems.length > 0) return { kind: 'error', problems };
  const isOwn = ({ file }: { readonly file: string }): boolean => !nested.some(({ path }) => contains(path, file));
  const own = { ...selectFiles(outcome.result, isOwn), notJudged: outcome.result.notJudged.filter(isOwn) };
  // The files of a nested project are counted among those of the outer project already.
  const results = nested.flatMap(({ path, outcome: inner }) => (inner.kind === 'done' ? [moveInto(inner.result, path)] : []));
  return { ...outcome, result: results.reduce(addResult, own) };
}
