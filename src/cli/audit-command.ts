import { statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { AuditOutcome } from '../audit/audit.js';
import { closestMatch } from '../settings/suggest-similar.js';
import type { AuditResult } from '../audit/audit-result.js';
import { toJson } from '../report/json.js';
import { toText } from '../report/text.js';
import { createTrace, noTrace, type Trace } from '../trace/trace.js';
import { exitCodes } from './exit-codes.js';

/** The options of the command `audit`, as the user typed them. */
export interface AuditOptions {
  /** `text` or `json`. Any other value is an error of the user. */
  readonly format: string;
  /** File to write the report to. Default: standard output. */
  readonly output?: string;
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
  /** Columns of the terminal; Infinity if standard output is no terminal. */
  readonly width: number;
  /** Writes to standard output. */
  readonly write: (text: string) => void;
  /** Writes to standard error. */
  readonly writeError: (text: string) => void;
}

type Report = (result: AuditResult, context: CliContext) => string;

const formats = new Map<string, Report>([
  ['text', toText],
  ['json', toJson],
]);

/** Runs an audit, writes its report and returns the exit code: 0 no findings, 1 findings, 2 the audit could not run. */
export function runAudit(folder: string, { format, output, debug }: AuditOptions, context: CliContext): number {
  const path = resolve(folder);
  const report = formats.get(format);
  if (!report) return fail(unknownFormat(format), context);
  if (!isFolder(path)) return fail(`${path}: found no folder, expected a folder of a code base. Name an existing folder.`, context);
  const outcome = context.audit({ folder: path, trace: (debug ?? context.debug) ? createTrace(context.writeError) : noTrace });
  if (outcome.kind === 'error') return fail(outcome.problems.join('\n'), context);
  const problem = writeReport(
    report(outcome.result, output === undefined ? context : { ...context, color: false, width: Infinity }),
    output,
    context,
  );
  if (problem !== undefined) return fail(problem, context);
  return outcome.result.findings.length > 0 ? exitCodes.findings : exitCodes.clean;
}

function fail(problem: string, { writeError }: CliContext): number {
  writeError(`${problem}\n`);
  return exitCodes.error;
}

function unknownFormat(format: string): string {
  const names = [...formats.keys()];
  const suggestion = closestMatch(format, names);
  return `--format: found "${format}", expected ${names.join(' or ')}.${suggestion === undefined ? ' Use one of these.' : ` Did you mean "${suggestion}"?`}`;
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
