import type { CacheChoice } from '../cache/cache-location.js';
import { relativeTo } from '../project/paths.js';
import { noTrace, type Trace } from '../trace/trace.js';
import type { AuditOutcome, ReportPhase } from './audit.js';
import { auditProject, type AuditRoot } from './audit-project.js';
import type { AuditFinding, AuditResult } from './audit-result.js';
import { type AuditTarget, commonFolder, findRoots } from './find-roots.js';
import { addResult, contains, moveInto, selectFiles } from './join-results.js';
import type { RuleSelection } from './select-rules.js';

/** The paths to audit, and the options. */
export interface AuditPathsOptions {
  /** Existing files and folders. The project of each is found as a linter finds it. */
  readonly paths: readonly string[];
  /** The settings file to use in place of those that linters find. Default: those. */
  readonly settingsFile?: string | undefined;
  /** The rules to run. Default: the preset `recommended`. */
  readonly selection?: RuleSelection;
  /** Receives debug facts. Default: none. */
  readonly trace?: Trace;
  /** Is called at the start of each phase. Default: not called. */
  readonly reportPhase?: ReportPhase;
  /** Where answers of earlier runs are kept. Default: nowhere. */
  readonly cache?: CacheChoice | undefined;
  /** Receives the folder for compiled code, beside these answers, before an analysis loads TypeScript. Default: not called. */
  readonly useCodeFolder?: ((folder: string) => void) | undefined;
  /** Audits one root. Default: with answers on disk. */
  readonly auditRoot?: AuditRoot | undefined;
}

const recommended: RuleSelection = { preset: 'recommended', rules: [] };

/**
 * Audits the projects that files and folders belong to, and returns what is in these files and folders as one result. The command line
 * calls it.
 */
export function auditPaths({
  paths,
  settingsFile,
  selection = recommended,
  trace = noTrace,
  reportPhase,
  cache,
  useCodeFolder,
  auditRoot,
}: AuditPathsOptions): AuditOutcome {
  const targets = findRoots(paths, settingsFile);
  const root = commonFolder(targets.map((target) => target.root));
  if (root === undefined)
    return { kind: 'error', problems: [`${paths.join(', ')}: found folders on two drives. Audit each drive by itself.`] };
  const outcomes = targets.map((target) => {
    const outcome = auditProject({ root: target.root, settingsFile, selection, trace, reportPhase, cache, useCodeFolder }, auditRoot);
    return { target, outcome: outcome.kind === 'done' ? limitTo(target, outcome) : outcome };
  });
  const problems = outcomes.flatMap(({ target, outcome }) =>
    outcome.kind === 'error' ? outcome.problems.map((problem) => nameProject(problem, target, targets)) : [],
  );
  if (problems.length > 0) return { kind: 'error', problems };
  const results = outcomes.flatMap(({ target, outcome }) =>
    outcome.kind === 'done' ? [{ ...moveInto(outcome.result, relativeTo(root, target.root) || '.'), root }] : [],
  );
  const [first, ...others] = results;
  return first
    ? { kind: 'done', result: others.reduce(addProject, first), sources: [], nestedRoots: [], modules: [] }
    : { kind: 'error', problems };
}

/** A problem of one of several projects names the project. */
function nameProject(problem: string, { root }: AuditTarget, targets: readonly AuditTarget[]): string {
  return targets.length > 1 && !problem.includes(root) ? `${root}: ${problem}` : problem;
}

/** Limits a result to the paths of its target. A path without a source file must not read like a clean one. */
function limitTo({ root, paths }: AuditTarget, outcome: AuditOutcome & { readonly kind: 'done' }): AuditOutcome {
  if (paths.includes('.')) return outcome;
  const empty = paths.filter((path) => !outcome.sources.some((file) => contains(path, file)));
  const notJudged = empty.map((path) => ({
    file: path,
    message: `${path}: found no source file of the project ${root}. Git ignores it, the setting "vendored" excludes it, or it is no TypeScript or JavaScript.`,
  }));
  const messages = notJudged.map(({ message }) => message);
  if (empty.length === paths.length) return { kind: 'error', problems: messages };
  const isSelected = ({ file }: { readonly file: string }): boolean => paths.some((path) => contains(path, file));
  const result = selectFiles(outcome.result, isSelected);
  return {
    ...outcome,
    result: {
      ...result,
      findings: selectFindings(outcome.result, isSelected),
      paths,
      notJudged: [...result.notJudged, ...notJudged],
      notices: [...result.notices, ...messages],
    },
  };
}

/** The one finding about an undecided factory is at the first candidate, but it is about each of them. */
function selectFindings({ findings, factories }: AuditResult, isSelected: (place: { readonly file: string }) => boolean): AuditFinding[] {
  const undecided = factories.filter(({ status }) => status === 'undecided');
  const files = new Set(undecided.some(isSelected) ? undecided.map(({ file }) => file) : []);
  return findings.filter((finding) => isSelected(finding) || (finding.rule === 'no-direct-client' && files.has(finding.file)));
}

/** Adds the result of a second project. If only a part of one project is shown, all of the other is a part as well. */
function addProject(result: AuditResult, added: AuditResult): AuditResult {
  const isPartial = result.paths.length > 0 || added.paths.length > 0;
  const pathsOf = ({ paths, projects }: AuditResult) => (paths.length > 0 ? paths : projects.map(({ path }) => path));
  return {
    ...addResult(result, added),
    files: result.files + added.files,
    sliceFiles: result.sliceFiles + added.sliceFiles,
    projects: [...result.projects, ...added.projects],
    paths: isPartial ? [...pathsOf(result), ...pathsOf(added)] : [],
  };
}
