import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { AuditOutcome } from '../audit/audit.js';
import type { AuditPathsOptions } from '../audit/audit-paths.js';
import type { AuditResult } from '../audit/audit-result.js';
import { checklistOf } from '../audit/checklist/checklist.js';
import { readDocumentation } from '../audit/checklist/read-documentation.js';
import type { CacheChoice } from '../cache/cache-location.js';
import { toPosix } from '../project/paths.js';
import { problemToGithub, toGithub } from '../report/github.js';
import { toHtml } from '../report/html/html.js';
import { toJson } from '../report/json.js';
import type { ReportDetail, TextOptions } from '../report/page.js';
import { toSarif } from '../report/sarif.js';
import { toText } from '../report/text.js';
import { createTrace, noTrace } from '../trace/trace.js';
import { type AuditOptions, checkPaths, checkSelection, unknownName } from './audit-options.js';
import { checkBaselineOptions, useBaseline } from './baseline-options.js';
import { exitCodes } from './exit-codes.js';
import { findForge } from './find-forge.js';
import { findRepository } from './find-repository.js';
import { lineReader, readPageAssets } from './page-assets.js';
import type { Progress } from './progress.js';

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

interface ReportOptions extends TextOptions {
  /** Absolute path of the repository that contains the project. */
  readonly repository: string;
  readonly exitCode: number;
  readonly context: CliContext;
}

type Report = (result: AuditResult, options: ReportOptions) => string;

const formats = new Map<string, Report>([
  ['text', toText],
  ['json', toJson],
  ['github', (result, options) => toGithub([result], options)],
  ['sarif', (result, options) => toSarif([result], options)],
  ['html', (result, { context }) => toPage(result, context)],
]);

/** Runs an audit, writes its report and returns the exit code: 0 no findings, 1 findings, 2 the audit could not run. */
export function runAudit(names: readonly string[], options: AuditOptions, context: CliContext): number {
  const { format, output, config, quiet = false, verbose = false, strictSettings = false } = options;
  const report = formats.get(format);
  if (!report) return fail([unknownName('--format', format, [...formats.keys()])], context);
  const stop = (problems: readonly string[]): number => {
    // In a workflow of GitHub the problem is an annotation as well.
    if (format === 'github') context.write(problemToGithub(problems.join('\n')));
    return fail(problems, context);
  };
  if (quiet && verbose) return stop(['--quiet: found together with --verbose, expected one of them. Leave one out.']);
  const selection = checkSelection(options);
  if (!selection.ok) return stop(selection.problems);
  const paths = checkPaths(names, options);
  if (!paths.ok) return stop(paths.problems);
  const wrongBaseline = checkBaselineOptions(options);
  if (wrongBaseline !== undefined) return stop([wrongBaseline]);
  const cache = cacheChoiceOf(options) ?? context.cache;
  const outcome = auditWithProgress({ paths: paths.value, settingsFile: config, selection: selection.value, cache }, options, context);
  if (outcome.kind === 'error') return stop(outcome.problems);
  const compared = useBaseline(
    [outcome.result],
    paths.value.map((path) => resolve(path)),
    options,
  );
  if (compared.kind === 'error') return stop([compared.problem]);
  const [audited = outcome.result] = compared.results;
  const result = withChecklist(audited);
  const isStale = strictSettings && result.staleSettings.length > 0;
  const exitCode = result.findings.length > 0 || isStale ? exitCodes.findings : exitCodes.clean;
  const detail: ReportDetail = quiet ? 'quiet' : verbose ? 'verbose' : 'normal';
  const page = output === undefined ? context : { color: false, width: Infinity };
  const repository = findRepository(result.root, context.workspace);
  const text = report(result, { color: page.color, width: page.width, detail, strictSettings, repository, exitCode, context });
  const problem = writeReport(text, output, context);
  return problem === undefined ? exitCode : stop([problem]);
}

function toPage(result: AuditResult, { isCi, pageFolder }: CliContext): string {
  const forge = findForge(result.root);
  return toHtml(result, {
    assets: readPageAssets(pageFolder),
    readLines: lineReader(result.root),
    links: { ...(isCi ? {} : { editorRoot: result.root }), ...(forge ? { forge } : {}) },
  });
}

function withChecklist(result: AuditResult): AuditResult {
  return { ...result, checklist: checklistOf(result, () => readDocumentation(result.root)) };
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

/** Writes the report. Returns a message if the file cannot be written. */
function writeReport(report: string, output: string | undefined, { write }: CliContext): string | undefined {
  if (output === undefined) {
    if (report !== '') write(report);
    return undefined;
  }
  try {
    writeFileSync(output, report);
    return undefined;
  } catch (error) {
    return `--output: found that ${output} cannot be written (${error instanceof Error ? error.message : String(error)}), expected a file in an existing folder. Name another file.`;
  }
}
