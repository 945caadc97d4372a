import { resolve } from 'node:path';
import type { AuditOutcome } from '../audit/audit.js';
import type { AuditPathsOptions } from '../audit/audit-paths.js';
import type { AuditResult } from '../audit/audit-result.js';
import { checklistOf } from '../audit/checklist/checklist.js';
import { readDocumentation } from '../audit/checklist/read-documentation.js';
import type { RuleSelection } from '../audit/select-rules.js';
import { compareWithRevision, type SinceOutcome, type SinceRequest, splitKnown } from '../audit/since/compare-revision.js';
import type { CacheChoice } from '../cache/cache-location.js';
import { toPosix } from '../project/paths.js';
import { problemToGithub } from '../report/github.js';
import type { ReportDetail } from '../report/page.js';
import type { Environment } from '../report/source-links.js';
import { createTrace, noTrace } from '../trace/trace.js';
import { type AuditOptions, checkPaths, checkSelection } from './audit-options.js';
import { checkBaselineOptions, useBaseline } from './baseline-options.js';
import { exitCodes } from './exit-codes.js';
import type { Formats } from './formats.js';
import { findRepository } from './find-repository.js';
import type { Progress } from './progress.js';
import { asksForAnnotations, checkFormats, writeReport } from './report-targets.js';

/** The environment of the commands: the audit, the terminal and the output streams. */
export interface CliContext {
  /** Audits the projects that files and folders belong to. */
  readonly audit: (options: AuditPathsOptions) => AuditOutcome;
  /** Whether standard output shows colours. */
  readonly color: boolean;
  /** Whether the variable `DEBUG` asks for debug facts. */
  readonly debug: boolean;
  /** Folder of the repository in a workflow of GitHub Actions. Default: unset, outside of one. */
  readonly workspace?: string | undefined;
  /** Whether the process runs in CI: readers of its reports have no such files on their disk. */
  readonly isCi: boolean;
  /** The folder with the style sheet and the script of HTML reports. */
  readonly pageFolder: URL;
  /** Variables of the environment that say where a forge shows the code. Default: none. */
  readonly environment?: Environment | undefined;
  /** The place of the cache, from the variable `CLICKHOUSE_SSOT_CACHE`. Default: no cache. */
  readonly cache?: CacheChoice | undefined;
  /** Columns of the terminal; Infinity if standard output is no terminal. */
  readonly width: number;
  /** Writes to standard output. */
  readonly write: (text: string) => void;
  /** Writes to standard error. */
  readonly writeError: (text: string) => void;
  /** Receives the folder for compiled code before an analysis loads TypeScript. Default: unset, if none is kept. */
  readonly useCodeFolder?: ((folder: string) => void) | undefined;
  /** Starts to show the phases of an audit. Default: unset, if standard error should show none. */
  readonly startProgress?: (() => Progress) | undefined;
}

/** Runs an audit, writes its reports and returns the exit code: 0 no findings, 1 findings, 2 the audit could not run. */
export function runAudit(names: readonly string[], options: AuditOptions, context: CliContext, formats: Formats): number {
  const { config, quiet = false, verbose = false, strictSettings = false } = options;
  const stop = (problems: readonly string[]): number => {
    // In a workflow of GitHub the problem is an annotation as well.
    if (asksForAnnotations(options.format)) context.write(problemToGithub(problems.join('\n')));
    return fail(problems, context);
  };
  const targets = checkFormats(options, formats);
  if (!targets.ok) return stop(targets.problems);
  if (quiet && verbose) return stop(['--quiet: found together with --verbose, expected one of them. Leave one out.']);
  const selection = checkSelection(options);
  if (!selection.ok) return stop(selection.problems);
  const paths = checkPaths(names, options);
  if (!paths.ok) return stop(paths.problems);
  const files = targets.value.flatMap(({ file }) => (file ? [file] : []));
  const wrongBaseline = checkBaselineOptions(options, files);
  if (wrongBaseline !== undefined) return stop([wrongBaseline]);
  const cache = cacheChoiceOf(options) ?? context.cache;
  const outcome = auditWithProgress({ paths: paths.value, settingsFile: config, selection: selection.value, cache }, options, context);
  if (outcome.kind === 'error') return stop(outcome.problems);
  const since = compareSince(outcome.result, paths.value, selection.value, options, context);
  if (since?.kind === 'error') return stop(since.problems);
  const compared = useBaseline(
    [outcome.result],
    paths.value.map((path) => resolve(path)),
    options,
  );
  if (compared.kind === 'error') return stop([compared.problem]);
  const [audited = outcome.result] = compared.results;
  const result = withChecklist(since ? splitKnown(audited, since.comparison) : audited);
  const isStale = strictSettings && result.staleSettings.length > 0;
  const exitCode = result.findings.length > 0 || isStale ? exitCodes.findings : exitCodes.clean;
  const detail: ReportDetail = quiet ? 'quiet' : verbose ? 'verbose' : 'normal';
  const repository = findRepository(result.root, context.workspace);
  const unwritten = targets.value.flatMap((target) => {
    const { color, width } = target.file === undefined ? context : { color: false, width: Infinity };
    const text = target.report(result, {
      color,
      width,
      detail,
      strictSettings,
      repository,
      exitCode,
      environment: context.environment ?? {},
      isCi: context.isCi,
      pageFolder: context.pageFolder,
    });
    return writeReport(text, target, context.write) ?? [];
  });
  return unwritten.length === 0 ? exitCode : stop(unwritten);
}

function withChecklist(result: AuditResult): AuditResult {
  return { ...result, checklist: checklistOf(result, () => readDocumentation(result.root)) };
}

/** Compares the result with the revision that the user named; undefined if there is none. */
function compareSince(
  result: AuditResult,
  audited: readonly string[],
  selection: RuleSelection,
  options: AuditOptions,
  context: CliContext,
): SinceOutcome | undefined {
  const { since: revision, config: settingsFile } = options;
  // The folder of the revision is a new one for each run, so nothing that is kept would be found again.
  const cache: CacheChoice = { kind: 'off', reason: 'the files of a revision have no lasting folder' };
  const auditFiles: SinceRequest['audit'] = (paths, file) =>
    auditWithProgress({ paths, settingsFile: file, selection, cache }, options, context);
  return revision === undefined ? undefined : compareWithRevision(result, { revision, audited, settingsFile, audit: auditFiles });
}

/** The options about results of earlier runs. */
export type CacheOptions = Pick<AuditOptions, 'cache' | 'cacheLocation'>;

/** Returns what the options say about the cache; undefined if they say nothing. */
export function cacheChoiceOf({ cache = true, cacheLocation }: CacheOptions): CacheChoice | undefined {
  if (!cache) return { kind: 'off', reason: '--no-cache was given' };
  return cacheLocation === undefined ? undefined : { kind: 'folder', folder: toPosix(resolve(cacheLocation)) };
}

/** Debug facts take the place of progress on standard error. */
function auditWithProgress(request: AuditPathsOptions, { debug, quiet }: AuditOptions, context: CliContext): AuditOutcome {
  const isTraced = debug ?? context.debug;
  const trace = isTraced ? createTrace(context.writeError) : noTrace;
  const progress = isTraced || quiet === true ? undefined : context.startProgress?.();
  try {
    return context.audit({ ...request, trace, ...(progress ? { reportPhase: progress.report } : {}) });
  } finally {
    progress?.stop();
  }
}

/** Writes problems to standard error, and returns the exit code for them. */
export function fail(problems: readonly string[], { writeError }: Pick<CliContext, 'writeError'>): number {
  writeError(`${problems.join('\n')}\n`);
  return exitCodes.error;
}
