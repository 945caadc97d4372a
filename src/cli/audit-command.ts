import { statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { AuditOutcome } from '../audit/audit.js';
import { closestMatch } from '../settings/suggest-similar.js';
import type { AuditResult } from '../audit/audit-result.js';
import { problemToGithub, toGithub } from '../report/github.js';
import { toJson } from '../report/json.js';
import { toSarif } from '../report/sarif.js';
import { toText } from '../report/text.js';
import { createTrace, noTrace, type Trace } from '../trace/trace.js';
import { type BaselineOptions, checkBaselineOptions, useBaseline } from './baseline-options.js';
import { exitCodes } from './exit-codes.js';
import { findRepository } from './find-repository.js';

/** The options of the command `audit`, as the user typed them. */
export interface AuditOptions extends BaselineOptions {
  /** `text`, `json`, `github` or `sarif`. Any other value is an error of the user. */
  readonly format: string;
  /** Whether to write debug facts to standard error. Default: `debug` of the context. */
  readonly debug?: boolean;
}

/** The environment of the commands: the audit, the terminal and the output streams. */
export interface CliContext {
  /** Audits the project that a folder belongs to. */
  readonly audit: (options: { readonly folder: string; readonly trace: Trace }) => AuditOutcome;
  /** Whether standard output shows colours. */
  readonly color: boolean;
  /** Whether the variable `DEBUG` asks for debug facts. */
  readonly debug: boolean;
  /** Folder of the repository in a workflow of GitHub Actions. Default: unset, outside of one. */
  readonly workspace?: string | undefined;
  /** Columns of the terminal; Infinity if standard output is no terminal. */
  readonly width: number;
  /** Writes to standard output. */
  readonly write: (text: string) => void;
  /** Writes to standard error. */
  readonly writeError: (text: string) => void;
}

interface ReportContext extends CliContext {
  /** Absolute path of the repository that contains the project. */
  readonly repository: string;
  readonly exitCode: number;
}

type Report = (result: AuditResult, context: ReportContext) => string;

const formats = new Map<string, Report>([
  ['text', toText],
  ['json', toJson],
  ['github', (result, context) => toGithub([result], context)],
  ['sarif', (result, context) => toSarif([result], context)],
]);

/** Runs an audit, writes its report and returns the exit code: 0 no findings, 1 findings, 2 the audit could not run. */
export function runAudit(folder: string, options: AuditOptions, context: CliContext): number {
  const { format, output, debug } = options;
  const path = resolve(folder);
  const report = formats.get(format);
  if (!report) return fail(unknownFormat(format), context);
  const stop = (problem: string): number => failIn(format, problem, context);
  if (!isFolder(path)) return stop(`${path}: found no folder, expected a folder of a code base. Name an existing folder.`);
  const wrongOption = checkBaselineOptions(options);
  if (wrongOption !== undefined) return stop(wrongOption);
  const outcome = context.audit({ folder: path, trace: (debug ?? context.debug) ? createTrace(context.writeError) : noTrace });
  if (outcome.kind === 'error') return stop(outcome.problems.join('\n'));
  const compared = useBaseline([outcome.result], [path], options);
  if (compared.kind === 'error') return stop(compared.problem);
  const [result = outcome.result] = compared.results;
  const exitCode = result.findings.length > 0 ? exitCodes.findings : exitCodes.clean;
  const page = output === undefined ? context : { ...context, color: false, width: Infinity };
  const repository = findRepository(result.root, context.workspace);
  const problem = writeReport(report(result, { ...page, repository, exitCode }), output, context);
  return problem === undefined ? exitCode : stop(problem);
}

/** Reports a problem that prevented the audit. In a workflow of GitHub it is also an annotation. */
function failIn(format: string, problem: string, context: CliContext): number {
  if (format === 'github') context.write(problemToGithub(problem));
  return fail(problem, context);
}

function fail(problem: string, { writeError }: CliContext): number {
  writeError(`${problem}\n`);
  return exitCodes.error;
}

function unknownFormat(format: string): string {
  const names = [...formats.keys()];
  const suggestion = closestMatch(format, names);
  return `--format: found "${format}", expected ${names.slice(0, -1).join(', ')} or ${names.at(-1)}.${suggestion === undefined ? ' Use one of these.' : ` Did you mean "${suggestion}"?`}`;
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Writes the report. Returns a message if the file cannot be written. */
function writeReport(report: string, output: string | undefined, { write }: CliContext): string | undefined {
  if (output === undefined) {
    write(report);
    return undefined;
  }
  try {
    writeFileSync(output, report);
    return undefined;
  } catch (error) {
    return `--output: found that ${output} cannot be written (${error instanceof Error ? error.message : String(error)}), expected a file in an existing folder. Name another file.`;
  }
}
