import { statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { AuditOutcome } from '../audit/audit.js';
import { closestMatch } from '../settings/suggest-similar.js';
import type { AuditResult } from '../audit/audit-result.js';
import { toJson } from '../report/json.js';
import { toText } from '../report/text.js';
import { exitCodes } from './exit-codes.js';

export interface AuditOptions {
  readonly format: string;
  readonly output?: string;
}

/** What the commands need of the world around them. */
export interface CliContext {
  readonly audit: (options: { readonly root: string }) => AuditOutcome;
  readonly color: boolean;
  /** Columns of the terminal, Infinity where there is none. */
  readonly width: number;
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
}

type Report = (result: AuditResult, context: CliContext) => string;

const formats = new Map<string, Report>([
  ['text', toText],
  ['json', toJson],
]);

/** Runs an audit and says how it went: 0 clean, 1 findings, 2 could not run. */
export function runAudit(folder: string, { format, output }: AuditOptions, context: CliContext): number {
  const root = resolve(folder);
  const report = formats.get(format);
  if (!report) return failUsage(unknownFormat(format), context);
  if (!isFolder(root))
    return failUsage(`${root}: found no folder there, expected the root of a code base. Name an existing folder.`, context);
  const outcome = context.audit({ root });
  if (outcome.kind === 'unusable') return failUsage(outcome.problems.join('\n'), context);
  const problem = writeReport(
    report(outcome.result, output === undefined ? context : { ...context, color: false, width: Infinity }),
    output,
    context,
  );
  if (problem !== undefined) return failUsage(problem, context);
  return outcome.result.findings.length > 0 ? exitCodes.findings : exitCodes.clean;
}

function failUsage(problem: string, { writeError }: CliContext): number {
  writeError(`${problem}\n`);
  return exitCodes.unusable;
}

function unknownFormat(format: string): string {
  const names = [...formats.keys()];
  const suggestion = closestMatch(format, names);
  return `--format: found "${format}", expected ${names.join(' or ')}.${suggestion === undefined ? ' Choose one of these.' : ` Did you mean "${suggestion}"?`}`;
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** What kept the report from where it should go. */
function writeReport(report: string, output: string | undefined, { write }: CliContext): string | undefined {
  if (output === undefined) {
    write(report);
    return undefined;
  }
  try {
    writeFileSync(output, report);
    return undefined;
  } catch (error) {
    return `--output: found that ${output} cannot be written (${error instanceof Error ? error.message : String(error)}), expected a file in an existing folder. Name another one.`;
  }
}
